// The keys that sign bundles: ES256, private parts in files that only the server can read, states in the store.
import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from "node:fs";
import { join } from "node:path";
import { sha256 } from "./store/blobs.ts";
import type { Database } from "./store/database.ts";

export interface Signer {
  readonly kid: string;
  readonly algorithm: "ES256";
  sign(input: string): { readonly signature: Uint8Array };
}

/** What a rotation did. */
export interface Rotation {
  readonly kid: string;
  /** `next`: published to the sidecars, signs nothing yet. `active`: signs from now on. */
  readonly state: "next" | "active";
}

/**
 * The key ring of a store. A rotation takes two steps, so that every sidecar can learn the new key before a bundle needs it:
 * the first publishes a `next` key, the second makes it `active` and the old one `retired`. Retired keys stay published.
 */
export class KeyRing {
  private readonly db: Database;
  private readonly folder: string;
  private cached: { readonly kid: string; readonly key: KeyObject } | undefined;

  /** Opens the keys below the data folder; makes the first one. Throws when a key file of the store is gone. */
  constructor(db: Database, dataFolder: string, nowSeconds: number) {
    this.db = db;
    this.folder = join(dataFolder, "keys");
    mkdirSync(this.folder, { recursive: true, mode: 0o700 });
    this.adoptSingleKey(nowSeconds);
    if (db.one("SELECT 1 FROM keys WHERE state = 'active'") === undefined) this.add("active", nowSeconds);
    this.signer();
  }

  /** The key that signs now; read from the store each time, since another process may have rotated it. */
  signer(): Signer {
    const kid = String(this.db.one("SELECT kid FROM keys WHERE state = 'active'")?.["kid"]);
    if (this.cached?.kid !== kid) this.cached = { kid, key: createPrivateKey(readFileSync(this.path(kid))) };
    const { key } = this.cached;
    return {
      kid,
      algorithm: "ES256",
      sign: (input) => ({ signature: sign("sha256", Buffer.from(input), { key, dsaEncoding: "ieee-p1363" }) }),
    };
  }

  /** The next step of a rotation; call it inside the transaction of its audit event. New stamps make every domain sign anew. */
  rotate(nowSeconds: number): Rotation {
    const next = this.db.one("SELECT kid FROM keys WHERE state = 'next'");
    if (next === undefined) return { kid: this.add("next", nowSeconds), state: "next" };
    const kid = String(next["kid"]);
    this.db.run("UPDATE keys SET state = 'retired' WHERE state = 'active'");
    this.db.run("UPDATE keys SET state = 'active' WHERE kid = ?", kid);
    this.db.run("DELETE FROM stamps");
    return { kid, state: "active" };
  }

  /** The file is on the disk before the row names it. */
  private add(state: Rotation["state"], nowSeconds: number): string {
    const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const { kid, pem } = publicPart(privateKey);
    const file = openSync(this.path(kid), "wx", 0o600);
    writeSync(file, privateKey.export({ type: "pkcs8", format: "pem" }).toString());
    fsyncSync(file);
    closeSync(file);
    this.insert(kid, pem, state, nowSeconds);
    return kid;
  }

  /** Stores of the first release had one key in `active.pem`. */
  private adoptSingleKey(nowSeconds: number): void {
    const single = join(this.folder, "active.pem");
    if (!existsSync(single)) return;
    const { kid, pem } = publicPart(createPrivateKey(readFileSync(single)));
    renameSync(single, this.path(kid));
    this.insert(kid, pem, "active", nowSeconds);
  }

  private insert(kid: string, pem: string, state: Rotation["state"], nowSeconds: number): void {
    this.db.run(
      "INSERT INTO keys (kid, alg, pem, state, at) VALUES (?, 'ES256', ?, ?, ?) ON CONFLICT (kid) DO NOTHING",
      kid,
      pem,
      state,
      nowSeconds,
    );
  }

  private path(kid: string): string {
    return join(this.folder, `${kid}.pem`);
  }
}

function publicPart(key: KeyObject): { readonly kid: string; readonly pem: string } {
  const pem = createPublicKey(key).export({ type: "spki", format: "pem" }).toString();
  return { kid: `es256-${sha256(pem).slice(0, 12)}`, pem };
}
