// A function that only looks at a part of what it is given: `f(user)` asks for `user.name` alone.

import type { ArrayTerm, Call, Ref, Rule, Term, Var } from "#grammars/rego/ast.ts";
import { calledFunction } from "#grammars/rego/nodes.ts";
import { keyOf } from "#grammars/rego/term-key.ts";
import type { LintFile } from "../../lint-file.ts";
import { functionsOf, headText, refText } from "../../names.ts";
import { perRun } from "../../per-run.ts";
import { type Found, fileRule } from "../../rule.ts";
import { isRef, isVar, isWildcard } from "../../terms.ts";

export const narrowArgument = fileRule({
  name: "narrow-argument",
  category: "custom",
  description: "Function argument can be narrowed",
  level: "ignore",
  options: { "exclude-args": [] as readonly string[] },
  *check(file: LintFile, { "exclude-args": excluded }): Iterable<Found> {
    for (const clauses of Map.groupBy(functionsOf(file), headText).values())
      for (const arg of namedArgs(clauses)) if (!excluded.includes(arg.name)) yield* narrowed(file, clauses, arg);
  },
});

/** The arguments by name, each where it stands first. */
function namedArgs(clauses: readonly Rule[]): Iterable<Var> {
  const byName = new Map<string, Var>();
  for (const { head } of clauses)
    for (const arg of head.args!) if (isVar(arg) && !isWildcard(arg) && !byName.has(arg.name)) byName.set(arg.name, arg);
  return byName.values();
}

function* narrowed(file: LintFile, clauses: readonly Rule[], arg: Var): Iterable<Found> {
  const having = clauses.filter(({ head }) => head.args!.some((one) => isVar(one) && one.name === arg.name));
  const paths = new Map(having.flatMap((rule) => pathsBelow(file, rule, arg.name)).map((path) => [path.map(keyOf).join(), path]));
  if (paths.size === 0 || clauses.some((rule) => isPassedOn(file, rule, arg.name))) return;
  const prefix = commonPrefix([...paths.values()]);
  if (prefix.length < 2 || !prefix.slice(1).every(({ kind }) => simple.has(kind))) return;
  const text = refText(prefix);
  const message =
    paths.size === 1
      ? `Argument ${arg.name} only referenced as ${text}, value passed can be narrowed`
      : `Argument ${arg.name} always referenced by a common prefix, value passed can be narrowed to ${text}`;
  yield { range: arg, message };
}

const simple: ReadonlySet<Term["kind"]> = new Set(["string", "number", "boolean", "null"]);

/** The refs that begin with a name, up to their first variable. */
function pathsBelow(file: LintFile, rule: Rule, name: string): readonly (readonly Term[])[] {
  return (refsOf(file).get(rule) ?? [])
    .filter((ref) => ref !== rule.head.reference && ref.parts[0]?.kind === "var" && ref.parts[0].name === name)
    .map(beforeVariable);
}

function beforeVariable({ parts }: Ref): readonly Term[] {
  const end = parts.findIndex((part, at) => at > 0 && isVar(part));
  return end < 0 ? parts : parts.slice(0, end);
}

/** True for an argument that a call has as a whole. What is assigned to is no argument. */
function isPassedOn(file: LintFile, rule: Rule, name: string): boolean {
  return (passedIn(file).get(rule) ?? []).some((term) => isVar(term) && term.name === name);
}

/** What calls are given; to Regal, an array that begins with a ref is a call, too. */
const passedIn = perRun((file: LintFile): ReadonlyMap<Rule, readonly Term[]> => {
  const found = new Map<Rule, Term[]>();
  const add = (node: Call | ArrayTerm, terms: readonly Term[]) => {
    const rule = file.ruleOf(node);
    if (!found.has(rule)) found.set(rule, []);
    found.get(rule)!.push(...terms);
  };
  for (const call of file.all("call")) add(call, calledFunction(call) === "assign" ? call.args.slice(1) : call.args);
  for (const array of file.all("array")) if (isRef(array.items[0])) add(array, array.items.slice(1));
  return found;
});

const refsOf = perRun(
  (file: LintFile): ReadonlyMap<Rule, readonly Ref[]> => Map.groupBy(file.all("ref"), (ref) => file.ruleOf(ref)),
);

function commonPrefix([first = [], ...others]: readonly (readonly Term[])[]): readonly Term[] {
  const end = first.findIndex((part, at) => others.some((other) => other[at] === undefined || keyOf(other[at]) !== keyOf(part)));
  return end < 0 ? first : first.slice(0, end);
}
