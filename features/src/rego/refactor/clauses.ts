// Clauses: one for each value of `in […]`, one for each branch of `else`, and a default in place of a clause with `not`.
import type { ArrayTerm, Body, Expr, Rule, SetTerm, Term } from "#grammars/rego/ast.ts";
import { namesOf } from "../project-names.ts";
import {
  type Asked,
  addedRule,
  bodiesAround,
  braced,
  declaredFor,
  freeName,
  hasOwnWildcard,
  isConstant,
  isPlainHead,
  laidOut,
  nameOfRule,
  type Refactoring,
  sharedWith,
  spanOf,
  textOf,
  usedFromOutside,
} from "./refactoring.ts";

export function clauseChanges(asked: Asked): readonly Refactoring[] {
  return [splitValues(asked), elseClauses(asked), defaultValue(asked)].filter((one) => one !== undefined);
}

/** `x in ["a", "b"]` as two clauses. */
function splitValues(asked: Asked): Refactoring | undefined {
  const { rule, text, range } = asked;
  if (rule?.body === undefined || rule.else !== undefined || rule.chained || isFollowedByBody(asked, rule)) return undefined;
  const place = bodiesAround(rule, range).find(({ owner }) => owner === rule);
  if (place === undefined || place.expr.negated || place.expr.with.length > 0) return undefined;
  const { expr } = place;
  const isSome = expr.body.kind === "some";
  const member = expr.body.kind === "some" ? expr.body.symbols[0] : (expr.body as Term);
  if (member?.kind !== "call" || member.infix !== "in" || member.args.length !== 2) return undefined;
  const [one, all] = member.args as readonly [Term, Term];
  if (!isList(all) || all.items.length < 2 || all.items.length > 20 || (isSome && one.kind !== "var")) return undefined;
  if (one.kind === "call" && one.infix !== undefined && one.grouped === undefined) return undefined;
  // A complete rule has one value, so that clauses of several must have the same.
  const { head } = rule;
  const isGathering = head.contains || head.key !== undefined;
  if (!isGathering && head.value !== undefined && !isConstant(head.value)) return undefined;
  if (hasOwnWildcard(one) || declaredFor(asked, spanOf(one)).length > (isSome ? 1 : 0)) return undefined;
  const own = textOf(text, spanOf(one));
  const span = { start: rule.start, end: rule.end };
  const clauses = all.items.map((item) => {
    const line = isSome ? `${own} := ${textOf(text, spanOf(item))}` : `${own} == ${textOf(text, spanOf(item))}`;
    return laidOut(text.slice(span.start, expr.start) + line + text.slice(expr.end, span.end));
  });
  const title = `Split into a clause for each of ${all.items.length} values`;
  return { title, kind: "refactor.rewrite", edits: [{ range: span, newText: clauses.join("\n\n") }] };
}

const isList = (term: Term): term is ArrayTerm | SetTerm => term.kind === "array" || term.kind === "set";

const isFollowedByBody = ({ module }: Asked, rule: Rule): boolean =>
  module.rules[module.rules.indexOf(rule) + 1]?.chained === true;

/** Each branch of `else` as a clause that asks that those before it do not hold. */
function elseClauses(asked: Asked): Refactoring | undefined {
  const { rule, text, range } = asked;
  if (rule?.else === undefined || rule.default || rule.chained || isFollowedByBody(asked, rule) || !isPlainHead(rule))
    return undefined;
  if (bodiesAround(rule, range).length > 1) return undefined;
  const args = rule.head.args ?? [];
  if (args.some((arg) => arg.kind !== "var" || arg.name.startsWith("$")) || textOf(text, rule).includes("#")) return undefined;
  const branches: { readonly value: string | undefined; readonly body: Body; readonly lines: readonly string[] }[] = [];
  for (let at: Rule | undefined = rule; at !== undefined; at = at.else) {
    const { value } = at.head;
    // A branch whose value is undefined would hand on to the next one.
    if (value !== undefined && !isConstant(value)) return undefined;
    const body = at.body ?? [];
    branches.push({ value: value === undefined ? undefined : textOf(text, spanOf(value)), body, lines: linesOf(text, at) });
  }
  const names = args.map((arg) => textOf(text, arg));
  const head = textOf(text, {
    start: rule.start,
    end: rule.head.args === undefined ? rule.head.reference.end : closing(text, rule),
  });
  const helpers: string[] = [];
  const not: string[] = [];
  const clauses: string[] = [];
  for (const [at, { value, body, lines: own }] of branches.entries()) {
    const lines = [...not, ...own];
    if (at > 0 && branches[at - 1]!.body.length === 0) break;
    const start = value === undefined ? head : `${head} := ${value}`;
    clauses.push(lines.length === 0 ? start : lines.length === 1 ? `${start} if ${lines[0]!}` : `${start} if ${braced(lines)}`);
    if (at === branches.length - 1 || body.length === 0) continue;
    const negation = negated(asked, body, own[0]!);
    if (negation !== undefined) not.push(negation);
    else {
      const name = freeName(asked, `${nameOfRule(rule)}_${at + 1}`);
      const call = names.length === 0 ? name : `${name}(${names.join(", ")})`;
      helpers.push(`${call} if ${own.length === 1 ? own[0]! : braced(own)}`);
      not.push(`not ${call}`);
    }
  }
  const edits = [{ range: { start: rule.start, end: rule.end }, newText: clauses.map(laidOut).join("\n\n") }];
  const added = helpers.map((helper) => addedRule(asked, rule, helper));
  return { title: "Write the branches of `else` as clauses", kind: "refactor.rewrite", edits: [...edits, ...added] };
}

