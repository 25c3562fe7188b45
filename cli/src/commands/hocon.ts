// `rw hocon resolve|fmt|check|origins`: HOCON files on the command line, read as the reference reads them.
import { dirname, resolve as resolvePath } from "node:path";
import { originsOf } from "#analysis/hocon/origins.ts";
import { type HoconDocument, type Resolved, resolveHocon, toJsonText } from "#analysis/hocon/resolve.ts";
import { toHoconText, toYamlText } from "#analysis/hocon/write.ts";
import type { Diagnostic } from "#grammars/diagnostic.ts";
import { formatHocon } from "#grammars/hocon/format.ts";
import { lineAt } from "#grammars/hocon/lines.ts";
import { type ParsedHocon, parseHocon } from "#grammars/hocon/parse.ts";
import { decodeUtf8 } from "#grammars/hocon/utf8.ts";
import { relative } from "#workspace/paths.ts";
import type { Command, Invocation } from "../command.ts";
import { includePort } from "../includes.ts";
import { configOf } from "../input.ts";
import type { Io } from "../io.ts";

const ACTIONS = ["resolve", "fmt", "check", "origins"] as const;
type Action = (typeof ACTIONS)[number];

export const hocon: Command = {
  name: "hocon",
  usage: "hocon {resolve|fmt|check|origins} <file>... [flags]",
  summary: "Resolve, format or check HOCON files, or tell where each value comes from",
  flags: [
    {
      name: "fallback",
      kind: "strings",
      placeholder: "path",
      help: "document below the file, as a service merges it (repeatable)",
    },
    {
      name: "env",
      short: "e",
      kind: "strings",
      placeholder: "NAME=value",
      help: "variable that substitutions may fall back to (repeatable)",
    },
    { name: "real-env", kind: "boolean", default: false, help: "substitutions may fall back to the environment of this process" },
    { name: "classpath", kind: "strings", placeholder: "path", help: "folder of class path includes (repeatable)" },
    {
      name: "root",
      kind: "strings",
      placeholder: "path",
      help: "folder that includes may read (default: the folder of each file; repeatable)",
    },
    { name: "to", kind: "string", choices: ["json", "hocon", "yaml"], default: "json", help: "resolve: what to write" },
    { name: "compact", kind: "boolean", default: false, help: "resolve: one line, keys sorted as the reference prints them" },
    { name: "write", short: "w", kind: "boolean", default: false, help: "fmt: overwrite the files" },
    { name: "list", short: "l", kind: "boolean", default: false, help: "fmt: list the files that would change" },
    { name: "fail", kind: "boolean", default: false, help: "fmt: exit with 1 when a file would change" },
    { name: "indent", kind: "number", default: 2, help: "fmt: blanks per level" },
    {
      name: "format",
      short: "f",
      kind: "string",
      choices: ["pretty", "json"],
      default: "pretty",
      help: "output format of check and origins",
    },
  ],
  run: async (call) => {
    const { io } = call;
    const [action, ...files] = call.positionals;
    if (!isAction(action)) {
      io.err(`error: the first argument is one of ${ACTIONS.join(", ")}\n`);
      return 2;
    }
    if (files.length === 0) {
      io.err("error: name at least one file\n");
      return 2;
    }
    let code = 0;
    for (const file of files)
      code = Math.max(code, action === "fmt" ? format(call, file) : report(call, action, file, files.length > 1));
    return code;
  },
};

function isAction(text: string | undefined): text is Action {
  return (ACTIONS as readonly string[]).includes(text ?? "");
}

/** Reads and parses a file; undefined after a message. */
function load(io: Io, file: string): ParsedHocon | undefined {
  if (io.kind(file) !== "file") {
    io.err(`error: ${file}: no such file\n`);
    return undefined;
  }
  const { text, malformedLine } = decodeUtf8(io.readFile(file));
  if (malformedLine !== undefined) {
    io.err(`error: ${file}:${malformedLine}: this is not UTF-8 text: save the file as UTF-8\n`);
    return undefined;
  }
  return parseHocon(text, { file });
}

function format(call: Invocation, file: string): number {
  const { io } = call;
  const parsed = load(io, file);
  if (parsed === undefined) return 1;
  const formatted = formatHocon(parsed, { indent: call.number("indent") ?? 2 });
  if (formatted === undefined) {
    printDiagnostics(io, parsed.diagnostics, new Map([[file, parsed.text]]));
    if (parsed.diagnostics.length === 0)
      io.err(`error: ${file}: this file is left as it is: formatting would change what it means\n`);
    return 1;
  }
  const changed = formatted !== parsed.text;
  if (call.on("write")) {
    if (changed) io.writeFile(file, formatted);
  } else if (!call.on("list")) {
    io.out(formatted);
  }
  if (call.on("list") && changed) io.out(`${file}\n`);
  return changed && call.on("fail") ? 1 : 0;
}

