// Orders every body so that variables are bound before they are needed.
import type { Body } from "#grammars/rego/ast.ts";
import { rootNames } from "#grammars/rego/nodes.ts";
import { type Compilation, fail } from "../compilation.ts";
import { arityOf } from "../functions.ts";
import type { ModuleUnit, RuleUnit } from "../rule-units.ts";
import { placesFor, reorder } from "../safety/reorder.ts";
import { RuleScopes, unsafeProblems } from "../safety/report.ts";
import { CLOSURE } from "../tree/features.ts";
import { varsOfAll } from "../tree/vars.ts";

export function checkSafetyOfBodies(compilation: Compilation, module: ModuleUnit, rules: readonly RuleUnit[]): void {
  if (compilation.openFunctions) return;
  const arity = arityOf(compilation);
  const places = placesFor(arity);
  const scopes = new RuleScopes(module);
  for (let nth = 0; nth < rules.length; nth++) {
    const unit = rules[nth]!;
    const safe = unit.head.args === undefined ? rootNames : new Set([...rootNames, ...varsOfAll(unit.head.args).keys()]);
    const { body, unsafe } = reorder(unit.body, arity, safe, places, (unit.features & CLOSURE) !== 0);
    const problems = unsafe.size === 0 ? [] : unsafeProblems(compilation, module, unsafe, scopes.of(unit));
    for (const problem of problems) fail(compilation, problem);
    if (problems.length === 0) unit.body = body;
  }
}

/** The same for a query. */
export function safeQuery(compilation: Compilation, module: ModuleUnit, body: Body): Body {
  const ordered = reorder(body, arityOf(compilation), rootNames);
  const problems = ordered.unsafe.size === 0 ? [] : unsafeProblems(compilation, module, ordered.unsafe, "");
  for (const problem of problems) fail(compilation, problem);
  return ordered.body;
}
