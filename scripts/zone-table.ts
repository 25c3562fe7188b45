// `node scripts/zone-table.ts FOLDER` writes evaluation/src/time/zone-table.ts from a folder of compiled IANA time zones, such as
// /usr/share/zoneinfo: OPA looks there first. (Debian's has the zones CET, EST, MET and the like as they were before 2024.)
import { globSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { readZone } from "#evaluation/time/zones.ts";

interface Compiled {
  readonly times: readonly number[];
  readonly indices: readonly number[];
  readonly spans: readonly { readonly text: string; readonly isSummer: boolean }[];
  readonly rule: string;
}

/** The second part of a TZif file (RFC 9636), whose times have 64 bits. */
function readCompiled(bytes: Buffer): Compiled {
  const header = (at: number): readonly number[] => [20, 24, 28, 32, 36, 40].map((offset) => bytes.readUInt32BE(at + offset));
  const [ut = 0, standard = 0, leaps = 0, count = 0, types = 0, chars = 0] = header(0);
  let at = 44 + count * 5 + types * 6 + chars + leaps * 8 + standard + ut;
  const [ut64 = 0, standard64 = 0, leaps64 = 0, count64 = 0, types64 = 0, chars64 = 0] = header(at);
  at += 44;
  const times = Array.from({ length: count64 }, (_, index) => Number(bytes.readBigInt64BE(at + 8 * index)));
  at += 8 * count64;
  const indices = [...bytes.subarray(at, at + count64)];
  at += count64;
  const names = bytes.subarray(at + 6 * types64, at + 6 * types64 + chars64).toString("latin1");
  const spans = Array.from({ length: types64 }, (_, index) => {
    const place = at + 6 * index;
    const from = bytes[place + 5] ?? 0;
    return {
      text: `${bytes.readInt32BE(place)} ${names.slice(from, names.indexOf("\0", from))}`,
      isSummer: bytes[place + 4] === 1,
    };
  });
  const rule = bytes.subarray(at + 6 * types64 + chars64 + leaps64 * 12 + standard64 + ut64).toString("latin1");
  return { times, indices, spans, rule: rule.trim() };
}

/** Which span holds before the first change. */
function firstSpan({ indices, spans }: Compiled): number {
  if (!indices.includes(0)) return 0;
  const before = spans.slice(0, indices[0]).findLastIndex(({ isSummer }) => !isSummer);
  if (spans[indices[0]!]?.isSummer === true && before >= 0) return before;
  return Math.max(
    0,
    spans.findIndex(({ isSummer }) => !isSummer),
  );
}

/** The row without its names. */
function rowOf(zone: Compiled): string {
  const first = firstSpan(zone);
  const order = [first, ...Array.from(zone.spans.keys()).filter((index) => index !== first)];
  const changes = zone.times.map((time, at) => {
    const later = time - (zone.times[at - 1] ?? 0);
    const letter = String.fromCharCode(65 + order.indexOf(zone.indices[at]!));
    return `${later % 900 === 0 ? (later / 900).toString(36) : `!${later.toString(36)}`}${letter}`;
  });
  const row = (count: number): string =>
    `|${order.map((index) => zone.spans[index]!.text).join(",")}|${changes.slice(0, count).join("")}|${zone.rule}`;
  if (zone.rule === "") return row(changes.length);
  // The rule need not be told twice.
  const whole = readZone(row(changes.length));
  const isSame = (count: number): boolean => {
    const short = readZone(row(count));
    return zone.times.slice(count - 1).every((time, at, all) => {
      const middle = Math.floor((time + (all[at + 1] ?? time)) / 2);
      return [time - 1, time, middle, middle + 86_400].every((second) => {
        const [a, b] = [short(second), whole(second)];
        return a.offset === b.offset && a.abbreviation === b.abbreviation;
      });
    });
  };
  let count = changes.length;
  while (count > 1 && isSame(count - 1)) count--;
  return row(count);
}

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error("which folder?");
const names = new Map<string, string[]>();
for (const file of globSync(join(folder, "**/*")).sort()) {
  const name = relative(folder, file);
  if (!/^[A-Z]/u.test(name)) continue;
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch {
    continue;
  }
  if (bytes.toString("latin1", 0, 4) !== "TZif") continue;
  const row = rowOf(readCompiled(bytes));
  names.set(row, [...(names.get(row) ?? []), name]);
}
const head = `// Made by scripts/zone-table.ts: the time zones of the IANA database (in the public domain), one a line; \`readZone\` says how they are written.

export const zoneTable = \`
`;
writeFileSync(
  "evaluation/src/time/zone-table.ts",
  `${head}${[...names].map(([row, all]) => `${all.join(" ")}${row}\n`).join("")}\`;\n`,
);
