// What is asked of RMS about hooks.
import type { Reply } from "./reply.ts";
import type { Sender } from "./sender.ts";

/** Times as RFC 3339 writes them. */
export interface KnownHook {
  readonly hook: string;
  readonly url: string;
  /** A reference, never the key itself. */
  readonly secret: string;
  readonly actions?: readonly string[];
  readonly since: string;
  readonly by: string;
  /** The last audit event that was told, or needed not be. */
  readonly told: number;
  readonly failing?: { readonly misses: number; readonly message: string; readonly next: string };
}

export class HookRequests {
  private readonly sender: Sender;

  constructor(sender: Sender) {
    this.sender = sender;
  }

  all(domain: string): Promise<Reply<{ readonly items: readonly KnownHook[] }>> {
    return this.sender.list(path(domain), {}, Number.POSITIVE_INFINITY);
  }

  put(
    domain: string,
    id: string,
    body: { readonly url: string; readonly secret: string; readonly actions: readonly string[]; readonly reason: string },
  ): Promise<Reply<KnownHook>> {
    return this.sender.send("PUT", path(domain, id), body);
  }

  remove(domain: string, id: string, reason: string): Promise<Reply<undefined>> {
    return this.sender.send("DELETE", path(domain, id), { reason });
  }

  test(domain: string, id: string): Promise<Reply<{ readonly taken: boolean; readonly message?: string }>> {
    return this.sender.send("POST", `${path(domain, id)}/test`);
  }
}

const path = (domain: string, id?: string): string =>
  `/domains/${encodeURIComponent(domain)}/hooks${id === undefined ? "" : `/${encodeURIComponent(id)}`}`;
