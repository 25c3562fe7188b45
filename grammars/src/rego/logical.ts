// `and` and `or` between literals: operands are expressions, bodies in braces, or groups in parentheses.
import type { Body, Expr, Logical, Range } from "./ast.ts";
import {
  atNegation,
  errorAmbiguousUnion,
  isAmbiguousUnion,
  parseBody,
  parseExpr,
  parseNotBody,
  parseWith,
  plainExpr,
} from "./literals.ts";
import { calledFunction, rangeOf } from "./nodes.ts";
import type { Reader } from "./reader.ts";
import { parseTerm, parseTermIn } from "./terms.ts";

export interface Operand extends Range {
  readonly body: Body;
  /** True for an operand in braces. */
  readonly explicit: boolean;
}

/** A group in parentheses; not committed when the parentheses belong to a term. */
export interface Group {
  readonly committed: boolean;
  readonly operand?: Operand;
}

const notCommitted: Group = { committed: false };
const failedGroup: Group = { committed: true };

function atOperator(r: Reader): boolean {
  return r.is("and") || r.is("or");
}

/** A statement that begins with `{`: a chain when `and`/`or` follows the braces, null when they are no operand. */
export function parseBracedOperand(r: Reader): Expr | undefined | null {
  const open = r.place;
  return r.attempt(() => {
    r.scan();
    const body = parseBody(r, "}");
    if (body === undefined) return null;
    r.scan();
    if (!atOperator(r)) return null;
    if (isAmbiguousUnion(r, body)) {
      errorAmbiguousUnion(r, open, body, "");
      return undefined;
    }
    const chain = parseOrChain(r, { body, explicit: true, start: open.start, end: r.place.lastEnd });
    return chain === undefined ? undefined : withModifiers(r, chain);
  });
}

/** The chain behind an operand, or the operand itself, with modifiers. */
export function foldLogical(r: Reader, operand: Operand): Expr | undefined {
  if (!atOperator(r)) return withModifiers(r, operand.body[0]!);
  const chain = parseOrChain(r, operand);
  return chain === undefined ? undefined : withModifiers(r, chain);
}

function withModifiers(r: Reader, expr: Expr): Expr | undefined {
  if (!r.is("with")) return expr;
  const modifiers = parseWith(r);
  return modifiers === undefined ? undefined : { ...expr, with: modifiers };
}

/** The chain that an expression begins. */
export function parseOperandChain(
  r: Reader,
  expr: Expr,
  modified: Range | undefined,
  negated: boolean,
  from: Range,
): Expr | undefined {
  if (modified !== undefined) {
    errorModifier(r, modified);
    return undefined;
  }
  if (!negated && r.text[from.start] === "{") {
    const operand = rangeOf(from.start, expr.end);
    if (expr.body.kind === "object" && expr.body.entries.length === 0) {
      r.error(operand, "found empty body");
      return undefined;
    }
    errorBraceLed(r, operand, r.text.slice(expr.start, expr.end), r.kind);
    return undefined;
  }
  const chain = parseOrChain(r, { body: [expr], explicit: false, start: expr.start, end: expr.end });
  return chain === undefined ? undefined : withModifiers(r, chain);
}

function errorModifier(r: Reader, at: Range): void {
  const word = r.kind;
  r.hint(
    `Wrap the operand in \`(...)\` or \`{...}\` to scope, or move \`with\` after the \`${word}\` expression to apply it to the whole expression`,
  );
  r.error(at, `\`with\` modifier is not allowed on operand of \`${word}\``);
}

function errorBraceLed(r: Reader, at: Range, operand: string, word: string): void {
  r.hint(`wrap the operand to keep the value: \`(${operand}) ${word} ...\``);
  r.error(at, `operand of \`${word}\` cannot begin with \`{\` unless the braces hold a body`);
}

function join(r: Reader, operator: "and" | "or", left: Operand, right: Operand): Operand {
  for (const operand of [left, right]) checkVoid(r, operand.body, operator);
  r.deepened();
  const range = rangeOf(left.start, r.place.lastEnd);
  const logical: Logical = {
    kind: "logical",
    operator,
    left: left.body,
    right: right.body,
    ...(left.explicit ? {} : { implicitLeft: true }),
    ...(right.explicit ? {} : { implicitRight: true }),
    ...range,
  };
  return { body: [plainExpr(logical, range)], explicit: false, ...range };
}

// and-chain { "or" and-chain }
function parseOrChain(r: Reader, first: Operand): Expr | undefined {
  return r.nested(readOrChain, first);
}

function readOrChain(r: Reader, first: Operand): Expr | undefined {
  let left = r.is("and") ? parseAndChain(r, first) : first;
  while (left !== undefined && r.is("or")) {
    r.scan();
    let right = parseOperand(r, "or");
    if (right !== undefined && r.is("and")) right = parseAndChain(r, right);
    if (right === undefined) return undefined;
    left = join(r, "or", left, right);
  }
  return left?.body[0];
}

// operand { "and" operand }
function parseAndChain(r: Reader, first: Operand): Operand | undefined {
  let left = first;
  while (r.is("and")) {
    r.scan();
    const right = parseOperand(r, "and");
    if (right === undefined) return undefined;
    left = join(r, "and", left, right);
  }
  return left;
}

