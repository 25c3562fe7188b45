// providers.aws.sign_req: requests signed with AWS Signature Version 4.
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { escapePath, parseUri, type Uri } from "#grammars/text/go-url.ts";
import { hexOf } from "../crypto/bytes.ts";
import { writeJsonText } from "../json-text.ts";
import { plainInteger } from "../number.ts";
import { encodeBytes, writeTerm } from "../rego-text.ts";
import { civilFromNanos } from "../time/calendar.ts";
import { RegoObject, RegoSet, type Value } from "../value.ts";
import { type Family, failure, operand, operandError } from "./builtin.ts";
import { operandFault, requestOperand, withEntries } from "./http-request.ts";

const needed = ["aws_access_key", "aws_region", "aws_secret_access_key", "aws_service"];
const ignoredHeaders = ["authorization", "user-agent", "x-amzn-trace-id"];
/** Services whose requests name the digest of their body in a header. */
const hashedServices = ["s3", "glacier"];

const text = (object: RegoObject, key: string): string => {
  const value = object.get(key);
  return typeof value === "string" ? value : "";
};

function configOperand(args: readonly Value[]): RegoObject {
  // OPA says "operand 1" of the second one too.
  const config = operand([args[1] ?? null], 1, "object");
  const named = (names: readonly string[]): string => writeTerm(RegoSet.of(names));
  const missing = needed.filter((name) => config.get(name) === undefined);
  if (missing.length > 0) throw operandFault(2, `missing required AWS config parameters(s): ${named(missing)}`);
  const invalid = needed.filter((name) => typeof config.get(name) !== "string");
  if (invalid.length > 0) throw operandFault(2, `invalid values for required AWS config parameters(s): ${named(invalid)}`);
  return config;
}

function instantOperand(args: readonly Value[]): bigint {
  const number = operand([args[2] ?? null], 1, "number").text;
  const nanos = plainInteger(number);
  if (nanos === undefined || nanos !== BigInt.asIntN(64, nanos))
    throw operandFault(3, "could not convert time_ns value into a unix timestamp");
  return nanos;
}

function bodyOf(request: RegoObject): string {
  const raw = request.get("raw_body");
  if (raw !== undefined) return typeof raw === "string" ? raw : "";
  const body = request.get("body");
  return body === undefined ? "" : writeJsonText(body);
}

function stampOf(nanos: bigint): string {
  const { year, month, day, hour, minute, second } = civilFromNanos(nanos);
  const two = (value: number): string => String(value).padStart(2, "0");
  return `${String(year).padStart(4, "0")}${two(month)}${two(day)}T${two(hour)}${two(minute)}${two(second)}Z`;
}

/** The path as it is sent: as it was written where that is a valid encoding. */
function sentPath({ path, rawPath }: Uri): string {
  const valid = rawPath !== "" && /^[A-Za-z0-9\-._~!$&'()*+,;=:@[\]%/]*$/u.test(rawPath);
  return valid ? rawPath : path === "*" ? "*" : escapePath(path);
}

interface Signing {
  readonly method: string;
  readonly uri: Uri;
  readonly headers: ReadonlyMap<string, string>;
  readonly digest: string;
  readonly stamp: string;
  readonly config: RegoObject;
}

/** The Authorization header (AWS General Reference, "Signature Version 4 signing process"). */
function authorization({ method, uri, headers, digest, stamp, config }: Signing): string {
  const names = [...headers.keys()].sort();
  const lines = names.map((name) => `${name}:${headers.get(name)}\n`).join("");
  const canonical = `${method}\n${sentPath(uri)}\n${uri.rawQuery}\n${lines}\n${names.join(";")}\n${digest}`;
  const parts = [stamp.slice(0, 8), text(config, "aws_region"), text(config, "aws_service"), "aws4_request"];
  const scope = parts.join("/");
  const toSign = `AWS4-HMAC-SHA256\n${stamp}\n${scope}\n${hexOf(sha256(encodeBytes(canonical)))}`;
  const secret = encodeBytes(`AWS4${text(config, "aws_secret_access_key")}`);
  const key = parts.reduce((mac, part) => hmac(sha256, mac, encodeBytes(part)), secret);
  const signature = hexOf(hmac(sha256, key, encodeBytes(toSign)));
  return `AWS4-HMAC-SHA256 Credential=${text(config, "aws_access_key")}/${scope},SignedHeaders=${names.join(";")},Signature=${signature}`;
}

export const aws: Family = {
  "providers.aws.sign_req": (args) => {
    operand(args, 1, "object");
    const config = configOperand(args);
    const stamp = stampOf(instantOperand(args));
    const request = requestOperand(args);
    const given = request.get("headers") ?? RegoObject.of([]);
    if (!(given instanceof RegoObject)) throw operandError(0, "object", given);
    const invalid = ["method", "url"].filter((name) => typeof request.get(name) !== "string");
    if (invalid.length > 0)
      throw operandFault(1, `invalid values for required request parameters(s): ${writeTerm(RegoSet.of(invalid))}`);
    const uri = parseUri(text(request, "url"));
    if ("fault" in uri) throw failure(uri.fault);
    const unsigned = config.get("disable_payload_signing") ?? false;
    if (typeof unsigned !== "boolean") throw operandFault(2, "invalid value for 'disable_payload_signing' in AWS config");
    const digest = unsigned ? "UNSIGNED-PAYLOAD" : hexOf(sha256(encodeBytes(bodyOf(request))));

    const own = new Map([
      ["host", uri.value.host],
      ["x-amz-date", stamp],
    ]);
    if (hashedServices.includes(text(config, "aws_service"))) own.set("x-amz-content-sha256", digest);
    if (text(config, "aws_session_token") !== "") own.set("x-amz-security-token", text(config, "aws_session_token"));
    // Only texts are header values and names here; what is none counts as empty.
    const kept = given.entries.map(([name, value]) => [asText(name), asText(value)] as const);
    const headers = new Map(own);
    for (const [name, value] of kept) if (!ignoredHeaders.includes(name.toLowerCase())) headers.set(name.toLowerCase(), value);
    const signed = authorization({ method: text(request, "method"), uri: uri.value, headers, digest, stamp, config });
    return withEntries(request, [["headers", RegoObject.of([...kept, ["Authorization", signed], ...own])]]);
  },
};

function asText(value: Value): string {
  return typeof value === "string" ? value : "";
}
