// Hooks: where what is audited in a domain is told, and how far each was told.
import type { Page } from "./page.ts";

export interface HookSettings {
  /** `https:` address on a host that the operator allows. */
  readonly url: string;
  /** Reference to what messages are signed with. */
  readonly secret: string;
  /** Only these actions, or with a last `.*` all that begin so; every one where missing. */
  readonly actions?: readonly string[];
}

/** Seconds that a message waits at most until it comes again. */
export const longestPause = 3600;

/** Times are seconds since 1970. */
export interface HookProgress {
  /** The last audit event that was told, or needed not be. */
  readonly told: number;
  /** The last event of a message that was not taken: it comes again as it was. */
  readonly pending: number | undefined;
  /** How often in a row the message was not taken, and why. */
  readonly misses: number;
  readonly message: string;
  /** When it comes again; after one that was taken, when that was. */
  readonly next: number;
}

export interface Hook extends HookProgress {
  readonly domain: string;
  readonly id: string;
  readonly settings: HookSettings;
  /** Who gave the settings, and when. */
  readonly actor: string;
  readonly at: number;
}

export interface HookReads {
  get(domain: string, id: string): Promise<Hook | undefined>;
  /** In the order of their ids. */
  list(domain: string, page: Page<string>): Promise<readonly Hook[]>;
  /** Those of every domain that have something to tell by then, who waited longest first. A clock that was ahead lets nobody wait longer than `longestPause`. */
  due(now: number): Promise<readonly Hook[]>;
}

export interface HookWrites extends HookReads {
  /** New settings begin without misses; what was told stays told. */
  put(hook: Hook): Promise<void>;
  remove(domain: string, id: string): Promise<void>;
  /** Does nothing for a hook that was removed, or is another one by now. */
  progress(of: Hook, progress: HookProgress): Promise<void>;
}
