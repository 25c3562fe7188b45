// All that a source has, by its kind, as subjects.
import type { SourceSettings } from "../store/sources.ts";
import type { Subjects } from "./compare.ts";
import type { Grant } from "./grants.ts";
import { readCsvRows } from "./read-csv.ts";
import { readRestRows } from "./read-rest.ts";
import type { Rows } from "./rows.ts";
import { subjectsOf } from "./subjects.ts";

/** Milliseconds that reading all may take. */
const readMs = 300_000;

type Reader = (grants: readonly Grant[], domain: string, settings: SourceSettings, signal: AbortSignal) => Promise<Rows>;

const readers: Readonly<Record<SourceSettings["kind"], Reader>> = { csv: readCsvRows, rest: readRestRows };

/** Throws a SourceFault when any part cannot be had. */
export async function readSubjects(
  grants: readonly Grant[],
  domain: string,
  settings: SourceSettings,
  signal: AbortSignal,
): Promise<Subjects> {
  const bounded = AbortSignal.any([signal, AbortSignal.timeout(readMs)]);
  return subjectsOf(await readers[settings.kind](grants, domain, settings, bounded), settings.map);
}
