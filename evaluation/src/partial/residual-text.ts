// What is left of a query as Rego text, in the form of OPA's formatter.

import { isEmptyBody } from "#analysis/rego/tree/make.ts";
import { everyTerm, mapAll, mapExpr } from "#analysis/rego/tree/map.ts";
import { contains, walk } from "#analysis/rego/tree/walk.ts";
import type { Body, Call, Expr, Head, Logical, Ref, Rule, Term } from "#grammars/rego/ast.ts";
import { compareTerms } from "#grammars/rego/compare-terms.ts";
import { keywordsOf } from "#grammars/rego/keywords.ts";
import { calledFunction } from "#grammars/rego/nodes.ts";
import { infixOperators, isMembership } from "#grammars/rego/operators.ts";
import { isPlainName, printRef, printTerm } from "#grammars/rego/print-terms.ts";
import { repeatedWildcards } from "./shown.ts";
import type { SupportModule } from "./support.ts";
import { isComposite } from "./values.ts";

/** A line for each expression. */
export function bodyLines(body: Body): readonly string[] {
  return withNames(body).map(exprText);
}

/** `isV0`: among modules of v0 it says which version it is, or is one of them where it calls what is a keyword since. */
export function moduleText({ package: path, rules }: SupportModule, isV0 = false): string {
  const [name, ...rest] = path;
  const header = printRef([{ kind: "var", name: name?.value ?? "", start: 0, end: 0 }, ...rest]);
  const staysV0 = isV0 && rules.some(callsKeyword);
  const imports = [...importsOf(rules).map((word) => `future.keywords.${word}`), ...(isV0 && !staysV0 ? ["rego.v1"] : [])].map(
    (imported) => `import ${imported}`,
  );
  const repeated = repeatedWildcards(rules.flatMap(({ head, body = [] }) => [...termsOf(head), ...body]));
  const parts = [
    `package ${header}`,
    ...(imports.length === 0 ? [] : [imports.join("\n")]),
    ...rules.map((rule) => ruleText(rule, { isV0: staysV0, repeated })),
  ];
  return `${parts.join("\n\n")}\n`;
}

/** The keywords of rego.v2 that rules are written with. */
function importsOf(rules: readonly Rule[]): readonly string[] {
  const words = new Set<string>();
  const note = ({ body }: Expr): void => {
    if (body.kind === "notBody") words.add("not");
    if (body.kind === "logical") words.add(body.operator);
  };
  for (const { body = [] } of rules)
    for (const expr of body)
      walk(expr, (node) => {
        if (node.kind === "expr") note(node);
        return false;
      });
  return [...words].sort();
}

/** The terms of a head but for its name. */
function termsOf({ reference, args = [], key, value }: Head): readonly Term[] {
  const keys = reference.kind === "ref" ? reference.parts.slice(1) : [];
  return [...keys, ...args, ...(key === undefined ? [] : [key]), ...(value === undefined ? [] : [value])];
}

function callsKeyword({ head, body = [] }: Rule): boolean {
  return [...termsOf(head), ...body].some((node) =>
    contains(node, (one) => one.kind === "call" && calledFunction(one) === "contains"),
  );
}

/** `repeated`: wildcards that have names, since the module has them in more than one place. */
function ruleText(rule: Rule, { isV0, repeated }: { readonly isV0: boolean; readonly repeated: ReadonlySet<string> }): string {
  const { head, body = [] } = rule;
  const [name, ...keys] = head.reference.kind === "ref" ? head.reference.parts : [head.reference];
  const named = (term: Term): Term => nameWildcards(term, repeated);
  const args = head.args === undefined ? "" : `(${head.args.map((arg) => termText(named(arg))).join(", ")})`;
  const start = `${rule.default ? "default " : ""}${headText([name!, ...keys.map(named)])}${args}`;
  const isTrue = head.value?.kind === "boolean" && head.value.value;
  const isBare = isEmptyBody(body) || rule.default;
  const key = head.key === undefined ? "" : termText(named(head.key));
  const member = head.key === undefined ? "" : isV0 ? `[${key}]` : ` contains ${key}`;
  const assigns = isV0 ? "=" : ":=";
  // As in OPA, that it is true is said of a rule with one key.
  const isSaid = !isTrue || isBare || (keys.length === 1 && head.args === undefined && head.key === undefined);
  const value = head.value === undefined || !isSaid ? "" : ` ${assigns} ${termText(named(head.value))}`;
  const text = start + member + value;
  if (isBare) return text;
  const lines = withNames(body, repeated).map(exprText);
  if (isV0) return `${text} {\n${lines.map((line) => `\t${line}\n`).join("")}}`;
  if (lines.length === 1) return `${text} if ${lines[0]!}`;
  return `${text} if {\n${lines.map((line) => `\t${line}\n`).join("")}}`;
}

/** As in OPA, the one key of a head stands in brackets, unless it is a keyword. */
function headText(parts: readonly Term[]): string {
  const [name, key] = parts;
  return key?.kind === "string" && parts.length === 2 && !keywordsOf.v1.has(key.value)
    ? `${printRef([name!])}[${termText(key)}]`
    : printRef(parts);
}

function withNames(body: Body, repeated = repeatedWildcards(body)): Body {
  if (repeated.size === 0) return body;
  const mapper = everyTerm((term) => nameOf(term, repeated));
  return mapAll(body, (expr) => mapExpr(expr, mapper));
}

function nameWildcards(term: Term, repeated: ReadonlySet<string>): Term {
  return repeated.size === 0 ? term : everyTerm((one) => nameOf(one, repeated)).term(term);
}

