// A bundle read as a sidecar reads it: signature, scope and the hash of every file.
import { createHash, verify } from "node:crypto";
import { gunzipSync } from "node:zlib";
import { readTar } from "#bundles/tar.ts";

export interface VerifiedBundle {
  /** sha256 of the bytes as served. */
  readonly digest: string;
  readonly files: ReadonlyMap<string, string>;
}

/** Throws when a sidecar would refuse the bundle. `keyOf` gives the public key in PEM. */
export function readBundle(bytes: Uint8Array, scope: string, keyOf: (kid: string) => string | undefined): VerifiedBundle {
  const archive = readTar(gunzipSync(bytes));
  if ("fault" in archive) throw new Error(archive.fault);
  const signatures = archive.files.find((file) => file.name === ".signatures.json");
  const [token = ""] = (JSON.parse(textOf(signatures?.bytes)) as { signatures: string[] }).signatures;
  const [header = "", payload = "", signature = ""] = token.split(".");
  const { kid, alg } = decoded(header) as { kid: string; alg: string };
  const key = keyOf(kid);
  if (alg !== "ES256" || key === undefined) throw new Error(`no key ${kid} for ${alg}`);
  const signed = Buffer.from(`${header}.${payload}`);
  if (!verify("sha256", signed, { key, dsaEncoding: "ieee-p1363" }, Buffer.from(signature, "base64url")))
    throw new Error("the signature is wrong");
  const claims = decoded(payload) as { scope: string; files: { name: string; hash: string }[] };
  if (claims.scope !== scope) throw new Error(`the scope is ${claims.scope}`);
  const hashes = new Map(claims.files.map(({ name, hash }) => [name, hash]));
  const files = archive.files.filter((file) => file !== signatures);
  for (const { name, bytes: content } of files)
    if (hashes.get(name) !== sha256(content)) throw new Error(`${name} has another hash than the signature says`);
  if (files.length !== hashes.size) throw new Error("the signature names files that are not there");
  return { digest: sha256(bytes), files: new Map(files.map(({ name, bytes: content }) => [name, textOf(content)])) };
}

const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");
const textOf = (bytes: Uint8Array | undefined): string => new TextDecoder().decode(bytes);
const decoded = (part: string): unknown => JSON.parse(Buffer.from(part, "base64url").toString());
