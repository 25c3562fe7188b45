// Queries and their literals: expressions, `not`, `some`, `every`, `with`; `and` and `or` are in logical.ts.
import { exactList } from "../exact-list.ts";
import type { Body, Expr, Range, Term, Var, With } from "./ast.ts";
import { foldLogical, parseBracedOperand, parseGroup, parseOperandChain } from "./logical.ts";
import { calledFunction, infixCall, isRoot, noModifiers, outerStart, rangeOf } from "./nodes.ts";
import type { Reader } from "./reader.ts";
import { parseTerm, parseTermIn, parseVar } from "./terms.ts";

/** A query up to the closing token, which stays to be read. */
export function parseBody(r: Reader, close: string): Body | undefined {
  return r.nested(parseWhole, close);
}

function parseWhole(r: Reader, close: string): Body | undefined {
  return parseQuery(r, false, close);
}

// query = literal { ( ";" | newline ) literal }
export function parseQuery(r: Reader, single: boolean, close: string): Body | undefined {
  if (r.is(close)) {
    r.error(r.place, "found empty body");
    return undefined;
  }
  let body: Expr[] = [];
  for (;;) {
    const literal = parseLiteral(r);
    if (literal === undefined) return undefined;
    // Many have one expression, and a list that grows takes room for many.
    if (body.length === 0) body = [literal];
    else body.push(literal);
    if (r.is(";")) {
      r.scan();
      continue;
    }
    if (r.is(close) || single) return body.length > 1 ? exactList(body) : body;
    if (r.place.newline) continue;
    if (r.place.faults.length === 0) {
      hintInfixKeyword(r);
      r.unexpected(`expected \\n or ; or ${close}`);
    }
    return undefined;
  }
}

const infixWords: Readonly<Record<string, string>> = { in: "x in xs", and: "x and y", or: "x or y" };

/** A name after an expression may be a keyword that is not imported. */
function hintInfixKeyword(r: Reader): void {
  if (r.place.hints.length > 0) return;
  let word = "in";
  if (r.is("identifier")) {
    word = r.place.literal;
    if (!(word in infixWords)) return;
  } else if (r.is(",")) {
    if (!isMembershipBehind(r)) return;
  } else return;
  r.hint(`\`import future.keywords.${word}\` for \`${infixWords[word]}\` expressions`);
}

const futureWords = ["in", "every", "contains", "if", "not", "and", "or"];

/** True when a term with `in` follows the current token, were all keywords imported behind the first word of it. */
function isMembershipBehind(r: Reader): boolean {
  const from = r.place;
  r.scan();
  const found = r.trial([...r.keywords, ...futureWords], () => parseTermIn(r));
  r.place = from;
  const name = found === undefined ? undefined : calledFunction(found);
  return name === "internal.member_2" || name === "internal.member_3";
}

/** True at a `not` that negates, false at a ref like `not.x`. */
export function atNegation(r: Reader): boolean {
  if (!r.is("not")) return false;
  const next = r.peekBlank();
  return next !== "." && next !== "[";
}

// literal = [ "not" ] expr { "with" target "as" term } | some | every | logical
export function parseLiteral(r: Reader): Expr | undefined {
  const { start } = r.place;
  const literal = readLiteral(r, start);
  if (literal === undefined) return undefined;
  const range = rangeOf(start, Math.max(r.place.lastEnd, start));
  if (literal.body.kind === "notBody" && literal.body.implicit) {
    const body = literal.body.body.map((expr): Expr => ({ ...expr, ...range }));
    return { ...literal, ...range, body: { ...literal.body, body } };
  }
  if (literal.start === start && literal.end === range.end) return literal;
  return { ...literal, start, end: range.end };
}

function readLiteral(r: Reader, start: number): Expr | undefined {
  const logical = r.keywords.has("and") || r.keywords.has("or");
  if (logical && r.is("{")) {
    const chain = parseBracedOperand(r);
    if (chain !== null) return chain;
  }
  if (logical && r.is("(")) {
    const group = parseGroup(r, false, "");
    if (group.committed) return group.operand === undefined ? undefined : foldLogical(r, group.operand);
  }
  if (r.keywordAsRefHead()) return parseLiteralExpr(r, false, start);
  const negated = atNegation(r);
  if (negated) r.scan();
  if (negated && r.notBodies && r.is("{")) {
    const not = parseNotBody(r, start);
    return not === undefined ? undefined : foldLogical(r, { body: [not], explicit: false, ...rangeOf(not.start, not.end) });
  }
  if (r.is("some")) {
    if (!negated) return parseSome(r);
    r.unexpected("illegal negation of 'some'");
    return undefined;
  }
  if (r.is("every")) {
    if (!negated) return parseEvery(r);
    r.unexpected("illegal negation of 'every'");
    return undefined;
  }
  return parseLiteralExpr(r, negated, start);
}