function report(call: Invocation, action: Exclude<Action, "fmt">, file: string, several: boolean): number {
  const { io } = call;
  const main = load(io, file);
  const fallbacks = call.all("fallback").map((name) => load(io, name));
  if (main === undefined || fallbacks.includes(undefined)) return 1;
  const document = (parsed: ParsedHocon): HoconDocument => ({
    parsed,
    location: { kind: "file", path: resolvePath(io.cwd, parsed.file) },
  });
  const environment = environmentOf(call);
  const resolved = resolveHocon(document(main), {
    fallbacks: fallbacks.map((parsed) => document(parsed!)),
    read: includePort(io, {
      roots: call.all("root").length > 0 ? call.all("root") : [dirname(resolvePath(io.cwd, file)), io.cwd],
      classpath: call.all("classpath"),
    }),
    ...(environment && { environment }),
  });
  const texts = textsOf(resolved, [main, ...(fallbacks as ParsedHocon[])]);
  const failed = resolved.failed;
  if (action === "check") {
    const code = check(call, resolved, texts);
    adviseBase(call, file, resolved);
    return code;
  }
  if (failed) {
    printDiagnostics(
      io,
      resolved.diagnostics.filter(({ severity }) => severity === "error"),
      texts,
    );
    adviseBase(call, file, resolved);
    return 1;
  }
  printDiagnostics(
    io,
    resolved.diagnostics.filter(({ severity }) => severity === "warning"),
    texts,
  );
  if (action === "origins") {
    printOrigins(call, resolved, texts);
    return 0;
  }
  const to = call.flag("to");
  if (to === "yaml" || to === "hocon") {
    const text = to === "yaml" ? toYamlText(resolved.value) : toHoconText(resolved.value);
    if (text === undefined) {
      io.err(`error: ${file}: this value cannot be written as HOCON that reads back the same\n`);
      return 1;
    }
    io.out(text);
    return 0;
  }
  const compact = call.on("compact");
  if (several && !compact) io.out(`# ${file}\n`);
  io.out(`${toJsonText(resolved.value, compact ? { order: "reference" } : { indent: 2 })}\n`);
  return 0;
}

/** What a sample leaves to the service's own document is no fault of the sample: its author is told how to add that. */
function adviseBase(call: Invocation, file: string, { diagnostics }: Resolved): void {
  const { io } = call;
  if (call.all("fallback").length > 0 || !diagnostics.some(({ code }) => code === "hocon_unresolved")) return;
  const { cwd } = io;
  const found = configOf(dirname(resolvePath(cwd, file)), io);
  const base = "fault" in found ? undefined : found.config.inputs.base;
  if (base === undefined || "fault" in found) return;
  const named = relative(cwd, resolvePath(found.root, base));
  io.err(`note: as a sample, ${file} lies on ${named} (\`inputs.base\` of rw.conf), and here with --fallback ${named}\n`);
}

function environmentOf(call: Invocation): ReadonlyMap<string, string> | undefined {
  const given = call
    .all("env")
    .map((text) => [text.split("=", 1)[0]!, text.includes("=") ? text.slice(text.indexOf("=") + 1) : ""] as const);
  if (!call.on("real-env")) return given.length > 0 ? new Map(given) : undefined;
  const real = Object.entries(call.io.env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return new Map([...real, ...given]);
}

function textsOf({ sources }: Resolved, parsed: readonly ParsedHocon[]): ReadonlyMap<string, string> {
  const texts = new Map(parsed.map(({ file, text }) => [file, text]));
  for (const source of sources) if (source.parsed !== undefined) texts.set(source.file, source.parsed.text);
  return texts;
}

function check(call: Invocation, resolved: Resolved, texts: ReadonlyMap<string, string>): number {
  const { io } = call;
  if (call.flag("format") === "json") {
    const rows = resolved.diagnostics.map(({ file, range, severity, code, message }) => ({
      file,
      line: lineOf(texts, file, range.start),
      severity,
      code,
      message,
    }));
    io.out(`${JSON.stringify(rows, undefined, 2)}\n`);
  } else {
    printDiagnostics(io, resolved.diagnostics, texts);
  }
  return !resolved.failed ? 0 : 1;
}

function lineOf(texts: ReadonlyMap<string, string>, file: string, offset: number): number | undefined {
  const text = texts.get(file);
  return text === undefined ? undefined : lineAt(text, offset);
}

function printDiagnostics(io: Io, diagnostics: readonly Diagnostic[], texts: ReadonlyMap<string, string>): void {
  for (const { file, range, severity, code, message } of diagnostics) {
    const line = lineOf(texts, file, range.start);
    io.err(`${severity}: ${file}${line === undefined ? "" : `:${line}`}: ${message} [${code}]\n`);
  }
}

function printOrigins(call: Invocation, resolved: Resolved, texts: ReadonlyMap<string, string>): void {
  const place = (file: string, line: number | undefined) => (line === undefined ? file : `${file}:${line}`);
  const rows = originsOf(resolved).map(({ path, value, file, line, overridden, through }) => ({
    path,
    value: toJsonText(value),
    origin: place(file, line),
    overridden: overridden.map(({ source, start }) => place(source.file, lineOf(texts, source.file, start))),
    through: through.map(({ source, start }) => place(source.file, lineOf(texts, source.file, start))),
  }));
  if (call.flag("format") === "json") {
    call.io.out(`${JSON.stringify(rows, undefined, 2)}\n`);
    return;
  }
  for (const { path, value, origin, overridden, through } of rows) {
    const by = through.length > 0 ? `, through ${through.join(" → ")}` : "";
    const over = overridden.length > 0 ? `, over ${overridden.join(", ")}` : "";
    call.io.out(`${path} = ${value}  # ${origin}${by}${over}\n`);
  }
}
