// Inline: the value of a variable, or what a rule with one clause says, takes the place of its name.
import type { Call, Expr, Range, Rule, Term } from "#grammars/rego/ast.ts";
import type { Local, Occurrence } from "../names.ts";
import { namesOf } from "../project-names.ts";
import { childrenOf, walk } from "../tree.ts";
import {
  type Asked,
  type BodyPlace,
  beginsLine,
  bodiesAround,
  braced,
  declaredFor,
  filesNaming,
  hasOwnWildcard,
  holds,
  inLines,
  isAlwaysDefined,
  isBraced,
  isLocalVar,
  isPlainHead,
  lineIndent,
  nameOfRule,
  type Refactoring,
  spanOf,
  textOf,
} from "./refactoring.ts";

export function inlinings(asked: Asked): readonly Refactoring[] {
  return [variable(asked), rule(asked)].filter((one) => one !== undefined);
}

/** The local at the cursor. */
function localAt({ names, range }: Asked): Local | undefined {
  const found = names.occurrences.find((one) => one.range.start <= range.start && range.end <= one.range.end);
  return found?.meaning.kind === "local" ? found.meaning : undefined;
}

function variable(asked: Asked): Refactoring | undefined {
  const { rule, names } = asked;
  const local = localAt(asked);
  if (rule === undefined || local?.role !== "assign") return undefined;
  const place = bodiesAround(rule, local.declaration).at(-1);
  const { expr } = place ?? {};
  if (place === undefined || expr?.body.kind !== "call" || expr.body.infix !== ":=" || expr.with.length > 0) return undefined;
  const [target, value] = expr.body.args;
  if (target?.kind !== "var" || target.start !== local.declaration.start || value === undefined) return undefined;
  const uses = names.occurrences.filter(({ meaning, range }) => meaning === local && range.start !== local.declaration.start);
  // What stands before it may be a variable of its own.
  if (uses.some(({ range }) => range.start < local.declaration.start && !holds(rule.head, range))) return undefined;
  if (uses.length === 0 || !uses.every((use) => keepsMeaning(asked, rule, place, value, use, uses.length))) return undefined;
  const isSure = isAlwaysDefined(value, isLocalVar(asked));
  if (!isSure && !uses.some((use) => isReached(rule, place, use.range))) return undefined;
  const removal = removedFrom(asked, rule, place);
  if (removal === undefined) return undefined;
  const edits = [removal, ...uses.map(({ range }) => ({ range, newText: written(asked, rule, range, value) }))];
  return { title: `Inline variable \`${local.name}\``, kind: "refactor.inline", edits };
}

/** True where a use is evaluated whenever the body is, so that a value that is undefined ends the body there. */
function isReached(rule: Rule, place: BodyPlace, use: Range): boolean {
  const inner = bodiesAround(rule, use).at(-1);
  if (inner === undefined) return place.owner === rule && holds(rule.head, use);
  return inner.body === place.body && !inner.expr.negated && inner.expr.with.length === 0 && !isInTemplate(rule, use);
}

/** Holes of templates are closures: what is undefined there has a text. */
function isInTemplate(rule: Rule, use: Range): boolean {
  let inside = false;
  walk(rule, (node) => {
    inside ||= node.kind === "templateString" && holds(node, use);
  });
  return inside;
}

/** True when the value is the same at the use: once, below the same input, with the same locals. */
function keepsMeaning(asked: Asked, rule: Rule, place: BodyPlace, value: Term, use: Occurrence, count: number): boolean {
  const span = spanOf(value);
  const goesThrough = hasOwnWildcard(value) || declaredFor(asked, span).length > 0;
  if (goesThrough && (count > 1 || !isReached(rule, place, use.range))) return false;
  const around = bodiesAround(rule, use.range);
  const isBelowWith = around.some(({ expr }) => expr.with.length > 0 && !expr.with.some((one) => holds(one, use.range)));
  if (isBelowWith && !isAlwaysDefined(value, isLocalVar(asked))) return false;
  const used = asked.names.occurrences.filter(({ range }) => holds(span, range)).map(({ meaning }) => meaning);
  // OPA finds keys of base documents by their text: `data.list["0"]` is there, and of a value it is not.
  const isOfData = used.some((meaning) => meaning.kind === "place" && meaning.path[0] === "data");
  if (isOfData && isHeadOfRef(rule, use.range)) return false;
  const isShadowed = (name: string, own: unknown): boolean =>
    asked.names.locals.some((other) => other !== own && other.name === name && holds(other.scope, use.range));
  return used.every((meaning) => {
    if (meaning.kind === "local") return !isShadowed(meaning.name, meaning);
    return !isShadowed(meaning.kind === "place" ? (meaning.path.at(-1) ?? "") : meaning.name, undefined);
  });
}

