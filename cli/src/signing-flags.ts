// The flags of commands that sign a bundle, and what they give.

import type { Json } from "#bundles/canonical-json.ts";
import type { SigningOptions } from "./bundle-sign.ts";
import type { Flag, Invocation } from "./command.ts";
import { readDocument } from "./documents.ts";
import { parseJson } from "./json-text.ts";

export const claimsFlag: Flag = {
  name: "claims-file",
  kind: "string",
  help: "set path of JSON file containing optional claims of the signature",
};
export const pluginFlag: Flag = {
  name: "signing-plugin",
  kind: "string",
  help: "not supported: name of the plugin to use for signing/verification",
};
export const algorithmFlag: Flag = {
  name: "signing-alg",
  kind: "string",
  default: "RS256",
  help: "name of the signing algorithm",
};
export const keyFlag: Flag = {
  name: "signing-key",
  kind: "string",
  help: "set the secret (HMAC) or path of the PEM file containing the private key (RSA and ECDSA)",
};
export const keyMissing = "specify the secret (HMAC) or path of the PEM file containing the private key (RSA and ECDSA)";

/** The sentences about flags that OPA has; undefined when a bundle can be signed as they say. */
export function signingFault(call: Invocation): string | undefined {
  if (call.given("signing-plugin")) return `no signer exists under id ${call.flag("signing-plugin")}`;
  // The name of a folder would be taken for the secret.
  const folder = ["signing-key", "verification-key"]
    .map((name) => (call.has(name) ? call.flag(name) : undefined))
    .find((key) => key !== undefined && key !== "" && call.io.kind(key) === "folder");
  return folder === undefined ? undefined : `read ${folder}: is a directory`;
}

/** What the flag says signs; an empty text, such as that of a variable that is not set, is no key. */
export function givenKey(call: Invocation): string | undefined {
  return call.flag("signing-key") || undefined;
}

/** A key as a flag gives it: the path of its file, or the secret itself. */
export function keyText({ io }: Invocation, given: string): string {
  return io.kind(given) === "file" ? new TextDecoder().decode(io.readFile(given)) : given;
}

/** What signs: `claims` where no file names others. */
export function signingOptions(
  call: Invocation,
  key: string,
  claims: SigningOptions["claims"],
): SigningOptions | { readonly fault: string } {
  const path = call.flag("claims-file");
  if (path !== undefined && call.io.kind(path) === undefined) return { fault: `open ${path}: no such file or directory` };
  const read = path === undefined ? undefined : readDocument(path, call.io);
  if (read !== undefined && "fault" in read) return read;
  // `null` stands for no claims.
  const named = read === undefined ? claims : (parseJson(read.json) ?? new Map<string, Json>());
  if (!(named instanceof Map)) return { fault: `${path}: claims are an object of JSON` };
  return {
    key: keyText(call, key),
    algorithm: call.flag("signing-alg")!,
    claims: named as ReadonlyMap<string, Json>,
  };
}
