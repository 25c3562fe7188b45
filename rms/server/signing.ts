// The signing key of this RMS: ES256, private part in a file that only the server can read.
import { createPrivateKey, createPublicKey, generateKeyPairSync, sign } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { sha256 } from "./store/blobs.ts";
import type { Database } from "./store/database.ts";

export interface Signer {
  readonly kid: string;
  readonly algorithm: "ES256";
  sign(input: string): { readonly signature: Uint8Array };
}

/** Opens the key of the data folder, or makes it at the first start. */
export function openSigner(db: Database, dataFolder: string, nowSeconds: number): Signer {
  const folder = join(dataFolder, "keys");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, "active.pem");
  if (!existsSync(path)) {
    const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    writeFileSync(path, privateKey.export({ type: "pkcs8", format: "pem" }), { mode: 0o600, flag: "wx" });
  }
  const key = createPrivateKey(readFileSync(path));
  const pem = createPublicKey(key).export({ type: "spki", format: "pem" }).toString();
  const kid = `es256-${sha256(pem).slice(0, 12)}`;
  db.run(
    "INSERT INTO keys (kid, alg, pem, state, at) VALUES (?, 'ES256', ?, 'active', ?) ON CONFLICT (kid) DO NOTHING",
    kid,
    pem,
    nowSeconds,
  );
  return {
    kid,
    algorithm: "ES256",
    sign: (input) => ({ signature: sign("sha256", Buffer.from(input), { key, dsaEncoding: "ieee-p1363" }) }),
  };
}
