// Extract: what is selected becomes a variable of its body, or a rule or function of the package that stands for it.
import type { TextEdit } from "#grammars/diagnostic.ts";
import type { Call, Expr, Range, Rule, Term } from "#grammars/rego/ast.ts";
import type { Local } from "../names.ts";
import { childrenOf, type Node, walk } from "../tree.ts";
import {
  type Asked,
  addedRule,
  before,
  behind,
  bodiesAround,
  braced,
  declaredFor,
  freeName,
  hasOwnWildcard,
  hasRoom,
  holds,
  isAlwaysDefined,
  isBraced,
  isLocalVar,
  membersAround,
  type Refactoring,
  sharedWith,
  spanOf,
  textOf,
  usedFromOutside,
  wordFor,
} from "./refactoring.ts";

export function extractions(asked: Asked): readonly Refactoring[] {
  const { range, rule } = asked;
  if (rule === undefined || rule.default || range.start === range.end) return [];
  const term = termAt(asked, rule);
  const isCondition = term !== undefined && bodiesAround(rule, term).some(({ expr }) => expr.body === term);
  const found = term === undefined ? [] : [variable(asked, rule, term), ...(isCondition ? [] : [valueRule(asked, rule, term)])];
  return [...found, condition(asked, rule)].filter((one) => one !== undefined);
}

const termKinds = new Set([
  "null",
  "boolean",
  "number",
  "string",
  "ref",
  "call",
  "array",
  "set",
  "object",
  "arrayComprehension",
  "setComprehension",
  "objectComprehension",
  "templateString",
]);

/** The term that is selected, with or without its parentheses; none that is a pattern, a name or a part of a reference. */
function termAt(asked: Asked, rule: Rule): Term | undefined {
  let found: Term | undefined;
  const visit = (node: Node): void => {
    if (found !== undefined || !(holds(node, asked.range) || node.kind === "call")) return;
    for (const child of childrenOf(node)) {
      if (isPlace(node, child)) continue;
      const isTerm = termKinds.has(child.kind);
      const span = isTerm ? spanOf(child as Term) : child;
      if (isTerm && (isSame(span, asked.range) || isSame(child, asked.range))) found = child as Term;
      else if (holds(span, asked.range)) visit(child);
      if (found !== undefined) return;
    }
  };
  visit(rule);
  return found;
}

const isSame = (a: Range, b: Range): boolean => a.start === b.start && a.end === b.end;

/** What is no value: names, patterns that give variables theirs, what `with` replaces. */
function isPlace(parent: Node, child: Node): boolean {
  switch (parent.kind) {
    case "ref":
      return child.kind === "string" || (child.kind === "var" && child === parent.parts[0]);
    case "call":
      if (child === parent.operator) return true;
      return (parent.infix === ":=" || parent.infix === "=") && child === parent.args[0];
    case "head":
      return child === parent.reference || (parent.args ?? []).some((arg) => arg === child);
    case "some":
      return child.kind !== "call" || child.infix === undefined;
    case "with":
      return child === parent.target;
    case "every":
      return child.kind === "var";
    case "templateString":
      return child.kind !== "expr";
    default:
      return false;
  }
}

/** `some x in xs`: the names before `in` get their values there. */
function isDeclared(rule: Rule, term: Term): boolean {
  let declared = false;
  walk(rule, (node) => {
    if (node.kind !== "some") return;
    for (const symbol of node.symbols)
      if (symbol.kind === "call") declared ||= symbol.args.slice(0, -1).some((arg) => holds(arg, term)) || symbol === term;
  });
  return declared;
}

function variable(asked: Asked, rule: Rule, term: Term): Refactoring | undefined {
  const { text } = asked;
  const span = spanOf(term);
  if (isDeclared(rule, term) || isInHole(rule, span) || isPattern(asked, rule, term)) return undefined;
  const place = bodiesAround(rule, span).at(-1);
  const name = freeName(asked, wordFor(term));
  const line = `${name} := ${textOf(text, term.grouped === undefined ? span : term)}`;
  const use = { range: span, newText: name };
  const members = membersAround(rule, span);
  if (members !== undefined && (place === undefined || holds(place.expr, members))) {
    const edits = [use, behind(text, members.body.at(-1)!, line)];
    return { title: `Extract variable \`${name}\``, kind: "refactor.extract", edits, name };
  }
  if (place === undefined) {
    const edits = inHead(asked, rule, span, line, use);
    return edits && { title: `Extract variable \`${name}\``, kind: "refactor.extract", edits, name };
  }
  const { expr } = place;
  const isWhole = expr.body === term || (expr.body.kind === "call" && expr.body.infix === ":=" && expr.body.args[1] === term);
  const isWith = expr.with.some((one) => holds(one, span));
  // Undefined below `not` is true, and a variable would end the body; what `with` changes is seen below it alone.
  const isSheltered = (expr.negated || (expr.with.length > 0 && !isWith)) && !isAlwaysDefined(term, isLocalVar(asked));
  if (isWhole || isSheltered || !hasRoom(place)) return undefined;
  const edits = intoBody(asked, rule, expr, line, use);
  return edits && { title: `Extract variable \`${name}\``, kind: "refactor.extract", edits, name };
}

