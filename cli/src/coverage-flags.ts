// The flags about coverage that `rw eval` and `rw test` share.
import { type Coverage, type CoverageKind, coverageKinds, type FileCoverage } from "#evaluation/coverage.ts";
import type { Flag, Invocation } from "./command.ts";

export const coverageRunsFlag: Flag = {
  name: "coverage-runs",
  kind: "list",
  default: coverageKinds.join(","),
  help: "say why not-covered ranges were not reached, by one more evaluation for each kind (implies --coverage); an empty list for none",
};

/** The kinds that are asked for; undefined without coverage. */
export function coverageRuns(call: Invocation): readonly CoverageKind[] | undefined {
  if (!call.on("coverage") && !call.given(coverageRunsFlag.name)) return undefined;
  const asked = call.all(coverageRunsFlag.name);
  return coverageKinds.filter((kind) => asked.includes(kind));
}

/**
 * The report of `eval`: OPA knows a policy that was loaded by a path from the root without the slashes around it, and an evaluation by the
 * path as it is, so that what was not reached stands apart.
 */
export function coverageByPaths(coverage: Coverage): Coverage {
  const entries = Object.entries(coverage.files).flatMap(([file, found]): readonly (readonly [string, FileCoverage])[] => {
    if (!file.startsWith("/")) return [[file, found]];
    const { not_covered, not_covered_lines, coverage: _, ...reached } = found;
    const missed = { ...(not_covered && { not_covered }), ...(not_covered_lines && { not_covered_lines }) };
    const known = [file.replace(/^\/+|\/+$/gu, ""), missed] as const;
    return reached.covered === undefined
      ? [known]
      : [[file, { ...reached, ...(reached.covered_lines && { coverage: 100 }) }], known];
  });
  return { ...coverage, files: Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1))) };
}

/** What is wrong with the flags. */
export function coverageFault(call: Invocation): string | undefined {
  const wrong = call.all(coverageRunsFlag.name).find((value) => !coverageKinds.some((kind) => kind === value));
  if (wrong === undefined) return undefined;
  return `invalid --coverage-runs value ${JSON.stringify(wrong)} (expected ${coverageKinds.map((kind) => `"${kind}"`).join(" or ")})`;
}
