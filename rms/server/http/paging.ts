// Lists in pages: `?limit=` and an opaque `?cursor=` that names the last item seen, so that pages stay right while others write.
import type { Page } from "../../store/page.ts";
import type { Answer } from "./answer.ts";
import { invalid } from "./problem.ts";

const defaultLimit = 50;
const maxLimit = 200;
/** Items that are looked at in one read when a filter leaves only some of them. */
const chunk = 500;

type Key = string | number;
type Kind = "string" | "number";

/** `?limit=`; 422 when it is no number from 1 to 200. */
function limitOf(query: URLSearchParams): number {
  const text = query.get("limit");
  if (text === null) return defaultLimit;
  const limit = Number(text);
  if (!/^\d{1,3}$/.test(text) || limit < 1 || limit > maxLimit) throw invalid(`limit must be 1 to ${maxLimit}.`);
  return limit;
}

function writeCursor(key: readonly Key[]): string {
  return Buffer.from(JSON.stringify(key)).toString("base64url");
}

function isKey(part: unknown, kind: Kind): boolean {
  return kind === "number" ? Number.isSafeInteger(part) : typeof part === "string";
}

/** The key in `?cursor=`; 422 for what this server did not write. */
function cursorOf(query: URLSearchParams, kind: Kind, parts: number): readonly Key[] | undefined {
  const text = query.get("cursor");
  if (text === null) return undefined;
  try {
    const read: unknown = JSON.parse(/^[\w-]{1,8000}$/.test(text) ? Buffer.from(text, "base64url").toString("utf8") : "");
    if (Array.isArray(read) && read.length === parts && read.every((part) => isKey(part, kind))) return read as readonly Key[];
  } catch {
    // Falls through: only what this server wrote is a cursor.
  }
  throw invalid("cursor must be the `next` of an earlier answer.");
}

function pageAnswer<Item>(
  found: readonly Item[],
  limit: number,
  keyOf: (item: Item) => readonly Key[],
  show: readonly unknown[],
): Answer {
  const last = found[limit - 1];
  const more = found.length > limit && last !== undefined;
  return { status: 200, body: { items: show.slice(0, limit), ...(more ? { next: writeCursor(keyOf(last)) } : {}) } };
}

export interface Listing<Item, K extends Key> {
  /** Items after a key, in the order of their keys. */
  readonly read: (page: Page<K>) => Promise<readonly Item[]>;
  readonly key: (item: Item) => K;
  readonly show: (item: Item) => unknown;
  /** Leaves items out. */
  readonly keep?: (item: Item) => boolean;
}

/** The page of a stored list that the query asks for; the store is asked by key, never for the whole. */
export function page<Item>(query: URLSearchParams, listing: Listing<Item, string>): Promise<Answer> {
  return pageBy(query, cursorOf(query, "string", 1)?.[0] as string | undefined, listing);
}

/** The same for a list whose keys are numbers. */
export function pageByNumber<Item>(query: URLSearchParams, listing: Listing<Item, number>): Promise<Answer> {
  return pageBy(query, cursorOf(query, "number", 1)?.[0] as number | undefined, listing);
}

async function pageBy<Item, K extends Key>(
  query: URLSearchParams,
  cursor: K | undefined,
  { read, key, show, keep }: Listing<Item, K>,
): Promise<Answer> {
  const limit = limitOf(query);
  const found: Item[] = [];
  let after = cursor;
  for (const size = keep === undefined ? limit + 1 : chunk; found.length <= limit; ) {
    const items = await read({ after, limit: size });
    found.push(...(keep === undefined ? items : items.filter(keep)));
    const last = items.at(-1);
    if (items.length < size || last === undefined) break;
    after = key(last);
  }
  const shown = await Promise.all(found.slice(0, limit).map(show));
  return pageAnswer(found, limit, (item) => [key(item)], shown);
}

/** The page of a computed list whose keys have so many parts; `read` gives the items after a key, in the order of their keys. */
export async function pageOfComputed<Item>(
  query: URLSearchParams,
  parts: number,
  key: (item: Item) => readonly string[],
  read: (page: { readonly after: readonly string[] | undefined; readonly limit: number }) => Promise<readonly Item[]>,
): Promise<Answer> {
  const limit = limitOf(query);
  const after = cursorOf(query, "string", parts) as readonly string[] | undefined;
  const found = await read({ after, limit: limit + 1 });
  return pageAnswer(found, limit, key, found);
}
