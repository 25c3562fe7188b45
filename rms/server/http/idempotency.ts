// `Idempotency-Key`: the same key and body give the first answer again, which lies in the store so that only its caller can read it.
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";
import { sha256 } from "../../store/blobs.ts";
import type { Transaction } from "../../store/store.ts";
import type { Rms } from "../rms.ts";
import { seconds } from "../times.ts";
import type { Answer } from "./answer.ts";
import { invalid } from "./problem.ts";

const keptFor = 86_400;
const ivBytes = 12;
const tagBytes = 16;

/** A request with a key, and whether its answer is kept already. */
export class Keeping {
  private readonly rms: Rms;
  private readonly token: string;
  private readonly key: string;
  private readonly request: string;
  private readonly seal: Buffer;
  private kept = false;

  /** `bearer` is the text of the caller's token, `request` what a repetition must be equal to. */
  constructor(rms: Rms, token: string, bearer: string, key: string, request: string) {
    if (!/^[\x20-\x7e]{1,128}$/.test(key)) throw invalid("Idempotency-Key must be 1 to 128 printable characters.");
    this.rms = rms;
    this.token = token;
    this.key = key;
    this.request = sha256(request);
    this.seal = Buffer.from(hkdfSync("sha256", bearer, key, "rms idempotency", 32));
  }

  /** One at a time has this place. */
  get place(): string {
    return `${this.token} ${this.key}`;
  }

  /** The first answer to the same request; 422 when the key was used for another one. */
  async before(): Promise<Answer | undefined> {
    const found = await this.rms.store.idempotency.get(this.token, this.key);
    if (found === undefined || found.at <= this.now() - keptFor) return undefined;
    if (found.request !== this.request) throw invalid("This Idempotency-Key was used for another request.");
    const { headers, body } = JSON.parse(opened(found.answer, this.seal)) as Pick<Answer, "headers" | "body">;
    return {
      status: found.status,
      headers: { ...headers, "Idempotency-Replayed": "true" },
      ...(body === undefined ? {} : { body }),
    };
  }

  /** Keeps the answer in the transaction of what it tells of. */
  async keep(tx: Transaction, { status, headers, body }: Answer): Promise<void> {
    const { token, key, request } = this;
    const answer = sealed(JSON.stringify({ headers, body }), this.seal);
    await tx.idempotency.expire(this.now() - keptFor);
    await tx.idempotency.put({ token, key, request, status, answer, at: this.now() });
    this.kept = true;
  }

  /** Keeps an answer of a request that changed nothing. */
  async finish(answer: Answer): Promise<void> {
    if (!this.kept && answer.status < 500) await this.rms.store.transaction((tx) => this.keep(tx, answer));
  }

  private now(): number {
    return seconds(this.rms.now());
  }
}

function sealed(text: string, key: Buffer): string {
  const iv = randomBytes(ivBytes);
  const cipher = createCipheriv("aes-256-gcm", key, iv);
  const bytes = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), bytes]).toString("base64");
}

function opened(text: string, key: Buffer): string {
  const bytes = Buffer.from(text, "base64");
  const decipher = createDecipheriv("aes-256-gcm", key, bytes.subarray(0, ivBytes));
  decipher.setAuthTag(bytes.subarray(ivBytes, ivBytes + tagBytes));
  return Buffer.concat([decipher.update(bytes.subarray(ivBytes + tagBytes)), decipher.final()]).toString("utf8");
}
