// The flags about coverage that `rw eval` and `rw test` share.
import { type CoverageKind, coverageKinds } from "#evaluation/coverage.ts";
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

/** What is wrong with the flags. */
export function coverageFault(call: Invocation): string | undefined {
  const wrong = call.all(coverageRunsFlag.name).find((value) => !coverageKinds.some((kind) => kind === value));
  if (wrong === undefined) return undefined;
  return `invalid --coverage-runs value ${JSON.stringify(wrong)} (expected ${coverageKinds.map((kind) => `"${kind}"`).join(" or ")})`;
}
