// What an evaluation of a query reaches of the policies: the modules that count it, and what their counts say.
import type { Checked } from "#analysis/rego/checked.ts";
import { compileSteps } from "#compiler/compile.ts";
import type { EmittedModule } from "#compiler/wasm/emit.ts";
import {
  type CoverageKind,
  type CoveredRange,
  coverageKinds,
  coverageOf,
  coverageRequest,
  markHeads,
} from "#evaluation/coverage.ts";
import type { StepCount } from "#evaluation/instance.ts";
import type { Range } from "#grammars/rego/ast.ts";
import { LineIndex } from "#grammars/text/lines.ts";
import type { Steps } from "#grammars/text/steps.ts";
import type { Project } from "#workspace/project.ts";
import type { SourceFile } from "#workspace/source-file.ts";
import { readQuery } from "./debug/queries.ts";
import { checkedFor } from "./debug/subject.ts";

/** The query of a counting module. */
export const countedQuery = "query";

export interface CountedQuery {
  readonly checked: Checked;
  /** The first counts what is reached, the others what would be without what they are named by. */
  readonly modules: readonly { readonly kind: CoverageKind | undefined; readonly module: EmittedModule }[];
}

export function* countedQuerySteps(
  project: Project,
  text: string,
  file: SourceFile | undefined,
): Steps<CountedQuery | { readonly problem: string }> {
  const found = yield* checkedFor(project, text);
  if ("problem" in found) return found;
  const read = readQuery(found, text, file && project.parsed(file).module);
  if ("problem" in read) return { problem: `the query: ${read.problem}` };
  const checked = markHeads(found);
  const modules: { kind: CoverageKind | undefined; module: EmittedModule }[] = [];
  for (const kind of [undefined, ...coverageKinds]) {
    const queries = [{ name: countedQuery, text, query: read.query }];
    const { module, diagnostics } = yield* compileSteps(checked, { queries, ...coverageRequest(kind) });
    if (module === undefined) return { problem: diagnostics[0]?.message ?? "the query cannot be compiled" };
    modules.push({ kind, module });
  }
  return { checked, modules };
}

export interface FileReach {
  readonly path: string;
  readonly covered: readonly Range[];
  readonly missing: readonly Range[];
  /** Not reached either, as OPA's rule index or an early exit leaves it out. */
  readonly excluded: readonly Range[];
}

/** Of the policies in which something was reached; the counts in the order of the modules. */
export function reachOf(
  project: Project,
  { checked, modules }: CountedQuery,
  counts: readonly (readonly StepCount[])[],
): readonly FileReach[] {
  const counted = modules.map(({ module }, at) => ({ module, counts: counts[at] ?? [] }));
  const others = modules.flatMap(({ kind }, at) => (kind === undefined ? [] : [[kind, counted[at]!] as const]));
  const { files } = coverageOf(checked, counted[0]!, new Map(others));
  return Object.entries(files).flatMap(([path, { covered = [], not_covered: missed = [] }]) => {
    const file = project.files.get(path);
    if (file === undefined || covered.length === 0) return [];
    const lines = new LineIndex(file.text);
    const place = ({ start, end }: CoveredRange): Range => ({ start: lines.offsetAt(start), end: lines.offsetAt(end) });
    const isExcluded = ({ kinds = [] }: CoveredRange): boolean => kinds.length > 0;
    return [
      {
        path,
        covered: covered.map(place),
        missing: missed.filter((one) => !isExcluded(one)).map(place),
        excluded: missed.filter(isExcluded).map(place),
      },
    ];
  });
}
