// Terms as they are formatted: refs, calls, operators, template strings.
import { goQuote } from "../../text/go-quote.ts";
import type { Call, Expr, Range, TemplateString, Term } from "../ast.ts";
import { calledFunction, isRoot } from "../nodes.ts";
import { infixOperators, isMembership } from "../operators.ts";
import { printExpr, printTerm, templateText } from "../print-terms.ts";
import { firstOf } from "../told-text.ts";
import { writeExpr } from "./bodies.ts";
import { rowsInside } from "./brackets.ts";
import { writeCollection, writeComprehension, writeList, writeYield } from "./collections.ts";
import type { Formatting } from "./formatting.ts";
import { CommentClash } from "./writer.ts";

/** `place` is what counts as the term's own place; where it stands unless told. */
export function writeTerm(f: Formatting, term: Term, place?: Range): void {
  const { w } = f;
  const write = (): void => writeTermParens(f, false, term, f.row((place ?? term).start), place);
  if (!w.hasComments) {
    write();
    return;
  }
  const saved = w.save();
  try {
    write();
  } catch (error) {
    if (!(error instanceof CommentClash)) throw error;
    const row = f.row(place?.start ?? firstOf(term));
    const text = f.told(term, place);
    const endRow = row + text.split("\n").length - 1;
    w.restore(saved, row, endRow);
    w.writeUnformatted(text, endRow);
    throw error;
  }
}

/** `row` is where the term counts for comments, `place` what counts as its text; its own unless told. */
export function writeTermParens(
  f: Formatting,
  wanted: boolean,
  term: Term,
  row: number = f.row(term.start),
  place: Range = term,
): void {
  const { w } = f;
  const parens = enterTerm(f, wanted, term, row);
  switch (term.kind) {
    case "ref":
      writeRefParts(f, term.parts);
      break;
    case "object":
    case "array":
    case "set":
      writeCollection(f, term, row, place);
      break;
    case "arrayComprehension":
    case "setComprehension":
      writeComprehension(f, row, place, term.kind === "arrayComprehension" ? "[]" : "{}", term.term, term.body);
      break;
    case "objectComprehension": {
      w.write("{");
      try {
        const paren = isUnionCall(term.key);
        if (paren) w.write("(");
        writeTerm(f, term.key);
        w.write(paren ? "): " : ": ");
        writeYield(f, row, place, "{}", term.value, term.body, row);
      } finally {
        w.write("}");
      }
      break;
    }
    case "templateString":
      writeTemplate(f, term);
      break;
    case "call":
      writeCall(f, parens, term);
      break;
    case "var":
      // A base document's name is a ref to OPA, whose head stands where it is written.
      if (isRoot(term)) enterTerm(f, false, term, f.row(term.start));
      w.write(writtenName(f, term.name));
      break;
    case "number":
      w.write(term.text);
      break;
    case "string": {
      // As in OPA: what has no quote at the end of its text is not written as its author did.
      const text = f.told(term, place);
      const quote = text.at(-1);
      if (text.startsWith("`")) w.write(text);
      else w.write(quote === '"' || quote === "`" ? text.slice(text.indexOf(quote)) : printTerm(term));
      break;
    }
    case "boolean":
      w.write(String(term.value));
      break;
    case "null":
      w.write("null");
      break;
    default:
      term satisfies never;
  }
  if (!w.inline) w.startLine();
}

/** What comes before a term: comments above its row. True when parentheses go around it, where it can have some. */
function enterTerm(f: Formatting, wanted: boolean, term: Term, row: number): boolean {
  const parens = wanted || f.parenTerm === term;
  if (f.parenTerm === term) f.parenTerm = undefined;
  f.w.insertComments(row);
  if (!f.w.inline) f.w.startLine();
  return parens;
}

function writeTemplate(f: Formatting, template: TemplateString): void {
  const { w } = f;
  w.write(template.multiline ? "$`" : '$"');
  template.parts.forEach((part, i) => {
    // A constant in a hole is written as the text it stands for.
    const constant = part.kind === "string" ? part : part.constantHole ? part.body : undefined;
    if (constant?.kind === "string") {
      const text = template.multiline ? constant.value : goQuote(constant.value).slice(1, -1);
      w.write(templateText(text));
    } else if (constant !== undefined && part.kind === "expr") w.write(printExpr(part));
    else if (part.kind === "expr") {
      const next = template.parts[i + 1];
      w.write("{");
      w.level++;
      w.openHole(f.row(part.start));
      writeExpr(f, part);
      if (next !== undefined) w.closeHole(f.row(next.start));
      w.write("}");
      w.level--;
    }
  });
  w.write(template.multiline ? "`" : '"');
}

function writtenName(f: Formatting, name: string): string {
  return name.startsWith("$") ? (f.wildcardsByNumber ? name.replace("$", "_") : "_") : name;
}

