// http.send through the port that the host grants; without one a request fails as on a network that cannot be reached.

import { goQuote } from "#grammars/text/go-quote.ts";
import { escapePath, parseUri, type Uri } from "#grammars/text/go-url.ts";
import { readJsonText, writeJsonText } from "../json-text.ts";
import { decodeBytes, encodeBytes, writeRegoText, writeTerm } from "../rego-text.ts";
import { parseDuration } from "../time/duration.ts";
import { RegoNumber, RegoObject, type Value } from "../value.ts";
import { type BuiltinContext, BuiltinFailure, type Family, failure, type HttpAnswer, NeedsMock, operand } from "./builtin.ts";
import { requestOperand } from "./http-request.ts";

type ErrorCode = "eval_http_send_network_error" | "eval_http_send_internal_error";

/** A failed request; what `raise_error: false` shows instead of an error. */
class SendFault extends Error {
  readonly code: ErrorCode;
  constructor(code: ErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

const fiveSeconds = 5_000_000_000n;
const textParameters = ["method", "url", "raw_body", "tls_server_name"];

function flag(request: RegoObject, name: string, otherwise: boolean): boolean {
  const value = request.get(name) ?? otherwise;
  if (typeof value !== "boolean") throw failure(`invalid value for ${name} field`);
  return value;
}

function timeoutOf(value: Value | undefined): bigint {
  if (value === undefined) return fiveSeconds;
  if (value instanceof RegoNumber) {
    if (!/^-?[0-9]+$/u.test(value.text)) throw failure(`invalid timeout number value ${value.text}, must be int64`);
    return value.text === "0" ? fiveSeconds : BigInt(value.text);
  }
  if (typeof value !== "string")
    throw new BuiltinFailure("builtin", `'timeout' must be one of {string, number} but got ${writeTerm(value)}`);
  const read = parseDuration(value);
  if ("fault" in read) throw failure(read.fault);
  return read.nanos === 0n ? fiveSeconds : read.nanos;
}

function headersOf(value: Value | undefined): readonly (readonly [string, string])[] {
  if (value === undefined) return [];
  if (!(value instanceof RegoObject)) throw failure("invalid type for headers key");
  return value.entries.map(([name, text]) => {
    if (typeof text !== "string") throw failure(`invalid type for headers value "${writeJsonText(text)}"`);
    return [typeof name === "string" ? name : writeJsonText(name), text] as const;
  });
}

function bodyOf(request: RegoObject): Uint8Array {
  const raw = request.get("raw_body");
  if (typeof raw === "string") return encodeBytes(raw);
  const body = request.get("body");
  return encodeBytes(body === undefined ? "" : writeJsonText(body));
}

function ask(request: RegoObject, { ports }: BuiltinContext): Value {
  for (const name of textParameters) {
    const value = request.get(name);
    if (value !== undefined && typeof value !== "string") throw failure(`"${name}" must be a string`);
  }
  const given = (request.get("method") as string).replace(/^"+|"+$/gu, "");
  const method = given.toUpperCase();
  const url = (request.get("url") as string).replace(/^"+|"+$/gu, "");
  const sent = {
    method,
    url,
    headers: headersOf(request.get("headers")),
    body: bodyOf(request),
    timeoutNanos: timeoutOf(request.get("timeout")),
    followRedirects: flag(request, "enable_redirect", false),
  };
  const decodeJson = flag(request, "force_json_decode", false);
  const decodeYaml = flag(request, "force_yaml_decode", false);
  if (method !== "" && !isToken(method)) throw failure(`net/http: invalid method ${goQuote(method)}`);
  const parsed = parseUri(url);
  if ("fault" in parsed) throw failure(parsed.fault);
  const operation = method === "" ? "Get" : method[0]! + method.slice(1).toLowerCase();
  const unfit = unsendable(parsed.value, sent.headers);
  const answer: HttpAnswer =
    unfit === undefined
      ? (ports.http?.(sent) ?? { kind: "unreachable", message: "the host grants no requests" })
      : { kind: "unreachable", message: unfit };
  switch (answer.kind) {
    case "refused":
      throw failure(answer.message);
    case "unreachable":
      throw new SendFault(
        "eval_http_send_network_error",
        `${operation} ${goQuote(shownUrl(url, parsed.value))}: ${answer.message}`,
      );
    case "response":
      return RegoObject.of([
        ["status", answer.status],
        ["status_code", RegoNumber.of(answer.statusCode)],
        ["body", decodedBody(answer, decodeJson, decodeYaml)],
        ["raw_body", decodeBytes(answer.body)],
        ["headers", RegoObject.of(answer.headers.map(([name, values]) => [name.toLowerCase(), values] as const))],
      ]);
    default:
      return answer satisfies never;
  }
}

/** Why Go sends no such request, whatever the network. */
function unsendable({ scheme, host }: Uri, headers: readonly (readonly [string, string])[]): string | undefined {
  if (scheme !== "http" && scheme !== "https") return `unsupported protocol scheme ${goQuote(scheme)}`;
  for (const [name, value] of headers) {
    if (!isToken(name)) return `net/http: invalid header field name ${goQuote(name)}`;
    if (/[\u0000-\u0008\u000a-\u001f\u007f]/u.test(value))
      return `net/http: invalid header field value for ${goQuote(canonicalName(name))}`;
  }
  return host === "" ? "http: no Host in request URL" : undefined;
}

/** A word as HTTP has them in methods and names of headers. */
function isToken(text: string): boolean {
  return /^[A-Za-z0-9!#$%&'*+\-.^_`|~]+$/u.test(text);
}

function canonicalName(name: string): string {
  return name.toLowerCase().replace(/(?<=^|-)[a-z]/gu, (letter) => letter.toUpperCase());
}

/** True for a path whose escapes Go leaves as they are. */
function isEncoded(rawPath: string): boolean {
  return /^[A-Za-z0-9\-_.~/!$&'()*+,;=:@[\]%]+$/u.test(rawPath);
}

/** The address as Go writes it, its password hidden. */
function shownUrl(url: string, { scheme, path, rawPath }: Uri): string {
  const [, authority = "", given = "", behind = ""] =
    /^(?:[A-Za-z][A-Za-z0-9+.-]*:)?(\/\/[^/?#]*)?([^?#]*)(.*)$/su.exec(url) ?? [];
  const start = scheme === "" ? "" : `${scheme}:`;
  const shown = path === "" ? given : isEncoded(rawPath) ? rawPath : escapePath(path);
  return `${start}${authority.replace(/^(\/\/[^:@]*):.*@/u, "$1:***@")}${shown}${behind}`;
}

/** The value of a JSON body; null for a body that is not understood. */
function decodedBody(answer: HttpAnswer & { readonly kind: "response" }, json: boolean, yaml: boolean): Value {
  const type = answer.headers.find(([name]) => name.toLowerCase() === "content-type")?.[1][0] ?? "";
  if (json || /application\/(?:[^;,\s]*\+)?json/u.test(type)) {
    const read = readJsonText(decodeBytes(answer.body));
    return "value" in read ? read.value : null;
  }
  if (yaml || /application\/(?:x-)?yaml/u.test(type)) throw failure("not supported yet: YAML in the answer of a request");
  return null;
}

/** What OPA puts before an error that it tells as a value; calls in queries have no place that is known here. */
function placeOf({ place }: BuiltinContext): string {
  const at = place?.();
  return at === undefined || at.file === "" ? "" : `${at.file}:${at.row}: eval_builtin_error: `;
}

export const http: Family = {
  "http.send": (args, context) => {
    const given = operand(args, 1, "object");
    const raise = flag(given, "raise_error", true);
    const key = `http.send ${writeRegoText(given)}`;
    const known = context.cache.get(key);
    if (known !== undefined) return known;
    try {
      const response = ask(requestOperand(args), context);
      context.cache.set(key, response);
      return response;
    } catch (error) {
      if (!(error instanceof SendFault || error instanceof BuiltinFailure) || error instanceof NeedsMock) throw error;
      if (raise) throw error instanceof SendFault ? failure(error.message) : error;
      const code: ErrorCode = error instanceof SendFault ? error.code : "eval_http_send_internal_error";
      const shown = RegoObject.of([
        ["code", code],
        ["message", error instanceof SendFault ? error.message : `${placeOf(context)}http.send: ${error.message}`],
      ]);
      const response = RegoObject.of([
        ["status_code", RegoNumber.of(0)],
        ["error", shown],
      ]);
      context.cache.set(key, response);
      return response;
    }
  },
};
