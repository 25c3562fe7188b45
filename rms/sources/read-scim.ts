// A source of kind scim: /Users and /Groups of a SCIM 2.0 service, page after page; what is less than it says is a failed read.
import type { Mapping, SourceSettings } from "../store/sources.ts";
import { SourceFault } from "./fault.ts";
import type { Grant } from "./grants.ts";
import { maxAnswer } from "./https-ask.ts";
import { jsonAnswer } from "./json-answer.ts";
import { atPointer } from "./json-pointer.ts";
import { addressReader } from "./read-address.ts";
import { maxRows, type Rows } from "./rows.ts";
import { type Resources, scimRows } from "./scim-rows.ts";

/** Resources that one page is asked for; services give fewer as they like. */
const pageSize = 500;
const maxPages = 5000;
/** Bytes of all pages. */
const maxBytes = 4 * maxAnswer;

export async function readScimRows(
  grants: readonly Grant[],
  domain: string,
  settings: SourceSettings,
  signal: AbortSignal,
): Promise<{ readonly rows: Rows; readonly map: Mapping }> {
  const read = addressReader(grants, domain, settings, signal);
  const ask = (url: string): Promise<Buffer> => read(url, "application/scim+json, application/json;q=0.9");
  const { filter, groupSearch } = settings;
  const users = await resources(ask, address(settings, "Users", filter), "Users");
  const groups =
    groupSearch === undefined ? undefined : await resources(ask, address(settings, "Groups", groupSearch.filter), "Groups");
  return scimRows(settings, users, groups);
}

function address({ url = "" }: SourceSettings, kind: string, filter: string | undefined): URL {
  const found = new URL(url);
  found.pathname = `${found.pathname.replace(/\/$/, "")}/${kind}`;
  if (filter !== undefined) found.searchParams.set("filter", filter);
  return found;
}

async function resources(ask: (url: string) => Promise<Buffer>, url: URL, kind: string): Promise<Resources> {
  const found = new Map<string, Readonly<Record<string, unknown>>>();
  let bytes = 0;
  let total: number | undefined;
  for (let page = 1; total === undefined || found.size < total; page++) {
    if (page > maxPages) throw new SourceFault(`there are more than ${maxPages} pages of ${kind}`);
    url.searchParams.set("startIndex", String(found.size + 1));
    url.searchParams.set("count", String(pageSize));
    const what = `page ${page} of ${kind}`;
    const answer = await ask(url.href);
    bytes += answer.length;
    if (bytes > maxBytes) throw new SourceFault(`the pages of ${kind} have more than ${maxBytes} bytes`);
    const list = jsonAnswer(answer, what);
    const said = atPointer(list, "/totalResults");
    if (typeof said !== "number" || !Number.isSafeInteger(said) || said < 0) throw new SourceFault(`${what} has no totalResults`);
    if (said > maxRows) throw new SourceFault(`there are more than ${maxRows} ${kind}`);
    if (total !== undefined && said !== total)
      throw new SourceFault(`${kind} changed while they were read: ${total} became ${said}`);
    total = said;
    const items = atPointer(list, "/Resources") ?? [];
    if (!Array.isArray(items)) throw new SourceFault(`${what} has no list of Resources`);
    if (items.length === 0 && found.size < total)
      throw new SourceFault(`${what} is empty, though ${found.size} of ${total} have come`);
    for (const item of items) keep(found, item, what);
    if (found.size > total) throw new SourceFault(`${found.size} ${kind} have come, where totalResults says ${total}`);
  }
  return found;
}

function keep(found: Map<string, Readonly<Record<string, unknown>>>, item: unknown, what: string): void {
  const id = atPointer(item, "/id");
  if (typeof id !== "string" || id === "") throw new SourceFault(`${what} has a resource without an id`);
  if (found.has(id)) throw new SourceFault(`${what} has ${id} again: the pages overlap`);
  found.set(id, item as Readonly<Record<string, unknown>>);
}
