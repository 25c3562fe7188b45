// Timers in the shapes in which OPA reports them: one number each, or a histogram over several runs.
import { type Json, NumberText } from "#bundles/canonical-json.ts";
import { boxTable } from "./box-table.ts";

const percentiles = [0.75, 0.9, 0.95, 0.99, 0.999, 0.9999] as const;

/** The numbers that a histogram has, by OPA's names. */
export function histogram(samples: readonly number[]): Readonly<Record<string, number>> {
  const sorted = [...samples].sort((a, b) => a - b);
  const mean = sorted.reduce((sum, one) => sum + one, 0) / sorted.length;
  const variance = sorted.reduce((sum, one) => sum + (one - mean) ** 2, 0) / sorted.length;
  return {
    ...Object.fromEntries(percentiles.map((part) => [`${Number((part * 100).toFixed(2))}%`, percentile(sorted, part)])),
    count: sorted.length,
    max: sorted.at(-1) ?? 0,
    mean,
    median: percentile(sorted, 0.5),
    min: sorted[0] ?? 0,
    stddev: Math.sqrt(variance),
  };
}

/** Between the neighbours of the place, as OPA's metrics library has it. */
export function percentile(sorted: readonly number[], part: number): number {
  const place = part * (sorted.length + 1);
  if (place < 1) return sorted[0] ?? 0;
  if (place >= sorted.length) return sorted.at(-1) ?? 0;
  const below = sorted[Math.floor(place) - 1]!;
  return below + (place - Math.floor(place)) * (sorted[Math.floor(place)]! - below);
}

export function numbersJson(numbers: Iterable<readonly [string, number]>): Json {
  return new Map([...numbers].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, one]) => [name, new NumberText(String(one))]));
}

/** The metrics of one run as a table. */
export function metricsTable(metrics: ReadonlyMap<string, number>): string {
  return boxTable(
    ["Metric", "Value"],
    [...metrics].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, value]) => [name, String(value)]),
  );
}

/** The metrics of several runs as a table. */
export function metricsSummary(runs: readonly ReadonlyMap<string, number>[]): string {
  const names = [...new Set(runs.flatMap((run) => [...run.keys()]))].sort();
  const rows = names.map((name) => {
    return [name, ...summaryOf(histogram(runs.flatMap((run) => run.get(name) ?? []))).map(String)];
  });
  return boxTable(["Metric", ...summaryNames], rows);
}

/** What tables show of a histogram. */
export const summaryNames: readonly string[] = ["Min", "Max", "Mean", "90%", "99%"];

export function summaryOf(numbers: Readonly<Record<string, number>>): readonly number[] {
  return summaryNames.map((name) => numbers[name.toLowerCase()] ?? 0);
}

/** A number with that many decimals: of two that are as near the even one, as Go prints it. */
export function goFixed(value: number, decimals: number): string {
  const scaled = value * 10 ** decimals;
  const below = Math.floor(scaled);
  // Only fractions of that power of two lie in the middle.
  const isTie = Number.isInteger(value * 2 ** (decimals + 1)) && scaled - below === 0.5;
  return (isTie && below % 2 === 0 ? below / 10 ** decimals : value).toFixed(decimals);
}

/** The metrics of several runs, a histogram each. */
export function aggregate(
  runs: readonly ReadonlyMap<string, number>[],
): Readonly<Record<string, Readonly<Record<string, number>>>> {
  const names = [...new Set(runs.flatMap((run) => [...run.keys()]))].sort();
  return Object.fromEntries(names.map((name) => [name, histogram(runs.flatMap((run) => run.get(name) ?? []))]));
}
