// Replies of real services as entries of the file of mocked requests: nothing that may be a secret is written.
import type { HttpRequest } from "#evaluation/builtins/builtin.ts";
import { decodeBytes } from "#evaluation/rego-text.ts";

export interface Reply {
  readonly status: number;
  readonly statusText: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string;
}

/** Headers that say something of the content; others are of the connection, of the moment, or of who asked. */
const kept: ReadonlySet<string> = new Set([
  "cache-control",
  "content-language",
  "content-type",
  "location",
  "retry-after",
  "vary",
]);

/** Characters of a reply that is written. */
const longest = 200_000;

const secretName =
  "(?:access|refresh|id|session|csrf|auth)[_-]?token|client[_-]?secret|pass(?:word|wd)?|secret|api[_-]?key|assertion|signature|sig|token|code_verifier";
const inQuery = new RegExp(`[?&](?:${secretName})=`, "iu");
const inForm = new RegExp(`(?:^|&)(?:${secretName})=`, "iu");
const inJson = new RegExp(`"(?:${secretName})"\\s*:`, "iu");

/** A matcher and its reply, or why neither is written. */
export function recordedEntry(request: HttpRequest, reply: Reply): { readonly entry: object } | { readonly problem: string } {
  const named = `${request.method || "GET"} ${withoutSecrets(request.url)}`;
  const body = decodeBytes(request.body);
  if (/^[a-z]+:\/\/[^/?#]*@/iu.test(request.url) || inQuery.test(request.url))
    return { problem: `${named}: its address holds a secret` };
  if (inForm.test(body) || inJson.test(body)) return { problem: `${named}: its body holds a secret` };
  if (inJson.test(reply.body) || inForm.test(reply.body)) return { problem: `${named}: the reply holds a secret` };
  if (reply.body.length > longest) return { problem: `${named}: the reply is longer than ${longest} characters` };
  const headers = reply.headers.filter(([name]) => kept.has(name.toLowerCase()));
  const status = reply.statusText === "" ? reply.status : `${reply.status} ${reply.statusText}`;
  return {
    entry: {
      request: { method: request.method || "GET", url: request.url, ...(body === "" ? {} : { body }) },
      response: { status, headers: Object.fromEntries(headers), body: reply.body },
    },
  };
}

/** An address as it may be shown: without a password and without its query. */
export function withoutSecrets(url: string): string {
  return url.replace(/^([a-z]+:\/\/)[^/?#]*@/iu, "$1").replace(/[?#].*$/su, "");
}