const voidBuiltins = new Set(["print", "internal.print", "internal.test_case"]);

/** An operand that only prints could never fail. */
function checkVoid(r: Reader, body: Body, word: string): void {
  const names = body.map((expr) => (expr.negated || expr.body.kind !== "call" ? undefined : calledFunction(expr.body)));
  if (!names.every((name) => name !== undefined && voidBuiltins.has(name))) return;
  const [name] = names;
  r.hint(
    `\`${name}\` produces no value and always succeeds, so the operand can never fail; move it out of the operand, or add an expression that can fail`,
  );
  r.error(body[0]!, `operand of \`${word}\` cannot consist only of calls to \`${name}\``);
}

// operand = "{" query "}" | [ "not" ] ( group | expr ) | "not" "{" query "}"
function parseOperand(r: Reader, word: string): Operand | undefined {
  if (r.is("{")) return parseBraces(r, word);
  const { start } = r.place;
  const negated = atNegation(r);
  if (negated) r.scan();
  if (negated && r.notBodies && r.is("{")) {
    const not = parseNotBody(r, start);
    return not === undefined ? undefined : { body: [not], explicit: false, ...rangeOf(not.start, not.end) };
  }
  const negation = (body: Body, explicit: boolean): Operand => {
    const range = rangeOf(start, r.place.lastEnd);
    const not = plainExpr({ kind: "notBody", body, ...(explicit ? {} : { implicit: true }), ...range }, range);
    return { body: [not], explicit: false, ...range };
  };
  if (r.is("(") && (!negated || r.notBodies)) {
    const group = parseGroup(r, true, negated ? "not " : "");
    if (group.committed) {
      if (group.operand === undefined || !negated) return group.operand;
      return negation(group.operand.body, group.operand.explicit);
    }
  }
  const expr = parseExpr(r);
  if (expr === undefined) return undefined;
  if (negated && r.notBodies) return negation([expr], false);
  return { body: [negated ? { ...expr, negated } : expr], explicit: false, start: expr.start, end: expr.end };
}

function parseBraces(r: Reader, word: string): Operand | undefined {
  const open = r.place;
  r.scan();
  const empty = r.is("}");
  const body = parseBody(r, "}");
  if (body === undefined) {
    if (empty || word === "") return undefined;
    const failed = r.place;
    r.place = open;
    const term = parseTermIn(r);
    if (term === undefined) r.place = failed;
    else errorBraceLed(r, open, r.text.slice(open.start, r.place.lastEnd), word);
    return undefined;
  }
  r.scan();
  if (isAmbiguousUnion(r, body)) errorAmbiguousUnion(r, open, body, "");
  return { body, explicit: true, start: open.start, end: r.place.lastEnd };
}

// group = "(" operand { ( "and" | "or" ) operand } ")"
export function parseGroup(r: Reader, inOperand: boolean, prefix: string): Group {
  return r.nested((_, word) => readGroup(r, inOperand, word), prefix) ?? failedGroup;
}

function readGroup(r: Reader, inOperand: boolean, prefix: string): Group {
  const open = r.place;
  const giveBack = (): Group => {
    r.place = open;
    return notCommitted;
  };
  const commit = (body: Body): Group => ({
    committed: true,
    operand: { body, explicit: false, start: open.start, end: r.place.lastEnd },
  });
  const close = (): boolean => {
    if (r.is(")")) {
      r.scan();
      return true;
    }
    r.error(r.place, "expected ) to close parenthesized group");
    return false;
  };
  r.scan();
  if (r.is(")")) {
    if (!inOperand) return giveBack();
    r.error(open, "empty parenthesized group");
    return failedGroup;
  }
  const left = parseOperand(r, "");
  if (left === undefined) return giveBack();
  if (atOperator(r)) {
    const chain = parseOrChain(r, left);
    const expr = chain === undefined ? undefined : withModifiers(r, chain);
    return expr !== undefined && close() ? commit([expr]) : failedGroup;
  }
  const only = left.body.length === 1 ? left.body[0] : undefined;
  if (r.is("with") && !left.explicit && only !== undefined) {
    const modified = r.place;
    const expr = withModifiers(r, only);
    if (expr === undefined) return failedGroup;
    if (atOperator(r)) {
      errorModifier(r, modified);
      return failedGroup;
    }
    if (!close()) return failedGroup;
    return inOperand || atOperator(r) ? commit([expr]) : giveBack();
  }
  if (left.explicit) {
    const braces = r.text.slice(left.start, r.place.lastEnd);
    r.place = open;
    r.scan();
    const term = parseTerm(r);
    r.place = open;
    if (term !== undefined) return notCommitted;
    r.hint(`drop the parens to keep the body: \`${prefix}${braces}\``);
    r.error(open, "`(...)` in an operand position cannot contain a body");
    return failedGroup;
  }
  if (only?.body.kind === "logical" || only?.negated || only?.body.kind === "notBody") {
    return close() ? commit(left.body) : failedGroup;
  }
  return giveBack();
}