/** True where a reference goes on behind a name. */
function isHeadOfRef(rule: Rule, use: Range): boolean {
  let isHead = false;
  walk(rule, (node) => {
    if (node.kind === "ref") isHead ||= childrenOf(node)[0]?.start === use.start;
  });
  return isHead;
}

/** The value as it stands at a use: an operator in parentheses where others are around it. */
function written({ text }: Asked, rule: Rule, use: Range, value: Term): string {
  const own = textOf(text, spanOf(value));
  if (value.kind !== "call" || value.infix === undefined || value.grouped !== undefined) return own;
  let isOperand = false;
  walk(rule, (node) => {
    const { infix, args = [] } = node as Partial<Call>;
    if (node.kind === "call" && infix !== undefined && infix !== ":=" && args.some((arg) => arg.start === use.start))
      isOperand = true;
    // A reference into it, or a key of a reference.
    if (node.kind === "ref" && childrenOf(node).some((part) => part.start === use.start)) isOperand = true;
  });
  return isOperand || value.infix === "|" ? `(${own})` : own;
}

/** Takes an expression out of its body; undefined where the body would be empty and must not be. */
function removedFrom({ text }: Asked, rule: Rule, { body, at, expr, owner }: BodyPlace) {
  const next = body[at + 1];
  if (body.length === 1) {
    const isOwn = owner === rule && rule.else === undefined && rule.head.value !== undefined;
    return isOwn ? { range: { start: rule.head.end, end: rule.end }, newText: "" } : undefined;
  }
  if (next !== undefined && text.slice(expr.end, next.start).includes("\n") && beginsLine(text, expr.start)) {
    const start = text.lastIndexOf("\n", expr.start - 1);
    const feed = text.indexOf("\n", expr.end);
    // A comment behind it stays where it is about what follows.
    const rest = text.slice(expr.end, feed);
    return rest.trim() === ""
      ? { range: { start, end: feed }, newText: "" }
      : { range: { start: expr.start, end: expr.end + rest.length - rest.trimStart().length }, newText: "" };
  }
  if (next !== undefined) return { range: { start: expr.start, end: next.start }, newText: "" };
  return { range: { start: body[at - 1]!.end, end: expr.end }, newText: "" };
}

/** A rule with one clause: a value without a body, or a condition that others ask as an expression of their own. */
function rule(asked: Asked): Refactoring | undefined {
  const { project, names, file, range, text, module } = asked;
  const own = asked.rule;
  if (own === undefined || !holds(own.head.reference, range) || !isPlainHead(own) || own.default || own.else !== undefined)
    return undefined;
  const { head } = own;
  if (head.args !== undefined || head.contains || head.key !== undefined || own.chained) return undefined;
  const known = namesOf(project);
  const path = [...known.packageOf(file), nameOfRule(own)].join(".");
  if (known.rule(path).length !== 1) return undefined;
  const target = { kind: "rule", path } as const;
  const uses = filesNaming(asked, path.split(".")).flatMap((one) => known.references(target, false, one));
  if (uses.length === 0 || uses.some((use) => use.file !== file.path)) return undefined;
  const value = own.body === undefined ? head.value : undefined;
  const edits = uses.map((use) => (value === undefined ? body(asked, own, use.range) : valueAt(asked, own, value, use.range)));
  if (edits.some((edit) => edit === undefined)) return undefined;
  const at = module.rules.indexOf(own);
  const after = module.rules[at + 1];
  const end = after === undefined ? own.end : after.start - leading(text, own.end, after.start);
  const start = after === undefined ? text.slice(0, own.start).trimEnd().length : own.start;
  const usesText = names.occurrences.some(({ range: one }) => holds({ start, end }, one) && one.start > own.end);
  if (usesText) return undefined;
  return {
    title: `Inline rule \`${nameOfRule(own)}\``,
    kind: "refactor.inline",
    edits: [...edits.filter((edit) => edit !== undefined), { range: { start, end }, newText: "" }],
  };
}