function nameOf(term: Term, repeated: ReadonlySet<string>): Term {
  return term.kind === "var" && repeated.has(term.name) ? { ...term, name: term.name.replace(/^\$_?/u, "_") } : term;
}

export function exprText(expr: Expr): string {
  const modifiers = expr.with.map(({ target, value }) => ` with ${termText(target)} as ${termText(value)}`).join("");
  return `${expr.negated ? `not ${negatedText(expr.body)}` : statementText(expr.body)}${modifiers}`;
}

/** Behind `not` a collection is read as one. */
function negatedText(body: Expr["body"]): string {
  const isCollection = body.kind === "array" || body.kind === "object" || body.kind === "set";
  return isCollection ? termText(body) : statementText(body);
}

function statementText(body: Expr["body"]): string {
  switch (body.kind) {
    case "some":
      return `some ${body.symbols.map(termText).join(", ")}`;
    case "every": {
      const key = body.key === undefined ? "" : `${termText(body.key)}, `;
      const inner = body.body.map(exprText);
      // As OPA has it, only one expression stands apart from the brace behind it.
      const end = inner.length === 1 ? " }" : "}";
      return `every ${key}${termText(body.value)} in ${termText(body.domain)} { ${inner.join("; ")}${end}`;
    }
    case "notBody":
      return `not ${body.implicit && body.body.length === 1 ? exprText(body.body[0]!) : blockText(body.body)}`;
    case "logical":
      return `${sideText(body, "left")} ${body.operator} ${sideText(body, "right")}`;
    case "call":
      return callStatement(body);
    default:
      // A collection alone would be read as a block.
      return isComposite(body) ? `_ = ${termText(body)}` : termText(body);
  }
}

function blockText(body: Body): string {
  return `{ ${body.map(exprText).join("; ")} }`;
}

/** One operand, without braces where it was written so and is one expression yet. */
function sideText({ operator, ...logical }: Logical, side: "left" | "right"): string {
  const body = logical[side];
  const [only] = body;
  const isBare = side === "left" ? logical.implicitLeft : logical.implicitRight;
  if (!isBare || only === undefined || body.length > 1) return blockText(body);
  const inner = only.body.kind === "logical" ? only.body.operator : undefined;
  const needsParens =
    inner !== undefined && (operator === "and" ? inner === "or" || side === "right" : inner === "or" && side === "right");
  return needsParens ? `(${exprText(only)})` : exprText(only);
}

/** A call with what it gives as its last argument, where it has an operator, is an equation. */
function callStatement(call: Call): string {
  const operator = operatorOf(call);
  const { args } = call;
  if (operator === undefined || args.length !== 3 || calledFunction(call) === "internal.member_3") return callText(call, 0);
  return `${termText(args[2]!)} = ${callText({ ...call, args: args.slice(0, 2) }, 0)}`;
}

function operatorOf(call: Call): string | undefined {
  const name = calledFunction(call)!;
  return isMembership(name) ? "in" : infixOperators[name];
}

const strength: Readonly<Record<string, number>> = {
  "=": 1,
  ":=": 1,
  in: 2,
  "==": 3,
  "!=": 3,
  "<": 3,
  "<=": 3,
  ">": 3,
  ">=": 3,
  "|": 4,
  "&": 5,
  "+": 6,
  "-": 6,
  "*": 7,
  "/": 7,
  "%": 7,
};

function callText(call: Call, around: number): string {
  const operator = operatorOf(call);
  const { args } = call;
  const own = operator === undefined ? 0 : strength[operator]!;
  if (operator === "in" && args.length === (calledFunction(call) === "internal.member_3" ? 3 : 2)) {
    const text = `${args
      .slice(0, -1)
      .map((arg) => operandText(arg, own))
      .join(", ")} in ${operandText(args.at(-1)!, own)}`;
    return around > 0 ? `(${text})` : text;
  }
  if (operator === undefined || args.length !== 2 || operator === "in")
    return `${printRef(call.operator.parts)}(${args.map(termText).join(", ")})`;
  const text = `${operandText(args[0]!, own)} ${operator} ${operandText(args[1]!, own + 1)}`;
  return own < around ? `(${text})` : text;
}

function operandText(term: Term, around: number): string {
  return term.kind === "call" ? callText(term, around) : termText(term);
}

/** Calls among the keys of a ref have their operators. */
function refText(ref: Ref): string {
  if (!contains(ref, ({ kind }) => kind === "call")) return printTerm(ref);
  const [head, ...keys] = ref.parts;
  const key = (part: Term): string =>
    part.kind === "string" && isPlainName(part.value) ? `.${part.value}` : `[${termText(part)}]`;
  return `${termText(head!)}${keys.map(key).join("")}`;
}

export function termText(term: Term): string {
  switch (term.kind) {
    case "call":
      return callText(term, 0);
    case "ref":
      return refText(term);
    case "array":
      return `[${term.items.map(termText).join(", ")}]`;
    case "set":
      return term.items.length === 0 ? "set()" : `{${[...term.items].sort(compareTerms).map(termText).join(", ")}}`;
    case "object":
      return `{${[...term.entries]
        .sort((a, b) => compareTerms(a.key, b.key))
        .map(({ key, value }) => `${termText(key)}: ${termText(value)}`)
        .join(", ")}}`;
    case "arrayComprehension":
      return `[${termText(term.term)} | ${term.body.map(exprText).join("; ")}]`;
    case "setComprehension":
      return `{${termText(term.term)} | ${term.body.map(exprText).join("; ")}}`;
    case "objectComprehension":
      return `{${termText(term.key)}: ${termText(term.value)} | ${term.body.map(exprText).join("; ")}}`;
    default:
      return printTerm(term);
  }
}
