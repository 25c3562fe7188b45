// The time zones of the IANA database: the offset of a zone at an instant, and the instant at which its clocks show a time.
import { type Span, zoneRule } from "./zone-rules.ts";
import { zoneTable } from "./zone-table.ts";

/** What holds at an instant given in seconds since 1970. */
export type Zone = (seconds: number) => Span;

const always: Span = { offset: 0, abbreviation: "UTC" };
export const utc: Zone = () => always;

let rows: ReadonlyMap<string, string> | undefined;
let folders: ReadonlySet<string> | undefined;
const known = new Map<string, Zone>();

/**
 * The zone of an IANA name, `UTC` or the empty name; `Local` is UTC: a decision must not depend on the machine. For other names what Go says, which takes
 * them for files below a folder of zones.
 */
export function zoneOf(name: string): Zone | { readonly fault: string } {
  if (name === "" || name === "UTC" || name === "Local") return utc;
  const before = known.get(name);
  if (before !== undefined) return before;
  if (name.includes("..") || /^[/\\]/u.test(name)) return { fault: "time: invalid location name" };
  if (name.includes("\u0000")) return { fault: "invalid argument" };
  rows ??= new Map(
    zoneTable
      .trim()
      .split("\n")
      .flatMap((row) =>
        row
          .slice(0, row.indexOf("|"))
          .split(" ")
          .map((name): [string, string] => [name, row]),
      ),
  );
  const found = fileOf(name, rows);
  if (found.row === undefined) return { fault: found.fault };
  const zone = readZone(found.row);
  known.set(name, zone);
  return zone;
}

/** What lies at a path below the folder of zones. */
function fileOf(
  name: string,
  files: ReadonlyMap<string, string>,
): { readonly row: string } | { readonly row: undefined; readonly fault: string } {
  folders ??= new Set([...files.keys()].flatMap((file) => [...file.matchAll(/\//gu)].map(({ index }) => file.slice(0, index))));
  if (byteLength(name) > longestPath) return { row: undefined, fault: "file name too long" };
  const parts = name.split("/");
  let path = "";
  for (const [at, part] of parts.entries()) {
    if (part === "" || part === ".") continue;
    if (byteLength(part) > longestName) return { row: undefined, fault: "file name too long" };
    path = path === "" ? part : `${path}/${part}`;
    const row = files.get(path);
    if (row !== undefined) return at === parts.length - 1 ? { row } : { row: undefined, fault: "not a directory" };
    if (!folders.has(path)) return { row: undefined, fault: `unknown time zone ${name}` };
  }
  return { row: undefined, fault: "is a directory" };
}

/** Bytes of a file's name, and of a path below the folder that Go looks in. */
const longestName = 255;
const longestPath = 4095 - "/usr/share/zoneinfo/".length;

function byteLength(text: string): number {
  return new TextEncoder().encode(text).length;
}

/**
 * `NAMES|SPANS|CHANGES|RULE`: the spans are offsets and abbreviations, of which the first holds before any change. A change is how much
 * later than the one before it comes, in quarters of an hour or, behind `!`, in seconds, to base 36; its letter is the span that begins.
 */
export function readZone(row: string): Zone {
  const [, spans = "", changes = "", rule = ""] = row.split("|");
  const all = spans.split(",").map((span): Span => {
    const [offset = "", abbreviation = ""] = span.split(" ");
    return { offset: Number(offset), abbreviation };
  });
  const times: number[] = [];
  const begun: Span[] = [];
  for (const [, exact = "", later = "", letter = "A"] of changes.matchAll(/(!?)(-?[0-9a-z]+)([A-Z])/gu)) {
    times.push((times.at(-1) ?? 0) + Number.parseInt(later, 36) * (exact === "" ? 900 : 1));
    begun.push(all[letter.charCodeAt(0) - 65]!);
  }
  const behind = rule === "" ? undefined : zoneRule(rule);
  return (seconds) => {
    if (times.length === 0 || seconds < times[0]!) return all[0]!;
    if (behind !== undefined && seconds >= times.at(-1)!) return behind(seconds);
    let [low, high] = [0, times.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (seconds < times[middle]!) high = middle;
      else low = middle;
    }
    return begun[low]!;
  };
}

/** The seconds since 1970 at which the clocks of a zone show so many; in a gap or overlap as Go's `time.Date` chooses. */
export function secondsIn(zone: Zone, local: bigint): bigint {
  const first = BigInt(zone(Number(local)).offset);
  return first === 0n ? local : local - BigInt(zone(Number(local - first)).offset);
}