/** An expression with its modifiers, or the first operand of `and`/`or`. */
function parseLiteralExpr(r: Reader, negated: boolean, start: number): Expr | undefined {
  const saved = r.place;
  if (negated && r.notBodies && r.is("(")) {
    const group = parseGroup(r, true, "not ");
    if (group.committed) {
      if (group.operand === undefined) return undefined;
      const range = rangeOf(start, r.place.lastEnd);
      const { body, explicit } = group.operand;
      const not = plainExpr({ kind: "notBody", body, ...(explicit ? {} : { implicit: true }), ...range }, range);
      return foldLogical(r, { body: [not], explicit: false, ...range });
    }
  }
  let expr = parseExpr(r);
  if (expr === undefined) return undefined;
  const modified = r.is("with") ? r.place : undefined;
  if (modified !== undefined) {
    const modifiers = parseWith(r);
    if (modifiers === undefined) return undefined;
    expr = { ...expr, with: modifiers };
  }
  // Behind an import's path, too, where the keyword that an import above brought is read as a name.
  if (r.version === "v0" && expr.body.kind === "var" && expr.body.name === "every") hintEvery(r, saved);
  if (negated && r.notBodies) {
    const range = rangeOf(start, r.place.lastEnd);
    const { with: modifiers } = expr;
    const inner: Expr = { ...expr, with: [] };
    expr = { ...plainExpr({ kind: "notBody", body: [inner], implicit: true, ...range }, range), with: modifiers };
  } else if (negated) {
    expr = { ...expr, negated: true };
  }
  if (!r.is("and") && !r.is("or")) return expr;
  return parseOperandChain(r, expr, modified, negated, saved);
}

/** A plain `every` before what would be an every statement. */
function hintEvery(r: Reader, from: Reader["place"]): void {
  const found = r.trial([...r.keywords, ...futureWords], () => {
    r.place = from;
    return parseEvery(r);
  });
  if (found?.body.kind === "every") r.hint("`import future.keywords.every` for `every x in xs { ... }` expressions");
}

/** An expression without modifiers. */
export function plainExpr(body: Expr["body"], range: Range): Expr {
  return { kind: "expr", negated: false, body, with: noModifiers, start: range.start, end: range.end };
}

// expr = term-in [ ( ":=" | "=" ) term-in ]
export function parseExpr(r: Reader): Expr | undefined {
  const { start } = r.place;
  const left = parseTermIn(r);
  if (left === undefined) return undefined;
  if (!r.is(":=") && !r.is("=")) return plainExpr(left, rangeOf(start, r.place.lastEnd));
  const operator = r.place;
  r.scan();
  const right = parseTermIn(r);
  if (right === undefined) return undefined;
  const range = rangeOf(start, r.place.lastEnd);
  return plainExpr(infixCall(operator.kind, operator, [left, right], range.start, range.end), range);
}

// { "with" target "as" term }
export function parseWith(r: Reader): readonly With[] | undefined {
  const modifiers: With[] = [];
  while (r.is("with")) {
    const { start } = r.place;
    r.scan();
    if (!r.is("identifier")) {
      r.unexpected("expected ident");
      return undefined;
    }
    const target = parseTerm(r);
    if (target === undefined) return undefined;
    if (target.kind !== "ref" && target.kind !== "var") r.unexpected("expected with target path");
    if (!r.is("as")) {
      r.unexpected("expected as keyword");
      return undefined;
    }
    r.scan();
    const value = parseTermIn(r);
    if (value === undefined) return undefined;
    if (target.kind === "ref" || target.kind === "var")
      modifiers.push({ kind: "with", target, value, start, end: r.place.lastEnd });
  }
  return modifiers;
}

