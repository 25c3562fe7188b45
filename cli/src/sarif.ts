// What every SARIF document of `rw` has in common, for code scanning.
import { sep } from "node:path";
import manifest from "../../package.json" with { type: "json" };

export interface SarifRun {
  /** `reportingDescriptor` objects; results name them by their index. */
  readonly rules: readonly object[];
  readonly results: readonly object[];
  /** What happened to the run itself. */
  readonly invocations?: readonly object[];
}

export function sarifDocument({ rules, results, invocations }: SarifRun): string {
  const document = {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: "rw", fullName: `Rulewright ${manifest.version}`, version: manifest.version, rules } },
        ...(invocations === undefined ? {} : { invocations }),
        columnKind: "unicodeCodePoints",
        results,
      },
    ],
  };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

/** A path as a URI, relative where the path is. */
export function uriOf(path: string): string {
  const drive = /^[A-Za-z]:(?=[\\/])/u.exec(path)?.[0] ?? "";
  // Without a drive only Windows takes a backslash for a separator; elsewhere it is part of a name.
  const isWindows = drive !== "" || sep === "\\";
  const parts = path
    .slice(drive.length)
    .split(isWindows ? /[\\/]/u : "/")
    .map(encodeURIComponent);
  if (drive !== "") return `file:///${drive}${parts.join("/")}`;
  if (parts[0] === "" && parts.length > 1) return `file://${parts.join("/")}`;
  return parts.join("/");
}
