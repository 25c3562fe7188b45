// A source of kind rest: JSON over HTTPS, page after page; a page that fails is a failed read and never a small one.
import type { SourceSettings } from "../store/sources.ts";
import { SourceFault } from "./fault.ts";
import type { Grant } from "./grants.ts";
import { maxAnswer } from "./https-ask.ts";
import { jsonAnswer } from "./json-answer.ts";
import { atPointer } from "./json-pointer.ts";
import { addressReader } from "./read-address.ts";
import { maxRows, type Rows } from "./rows.ts";

const maxPages = 2000;
/** Bytes of all pages. */
const maxBytes = 4 * maxAnswer;

export async function readRestRows(
  grants: readonly Grant[],
  domain: string,
  settings: SourceSettings,
  signal: AbortSignal,
): Promise<Rows> {
  const { rows: pointer = "", total } = settings;
  const rows: unknown[] = [];
  const asked = new Set<string>();
  const ask = addressReader(grants, domain, settings, signal);
  let bytes = 0;
  let expected: unknown;
  let url: string | undefined = firstUrl(settings);
  while (url !== undefined) {
    if (asked.has(url)) throw new SourceFault("the pages lead in a circle");
    if (asked.size === maxPages) throw new SourceFault(`there are more than ${maxPages} pages`);
    asked.add(url);
    const answer = await ask(url, "application/json");
    bytes += answer.length;
    if (bytes > maxBytes) throw new SourceFault(`the pages have more than ${maxBytes} bytes`);
    const page = jsonAnswer(answer, `page ${asked.size}`);
    const found = atPointer(page, pointer);
    if (!Array.isArray(found)) throw new SourceFault(`page ${asked.size} has no list at ${JSON.stringify(pointer)}`);
    for (const row of found) rows.push(row);
    if (rows.length > maxRows) throw new SourceFault(`there are more than ${maxRows} rows`);
    if (total !== undefined) expected = atPointer(page, total);
    url = nextUrl(settings, url, page, found.length);
  }
  if (total !== undefined && expected !== rows.length)
    throw new SourceFault(
      `the pages have ${rows.length} rows, where ${JSON.stringify(total)} says ${JSON.stringify(expected) ?? "nothing"}`,
    );
  return { count: rows.length, fields: undefined, value: (row, field) => atPointer(rows[row], field) };
}

function firstUrl({ url = "", paging }: SourceSettings): string {
  return paging !== undefined && "parameter" in paging && !("cursor" in paging)
    ? withParameter(url, paging.parameter, String(paging.first ?? 1))
    : url;
}

/** Where the next page is; undefined after the last one. */
function nextUrl({ paging }: SourceSettings, url: string, page: unknown, rows: number): string | undefined {
  if (paging === undefined) return undefined;
  if ("next" in paging) {
    const next = atPointer(page, paging.next);
    if (next === undefined || next === null || next === "") return undefined;
    const address = typeof next === "string" ? URL.parse(next, url) : null;
    if (address === null || address.origin !== new URL(url).origin)
      throw new SourceFault("the next page is on another host, which is not followed");
    return address.href;
  }
  if ("cursor" in paging) {
    const cursor = atPointer(page, paging.cursor);
    if (cursor === undefined || cursor === null || cursor === "") return undefined;
    if (typeof cursor !== "string" && typeof cursor !== "number") throw new SourceFault("the cursor of the next page is no text");
    return withParameter(url, paging.parameter, String(cursor));
  }
  if (rows === 0) return undefined;
  return withParameter(url, paging.parameter, String(Number(new URL(url).searchParams.get(paging.parameter)) + 1));
}

function withParameter(url: string, name: string, value: string): string {
  const address = new URL(url);
  address.searchParams.set(name, value);
  return address.href;
}
