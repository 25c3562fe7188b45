// Calls that only a mock could have answered, told where they stand, with what adds the mock to `rw.conf`.
import type { Unmocked } from "#evaluation/mocks.ts";
import type { Diagnostic } from "#grammars/diagnostic.ts";
import type { Range } from "#grammars/rego/ast.ts";
import { LineIndex } from "#grammars/text/lines.ts";
import { parsedHocon } from "#workspace/hocon.ts";
import { resolve } from "#workspace/paths.ts";
import type { Project } from "#workspace/project.ts";
import type { SourceFile } from "#workspace/source-file.ts";
import type { Action } from "./action.ts";

interface FileEdit {
  readonly file: string;
  readonly range: Range;
  readonly newText: string;
}

/** Where requests are answered unless `rw.conf` says another file. */
const usualHttpFile = "mocks/http.conf";

/** One finding for each place and what was asked there. */
export function unmockedFindings(project: Project, unmocked: readonly Unmocked[]): readonly Diagnostic[] {
  const told = new Map<string, Diagnostic>();
  for (const call of unmocked) {
    const { builtin, place } = call;
    const file = place && project.files.get(place.file);
    if (file === undefined || place === undefined) continue;
    const message = messageOf(call);
    told.set(`${place.file}:${place.row}:${place.col}:${message}`, {
      file: file.path,
      range: rangeOfCall(file, place, builtin),
      severity: "information",
      code: "rw_needs_mock",
      message,
    });
  }
  return [...told.values()];
}

const messageOf = ({ builtin, wanted }: Unmocked): string => `${builtin} is undefined here: ${wanted} needs a mock`;

/** What adds the mocks that are missing at a range; `profile` is that whose mocks hold. */
export function mockActions(
  project: Project,
  {
    findings,
    unmocked,
    range,
  }: { readonly findings: readonly Diagnostic[]; readonly unmocked: readonly Unmocked[]; readonly range: Range },
  profile: string | undefined,
): readonly Action[] {
  return findings.flatMap((diagnostic): readonly Action[] => {
    if (diagnostic.range.start > range.end || diagnostic.range.end < range.start) return [];
    const call = unmocked.find((one) => messageOf(one) === diagnostic.message);
    const edits = call && editsOf(project, call, profile);
    if (call === undefined || edits === undefined) return [];
    const name = call.builtin === "http.send" ? "mocks.http" : `mocks.${call.builtin}`;
    return [{ title: `Answer it by \`${name}\` of rw.conf`, kind: "quickfix", edits, preferred: true, diagnostic }];
  });
}

/** The name of the builtin, at or behind the place of the call. */
function rangeOfCall({ text }: SourceFile, place: { readonly row: number; readonly col: number }, builtin: string): Range {
  const at = new LineIndex(text).offsetAt(place);
  const found = text.indexOf(builtin, at);
  const start = found < 0 ? at : found;
  return { start, end: Math.min(start + (found < 0 ? 1 : builtin.length), text.length) };
}

function editsOf(
  project: Project,
  { builtin, wanted, request }: Unmocked,
  profile: string | undefined,
): readonly FileEdit[] | undefined {
  const config = resolve(project.configFolder, "rw.conf");
  const add = (line: string): FileEdit => appended(config, project.find(config), line);
  switch (builtin) {
    case "net.lookup_ip_addr":
      return [add(`mocks.net.lookup_ip_addr { ${JSON.stringify(wanted)} = ["127.0.0.1"] }`)];
    case "opa.runtime":
      return [add("mocks.opa.runtime { env {} }")];
    case "http.send": {
      if (request === undefined) return undefined;
      return mockEdits(project, [entryOf(request)], profile);
    }
    default:
      return undefined;
  }
}

/** What writes requests with their answers to the file of `mocks.http`, and names one in `rw.conf` where none is named; undefined where that cannot be. */
export function mockEdits(
  project: Project,
  entries: readonly object[],
  profile: string | undefined,
): readonly FileEdit[] | undefined {
  const { mocks, profiles } = project.config;
  const named = profiles.find(({ name }) => name === profile)?.mocks?.http ?? mocks?.http;
  const path = resolve(project.configFolder, named ?? usualHttpFile);
  const written = withRequests(path, project.find(path), entries);
  if (written === undefined) return undefined;
  const config = resolve(project.configFolder, "rw.conf");
  return named === undefined ? [appended(config, project.find(config), `mocks.http = ${usualHttpFile}`), written] : [written];
}

/** A request as the file of mocks has it, answered by an empty object. */
function entryOf({ method, url, body }: NonNullable<Unmocked["request"]>): object {
  const text = new TextDecoder().decode(body);
  return {
    request: { method: method || "GET", url, ...(text === "" ? {} : { body: text }) },
    response: { status: 200, body: {} },
  };
}

/** The file with more entries at the end of its list; undefined where it has none. */
export function withRequests(path: string, file: SourceFile | undefined, entries: readonly object[]): FileEdit | undefined {
  const text = entries.map((entry) => JSON.stringify(entry)).join(",\n  ");
  if (file === undefined) {
    const isJson = path.endsWith(".json");
    const newText = isJson ? `[\n  ${text}\n]\n` : `requests = [\n  ${text}\n]\n`;
    return { file: path, range: { start: 0, end: 0 }, newText };
  }
  if (file.kind !== "hocon" && file.kind !== "json") return undefined;
  const { body } = parsedHocon(file).tree;
  const list =
    body.kind === "array"
      ? body
      : body.members.flatMap((member) =>
          member.kind === "field" && member.key.path.join(".") === "requests" && member.value?.kind === "array"
            ? [member.value]
            : [],
        )[0];
  if (list === undefined || !list.closed) return undefined;
  const last = list.items.at(-1);
  const at = last?.end ?? list.start + 1;
  return {
    file: path,
    range: { start: at, end: at },
    newText: `${last === undefined ? "" : ","}\n  ${text}${last === undefined ? "\n" : ""}`,
  };
}

/** A line at the end of a HOCON file, within its braces where it has any. */
function appended(path: string, file: SourceFile | undefined, line: string): FileEdit {
  if (file === undefined) return { file: path, range: { start: 0, end: 0 }, newText: `${line}\n` };
  const { text } = file;
  const { tree } = parsedHocon(file);
  const at = tree.braced ? text.lastIndexOf("}") : text.length;
  const isAtStart = at === 0 || text[at - 1] === "\n";
  return { file: path, range: { start: at, end: at }, newText: `${isAtStart ? "" : "\n"}${line}\n` };
}
