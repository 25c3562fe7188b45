// The report of `eval --coverage` for policies that are named by paths from the root: that of a real OPA.
import { expect, test } from "vitest";
import type { CoveredRange, FileCoverage } from "#evaluation/coverage.ts";
import { coverageByPaths } from "./coverage-flags.ts";

const range: CoveredRange = { start: { row: 1, col: 1 }, end: { row: 1, col: 2 } };
const total = { covered_lines: 1, not_covered_lines: 1, coverage: 50 };
const reached: FileCoverage = { covered: [range], covered_lines: 1 };
const missed: FileCoverage = { not_covered: [range], not_covered_lines: 1 };

test.each<[string, FileCoverage, Record<string, FileCoverage>]>([
  ["a.rego", { ...reached, ...missed, coverage: 50 }, { "a.rego": { ...reached, ...missed, coverage: 50 } }],
  ["/p/a.rego", { ...reached, ...missed, coverage: 50 }, { "/p/a.rego": { ...reached, coverage: 100 }, "p/a.rego": missed }],
  ["/p/a.rego", { ...reached, coverage: 100 }, { "/p/a.rego": { ...reached, coverage: 100 }, "p/a.rego": {} }],
  ["/p/a.rego", missed, { "p/a.rego": missed }],
])("%s", (file, found, files) => {
  expect(coverageByPaths({ files: { [file]: found }, ...total })).toEqual({ files, ...total });
});
