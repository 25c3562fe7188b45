// The rows that no test has reached, as `opa test` lists them.
import type { Coverage, CoveredRange } from "#evaluation/coverage.ts";

/** A line for each stretch of rows, in the order of the files. */
export function uncoveredRows({ files }: Coverage): string {
  const names = Object.keys(files).sort();
  if (names.length === 0) return "";
  const lines = names.flatMap((name) => stretches(files[name]?.not_covered ?? []).map((rows) => `\t${name}:${rows}\n`));
  return `Lines not covered:\n${lines.join("")}`;
}

/** `5-7` for rows that follow one another, `10` for one alone. */
function stretches(ranges: readonly CoveredRange[]): readonly string[] {
  const rows = new Set(
    ranges.flatMap(({ start, end }) => Array.from({ length: end.row - start.row + 1 }, (_, at) => start.row + at)),
  );
  const found: [number, number][] = [];
  for (const row of [...rows].sort((a, b) => a - b)) {
    const last = found.at(-1);
    if (last?.[1] === row - 1) last[1] = row;
    else found.push([row, row]);
  }
  return found.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`));
}
