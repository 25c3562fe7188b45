// All that a source has, by its kind, as subjects.
import type { Mapping, SourceSettings } from "../store/sources.ts";
import type { Subjects } from "./compare.ts";
import type { Grant } from "./grants.ts";
import { readCsvRows } from "./read-csv.ts";
import { readLdapRows } from "./read-ldap.ts";
import { readRestRows } from "./read-rest.ts";
import { readScimRows } from "./read-scim.ts";
import type { Rows } from "./rows.ts";
import { subjectsOf } from "./subjects.ts";

/** Milliseconds that reading all may take. */
const readMs = 300_000;

type Reader = (
  grants: readonly Grant[],
  domain: string,
  settings: SourceSettings,
  signal: AbortSignal,
) => Promise<{ readonly rows: Rows; readonly map: Mapping }>;

/** For kinds whose mapping is as it is written. */
const plainly =
  (read: (...given: Parameters<Reader>) => Promise<Rows>): Reader =>
  async (grants, domain, settings, signal) => ({ rows: await read(grants, domain, settings, signal), map: settings.map });

const readers: Readonly<Record<SourceSettings["kind"], Reader>> = {
  csv: plainly(readCsvRows),
  rest: plainly(readRestRows),
  scim: readScimRows,
  ldap: readLdapRows,
  ad: readLdapRows,
};

/** Throws a SourceFault when any part cannot be had. */
export async function readSubjects(
  grants: readonly Grant[],
  domain: string,
  settings: SourceSettings,
  signal: AbortSignal,
): Promise<Subjects> {
  const bounded = AbortSignal.any([signal, AbortSignal.timeout(readMs)]);
  const { rows, map } = await readers[settings.kind](grants, domain, settings, bounded);
  return subjectsOf(rows, map);
}