/** How much before the next rule is its own comment. */
function leading(text: string, from: number, to: number): number {
  const found = /(?:#[^\n]*\n[ \t]*)+$/u.exec(text.slice(from, to));
  return found?.[0].length ?? 0;
}

function valueAt(asked: Asked, own: Rule, value: Term, use: Range) {
  const { module, names } = asked;
  const around = module.rules.find((one) => holds(one, use));
  const span = spanOf(value);
  if (around === undefined || around === own || hasOwnWildcard(value) || declaredFor(asked, span).length > 0) return undefined;
  // Where a reference begins with it, only a name or a reference can stand.
  const place = nameAt(around, use);
  if (place === undefined) return undefined;
  const used = names.occurrences
    .filter(({ range }) => holds(span, range))
    .flatMap(({ meaning }) =>
      meaning.kind === "local" ? [] : [meaning.kind === "place" ? (meaning.path.at(-1) ?? "") : meaning.name],
    );
  if (names.locals.some((local) => used.includes(local.name) && holds(local.scope, use))) return undefined;
  return { range: { start: place.start, end: place.end }, newText: written(asked, around, place, value) };
}

/** The term that is the name alone: no call, no start of a longer reference, no target of `with`. */
function nameAt(rule: Rule, use: Range): Term | undefined {
  let found: Term | undefined;
  let isRefused = false;
  walk(rule, (node) => {
    if (node.kind === "var" && node.start === use.start && node.end === use.end) found = node;
    if (node.kind === "ref" && holds(node, use)) isRefused = true;
    if (node.kind === "with" && holds(node.target, use)) isRefused = true;
  });
  return isRefused ? undefined : found;
}

/** The body in place of an expression that is the name alone. */
function body(asked: Asked, own: Rule, use: Range) {
  const { module, text, names } = asked;
  const around = module.rules.find((one) => holds(one, use));
  if (around === undefined || around === own || own.body === undefined) return undefined;
  const { value } = own.head;
  if (value !== undefined && !(value.kind === "boolean" && value.value)) return undefined;
  const place = bodiesAround(around, use).at(-1);
  if (place === undefined || place.expr.negated || place.expr.with.length > 0 || place.expr.body.kind !== "var") return undefined;
  if (place.expr.start !== use.start || place.expr.end !== use.end) return undefined;
  const ours = names.locals.filter(({ scope }) => holds(own, scope)).map(({ name }) => name);
  const theirs = names.locals.filter(({ scope }) => holds(around, scope)).map(({ name }) => name);
  const outer = names.occurrences
    .filter(({ range, meaning }) => holds(own, range) && meaning.kind !== "local")
    .map(({ meaning }) =>
      meaning.kind === "place" ? (meaning.path.at(-1) ?? "") : meaning.kind === "builtin" ? meaning.name : "",
    );
  if ([...ours, ...outer].some((name) => theirs.includes(name))) return undefined;
  const lines = own.body.map((expr: Expr) => textOf(text, expr));
  const isAlone = place.body.length === 1 && place.owner === around && !isBraced(text, around);
  if (isAlone && around.else !== undefined) return undefined;
  if (isAlone && lines.length > 1) return { range: use, newText: braced(lines) };
  const newText = beginsLine(text, use.start) ? inLines(lines, lineIndent(text, use.start)) : lines.join("; ");
  return { range: use, newText };
}
