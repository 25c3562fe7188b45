// Valid modules to damage: those of the conformance cases, whole and with a package each.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const cases = "test-fixtures/conformance/rego/cases";

interface CaseFile {
  readonly cases: readonly { readonly case: { readonly modules?: readonly string[] | null } }[];
}

/** The modules of the evaluation cases in v1, each once. */
export const regoModules: readonly string[] = evaluated("v1");

/** The modules of the evaluation cases of a version, each once. */
export function evaluated(version: "v0" | "v1"): readonly string[] {
  const folder = join(cases, version);
  return [
    ...new Set(
      readdirSync(folder)
        .filter((name) => name.endsWith(".json") && !name.startsWith("_"))
        .flatMap((name) => (JSON.parse(readFileSync(join(folder, name), "utf8")) as CaseFile).cases)
        .flatMap((one) => one.case.modules ?? []),
    ),
  ];
}

interface SourceFile {
  /** Files that are no text are written as `{ base64 }`. */
  readonly cases?: readonly { readonly source?: string; readonly files?: Readonly<Record<string, unknown>> }[];
}

/** The modules of the formatter's and the compiler's cases, each once; not all of them are v1, or valid. */
export function furtherModules(): readonly string[] {
  const folders = ["fmt", "diagnostics"].map((name) => `test-fixtures/conformance/rego/${name}`);
  const sources = folders
    .flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)))
    .filter((path) => path.endsWith(".json"))
    .flatMap((path) => (JSON.parse(readFileSync(path, "utf8")) as SourceFile).cases ?? [])
    .flatMap(({ source, files = {} }) => [
      ...(source === undefined ? [] : [source]),
      ...Object.entries(files).flatMap(([name, text]) => (name.endsWith(".rego") && typeof text === "string" ? [text] : [])),
    ]);
  return [...new Set(sources)];
}
