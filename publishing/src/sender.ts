// How the parts of RMS's client send what they ask.
import type { Reply } from "./reply.ts";

/** Lists come whole, up to a number of items. */
export interface Sender {
  send<T>(method: string, path: string, body?: unknown): Promise<Reply<T>>;
  list<T>(
    path: string,
    filter: Readonly<Record<string, string | undefined>>,
    most: number,
  ): Promise<Reply<{ readonly items: readonly T[] }>>;
}
