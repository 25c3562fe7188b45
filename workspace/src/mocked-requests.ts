// The file of `mocks.http`: requests of http.send with their answers, as JSON or HOCON; what is wrong with it is told where it stands.
import { readJsonText, writeJsonText } from "#evaluation/json-text.ts";
import type { RecordedAnswer } from "#evaluation/recorded-http.ts";
import { encodeBytes } from "#evaluation/rego-text.ts";
import { RegoNumber, RegoObject, type Value } from "#evaluation/value.ts";
import type { Diagnostic } from "#grammars/diagnostic.ts";
import { reasonPhrase } from "./http-status.ts";
import { placeInDocument, type Step } from "./place-in-document.ts";
import type { SourceFile } from "./source-file.ts";

/** Characters of the file, and requests in it. */
const mostCharacters = 1_000_000;
const mostRequests = 1000;

export interface MockedRequests {
  readonly answers: readonly RecordedAnswer[];
  readonly diagnostics: readonly Diagnostic[];
}

/** A value of the file that cannot be read. */
class Fault extends Error {
  readonly path: readonly Step[];
  constructor(path: readonly Step[], message: string) {
    super(message);
    this.path = path;
  }
}

/** `json` is the file's value. */
export function mockedRequests(file: SourceFile, json: string): MockedRequests {
  const diagnostics: Diagnostic[] = [];
  const complain = (path: readonly Step[], message: string): void => {
    const range = placeInDocument(file, path);
    diagnostics.push({ file: file.path, range, severity: "error", code: "rw_mocks_error", message });
  };
  if (file.text.length > mostCharacters) {
    complain([], `a file of mocked requests has ${mostCharacters} characters at most`);
    return { answers: [], diagnostics };
  }
  const read = readJsonText(json);
  const value = "value" in read ? read.value : null;
  const path: readonly Step[] = value instanceof RegoObject ? ["requests"] : [];
  const list = value instanceof RegoObject ? value.get("requests") : value;
  if (value instanceof RegoObject)
    for (const [key] of value.entries)
      if (key !== "requests")
        complain([String(key)], `\`${String(key)}\` means nothing here: the requests stand in \`requests\``);
  if (!Array.isArray(list)) {
    complain(path, "must be a list of { request, response }, or an object with such a list as `requests`");
    return { answers: [], diagnostics };
  }
  if (list.length > mostRequests) complain([...path, mostRequests], `only the first ${mostRequests} requests are read`);
  const answers = list.slice(0, mostRequests).flatMap((item: Value, at): readonly RecordedAnswer[] => {
    try {
      return [answerOf(item, [...path, at])];
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      complain(error.path, error.message);
      return [];
    }
  });
  return { answers, diagnostics };
}

function answerOf(value: Value, path: readonly Step[]): RecordedAnswer {
  const entry = objectAt(value, path, ["request", "response"]);
  const request = objectAt(entry.get("request"), [...path, "request"], ["method", "url", "headers", "body"]);
  const response = objectAt(entry.get("response"), [...path, "response"], ["status", "headers", "body"]);
  const [asked, answered] = [
    [...path, "request"],
    [...path, "response"],
  ];
  const wanted = request.get("body");
  const headers = headersOf(response.get("headers"), [...answered, "headers"]);
  const body = response.get("body");
  const hasType = headers.some(([name]) => name.toLowerCase() === "content-type");
  const typed =
    body === undefined || typeof body === "string" || hasType ? [] : [["Content-Type", ["application/json"]] as const];
  return {
    method: textAt(request.get("method") ?? "GET", [...asked, "method"]).toUpperCase(),
    url: textAt(request.get("url"), [...asked, "url"]),
    headers: headersOf(request.get("headers"), [...asked, "headers"]).map(([name, values]) => [name, values.join(", ")] as const),
    ...(wanted === undefined ? {} : { requestBody: bodyText(wanted) }),
    answer: {
      kind: "response",
      ...statusOf(response.get("status"), [...answered, "status"]),
      headers: [...headers, ...typed],
      body: encodeBytes(body === undefined ? "" : bodyText(body)),
    },
  };
}

const bodyText = (value: Value): string => (typeof value === "string" ? value : writeJsonText(value));

function objectAt(value: Value | undefined, path: readonly Step[], keys: readonly string[]): RegoObject {
  const known = keys.map((key) => `\`${key}\``).join(", ");
  if (!(value instanceof RegoObject)) throw new Fault(path, `${nameOf(path)} must be an object with ${known}`);
  for (const [key] of value.entries)
    if (typeof key !== "string" || !keys.includes(key))
      throw new Fault([...path, String(key)], `\`${String(key)}\` means nothing in ${nameOf(path)}: it has ${known}`);
  return value;
}

function textAt(value: Value | undefined, path: readonly Step[]): string {
  if (typeof value === "string" && value !== "") return value;
  throw new Fault(path, `${nameOf(path)} must be a string`);
}

/** A value for each name, or a list of them. */
function headersOf(value: Value | undefined, path: readonly Step[]): readonly (readonly [string, readonly string[]])[] {
  if (value === undefined) return [];
  if (!(value instanceof RegoObject)) throw new Fault(path, `${nameOf(path)} must be an object of strings`);
  return value.entries.map(([name, given]) => {
    const values = Array.isArray(given) ? (given as readonly Value[]) : [given];
    return [String(name), values.map((one) => headerText(one, [...path, String(name)]))] as const;
  });
}

function headerText(value: Value, path: readonly Step[]): string {
  if (typeof value === "string") return value;
  if (value instanceof RegoNumber) return value.text;
  throw new Fault(path, `${nameOf(path)} must be a string, or a list of strings`);
}

/** `404`, or a whole status line such as `404 Not Found`; `200` unless given. */
function statusOf(value: Value | undefined, path: readonly Step[]): { readonly status: string; readonly statusCode: number } {
  const text = value === undefined ? "200" : value instanceof RegoNumber ? value.text : typeof value === "string" ? value : "";
  const found = /^([1-5]\d\d)(?: (.*))?$/u.exec(text);
  if (found === null) throw new Fault(path, `${nameOf(path)} must be a status such as 200, or "404 Not Found"`);
  const statusCode = Number(found[1]);
  return { statusCode, status: found[2] === undefined ? `${statusCode} ${reasonPhrase(statusCode)}`.trimEnd() : text };
}

/** `request.headers`: the path without the number of the entry. */
function nameOf(path: readonly Step[]): string {
  const names = path.filter((step) => typeof step === "string" && step !== "requests");
  return names.length === 0 ? "an entry" : `\`${names.join(".")}\``;
}
