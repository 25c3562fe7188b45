// Bodies and their expressions as they are formatted: `not`, `some`, `every`, `with`.
import type { Body, Every, Expr, NotBody, Range, SomeDecl, With } from "../ast.ts";
import { rowsInside } from "./brackets.ts";
import { groupByRow } from "./collections.ts";
import type { Formatting } from "./formatting.ts";
import { leadingOperand, writeLogical } from "./logical.ts";
import { isUnion, isUnionCall, leadsWithBrace, writeExprCall, writeIn, writeTerm } from "./terms.ts";

export function writeBody(f: Formatting, body: Body): void {
  const { w } = f;
  w.insertComments(f.row(body[0]!.start));
  body.forEach((expr, i) => {
    const before = body[i - 1];
    if (before !== undefined && f.row(expr.start) > f.row(before.end) + 1) w.blankLine();
    w.startLine();
    f.guarded(() => writeExpr(f, expr));
    w.endLine();
  });
}

/** `placeRow` is where the place counts to stand. */
export function writeInnerBody(
  f: Formatting,
  open: string,
  close: string,
  body: Body,
  row: number,
  place: Range,
  placeRow: number = f.row(place.start),
): void {
  const { w } = f;
  const text = f.source(place);
  const rows = rowsInside(text, open, close);
  const closeRow = rows < 0 ? -1 : placeRow + rows;
  const lines = groupByRow(f, body, (expr) => expr.start);
  if (f.row(body[0]!.start) > row || lines.length > 1) {
    w.endLine();
    w.level++;
    try {
      writeBody(f, body);
      w.insertComments(closeRow, true);
    } finally {
      w.level--;
      w.startLine();
    }
    return;
  }
  w.write(" ");
  body.forEach((expr, i) => {
    if (i > 0) w.write("; ");
    writeExpr(f, expr);
  });
  w.insertComments(closeRow, true);
}

export function writeExpr(f: Formatting, expr: Expr): void {
  const { w } = f;
  const parens = f.parenExpr === expr;
  if (parens) f.parenExpr = undefined;
  w.insertComments(f.row(expr.start));
  if (!w.inline) w.startLine();
  const negatedLogical = expr.negated && expr.body.kind === "logical";
  // In v2 `not {x}` is a body.
  const negatedBrace = f.v2 && expr.negated && leadsWithBrace(expr.body);
  if (expr.negated) w.write(negatedLogical || negatedBrace ? "not (" : "not ");
  if (parens) w.write("(");
  const { body } = expr;
  switch (body.kind) {
    case "some":
      f.losing(() => writeSome(f, body));
      break;
    case "every":
      f.losing(() => writeEvery(f, body, expr));
      break;
    case "notBody":
      f.losing(() => writeNot(f, body, expr));
      break;
    case "logical":
      f.losing(() => writeLogical(f, body));
      break;
    case "call":
      writeExprCall(f, body);
      break;
    default:
      writeTerm(f, body);
  }
  if (parens) w.write(")");
  if (negatedLogical || negatedBrace) w.write(")");
  writeModifiers(f, expr);
}

/** Behind `if {`, a union at the start would read as a comprehension. */
export function markUnionLead(f: Formatting, expr: Expr): void {
  if (expr.negated) return;
  if (isUnion(expr)) f.parenExpr = expr;
  else if (expr.body.kind === "logical") {
    const lead = leadingOperand(f, expr.body);
    if (lead !== undefined) markUnionLead(f, lead);
  } else if (expr.body.kind === "call" && expr.body.infix !== undefined) {
    const { args } = expr.body;
    // With its result a call is written from there: `z = x | y`.
    const lead = args.length > 2 ? args.at(-1) : args[0];
    if (lead !== undefined && isUnionCall(lead)) f.parenTerm = lead;
  }
}

function writeModifiers(f: Formatting, expr: Expr): void {
  const { w } = f;
  let [...rest] = expr.with;
  const first = rest[0];
  if (first === undefined) return;
  const before = f.text.slice(expr.start, first.start).trimEnd();
  let last = f.row(expr.start + before.length);
  if (f.row(first.start) === last) {
    writeWith(f, first, false);
    last = f.row(first.start);
    rest = rest.slice(1);
  }
  let indented = false;
  try {
    for (const modifier of rest) {
      const row = f.row(modifier.start);
      const breaks = row > last;
      if (breaks) {
        if (!indented) w.level++;
        indented = true;
        w.endLine();
        w.startLine();
        last = row;
      }
      writeWith(f, modifier, breaks);
    }
  } finally {
    if (indented) w.level--;
  }
}

function writeWith(f: Formatting, modifier: With, indented: boolean): void {
  const { w } = f;
  w.insertComments(f.row(modifier.start), true);
  if (!indented) w.write(" ");
  w.write("with ");
  f.losing(() => writeTerm(f, modifier.target));
  w.write(" as ");
  f.guarded(() => writeTerm(f, modifier.value));
}

function writeSome(f: Formatting, decl: SomeDecl): void {
  const { w } = f;
  w.insertComments(f.row(decl.start));
  w.write("some ");
  let row = f.row(decl.start);
  decl.symbols.forEach((symbol, i) => {
    if (symbol.kind === "call") {
      writeIn(f, symbol.args);
      return;
    }
    if (f.row(symbol.start) > row) {
      w.endLine();
      w.startLine();
      w.write("\t");
      row = f.row(symbol.start);
    } else if (i > 0) w.write(" ");
    writeTerm(f, symbol);
    if (i < decl.symbols.length - 1) w.write(",");
  });
}

function writeEvery(f: Formatting, every: Every, expr: Expr): void {
  const { w } = f;
  w.insertComments(f.row(expr.start));
  w.write("every ");
  if (every.key !== undefined) {
    writeTerm(f, every.key);
    w.write(", ");
  }
  writeTerm(f, every.value);
  w.write(" in ");
  writeTerm(f, every.domain);
  w.write(" {");
  f.guarded(() => writeInnerBody(f, "{", "}", every.body, f.row(expr.start), expr));
  if (every.body.length === 1 && f.row(every.body[0]!.start) === f.row(every.start)) w.write(" ");
  w.write("}");
}

function writeNot(f: Formatting, not: NotBody, expr: Expr): void {
  const { w } = f;
  w.insertComments(f.row(expr.start));
  w.write("not ");
  if (!not.implicit || not.body.length > 1) writeBraced(f, not.body, expr);
  else {
    const inner = not.body[0]!;
    const parens =
      inner.with.length > 0 || inner.body.kind === "logical" || inner.body.kind === "notBody" || leadsWithBrace(inner.body);
    if (parens) w.write("(");
    f.guarded(() => writeExpr(f, inner));
    if (parens) w.write(")");
  }
}

export function writeBraced(f: Formatting, body: Body, place: Range): void {
  const { w } = f;
  if (isUnion(body[0]!)) f.parenExpr = body[0];
  w.write("{");
  f.guarded(() => writeInnerBody(f, "{", "}", body, f.row(place.start), place));
  if (f.row(body.at(-1)!.start) === f.row(place.start)) w.write(" ");
  w.write("}");
}

/** True for the body `true`. */
export function isTrue(body: Body): boolean {
  const only = body[0];
  return (
    body.length === 1 &&
    only !== undefined &&
    !only.negated &&
    only.with.length === 0 &&
    only.body.kind === "boolean" &&
    only.body.value
  );
}

export function isSetTerm(expr: Expr): boolean {
  return !expr.negated && expr.body.kind === "set";
}
