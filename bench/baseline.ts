// The ratios of the last quiet run, to say which got worse. Absolute times depend on the machine and are not kept: rows without a
// peer are held against their limits alone.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { duration } from "./measure.ts";
import type { Row } from "./report.ts";

type Ratios = Readonly<Record<string, number>>;

const file = "bench/baseline.json";
/** Ratios move by so much from run to run on a shared machine; those of few rounds more. */
const noiseOf = (short: boolean): number => (short ? 2 : 1.5);

/**
 * Rows whose ratio to the same peer is worse than the baseline's by more than the noise, and above their goal; and rows beyond their
 * limit by more than the noise.
 */
export function worseThanBaseline(rows: readonly Row[], short: boolean): readonly string[] {
  const known = read()[short ? "short" : "full"] ?? {};
  return rows.flatMap((row) => {
    if (row.limit !== undefined && row.ours > row.limit * noiseOf(short))
      return [`${row.operation}: ${duration(row.ours)}, the limit is ${duration(row.limit)}`];
    const [name, ratio] = ratioOf(row) ?? [];
    const before = name === undefined ? undefined : known[name];
    if (ratio === undefined || before === undefined || ratio <= before * noiseOf(short)) return [];
    if (row.goal !== undefined && before <= row.goal && ratio <= row.goal) return [];
    return [`${name}: ${ratio.toFixed(2)} ×, was ${before.toFixed(2)} ×`];
  });
}

/** Keeps the ratios of this run; those of rows that did not run stay. */
export function writeBaseline(rows: readonly Row[], short: boolean): void {
  const all = read();
  const kind = short ? "short" : "full";
  const fresh = rows.flatMap((row) => {
    const [name, ratio] = ratioOf(row) ?? [];
    return name === undefined || ratio === undefined ? [] : [[name, Number(ratio.toPrecision(3))] as const];
  });
  const ratios = Object.fromEntries([...Object.entries(all[kind] ?? {}), ...fresh].sort(([a], [b]) => (a < b ? -1 : 1)));
  writeFileSync(file, `${JSON.stringify({ ...all, [kind]: ratios }, undefined, 2)}\n`);
}

function ratioOf(row: Row): readonly [string, number] | undefined {
  if (row.reference === undefined) return undefined;
  return [`${row.operation} | ${row.reference.name}`, row.ours / row.reference.value];
}

function read(): Readonly<Record<string, Ratios>> {
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Record<string, Ratios>) : {};
}
