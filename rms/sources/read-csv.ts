// A source of kind csv: a file below a folder that the operator allows, or an address on such a host.
import { closeSync, constants, fstatSync, openSync, readFileSync, realpathSync } from "node:fs";
import { join, sep } from "node:path";
import type { SourceSettings } from "../store/sources.ts";
import { readCsv } from "./csv.ts";
import { SourceFault } from "./fault.ts";
import { type Grant, grantedFolders } from "./grants.ts";
import { maxAnswer } from "./https-ask.ts";
import { addressReader } from "./read-address.ts";
import { maxRows, type Rows } from "./rows.ts";

export async function readCsvRows(
  grants: readonly Grant[],
  domain: string,
  settings: SourceSettings,
  signal: AbortSignal,
): Promise<Rows> {
  const { file, url = "", separator = "," } = settings;
  const bytes =
    file === undefined
      ? await addressReader(grants, domain, settings, signal)(url, "text/csv, */*;q=0.1")
      : granted(grants, domain, file);
  const { columns, rows } = readCsv(textOf(bytes), separator);
  if (rows.length > maxRows) throw new SourceFault(`the table has more than ${maxRows} rows`);
  const places = new Map(columns.map((name, index) => [name, index]));
  return { count: rows.length, fields: columns, value: (row, field) => rows[row]?.[places.get(field) ?? -1] };
}

/** The bytes of a file below one of the domain's folders, whatever links lead there. */
function granted(grants: readonly Grant[], domain: string, file: string): Buffer {
  const folders = grantedFolders(grants, domain);
  if (folders.length === 0) throw new SourceFault(`the operator lets ${domain} read no folder (rms serve --sources FILE)`);
  for (const folder of folders) {
    const found = existing(folder, file);
    if (found !== undefined) return readBounded(found, file);
  }
  throw new SourceFault(`there is no file ${file} that ${domain} may read`);
}

function existing(folder: string, file: string): string | undefined {
  try {
    const root = realpathSync(folder);
    const path = realpathSync(join(root, file));
    return path.startsWith(root.endsWith(sep) ? root : root + sep) ? path : undefined;
  } catch {
    return undefined;
  }
}

function readBounded(path: string, name: string): Buffer {
  // A pipe would wait for its writer.
  const open = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const stat = fstatSync(open);
    if (!stat.isFile()) throw new SourceFault(`${name} is no file`);
    if (stat.size > maxAnswer) throw new SourceFault(`${name} has more than ${maxAnswer} bytes`);
    return readFileSync(open);
  } finally {
    closeSync(open);
  }
}

function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new SourceFault("the table is not UTF-8");
  }
}
