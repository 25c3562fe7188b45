// Says which variables are unsafe, as OPA does: each once, at its first expression, with the rule's name where a row holds several.
import type { Expr, Head, Range } from "#grammars/rego/ast.ts";
import { isGround } from "#grammars/rego/nodes.ts";
import { printRef, printVar } from "#grammars/rego/print-terms.ts";
import type { Compilation } from "../compilation.ts";
import type { Problem } from "../problem.ts";
import { isGenerated, type ModuleUnit, type RuleUnit, rulesOf } from "../rule-units.ts";
import { headParts } from "../tree/refs.ts";
import { varsOf } from "../tree/vars.ts";
import type { Reordered } from "./reorder.ts";

const futureKeywords = new Set(["and", "contains", "every", "if", "in", "not", "or"]);

/** The errors for what `reorder` could not make safe. */
export function unsafeProblems(
  compilation: Compilation,
  module: ModuleUnit,
  unsafe: Reordered["unsafe"],
  scope: string,
): Problem[] {
  const written = compilation.names.written;
  const problem = (range: Range, message: string): Problem => ({ module, range, code: "rego_unsafe_var_error", message });
  const assigned = new Set<string>();
  for (const expr of unsafe.keys()) {
    if (!expr.fromAssignment || expr.body.kind !== "call" || expr.body.args.length !== 2) continue;
    for (const name of varsOf(expr.body.args[0]!).keys()) {
      assigned.add(name);
      assigned.add(written.get(name) ?? name);
    }
  }
  const places = new Map<string, Expr>();
  for (const [expr, names] of unsafe) {
    // As in OPA, what has no place is nobody's place.
    if (module.placeless.has(`${expr.start}:${expr.end}`)) continue;
    for (const name of names) {
      const known = places.get(name);
      if (known === undefined || expr.start < known.start) places.set(name, expr);
    }
  }
  const shown = [...places]
    .map(([name, place]) => ({ name, place, shown: written.get(name) ?? name }))
    .sort((a, b) => a.place.start - b.place.start)
    .filter(({ shown }) => !isGenerated(shown));
  const isAssigned = (one: (typeof shown)[number]): boolean => assigned.has(one.name) || assigned.has(one.shown);
  const others = shown.filter((one) => !isAssigned(one));
  const problems = (others.length > 0 ? others : shown).map(({ name, place, shown: text }) => {
    const hint = futureKeywords.has(text) ? ` (hint: \`import future.keywords.${text}\` to import a future keyword)` : "";
    const range = firstPlace(place, name);
    const result = problem(place, `var ${printVar(text)} is unsafe${scope}${hint}`);
    return range === undefined
      ? result
      : { ...result, related: [{ file: module.file, range, message: `${printVar(text)} is used here` }] };
  });
  if (problems.length > 0) return problems;
  const seen = new Set<string>();
  for (const [expr, names] of [...unsafe].sort(([a], [b]) => a.start - b.start)) {
    const before = seen.size;
    for (const name of names) if (isGenerated(name)) seen.add(name);
    if (seen.size > before) problems.push(problem(expr, `expression is unsafe${scope}`));
  }
  return problems;
}

function firstPlace(expr: Expr, name: string): Range | undefined {
  const range = varsOf(expr).get(name);
  return range === undefined ? undefined : { start: range.start, end: range.end };
}

/** Rows where rules of more than one name begin: only there a message names the rule. */
export class RuleScopes {
  readonly #module: ModuleUnit;
  #shared: Set<number> | undefined;

  constructor(module: ModuleUnit) {
    this.#module = module;
  }

  /** ` in rule p`, or nothing. */
  of(unit: RuleUnit): string {
    this.#shared ??= sharedRows(this.#module);
    const row = this.#module.lines.lineOf(unit.source.start);
    return this.#shared.has(row) ? ` in rule ${nameOf(unit.head)}` : "";
  }
}

/** What is constant of a head's ref; calls and refs of constants, which only branches keep there, are. */
function nameOf(head: Head): string {
  const parts = headParts(head);
  const end = parts.findIndex((part, at) => at > 0 && !isGround(part));
  return printRef(end < 0 ? parts : parts.slice(0, end));
}

function sharedRows(module: ModuleUnit): Set<number> {
  const first = new Map<number, string>();
  const shared = new Set<number>();
  for (const unit of rulesOf(module)) {
    const row = module.lines.lineOf(unit.source.start);
    const name = nameOf(unit.form);
    const before = first.get(row);
    if (before === undefined) first.set(row, name);
    else if (before !== name) shared.add(row);
  }
  return shared;
}
