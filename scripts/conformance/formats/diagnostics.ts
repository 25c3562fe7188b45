// Diagnostics of `opa check`: modules in, errors out, in four modes. Judged at level 3: code, file, row, column and message.

import { builtin } from "#analysis/rego/builtins/index.ts";
import { checkModules } from "#analysis/rego/check.ts";
import type { Diagnostic } from "#grammars/diagnostic.ts";
import { type ParsedModule, parseModule } from "#grammars/rego/parse.ts";
import { decodePolicy } from "#grammars/text/broken-bytes.ts";
import { LineIndex } from "#grammars/text/lines.ts";
import { manifestFault, occupied, readPolicyFolder } from "#workspace/policy-folder.ts";
import { type ExactJson, writeExact } from "../exact-json.ts";
import { type CaseResult, casesOf, type ExactObject, type Format, isObject, text } from "../format.ts";

export const diagnostics: Format = {
  name: "diagnostics",
  recognises: (file) => casesOf(file, "cases")?.every((one) => isObject(one["files"]) && isObject(one["runs"])) ?? false,
  *run(file) {
    for (const entry of casesOf(file, "cases") ?? []) {
      const runs = entry["runs"] as ExactObject;
      for (const mode of Object.keys(runs)) yield judge(entry, mode, runs[mode] as ExactObject);
    }
  },
};

function judge(entry: ExactObject, mode: string, run: ExactObject): CaseResult {
  const id = `${text(entry["id"])}/${mode}`;
  const wanted = new Set((run["errors"] as readonly ExactObject[]).map((error) => wantedLine(error)));
  const found = new Set(check(entry, mode));
  const missing = [...wanted].filter((line) => !found.has(line));
  const extra = [...found].filter((line) => !wanted.has(line));
  if (missing.length + extra.length === 0) return { id, outcome: "passed" };
  return {
    id,
    outcome: "failed",
    why: [...missing.map((line) => `missing ${line}`), ...extra.map((line) => `extra ${line}`)].join("; "),
  };
}

function wantedLine(error: ExactObject): string {
  const place = error["location"];
  const at = isObject(place) ? `${text(place["file"])}:${writeExact(place["row"])}:${writeExact(place["col"])}` : "";
  return `${at} ${text(error["code"])} ${text(error["message"])}`;
}

function check(entry: ExactObject, mode: string): readonly string[] {
  const files = Object.entries(entry["files"] as ExactObject).map(([name, content]) => [name, contentOf(content)] as const);
  const version = mode === "v0" || mode === "v0v1" ? "v0" : "v1";
  const isBuiltin = (name: string): boolean => builtin(name) !== undefined;
  const folder =
    entry["bundle"] === true
      ? readPolicyFolder(
          files.map(([path, content]) => ({ path, text: content })),
          { version, show: (path) => path },
        )
      : undefined;
  if (folder?.fault !== undefined) return [`  bundle .: ${folder.fault}`];
  const parsed = folder
    ? folder.policies.map((one) =>
        parseModule(one.text, {
          file: one.path,
          version: one.version,
          alsoV1: mode === "v0v1" && !one.declared,
          isBuiltin,
        }),
      )
    : files
        .filter(([name]) => name.endsWith(".rego"))
        .map(([file, content]) => parseModule(content, { file, version, alsoV1: mode === "v0v1", isBuiltin }));
  const broken = parsed.flatMap((module) => module.diagnostics);
  if (broken.length > 0) return broken.map((one) => foundLine(parsed, one));
  const outside =
    folder === undefined
      ? undefined
      : manifestFault(
          folder,
          parsed,
          files.map(([path]) => path),
        );
  if (outside !== undefined) return [`  bundle .: ${outside}`];
  const schema = entry["schema"];
  const checked = checkModules(parsed, {
    strict: mode === "strict",
    printing: true,
    annotations: true,
    maxErrors: maxErrors(entry["args"]),
    hasData: (path) => folder !== undefined && occupied(folder.data, path),
    ...(schema === undefined ? {} : { schemas: new Map([["schema", JSON.parse(writeExact(schema)) as unknown]]) }),
  });
  return checked.diagnostics.map((one) => foundLine(parsed, one));
}

function contentOf(content: ExactJson | undefined): string {
  if (isObject(content)) return decodePolicy(Uint8Array.from(atob(text(content["base64"])), (byte) => byte.charCodeAt(0)));
  return text(content);
}

/** `--max-errors N`; 10 unless given. */
function maxErrors(args: ExactJson | undefined): number {
  const words = Array.isArray(args) ? args.map((arg: ExactJson) => text(arg)).join(" ") : "";
  return Number(/--max-errors[ =](\d+)/.exec(words)?.[1] ?? 10);
}

function foundLine(parsed: readonly ParsedModule[], { file, range, code, message, placeless }: Diagnostic): string {
  if (placeless) return ` ${code} ${message}`;
  const module = parsed.find((one) => one.file === file);
  if (module === undefined) return ` ${code} ${message}`;
  if (message === "empty module") return `${file}:0:0 ${code} ${message}`;
  const { row, col } = new LineIndex(module.text).rowCol(range.start);
  return `${file}:${row}:${col} ${code} ${message}`;
}
