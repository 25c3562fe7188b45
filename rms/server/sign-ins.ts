// Who stands behind a bearer token: asked of the store once, and kept for a moment, since sidecars ask again and again.
import { sha256 } from "../store/blobs.ts";
import type { TokenReads } from "../store/tokens.ts";
import { bearerOf, type Principal } from "./access.ts";

/** Milliseconds that a token is taken as it was: so long another process's revocation may take. */
const keptMs = 5000;
/** Tokens kept; those that were asked for first go first. */
const maxKept = 10_000;

interface Kept {
  readonly principal: Principal;
  /** Seconds since 1970. */
  readonly expiresAt: number;
  /** Milliseconds of the process's clock. */
  readonly until: number;
}

export class SignIns {
  private readonly tokens: Pick<TokenReads, "byHash">;
  private readonly kept = new Map<string, Kept>();
  /** Rises with each revocation: what was read before it is not kept. */
  private round = 0;

  constructor(tokens: Pick<TokenReads, "byHash">) {
    this.tokens = tokens;
  }

  /** The digest of the header that came last on a connection: a sidecar sends the same one with each poll. */
  private readonly last = new WeakMap<object, { readonly header: string; readonly hash: string | undefined }>();

  /**
   * The principal of an `Authorization` header that came on a connection, at a time (seconds); undefined without a valid token. Tokens are
   * compared by their digests, so time tells nothing of their texts.
   */
  principal(connection: object, header: string | undefined, now: number): Principal | undefined | Promise<Principal | undefined> {
    if (header === undefined) return undefined;
    const hash = this.hashOf(connection, header);
    if (hash === undefined) return undefined;
    const kept = this.kept.get(hash);
    if (kept !== undefined && performance.now() < kept.until) return kept.expiresAt > now ? kept.principal : undefined;
    return this.read(hash, now);
  }

  private hashOf(connection: object, header: string): string | undefined {
    const last = this.last.get(connection);
    if (last?.header === header) return last.hash;
    const text = bearerOf(header);
    const hash = text === undefined ? undefined : sha256(text);
    this.last.set(connection, { header, hash });
    return hash;
  }

  private async read(hash: string, now: number): Promise<Principal | undefined> {
    const { round } = this;
    const token = await this.tokens.byHash(hash);
    if (token === undefined || token.expiresAt <= now) return undefined;
    const { id, subject, domains, scopes, policies, expiresAt } = token;
    // As ids of people are kept: who is the same must be seen to be, as where nobody decides about themselves.
    const principal: Principal = { token: id, subject: subject.normalize("NFC"), domains, scopes: new Set(scopes), policies };
    if (round === this.round) this.keep(hash, { principal, expiresAt, until: performance.now() + keptMs });
    return principal;
  }

  private keep(hash: string, kept: Kept): void {
    this.kept.delete(hash);
    this.kept.set(hash, kept);
    const [oldest] = this.kept.keys();
    if (this.kept.size > maxKept && oldest !== undefined) this.kept.delete(oldest);
  }

  /** A token was revoked. */
  forget(): void {
    this.round++;
    this.kept.clear();
  }
}
