// The keys that sign bundles: ES256 or RS256, private parts in files that only the server can read, states in the store.
import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from "node:fs";
import { join } from "node:path";
import { sha256 } from "../store/blobs.ts";
import type { SigningAlgorithm, SigningKey } from "../store/keys.ts";
import type { Store, Transaction } from "../store/store.ts";

export interface Signer {
  readonly kid: string;
  readonly algorithm: SigningAlgorithm;
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
  private readonly store: Store;
  private readonly dataFolder: string;
  private readonly folder: string;

  private constructor(store: Store, dataFolder: string) {
    this.store = store;
    this.dataFolder = dataFolder;
    this.folder = join(dataFolder, "keys");
  }

  /** Opens the keys below the data folder; makes the first one. Rejects when a key file of the store is gone. */
  static async open(store: Store, dataFolder: string, nowSeconds: number): Promise<KeyRing> {
    const ring = new KeyRing(store, dataFolder);
    mkdirSync(ring.folder, { recursive: true, mode: 0o700 });
    await store.transaction(async (tx) => {
      await ring.adoptSingleKey(tx, nowSeconds);
      if ((await tx.keys.inState("active")) === undefined) await ring.add(tx, "active", nowSeconds);
    });
    await ring.signer();
    return ring;
  }

  /** The key that signs now; asked of the store each time, since another process may have rotated it. */
  async signer(): Promise<Signer> {
    const active = await this.store.keys.inState("active");
    if (active === undefined) throw new Error("the store has no active key");
    return signerOf(this.dataFolder, active.kid);
  }

  /**
   * The next step of a rotation, in the transaction of its audit event. New stamps make every domain sign anew. The first step
   * makes the key, of the algorithm given or of that which signs now.
   */
  async rotate(tx: Transaction, nowSeconds: number, algorithm?: SigningAlgorithm): Promise<Rotation> {
    const next = await tx.keys.inState("next");
    if (next === undefined) {
      const wanted = algorithm ?? (await tx.keys.inState("active"))?.alg ?? "ES256";
      return { kid: await this.add(tx, "next", nowSeconds, wanted), state: "next" };
    }
    const active = await tx.keys.inState("active");
    if (active !== undefined) await tx.keys.setState(active.kid, "retired");
    await tx.keys.setState(next.kid, "active");
    await tx.builds.dropStamps();
    return { kid: next.kid, state: "active" };
  }

  /** The file is on the disk before the row names it. */
  private async add(
    tx: Transaction,
    state: Rotation["state"],
    at: number,
    algorithm: SigningAlgorithm = "ES256",
  ): Promise<string> {
    const { privateKey } =
      algorithm === "RS256"
        ? generateKeyPairSync("rsa", { modulusLength: 3072 })
        : generateKeyPairSync("ec", { namedCurve: "P-256" });
    const { kid, pem, alg } = publicPart(privateKey);
    const file = openSync(this.path(kid), "wx", 0o600);
    writeSync(file, privateKey.export({ type: "pkcs8", format: "pem" }).toString());
    fsyncSync(file);
    closeSync(file);
    await tx.keys.insert({ kid, alg, pem, state, at });
    return kid;
  }

  /** Stores of the first release had one key in `active.pem`. */
  private async adoptSingleKey(tx: Transaction, at: number): Promise<void> {
    const single = join(this.folder, "active.pem");
    if (!existsSync(single)) return;
    const { kid, pem, alg } = publicPart(createPrivateKey(readFileSync(single)));
    renameSync(single, this.path(kid));
    await tx.keys.insert({ kid, alg, pem, state: "active", at });
  }

  private path(kid: string): string {
    return join(this.folder, `${kid}.pem`);
  }
}

/** The signer of a key below the data folder; throws when its file is gone. */
export function signerOf(dataFolder: string, kid: string): Signer {
  const key = createPrivateKey(readFileSync(join(dataFolder, "keys", `${kid}.pem`)));
  return {
    kid,
    algorithm: algorithmOf(key),
    sign: (input) => ({ signature: sign("sha256", Buffer.from(input), { key, dsaEncoding: "ieee-p1363" }) }),
  };
}

function algorithmOf({ asymmetricKeyType }: KeyObject): SigningAlgorithm {
  return asymmetricKeyType === "rsa" ? "RS256" : "ES256";
}

function publicPart(key: KeyObject): Pick<SigningKey, "kid" | "pem" | "alg"> {
  const pem = createPublicKey(key).export({ type: "spki", format: "pem" }).toString();
  const alg = algorithmOf(key);
  return { kid: `${alg.toLowerCase()}-${sha256(pem).slice(0, 12)}`, pem, alg };
}
