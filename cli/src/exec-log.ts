// What `rw exec` tells beside the results: log entries in the formats of `opa exec`, from the level on that is asked for.
import { civilFromNanos } from "#evaluation/time/calendar.ts";
import { formatTime, namedLayouts } from "#evaluation/time/layout.ts";
import type { Flag, Invocation } from "./command.ts";
import { goJson } from "./errors.ts";

export const logFlags: readonly Flag[] = [
  { name: "log-format", kind: "string", choices: ["text", "json", "json-pretty"], default: "json", help: "set log format" },
  {
    name: "log-level",
    short: "l",
    kind: "string",
    choices: ["debug", "info", "error"],
    default: "error",
    help: "set log level",
  },
  { name: "log-timestamp-format", kind: "string", help: "set log timestamp format, as Go writes it (default RFC 3339)" },
];

export interface ExecLog {
  /** True where what policies print is told. */
  readonly heard: boolean;
  info(message: string, fields: Readonly<Record<string, string>>): void;
  error(message: string, fields: Readonly<Record<string, string>>): void;
  /** The error that ends the command. */
  fatal(error: string): void;
  /** The same before OPA's logger looks at its flags. */
  unconfigured(error: string): void;
}

export function execLog(call: Invocation, now: () => Date = () => new Date()): ExecLog {
  const write = (entry: Readonly<Record<string, string>>): void => call.io.err(entryText(call, entry, now()));
  const heard = call.flag("log-level") !== "error";
  return {
    heard,
    info: (msg, fields) => {
      if (heard) write({ level: "info", msg, ...fields });
    },
    error: (msg, fields) => write({ level: "error", msg, ...fields }),
    fatal: (err) => write({ level: "error", msg: "Unexpected error.", err: err.trimEnd() }),
    unconfigured: (err) =>
      call.io.err(`time=${JSON.stringify(timestamp(now()))} level=error msg="Unexpected error." err=${JSON.stringify(err)}\n`),
  };
}

function entryText(call: Invocation, { level = "", msg = "", ...fields }: Readonly<Record<string, string>>, now: Date): string {
  const format = call.flag("log-format");
  if (format === "text") {
    // An error has no members, and its text is not written.
    const shown = Object.entries(fields).map(([name, value]) => `  ${name} = ${name === "err" ? "{}" : JSON.stringify(value)}\n`);
    return `[${level.toUpperCase()}] ${msg}\n${shown.join("")}\n`;
  }
  const entry = { ...fields, level, msg, time: timestamp(now, call.flag("log-timestamp-format")) };
  const sorted = Object.fromEntries(Object.entries(entry).sort(([a], [b]) => (a < b ? -1 : 1)));
  return `${format === "json" ? goJson(sorted, 0) : goJson(sorted)}\n`;
}

function timestamp(now: Date, layout = namedLayouts["RFC3339"]!): string {
  const offset = -60 * now.getTimezoneOffset();
  return formatTime(civilFromNanos(BigInt(now.getTime()) * 1_000_000n, offset), offset, offset === 0 ? "UTC" : "", layout);
}
