// Why something is in a set or is a key of an object, or is not: the rule is evaluated for that member alone.
import type { Checked } from "#analysis/rego/checked.ts";
import { callTerm, exprOf } from "#analysis/rego/tree/make.ts";
import { headParts, isConstant } from "#analysis/rego/tree/refs.ts";
import { safetyPlaces, varsOf } from "#analysis/rego/tree/vars.ts";
import type { Body, Expr, Rule, Term } from "#grammars/rego/ast.ts";
import { isRootName } from "#grammars/rego/nodes.ts";
import { parseQuery } from "#grammars/rego/parse.ts";
import type { Project } from "#workspace/project.ts";
import { namesOf } from "./rego/project-names.ts";

export interface Member {
  /** As it is told. */
  readonly text: string;
  readonly term: Term;
  /** What a clause gives: its member, or its key. */
  keyOf(rule: Rule): Term | undefined;
}

/** True for a rule that gathers: a set, or an object by its keys. */
export function gathers(project: Project, path: string): boolean {
  const keyOf = keyIn(project, path);
  return namesOf(project)
    .rule(path)
    .some(({ rule }) => rule.head.args === undefined && keyOf(rule) !== undefined);
}

/** The member that a text names: a constant of Rego, or else the text as a string. */
export function memberOf(project: Project, path: string, text: string): Member {
  const written = constantOf(text);
  const quoted = JSON.stringify(text);
  return {
    text: written === undefined ? quoted : text.trim(),
    term: written ?? constantOf(quoted)!,
    keyOf: keyIn(project, path),
  };
}

/** The policies in which a rule gives that member and no other. */
export function withMember(project: Project, path: string, checked: Checked, member: Member): Checked {
  const starts = new Map<string, Set<number>>();
  for (const { file, rule } of namesOf(project).rule(path)) {
    const own = starts.get(file.path) ?? new Set();
    starts.set(file.path, own.add(rule.start));
  }
  const only = (rule: Rule): Rule => {
    const key = member.keyOf(rule);
    if (key === undefined) return rule;
    const place = { start: key.start, end: key.end };
    const isGiven = exprOf(callTerm("eq", [key, member.term], place), place);
    return { ...rule, body: [isGiven, ...withHeadEarly(rule, rule.body ?? [])] };
  };
  const modules = checked.modules.map((one) => {
    const own = starts.get(one.file);
    if (own === undefined) return one;
    const rules = one.module.rules.map((rule) => (own.has(rule.start) ? only(rule) : rule));
    return { ...one, module: { ...one.module, rules } };
  });
  return { ...checked, modules };
}

/** A body in which what the head is computed of stands where its variables have values: the rest is asked for that member alone. */
function withHeadEarly({ head }: Rule, body: Body): Body {
  const isOfHead = ({ start, end, generated }: Expr): boolean => generated === true && head.start <= start && end <= head.end;
  const early = body.filter((expr, at) => isOfHead(expr) && body.slice(at).every(isOfHead));
  const out = body.slice(0, body.length - early.length);
  for (const expr of early) {
    const givers = [...variablesIn(expr)].map((name) => out.findIndex((one) => variablesIn(one).has(name)));
    out.splice(Math.max(-1, ...givers) + 1, 0, expr);
  }
  return out;
}

function variablesIn(expr: Expr): ReadonlySet<string> {
  return new Set([...varsOf(expr, safetyPlaces).keys()].filter((name) => !isRootName(name)));
}

/** What stands in a head behind the path of the rule. */
function keyIn(project: Project, path: string): Member["keyOf"] {
  const names = namesOf(project);
  const [first] = names.rule(path);
  const depth = first === undefined ? 0 : path.split(".").length - names.packageOf(first.file).length;
  return ({ head }) => head.key ?? (depth > 0 ? headParts(head)[depth] : undefined);
}

function constantOf(text: string): Term | undefined {
  const { body, diagnostics } = parseQuery(text, { file: "", version: "v1" });
  const [only, ...more] = body;
  if (only === undefined || more.length > 0 || diagnostics.length > 0 || only.negated || only.with.length > 0) return undefined;
  const { body: term } = only;
  return isTerm(term) && isConstant(term) ? term : undefined;
}

function isTerm(body: Expr["body"]): body is Term {
  return body.kind !== "some" && body.kind !== "every" && body.kind !== "notBody" && body.kind !== "logical";
}
