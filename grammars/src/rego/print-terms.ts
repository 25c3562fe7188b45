// Terms, refs and bodies as OPA prints them in messages and in the heads of rules.
import { goQuote } from "../text/go-quote.ts";
import type { Body, Call, Expr, Import, Logical, StringTerm, Term } from "./ast.ts";
import { compareTerms } from "./compare-terms.ts";
import { keywordsOf } from "./keywords.ts";
import { calledFunction } from "./nodes.ts";
import { infixOperators } from "./operators.ts";

/** How OPA writes a term: sets and objects sorted, calls as calls, wildcards as `_`. */
export function printTerm(term: Term): string {
  switch (term.kind) {
    case "null":
      return "null";
    case "boolean":
      return String(term.value);
    case "number":
      return term.text;
    case "string":
      return goQuote(term.value);
    case "var":
      return printVar(term.name);
    case "ref":
      return printRef(term.parts);
    case "array":
      return `[${term.items.map(printTerm).join(", ")}]`;
    case "set":
      return term.items.length === 0 ? "set()" : `{${sortedSet(term.items).map(printTerm).join(", ")}}`;
    case "object":
      return `{${[...term.entries]
        .sort((a, b) => compareTerms(a.key, b.key))
        .map(({ key, value }) => `${printTerm(key)}: ${printTerm(value)}`)
        .join(", ")}}`;
    case "arrayComprehension":
      return `[${printYield(term.term)} | ${printBody(term.body)}]`;
    case "setComprehension":
      return `{${printYield(term.term)} | ${printBody(term.body)}}`;
    case "objectComprehension":
      return `{${printYield(term.key)}: ${printYield(term.value)} | ${printBody(term.body)}}`;
    case "call":
      return printCall(term);
    case "templateString":
      return `$"${term.parts.map(printPart).join("")}"`;
  }
}

/** A part of a template string. A constant in a hole is the text it stands for. */
function printPart(part: StringTerm | Expr): string {
  if (part.kind === "string") return templateText(goQuote(part.value).slice(1, -1));
  if (part.constantHole) return part.body.kind === "string" ? printPart(part.body) : printExpr(part);
  return `{${printExpr(part)}}`;
}

/** Text as it stands in a template string. As in OPA, a brace behind a backslash stays. */
export function templateText(text: string): string {
  return text.replace(/(?<!\\)\{/g, "\\{");
}

/** `f(x, y)`; calls in the first place, as rows of operands have them, without going deeper. */
function printCall(call: Call): string {
  let text = "";
  const tails: string[] = [];
  for (let at = call; ; ) {
    const [first, ...rest] = at.args;
    text += `${printTerm(at.operator)}(`;
    tails.push(`${rest.map((arg) => `, ${printTerm(arg)}`).join("")})`);
    if (first?.kind !== "call") return text + (first === undefined ? "" : printTerm(first)) + tails.reverse().join("");
    at = first;
  }
}

/** What a comprehension yields: there OPA writes calls of operators with the operator, in parentheses. Operands in a row go no deeper. */
function printYield(term: Term): string {
  let [open, tail] = ["", ""];
  for (let at = term; ; ) {
    const infix = at.kind === "call" ? infixOperators[calledFunction(at) ?? ""] : undefined;
    if (at.kind !== "call" || infix === undefined || at.args.length !== 2) return open + printTerm(at) + tail;
    open += "(";
    tail = ` ${infix} ${printYield(at.args[1]!)})${tail}`;
    at = at.args[0]!;
  }
}

function sortedSet(items: readonly Term[]): readonly Term[] {
  const sorted = [...items].sort(compareTerms);
  return sorted.filter((item, i) => i === 0 || compareTerms(sorted[i - 1]!, item) !== 0);
}

/** A variable's name; every wildcard is `_`. */
export function printVar(name: string): string {
  return name.startsWith("$") ? "_" : name;
}

/** True for names that OPA writes behind a dot: identifiers that are no keywords. */
export function isPlainName(name: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) && !keywordsOf.v1.has(name);
}

/** `data.a["b c"][x]`; calls in the first place, as in `f(1).a(2).b`, without going deeper. */
export function printRef(parts: readonly Term[]): string {
  const tails = [printTail(parts)];
  let head = parts[0];
  while (head?.kind === "call" && head.operator.kind === "ref") {
    tails.push(`${printTail(head.operator.parts)}(${head.args.map(printTerm).join(", ")})`);
    head = head.operator.parts[0];
  }
  // A text that is asked for its parts has no quotes, as in OPA.
  const first = head === undefined ? "" : head.kind === "string" ? head.value : printTerm(head);
  return first + tails.reverse().join("");
}

/** The parts of a ref behind the first. */
function printTail(parts: readonly Term[]): string {
  return parts
    .slice(1)
    .map((part) => (part.kind === "string" ? printKey(part.value) : `[${printTerm(part)}]`))
    .join("");
}

/** As in OPA, only control characters and backslashes make a key one with escapes. */
function printKey(key: string): string {
  if (isPlainName(key)) return `.${key}`;
  return `[${/[\p{Cc}\\]/u.test(key) ? goQuote(key) : `"${key}"`}]`;
}

export function printBody(body: Body): string {
  return body.map(printExpr).join("; ");
}

export function printExpr(expr: Expr): string {
  const modifiers = expr.with.map(({ target, value }) => ` with ${printTerm(target)} as ${printTerm(value)}`).join("");
  return `${expr.negated ? "not " : ""}${printExprBody(expr.body)}${modifiers}`;
}

function printExprBody(body: Expr["body"]): string {
  switch (body.kind) {
    case "some": {
      const first = body.symbols[0];
      if (first?.kind === "call") {
        const patterns = first.args.slice(0, -1).map(printTerm).join(", ");
        return `some ${patterns} in ${first.args.slice(-1).map(printTerm).join("")}`;
      }
      return `some ${body.symbols.map(printTerm).join(", ")}`;
    }
    case "every": {
      const key = body.key === undefined ? "" : `${printTerm(body.key)}, `;
      return `every ${key}${printTerm(body.value)} in ${printTerm(body.domain)} { ${printBody(body.body)} }`;
    }
    case "notBody":
      return body.implicit === true && body.body.length === 1 ? `not ${printBody(body.body)}` : `not {${printBody(body.body)}}`;
    case "logical":
      return `${printOperand(body, body.left, body.implicitLeft)} ${body.operator} ${printOperand(body, body.right, body.implicitRight)}`;
    case "call": {
      // Of all operators OPA writes this one alone between its operands.
      const [left, right, ...more] = body.args;
      if (calledFunction(body) === "eq" && left !== undefined && right !== undefined && more.length === 0)
        return `${printTerm(left)} = ${printTerm(right)}`;
      return printTerm(body);
    }
    default:
      return printTerm(body);
  }
}

/** An operand in the braces that it was written in; in parentheses where it would be read otherwise. */
function printOperand({ operator, right }: Logical, body: Body, implicit: boolean | undefined): string {
  if (implicit !== true || body.length !== 1) return `{ ${printBody(body)} }`;
  const [only] = body;
  const inner = only?.body.kind === "logical" ? only.body.operator : undefined;
  const isApart = inner !== undefined && ((inner === "or" && operator === "and") || (body === right && inner === operator));
  return isApart || (only?.with.length ?? 0) > 0 ? `(${printBody(body)})` : printBody(body);
}

/** `import data.a as b` */
export function printImport(item: Import): string {
  return `import ${printTerm(item.path)}${item.alias === undefined ? "" : ` as ${item.alias.name}`}`;
}