/** The expressions of a branch as written; that of an `else` without braces has the whole branch as its range. */
function linesOf(text: string, { body = [], head, end }: Rule): readonly string[] {
  return body.map((expr) => {
    const start = expr.start < head.end ? head.end + (/^\s*if\s+/u.exec(text.slice(head.end, end))?.[0].length ?? 0) : expr.start;
    return text.slice(start, expr.end);
  });
}

/** The bracket behind the arguments. */
function closing(text: string, rule: Rule): number {
  const last = rule.head.args?.at(-1);
  return text.indexOf(")", last === undefined ? rule.head.reference.end : spanOf(last).end) + 1;
}

/** What holds when a body does not, where one line can say it. */
function negated(asked: Asked, body: Body, own: string): string | undefined {
  const [expr] = body as readonly [Expr];
  if (body.length !== 1 || hasOwnWildcard(expr) || declaredFor(asked, expr).length > 0) return undefined;
  if (expr.negated) return undefined;
  const { body: said } = expr;
  if (said.kind === "some" || said.kind === "every" || said.kind === "notBody" || said.kind === "logical") return undefined;
  return said.kind === "call" && (said.infix === ":=" || said.infix === "=") ? undefined : `not ${own}`;
}

/** `x := 1 if c` and `x := 2 if not c` as a default and one clause. */
function defaultValue(asked: Asked): Refactoring | undefined {
  const { rule, text, project, file, module } = asked;
  if (rule === undefined || rule.default || !isPlainHead(rule) || rule.head.args !== undefined) return undefined;
  const known = namesOf(project);
  const clauses = known.rule([...known.packageOf(file), nameOfRule(rule)].join(".")).map((one) => one.rule);
  if (clauses.length !== 2 || !clauses.every((one) => module.rules.includes(one))) return undefined;
  const isSimple = (one: Rule): boolean =>
    !one.default &&
    one.else === undefined &&
    !one.chained &&
    !one.head.contains &&
    one.head.key === undefined &&
    one.body?.length === 1;
  if (!clauses.every(isSimple)) return undefined;
  const [yes, no] = clauses[0]!.body![0]!.negated ? [clauses[1]!, clauses[0]!] : [clauses[0]!, clauses[1]!];
  const [condition, opposite] = [yes.body![0]!, no.body![0]!];
  if (condition.negated || !opposite.negated || opposite.with.length > 0 || condition.with.length > 0) return undefined;
  const other = opposite.body as Term;
  if (textOf(text, spanOf(condition.body as Term)) !== textOf(text, spanOf(other))) return undefined;
  if (sharedWith(asked, condition).length > 0 || usedFromOutside(asked, condition).length > 0) return undefined;
  const { value } = no.head;
  if (value !== undefined && !isConstant(value)) return undefined;
  // A value that may be undefined leaves the rule without one, and would have the default then.
  if (yes.head.value !== undefined && !isConstant(yes.head.value)) return undefined;
  const [first, second] = clauses[0]!.start < clauses[1]!.start ? [clauses[0]!, clauses[1]!] : [clauses[1]!, clauses[0]!];
  if (text.slice(first.end, second.start).includes("#") || text.slice(first.end, second.start).trim() !== "") return undefined;
  const name = nameOfRule(rule);
  const newText = `default ${name} := ${value === undefined ? "true" : textOf(text, spanOf(value))}\n\n${laidOut(textOf(text, yes))}`;
  return {
    title: `Use a default instead of \`not\``,
    kind: "refactor.rewrite",
    edits: [{ range: { start: first.start, end: second.end }, newText }],
  };
}