/** A side of `=`, or a part of one, that gives variables their values. */
function isPattern({ names }: Asked, rule: Rule, term: Term): boolean {
  let isSide = false;
  let isPart = false;
  walk(rule, (node) => {
    const call = node as Partial<Call>;
    if (call.kind !== "call" || call.infix !== "=" || !holds(node, term)) return;
    isSide = true;
    isPart = call.args?.includes(term) !== true;
  });
  if (isPart) return true;
  const isGiven = ({ role }: Local): boolean => role === "output" || role === "some";
  return (
    isSide && names.occurrences.some(({ range, meaning }) => meaning.kind === "local" && holds(term, range) && isGiven(meaning))
  );
}

/** A hole of a template is a body of its own, in which there is no room. */
function isInHole(rule: Rule, span: Range): boolean {
  let inside = false;
  walk(rule, (node) => {
    if (node.kind === "templateString") inside ||= childrenOf(node).some((part) => part.kind === "expr" && holds(part, span));
  });
  return inside;
}

function intoBody({ text }: Asked, rule: Rule, expr: Expr, line: string, use: TextEdit): readonly TextEdit[] | undefined {
  const branch = branches(rule).find(({ body }) => body?.includes(expr) === true);
  if (branch === undefined || isBraced(text, branch)) return [before(text, expr, line), use];
  // A body without braces is one expression, which goes to the end of the clause; that of `else` begins where `if` ends.
  const start = expr.start < branch.head.end ? bodyStart(text, branch) : expr.start;
  if (start === undefined) return undefined;
  return [
    { range: { start, end: start }, newText: `{\n\t${line}\n\t` },
    use,
    { range: { start: expr.end, end: expr.end }, newText: "\n}" },
  ];
}

/** Where the body of a clause without braces begins, behind its `if`. */
function bodyStart(text: string, branch: Rule): number | undefined {
  const found = /^\s*if\s+/u.exec(text.slice(branch.head.end, branch.end));
  return found === null ? undefined : branch.head.end + found[0].length;
}

function branches(rule: Rule): readonly Rule[] {
  return rule.else === undefined ? [rule] : [rule, ...branches(rule.else)];
}

/** A part of a rule's value or key: the variable is the last expression of its body. */
function inHead(asked: Asked, rule: Rule, span: Range, line: string, use: TextEdit): readonly TextEdit[] | undefined {
  const { text } = asked;
  if (rule.else !== undefined || rule.chained || !holds(rule.head, span)) return undefined;
  const last = rule.body?.at(-1);
  if (last === undefined) {
    const end = rule.end;
    return [use, { range: { start: end, end }, newText: ` if ${line}` }];
  }
  const { start, end } = last;
  if (isBraced(text, rule)) {
    const newText = text.slice(rule.head.end, start).includes("\n") ? `\n\t${line}` : `; ${line}`;
    return [use, { range: { start: end, end }, newText }];
  }
  return [use, { range: { start, end: start }, newText: "{\n\t" }, { range: { start: end, end }, newText: `\n\t${line}\n}` }];
}

/** A rule, or with arguments a function, whose value is the term. */
function valueRule(asked: Asked, rule: Rule, term: Term): Refactoring | undefined {
  const { text } = asked;
  const span = spanOf(term);
  if (isDeclared(rule, term) || isPattern(asked, rule, term) || hasOwnWildcard(term) || declaredFor(asked, span).length > 0)
    return undefined;
  if (term.kind === "call" && term.infix === ":=") return undefined;
  const args = usedFromOutside(asked, span).map(({ name }) => name);
  const name = freeName(asked, wordFor(term));
  const call = args.length === 0 ? name : `${name}(${args.join(", ")})`;
  const value = textOf(text, term.grouped === undefined ? span : term);
  const edits = [{ range: span, newText: call }, addedRule(asked, rule, `${call} := ${value}`)];
  return { title: `Extract ${args.length === 0 ? "rule" : "function"} \`${name}\``, kind: "refactor.extract", edits, name };
}

/** A rule or function that holds when the selected expressions of a body do. */
function condition(asked: Asked, rule: Rule): Refactoring | undefined {
  const { text, range } = asked;
  const first = bodiesAround(rule, { start: range.start, end: range.start }).find(({ expr }) => expr.start === range.start);
  if (first === undefined) return undefined;
  const { body, at } = first;
  const last = body.findIndex(({ end }) => end === range.end);
  if (last < at || sharedWith(asked, range).length > 0) return undefined;
  const args = usedFromOutside(asked, range).map(({ name }) => name);
  const name = freeName(asked, nameFor(body.slice(at, last + 1)));
  const call = args.length === 0 ? name : `${name}(${args.join(", ")})`;
  const lines = body.slice(at, last + 1).map((expr) => textOf(text, expr));
  // Comments between expressions go with them.
  const written = textOf(text, range);
  const whole = lines.length === 1 ? written : written.includes("#") ? `{\n\t${written}\n}` : braced(lines);
  const edits = [{ range, newText: call }, addedRule(asked, rule, `${call} if ${whole}`)];
  return { title: `Extract ${args.length === 0 ? "rule" : "function"} \`${name}\``, kind: "refactor.extract", edits, name };
}

/** What a condition would be called: by the function or the rule that it asks, else by what it looks at. */
function nameFor(body: readonly Expr[]): string {
  const [only] = body;
  if (body.length !== 1 || only === undefined) return "condition";
  const { body: inner } = only;
  if (inner.kind === "call" && inner.infix !== undefined && inner.args[0] !== undefined) {
    const word = wordFor(inner.args[0]);
    return word === "value" ? "condition" : `${word}_ok`;
  }
  return "condition";
}
