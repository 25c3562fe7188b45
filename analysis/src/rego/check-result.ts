// What a check gives: the findings in OPA's order, as far as OPA tells them, and the modules as the stages left them.
import type { Diagnostic } from "#grammars/diagnostic.ts";
import { comparePlaces, inOrder, restore } from "./begin.ts";
import type { Builtin } from "./builtins/builtin.ts";
import type { Found, State } from "./check-state.ts";
import type { Checked, CheckOptions } from "./checked.ts";
import type { Compilation } from "./compilation.ts";
import { placed } from "./problem.ts";
import type { ModuleUnit } from "./rule-units.ts";
import { stageOf } from "./stages/order.ts";

/** The findings up to the last stage that counts, and what the modules became. `found` is what was found in all modules together. */
export function resultOf(
  shared: Compilation,
  states: readonly State[],
  found: readonly Found[],
  options: CheckOptions,
  builtins: ReadonlyMap<string, Builtin>,
): Checked {
  const all = [...found];
  const apart = options.annotationsApart === true ? stageOf.annotations : undefined;
  let isStopped = shared.stopped;
  let last: number = found[0]?.at === stageOf.inputSchema ? stageOf.inputSchema : Number.POSITIVE_INFINITY;
  for (const { found: own, stoppedAt } of states) {
    if (own.length > 0) all.push(...own);
    if (stoppedAt === undefined) continue;
    isStopped = true;
    if (stoppedAt < last && stoppedAt !== apart) last = stoppedAt;
  }
  all.sort((a, b) => a.at - b.at);
  // OPA looks for deprecated builtins only where its type checker has come upon one, in whatever module.
  const looksForDeprecated = states.some(({ unit }) => unit.typesDeprecated);
  const units = new Map<string, ModuleUnit>(all.length === 0 ? [] : states.map(({ unit }) => [unit.file, unit]));
  const diagnostics: Diagnostic[] = [];
  for (const { at, diagnostic } of all) {
    if (at > last || (at === stageOf.deprecated && !looksForDeprecated)) break;
    const unit = units.get(diagnostic.file);
    diagnostics.push(unit === undefined ? diagnostic : placed(diagnostic, unit.placeless, unit.source.rules));
    if (stopsAt(at) && shared.stopped) last = at;
  }
  const compilation: Compilation = { ...shared, modules: states.map(({ unit }) => unit), diagnostics, stopped: isStopped };
  return {
    modules: states.map((state) => {
      state.restored ??= restore(state.unit);
      return state.restored;
    }),
    // METADATA is read with the text: OPA limits and sorts what its compiler finds.
    diagnostics: last === stageOf.annotations ? diagnostics.sort(comparePlaces) : inOrder(diagnostics, options.maxErrors ?? 0),
    hints: states.flatMap(({ hints }) =>
      hints.length === 0 ? [] : hints.filter(({ at }) => at <= last).map(({ diagnostic }) => diagnostic),
    ),
    complete: !isStopped && diagnostics.length === 0,
    rules: compilation.tree,
    graph: compilation.graph,
    builtins,
    compilation,
  };
}

function stopsAt(at: number): boolean {
  return at === stageOf.annotationSet || at === stageOf.conflicts || at === stageOf.recursion;
}
