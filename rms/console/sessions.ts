// Sessions of the console: a cookie names one, and the server alone knows the API token behind it.
import { createHash, randomBytes, timingSafeEqual } from "node:crypto";

export interface Session {
  /** The API token with which this person calls. */
  readonly bearer: string;
  /** What each form of the session must bring along. */
  readonly formToken: string;
  /** Seconds since 1970. */
  readonly begun: number;
  seen: number;
}

/** Seconds without a request after which a session ends, and after which it ends in any case. */
const idleAfter = 30 * 60;
const endsAfter = 8 * 3600;
/** Sessions of one token, and of all: those that were used least lately go first. */
const mostOfOne = 20;
const most = 10_000;

export class Sessions {
  /** By the digest of the cookie's value, the one that was used least lately first. */
  private readonly open = new Map<string, Session>();

  /** Begins a session; gives the value of its cookie. */
  begin(bearer: string, now: number): string {
    const value = secret();
    const own = [...this.open].filter(([, session]) => session.bearer === bearer).map(([key]) => key);
    for (const key of own.slice(0, Math.max(0, own.length + 1 - mostOfOne))) this.open.delete(key);
    this.open.set(digest(value), { bearer, formToken: secret(), begun: now, seen: now });
    const [oldest] = this.open.keys();
    if (this.open.size > most && oldest !== undefined) this.open.delete(oldest);
    return value;
  }

  /** The session of a cookie's value; undefined when there is none, or when it has ended. */
  find(value: string | undefined, now: number): Session | undefined {
    if (value === undefined) return undefined;
    const key = digest(value);
    const session = this.open.get(key);
    if (session === undefined) return undefined;
    this.open.delete(key);
    if (now >= session.seen + idleAfter || now >= session.begun + endsAfter) return undefined;
    session.seen = now;
    this.open.set(key, session);
    return session;
  }

  end(value: string): void {
    this.open.delete(digest(value));
  }
}

const digest = (value: string): string => createHash("sha256").update(value).digest("base64url");

/** A text that nobody guesses. */
export const secret = (): string => randomBytes(32).toString("base64url");

/** Compares texts of which one is secret: time tells nothing of them. */
export function sameSecret(one: string, other: string): boolean {
  return timingSafeEqual(Buffer.from(digest(one)), Buffer.from(digest(other)));
}

/** The value of a cookie in a request's header. */
export function cookieOf(header: string | undefined, named: string): string | undefined {
  for (const pair of (header ?? "").split(";")) {
    const [key = "", value = ""] = pair.trim().split("=", 2);
    if (key === named && /^[\w-]{20,100}$/.test(value)) return value;
  }
  return undefined;
}
