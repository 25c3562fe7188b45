// Lists in pages: `?limit=` and an opaque `?cursor=` that names the last item seen, so that pages stay right while others write.
import { invalid } from "./problem.ts";
import type { Answer } from "./router.ts";

const defaultLimit = 50;
const maxLimit = 200;

/** What orders a list: the names of the item's members that together are its key. */
export interface ListOrder {
  readonly key: readonly string[];
}

/** Cuts the page out of a whole list; an answer that is no list stays as it is. */
export function pageOf(answer: Answer, { key }: ListOrder, query: URLSearchParams): Answer {
  const limit = limitOf(query);
  const cursor = query.get("cursor");
  const { body } = answer;
  if (typeof body !== "object" || body === null || !("items" in body) || !Array.isArray(body.items)) return answer;
  const items = body.items as readonly Readonly<Record<string, unknown>>[];
  const keyOf = (item: Readonly<Record<string, unknown>>): string => JSON.stringify(key.map((name) => item[name]));
  const start = cursor === null ? 0 : afterCursor(items.map(keyOf), readCursor(cursor, key.length));
  const page = items.slice(start, start + limit);
  const last = page.at(-1);
  const more = last !== undefined && start + limit < items.length;
  return { ...answer, body: { ...body, items: page, ...(more ? { next: writeCursor(keyOf(last)) } : {}) } };
}

/** `?limit=`; 422 when it is no number from 1 to 200. */
export function limitOf(query: URLSearchParams): number {
  const text = query.get("limit");
  if (text === null) return defaultLimit;
  const limit = Number(text);
  if (!/^\d{1,3}$/.test(text) || limit < 1 || limit > maxLimit) throw invalid(`limit must be 1 to ${maxLimit}.`);
  return limit;
}

/** Where the page after a cursor begins; an item that has gone since leaves its neighbours in their places. */
function afterCursor(keys: readonly string[], cursor: string): number {
  const at = keys.indexOf(cursor);
  if (at >= 0) return at + 1;
  const next = keys.findIndex((key) => key > cursor);
  return next < 0 ? keys.length : next;
}

function writeCursor(key: string): string {
  return Buffer.from(key).toString("base64url");
}

function readCursor(text: string, parts: number): string {
  const key = /^[\w-]{1,1000}$/.test(text) ? Buffer.from(text, "base64url").toString("utf8") : "";
  try {
    const read: unknown = JSON.parse(key);
    if (Array.isArray(read) && read.length === parts) return key;
  } catch {
    // Falls through: only what this server wrote is a cursor.
  }
  throw invalid("cursor must be the `next` of an earlier answer.");
}
