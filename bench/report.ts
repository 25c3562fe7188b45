// One table for all benchmarks: what was measured, ours, the named reference of the same run, and the ratio.
import { duration } from "./measure.ts";

export interface Row {
  readonly operation: string;
  /** Milliseconds, or bytes where `unit` says so. */
  readonly ours: number;
  readonly reference?: { readonly name: string; readonly value: number };
  readonly unit?: "ms" | "bytes";
  /** The ratio to reach, from the performance design. */
  readonly goal?: number;
  /** Milliseconds to stay below where no peer does the same. */
  readonly limit?: number;
}

/** Every row of this run. */
export const rows: Row[] = [];

/** Prints rows as they come, so that a long run shows its progress. */
export function printRow(row: Row): void {
  rows.push(row);
  const show = row.unit === "bytes" ? (value: number) => `${(value / 1024).toFixed(1)} kB` : duration;
  const ratio = row.reference === undefined ? "" : `${(row.ours / row.reference.value).toFixed(2)} ×`;
  const goal = row.goal !== undefined ? `goal ${row.goal} ×` : row.limit !== undefined ? `limit ${duration(row.limit)}` : "";
  const reference = row.reference === undefined ? "" : `${row.reference.name} ${show(row.reference.value)}`;
  console.log(
    `${row.operation.padEnd(52)} ${show(row.ours).padStart(10)}  ${reference.padEnd(28)} ${ratio.padStart(8)}  ${goal}`.trimEnd(),
  );
}