// some = "some" var { "," var } | "some" term [ "," term ] "in" term
function parseSome(r: Reader): Expr | undefined {
  const { start } = r.place;
  const saved = r.place;
  const statement = (symbols: readonly Term[]): Expr => {
    const range = rangeOf(start, r.place.lastEnd);
    return plainExpr({ kind: "some", symbols, ...range }, range);
  };
  r.scan();
  const term = parseTermIn(r);
  if (term?.kind === "call") {
    const name = calledFunction(term);
    if (name !== "internal.member_2" && name !== "internal.member_3") {
      r.unexpected("expected `x in xs` or `x, y in xs` expression");
      return undefined;
    }
    if (term.args.length !== (name === "internal.member_2" ? 2 : 3)) {
      r.unexpected("illegal domain");
      return undefined;
    }
    const expr = statement([term]);
    if (!r.is("with")) return expr;
    const modifiers = parseWith(r);
    return modifiers === undefined ? undefined : { ...expr, with: modifiers };
  }
  r.place = saved;
  if (r.version === "v0" && isMembershipBehind(r)) r.hint("`import future.keywords.in` for `some x in xs` expressions");
  const symbols: Term[] = [];
  do {
    r.scan();
    if (!r.is("identifier")) {
      r.unexpected("expected var");
      return undefined;
    }
    symbols.push(parseVar(r));
    r.scan();
  } while (r.is(","));
  return statement(symbols);
}

// every = "every" var [ "," var ] "in" term "{" query "}"
function parseEvery(r: Reader): Expr | undefined {
  const { start } = r.place;
  const wrong = (note: string): undefined => {
    r.unexpected(note);
    return undefined;
  };
  r.scan();
  const term = parseTermIn(r);
  if (term === undefined) return undefined;
  const name = calledFunction(term);
  if (term.kind !== "call" || (name !== "internal.member_2" && name !== "internal.member_3"))
    return wrong("expected `x[, y] in xs { ... }` expression");
  const count = name === "internal.member_2" ? 2 : 3;
  if (term.args.length !== count) return wrong("illegal domain");
  const key = count === 3 ? term.args[0] : undefined;
  const value = term.args[count - 2]!;
  const isVariable = (one: Term): one is Var => one.kind === "var" && !isRoot(one);
  if (key !== undefined && !isVariable(key)) return wrong("expected key to be a variable");
  if (!isVariable(value)) return wrong("expected value to be a variable");
  if (!r.is("{")) return wrong("missing body");
  r.scan();
  const body = parseBody(r, "}");
  if (body === undefined) return undefined;
  r.scan();
  const range = rangeOf(start, r.place.lastEnd);
  const expr = plainExpr({ kind: "every", key, value, domain: term.args[count - 1]!, body, ...range }, range);
  if (!r.is("with")) return expr;
  const modifiers = parseWith(r);
  return modifiers === undefined ? undefined : { ...expr, with: modifiers };
}

// "not" "{" query "}", at the brace; `start` is where `not` stands
export function parseNotBody(r: Reader, start: number): Expr | undefined {
  const open = r.place;
  r.scan();
  const empty = r.is("}");
  const body = parseBody(r, "}");
  if (body === undefined) {
    if (empty) return undefined;
    const failed = r.place;
    r.place = open;
    const term = parseTermIn(r);
    if (term === undefined) {
      r.place = failed;
      return undefined;
    }
    const text = r.text.slice(open.start, r.place.lastEnd);
    r.hint(`write \`not (${text})\` to negate the value, or \`not {${text}}\` for a body holding it`);
    r.error(open, `\`{...}\` in an operand position must contain expression(s), got: ${braceLedKind(term)}`);
    return undefined;
  }
  r.scan();
  if (isAmbiguousUnion(r, body)) {
    errorAmbiguousUnion(r, open, body, "not ");
    return undefined;
  }
  const range = rangeOf(start, r.place.lastEnd);
  return plainExpr({ kind: "notBody", body, ...range }, range);
}

function braceLedKind(term: Term): string {
  if (term.kind === "call" && term.infix !== undefined && term.args[0] !== undefined) return braceLedKind(term.args[0]);
  return term.kind.toLowerCase();
}

/** `{a | b}` where a body is expected reads as a comprehension too; as OPA has it, not when it begins with a parenthesis. */
export function isAmbiguousUnion(r: Reader, body: Body): boolean {
  const first = body[0]?.body;
  return first?.kind === "call" && first.infix === "|" && r.text[outerStart(first)] !== "(";
}

/** Says how to write the two readings of `{a | b}`. */
export function errorAmbiguousUnion(r: Reader, open: Range, body: Body, prefix: string): void {
  const braces = r.text.slice(open.start, r.place.lastEnd);
  const first = body[0]!;
  const from = first.start - open.start;
  const to = first.end - open.start;
  const union = `${braces.slice(0, from)}(${braces.slice(from, to)})${braces.slice(to)}`;
  r.hint(`write \`${prefix}(${braces})\` for the comprehension, or \`${prefix}${union}\` for the set union`);
  r.error(open, "ambiguous `{ ... | ... }` operand: read as a body holding a set-union expression, not as a comprehension");
}