export function writeRefParts(f: Formatting, parts: readonly Term[], keywordsFree = false): void {
  const { w } = f;
  const [head, ...rest] = parts;
  if (head === undefined) return;
  if (head.kind === "string") w.write(head.value);
  else writeTermParens(f, head.kind === "call" && head.grouped !== undefined, head);
  for (const part of rest) {
    if (part.kind === "string") w.write(keywordsFree ? `.${part.value}` : dotted(f, part.value, f.source(part)));
    else if (part.kind === "var" && !isRoot(part)) w.write(`[${writtenName(f, part.name)}]`);
    else {
      w.write("[");
      // What was left as written may end in a comment, which must not swallow the bracket.
      if (f.guarded(() => writeTerm(f, part))) w.write("\n");
      w.write("]");
    }
  }
}

export function writeExprCall(f: Formatting, call: Call): void {
  const name = calledFunction(call) ?? "";
  if (isMembership(name)) {
    writeIn(f, call.args);
    return;
  }
  const infix = infixOperators[name];
  const [a, b, c] = call.args;
  if (infix === undefined || a === undefined || b === undefined || call.args.length > 3) {
    writePlainCall(f, call);
    return;
  }
  if (c !== undefined) {
    f.losing(() => writeTerm(f, c));
    f.w.write(" = ");
  }
  f.losing(() => writeTerm(f, a));
  f.w.write(` ${infix} `);
  if (c === undefined) writeTerm(f, b);
  else f.losing(() => writeTerm(f, b));
}

function writePlainCall(f: Formatting, call: Call): void {
  f.losing(() => f.w.keepingComments(() => writeRefParts(f, call.operator.parts)));
  f.w.write("(");
  try {
    const { operator } = call;
    const row = f.row(operator.start);
    // Mostly a name, without brackets.
    const text = f.source(operator);
    const rows = rowsInside(text, "(", ")");
    f.losing(() => writeList(f, call.args, { row, text, closeRow: rows < 0 ? -1 : row + rows }, false));
  } finally {
    f.w.write(")");
  }
}

/** Operands in a row are written without going deeper from one to the next. */
function writeCall(f: Formatting, parens: boolean, call: Call): void {
  const { w } = f;
  const row: { readonly args: readonly Term[]; readonly operator: string; readonly wrapped: boolean }[] = [];
  let at = call;
  for (let wanted = parens; ; ) {
    const { args } = at;
    const operator = operatorOf(at);
    if (operator === undefined) {
      writePlainCall(f, at);
      break;
    }
    const wrapped = operator === "in" ? args.length === 3 : wanted;
    if (wrapped) w.write("(");
    row.push({ args, operator, wrapped });
    const first = args[0];
    if (first?.kind !== "call") {
      if (first !== undefined) writeTermParens(f, true, first);
      break;
    }
    wanted = enterTerm(f, true, first, f.row(first.start));
    at = first;
  }
  for (const { args, operator, wrapped } of row.reverse()) {
    if (!w.inline) w.startLine();
    try {
      for (let i = 1; i < args.length; i++) {
        w.write(i < args.length - 1 ? ", " : ` ${operator} `);
        writeTermParens(f, true, args[i]!);
      }
    } catch (error) {
      // As in OPA: only those around `in` close when comments clash inside.
      if (wrapped && operator === "in") w.write(")");
      throw error;
    }
    if (wrapped) w.write(")");
  }
}

/** The operator that a call within a term is written with; undefined when it is written as a call. */
function operatorOf(call: Call): string | undefined {
  const name = calledFunction(call) ?? "";
  if (isMembership(name)) return "in";
  return call.args.length === 2 ? infixOperators[name] : undefined;
}

/** The parts of `x in xs`, without parentheses around them. */
export function writeIn(f: Formatting, args: readonly Term[]): void {
  args.forEach((arg, i) => {
    if (i > 0) f.w.write(i === args.length - 1 ? " in " : ", ");
    f.losing(() => writeTermParens(f, true, arg));
  });
}

export function isUnionCall(term: Term): boolean {
  return term.kind === "call" && calledFunction(term) === "or";
}

export function isUnion(expr: Expr): boolean {
  return expr.body.kind === "call" && isUnionCall(expr.body);
}

/** The operand that an operator is written behind, by whatever name it is called; undefined for other calls. */
function leadingOperand(call: Call): Term | undefined {
  const { args } = call;
  const name = calledFunction(call) ?? "";
  if (isMembership(name)) return args[0];
  if (infixOperators[name] === undefined || args.length > 3) return undefined;
  // A third argument is the result, which comes first: `c = a + b`.
  return args[1] === undefined ? undefined : (args[2] ?? args[0]);
}

export function leadsWithBrace(body: Expr["body"]): boolean {
  switch (body.kind) {
    case "set":
      return body.items.length > 0;
    case "object":
    case "setComprehension":
    case "objectComprehension":
      return true;
    case "ref":
      return body.parts[0] !== undefined && leadsWithBrace(body.parts[0]);
    case "call": {
      let first: Term | undefined = body;
      while (first?.kind === "call") first = leadingOperand(first);
      return first !== undefined && leadsWithBrace(first);
    }
    default:
      return false;
  }
}

/** A part of a ref: behind a dot when it can be, in brackets otherwise. `source` is how the author wrote it. */
export function dotted(f: Formatting, name: string, source: string): string {
  const plain = /^[A-Za-z_][A-Za-z0-9_]*$/.test(name);
  const keyword = f.keywords.has(name);
  return plain && !(keyword && source.startsWith('"')) ? `.${name}` : `[${goQuote(name)}]`;
}
