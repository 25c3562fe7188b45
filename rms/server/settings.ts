// Where RMS listens and keeps its data: flags, then the environment, then what fits a laptop.
import { homedir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type Grant, readGrants } from "../sources/grants.ts";

/** Flags or variables that make no sense, in words for the operator. */
export class UsageError extends Error {}

export interface Settings {
  readonly host: string;
  readonly port: number;
  readonly data: string;
  readonly adminTokenFile: string | undefined;
  /** What sources of people may read; nothing without the operator's file. */
  readonly grants: readonly Grant[];
  /** Origins of web pages that may call, such as a web editor's. */
  readonly origins: readonly string[];
  /** Whether people find pages below `/console`. */
  readonly console: boolean;
  /** For who starts it as a child: the server ends with its standard input, which ends with that program. */
  readonly untilStdinEnds: boolean;
}

/** Reads the flags of `rms serve`; throws a UsageError that names the wrong one. */
export function serveSettings(args: readonly string[]): Settings {
  const { values } = parseArgs({
    args: [...args],
    options: {
      listen: { type: "string" },
      data: { type: "string" },
      "admin-token-file": { type: "string" },
      sources: { type: "string" },
      "cors-origin": { type: "string", multiple: true },
      "no-console": { type: "boolean" },
      "until-stdin-ends": { type: "boolean" },
    },
    strict: true,
  });
  const listen = values.listen ?? process.env["RMS_LISTEN"] ?? "127.0.0.1:8182";
  const match = /^(.*):(\d{1,5})$/.exec(listen);
  if (match === null || Number(match[2]) > 65_535)
    throw new UsageError(`--listen must be HOST:PORT, not ${JSON.stringify(listen)}`);
  return {
    host: match[1]!.replace(/^\[(.*)\]$/, "$1"),
    port: Number(match[2]),
    data: dataFolder(values.data),
    adminTokenFile: values["admin-token-file"] ?? process.env["RMS_ADMIN_TOKEN_FILE"],
    grants: grantsOf(values.sources ?? process.env["RMS_SOURCES"]),
    origins: (values["cors-origin"] ?? (process.env["RMS_CORS_ORIGINS"] ?? "").split(",").filter((one) => one !== "")).map(
      origin,
    ),
    console: values["no-console"] !== true && process.env["RMS_CONSOLE"] !== "off",
    untilStdinEnds: values["until-stdin-ends"] === true,
  };
}

function grantsOf(path: string | undefined): readonly Grant[] {
  const read = path === undefined ? [] : readGrants(path);
  if ("fault" in read) throw new UsageError(read.fault);
  return read;
}

function origin(text: string): string {
  const url = URL.parse(text);
  if (url === null || url.origin !== text)
    throw new UsageError(`--cors-origin must be an origin such as https://editor.example, not ${JSON.stringify(text)}`);
  return text;
}

export function dataFolder(given: string | undefined): string {
  return (
    given ??
    process.env["RMS_DATA"] ??
    join(process.env["XDG_DATA_HOME"] ?? join(homedir(), ".local", "share"), "rulewright", "rms")
  );
}
