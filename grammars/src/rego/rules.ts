// Rules: heads, bodies, `else` branches, and the statements that only turn out to be rules once they are read.
import type { Body, Expr, Head, Range, Ref, Rule, Term, Var } from "./ast.ts";
import { compareTerms } from "./compare-terms.ts";
import { parseBody, parseLiteral } from "./literals.ts";
import { calledFunction, isGround, isRoot, isRuleKey, partsOf, rangeOf, valueName } from "./nodes.ts";
import { printRef } from "./print-terms.ts";
import type { Reader } from "./reader.ts";
import { withoutRepeats } from "./term-key.ts";
import { parseRef, parseTermIn, parseVar } from "./terms.ts";

/** A rule with what the tree does not say but the checks of Rego v1 ask. */
export interface RuleFacts {
  readonly rule: Rule;
  readonly hasIf: boolean;
  readonly hasContains: boolean;
  /** True when there is no written body. */
  readonly bodyless: boolean;
  /** True when the value `true` was filled in. */
  readonly valueless: boolean;
  readonly else?: RuleFacts;
}

interface ReadHead {
  readonly head: Head;
  /** The whole ref, with the bracket that may turn out to be the key of a partial set. */
  readonly parts: readonly Term[];
  readonly valueless: boolean;
}

const plainFollowers = [":=", "=", "if", "contains", "("];
const operatorFollowers = [":=", "=", "if", "contains"];
const pathFollowers = [":=", "=", "("];

/** Keywords that, before one of these tokens, can only be meant as the name of a rule. */
const followersOf: Readonly<Record<string, readonly string[]>> = {
  every: plainFollowers,
  if: plainFollowers,
  in: plainFollowers,
  some: plainFollowers,
  as: plainFollowers,
  package: pathFollowers,
  import: pathFollowers,
  not: operatorFollowers,
  and: operatorFollowers,
  or: operatorFollowers,
  contains: ["if", "contains"],
};

/** Reports a keyword that stands where a rule's name must; true when it did. */
export function reportKeywordName(r: Reader, isDefault: boolean): boolean {
  const followers = followersOf[r.kind];
  if (followers === undefined || (!isDefault && !followers.includes(r.peek()))) return false;
  r.error(r.place, `${r.kind} keyword cannot be used for rule name`);
  return true;
}

// rule = [ "default" ] head ( default value | body | nothing )
export function parseRules(r: Reader): readonly RuleFacts[] | undefined {
  const { start } = r.place;
  r.keywordAsRefHead();
  const isDefault = r.is("default");
  if (isDefault) {
    r.scan();
    r.keywordAsRefHead();
  }
  if (!r.is("identifier")) {
    if (isDefault) reportKeywordName(r, true);
    return undefined;
  }
  const read = parseHead(r, isDefault);
  if (read === undefined) return undefined;
  const { head } = read;
  if (isDefault) return parseDefault(r, read, start);
  const hasIf = r.is("if");
  const pair = read.parts.length === 2 && (head.args?.length ?? 0) === 0;
  if (read.parts.length === 2 && read.parts[0]?.kind !== "var" && !head.contains && (hasIf ? head.value !== undefined : pair))
    return undefined;
  const partial = !hasIf && !head.contains && pair && head.value === undefined;
  const finished: Head = partial ? { ...head, reference: refOf(read.parts.slice(0, 1)), key: read.parts[1] } : head;
  const facts = (head: Head, body: Body | undefined, at: Range, otherwise?: RuleFacts, chained = false): RuleFacts => {
    const rule: Rule = { kind: "rule", default: false, head, body, else: otherwise?.rule, chained, start: at.start, end: at.end };
    return {
      rule: hasIf ? { ...rule, hasIf } : rule,
      hasIf,
      hasContains: head.contains,
      bodyless: body === undefined,
      valueless: read.valueless,
      ...(otherwise === undefined ? {} : { else: otherwise }),
    };
  };
  let body: Body | undefined;
  if (hasIf) body = parseIfBody(r);
  else if (r.is("{")) body = bracedBody(r);
  else if (head.contains) {
    return [facts(finished, undefined, rangeOf(start, r.place.lastEnd))];
  } else return undefined;
  if (body === undefined) return undefined;
  let otherwise: RuleFacts | undefined;
  if (r.is("else") && !r.keywordAsRefHead()) {
    if (read.parts.length > 1 && (finished.key === undefined || head.contains) && !read.parts.slice(1).every(isGround)) {
      r.error(r.place, "else keyword cannot be used on rules with variables in head");
      return undefined;
    }
    if (finished.key !== undefined || (pair && !head.contains && (!hasIf || isRuleKey(read.parts[1]!)))) {
      r.error(r.place, "else keyword cannot be used on multi-value rules");
      return undefined;
    }
    otherwise = parseElse(r, finished);
    if (otherwise === undefined) return undefined;
  }
  const rules = [facts(finished, body, rangeOf(start, r.place.lastEnd), otherwise)];
  while (r.is("{")) {
    const open = r.place;
    if (otherwise !== undefined) {
      r.error(r.place, "expected else keyword");
      return undefined;
    }
    const next = bracedBody(r);
    if (next === undefined) return undefined;
    rules.push(facts(freshWildcards(r, finished), next, rangeOf(open.start, r.place.lastEnd), undefined, true));
  }
  return rules;
}

function refOf(parts: readonly Term[]): Ref | Var {
  const first = parts[0]!;
  if (parts.length === 1 && first.kind === "var") return first;
  return { kind: "ref", parts, start: first.start, end: parts.at(-1)!.end };
}

/** Wildcards among the arguments of a repeated head are variables of their own. */
function freshWildcards(r: Reader, head: Head): Head {
  const args = head.args?.map(
    (arg): Term => (arg.kind === "var" && arg.name.startsWith("$") ? { ...arg, name: r.wildcard() } : arg),
  );
  return { ...head, args };
}

/** `{ query }`, read over the closing brace. */
function bracedBody(r: Reader): Body | undefined {
  r.scan();
  const body = parseBody(r, "}");
  if (body !== undefined) r.scan();
  return body;
}

// "if" literal | "if" "{" query "}"
function parseIfBody(r: Reader): Body | undefined {
  r.scan();
  const saved = r.place;
  const braced = r.is("{");
  const literal = parseLiteral(r);
  // A set is always true, so `if {x}` is meant as a body.
  if (literal !== undefined && !(braced && literal.body.kind === "set")) return [literal];
  if (!braced) return undefined;
  r.place = saved;
  return bracedBody(r);
}

// default value of a rule or function
function parseDefault(r: Reader, { head, valueless }: ReadHead, start: number): readonly RuleFacts[] | undefined {
  const range = rangeOf(start, r.place.lastEnd);
  if (head.value === undefined && !valueless) {
    r.error(range, "illegal default rule (must have a value)");
    return undefined;
  }
  if ((head.value !== undefined && !checkDefaultValue(r, head.value, range)) || !checkDefaultArgs(r, head.args ?? [], range))
    return undefined;
  const rule: Rule = { kind: "rule", default: true, head, body: undefined, else: undefined, chained: false, ...range };
  return [{ rule, hasIf: false, hasContains: false, bodyless: false, valueless }];
}

function checkDefaultValue(r: Reader, value: Term, range: Range): boolean {
  switch (value.kind) {
    case "var":
    case "ref":
    case "call":
      r.error(range, `illegal default rule (value cannot contain ${valueName(value)})`);
      return false;
    case "array":
      return value.items.map((item) => checkDefaultValue(r, item, range)).every(Boolean);
    case "set":
      return inOrder(withoutRepeats(value.items), (item) => item)
        .map((item) => checkDefaultValue(r, item, range))
        .every(Boolean);
    case "object":
      return inOrder(value.entries, ({ key }) => key)
        .map(({ key, value: item }) => [checkDefaultValue(r, key, range), checkDefaultValue(r, item, range)].every(Boolean))
        .every(Boolean);
    case "templateString":
      return value.parts
        .flatMap((part): readonly Term[] => (part.kind === "expr" ? termsOfHole(part) : []))
        .map((term) => checkDefaultValue(r, term, range))
        .every(Boolean);
    default:
      return true;
  }
}

/** As OPA looks at sets and objects: by the order of their terms; of a repeated key every value counts. */
function inOrder<T>(items: readonly T[], termOf: (item: T) => Term): readonly T[] {
  return items.toSorted((a, b) => compareTerms(termOf(a), termOf(b)));
}

/** A call in a hole counts as its operator and its arguments, as it does for OPA; modifiers count, too. */
function termsOfHole({ body, with: modifiers }: Expr): readonly Term[] {
  const replaced = modifiers.flatMap(({ target, value }) => [target, value]);
  if (body.kind === "call") return [body.operator, ...body.args, ...replaced];
  if (body.kind === "some" || body.kind === "every" || body.kind === "notBody" || body.kind === "logical") return replaced;
  return [body, ...replaced];
}

function checkDefaultArgs(r: Reader, args: readonly Term[], range: Range): boolean {
  const seen = new Set<string>();
  let valid = true;
  for (const arg of args) {
    let problem: string | undefined;
    if (arg.kind !== "var" || isRoot(arg)) problem = `contain ${valueName(arg)}`;
    else if (seen.has(arg.name)) problem = `be repeated ${arg.name}`;
    else seen.add(arg.name);
    if (problem === undefined) continue;
    r.error(range, `illegal default rule (arguments cannot ${problem})`);
    valid = false;
  }
  return valid;
}

/** What one `else` says; its place ends with the last branch of the chain. */
interface ElseBranch {
  readonly head: Head;
  readonly body: Body | undefined;
  readonly hasIf: boolean;
}

// else-chain = else { else }
function parseElse(r: Reader, head: Head): RuleFacts | undefined {
  const branches: ElseBranch[] = [];
  // Chains of thousands are read without going deeper.
  do {
    const branch = parseElseBranch(r, head);
    if (branch === undefined) return undefined;
    branches.push(branch);
  } while (r.is("else") && branches.at(-1)?.body !== undefined);
  return branches.reduceRight<RuleFacts | undefined>(
    (otherwise, branch) => elseFacts(branch, otherwise, r.place.lastEnd),
    undefined,
  );
}

function elseFacts({ head, body, hasIf }: ElseBranch, otherwise: RuleFacts | undefined, end: number): RuleFacts {
  const rule: Rule = {
    kind: "rule",
    default: false,
    head,
    body,
    else: otherwise?.rule,
    chained: false,
    ...rangeOf(head.start, end),
    ...(hasIf ? { hasIf } : {}),
  };
  return {
    rule,
    hasIf,
    hasContains: false,
    bodyless: body === undefined,
    valueless: head.value === undefined,
    ...(otherwise === undefined ? {} : { else: otherwise }),
  };
}

// else = "else" [ ( ":=" | "=" ) term ] [ body ]
function parseElseBranch(r: Reader, head: Head): ElseBranch | undefined {
  const { start } = r.place;
  const fresh = freshWildcards(r, head);
  r.scan();
  let value: Term | undefined;
  let assign = false;
  let headEnd = r.place.lastEnd;
  if (r.is(":=") || r.is("=")) {
    assign = r.is(":=");
    r.scan();
    value = parseTermIn(r);
    if (value === undefined) return undefined;
    headEnd = r.place.lastEnd;
  } else if (!r.is("{") && !r.is("if")) {
    r.unexpected("expected else value term or rule body");
    return undefined;
  }
  const elseHead: Head = { ...fresh, start, end: headEnd, value, assign };
  const hasIf = r.is("if");
  let body: Body | undefined;
  if (hasIf || r.is("{")) {
    if (hasIf) r.scan();
    if (r.is("{")) body = bracedBody(r);
    else if (r.is("eof")) r.unexpected("rule body expected");
    else {
      const literal = parseLiteral(r);
      body = literal === undefined ? undefined : [{ ...literal, start, end: literal.end }];
    }
    if (body === undefined) return undefined;
  }
  return { head: elseHead, body, hasIf };
}

const operators = new Set(["+", "-", "*", "/", "%", "&", "|", "==", ">", ">=", "<", "<=", "!="]);

// head = ref-head [ "(" args ")" ] [ ( ":=" | "=" ) term ] | ref-head "contains" term
function parseHead(r: Reader, isDefault: boolean): ReadHead | undefined {
  const { start } = r.place;
  const name = parseVar(r);
  const written = finishHead(r, name);
  if (written === undefined) {
    r.unexpected("expected rule head name");
    return undefined;
  }
  let parts: readonly Term[];
  let args: readonly Term[] | undefined;
  if (written.kind === "call") {
    args = written.args;
    parts = written.operator.parts;
    if (parts[0]?.kind !== "var") {
      r.unexpected(`rule head ref ${printRef(parts)} invalid`);
      return undefined;
    }
  } else if (written.kind === "var" || written.kind === "ref") {
    parts = partsOf(written);
  } else return undefined;
  const shown = (): string => printRef(parts);
  let key: Term | undefined;
  let value: Term | undefined;
  let assign = false;
  const contains = r.is("contains");
  if (contains) {
    if (args !== undefined)
      r.unexpected(
        `the contains keyword can only be used with multi-value rule definitions (e.g., ${shown()} contains <VALUE> { ... })`,
      );
    r.scan();
    key = parseTermIn(r);
    if (key === undefined) r.unexpected(`expected rule key term (e.g., ${shown()} contains <VALUE> { ... })`);
  } else if (r.is("=")) {
    r.scan();
    value = parseTermIn(r);
    if (value === undefined) r.unexpected(`expected rule value term (e.g., ${shown()}[<nil>] = <VALUE> { ... })`);
  } else if (r.is(":=")) {
    assign = true;
    r.scan();
    value = parseTermIn(r);
    if (value === undefined) {
      if (args !== undefined && args.length > 0)
        r.unexpected(`expected function value term (e.g., ${shown()}(...) := <VALUE> { ... })`);
      else if (isDefault) r.unexpected(`expected default rule value term (e.g., default ${shown()} := <VALUE>)`);
      else r.unexpected(`expected rule value term (e.g., ${shown()} := <VALUE> { ... })`);
    }
  }
  const reference = refOf(parts);
  const head: Head = { kind: "head", reference, args, key, value, assign, contains, start, end: r.place.lastEnd };
  const valueless = value === undefined && !contains && (parts.length !== 2 || (args?.length ?? 0) > 0);
  return { head, parts, valueless };
}

/** The rest of a head's ref; an operator right behind the name is an error, and blanks before the arguments are allowed. */
function finishHead(r: Reader, name: Term): Term | undefined {
  r.scanBlank();
  if (operators.has(r.kind)) r.unexpected();
  else if (r.is("blank")) r.scan();
  if (r.is("(") || r.is(".") || r.is("[")) return parseRef(r, name);
  return name;
}

/** A rule of a statement that was read as a query, or why it cannot be one. */
export function ruleFromBody(body: Body, isBuiltin: (name: string) => boolean): RuleFacts | string {
  const expr = body[0]!;
  if (body.length !== 1) return "multiple expressions cannot be used for rule head";
  if (expr.with.length > 0) return "expressions using with keyword cannot be used for rule head";
  if (expr.negated) return "negated expressions cannot be used for rule head";
  const { body: term } = expr;
  switch (term.kind) {
    case "some":
      return "'some' declarations cannot be used for rule head";
    case "every":
    case "notBody":
    case "logical":
      return "expression cannot be used for rule head";
    case "ref":
      return ruleFromRef(term, expr);
    case "call":
      return ruleFromCall(term, expr, isBuiltin);
    default:
      return isRoot(term) ? "refs cannot be used for rule head" : `${valueName(term)} cannot be used for rule name`;
  }
}

function implied(head: Omit<Head, "kind" | "start" | "end">, range: Range, valueless: boolean): RuleFacts {
  const { start, end } = range;
  const rule: Rule = {
    kind: "rule",
    default: false,
    head: { ...head, kind: "head", start, end },
    body: undefined,
    else: undefined,
    chained: false,
    start,
    end,
  };
  return { rule, hasIf: false, hasContains: false, bodyless: true, valueless };
}

const bare = { args: undefined, key: undefined, value: undefined, assign: false, contains: false };

function ruleFromRef(ref: Ref, expr: Expr): RuleFacts | string {
  if (ref.parts[0]?.kind !== "var") return `invalid rule head: ${printRef(ref.parts)}`;
  // A parenthesis before the ref is no part of the rule.
  const range = rangeOf(ref.start, expr.end);
  if (ref.parts.length > 2) return implied({ ...bare, reference: ref }, range, true);
  return implied({ ...bare, reference: refOf(ref.parts.slice(0, 1)), key: ref.parts[1] }, range, false);
}

function ruleFromCall(
  call: Extract<Term, { kind: "call" }>,
  expr: Expr,
  isBuiltin: (name: string) => boolean,
): RuleFacts | string {
  const name = calledFunction(call);
  if (name === "eq" || name === "assign") {
    const [left, right] = call.args;
    if (left === undefined || right === undefined) return "assignment requires two operands";
    const assign = name === "assign";
    if (left.kind === "call") {
      if (left.operator.parts[0]?.kind !== "var") return `call cannot be used for rule name`;
      return implied({ ...bare, reference: refOf(left.operator.parts), args: left.args, value: right, assign }, expr, false);
    }
    if (left.kind === "ref") {
      if (left.parts[0]?.kind !== "var") return `invalid rule head: ${printRef(left.parts)}`;
      return implied({ ...bare, reference: left, value: right, assign }, expr, false);
    }
    if (left.kind === "var") return implied({ ...bare, reference: left, value: right, assign }, expr, false);
    return `${valueName(left)} cannot be used for rule name`;
  }
  if (call.infix !== undefined || (name !== undefined && isBuiltin(name))) return "rule name conflicts with built-in function";
  if (call.args.length === 0) return "rule argument list must take at least one argument";
  if (call.operator.parts[0]?.kind !== "var") return `invalid rule head: ${printRef(call.operator.parts)}`;
  return implied({ ...bare, reference: refOf(call.operator.parts), args: call.args }, call.operator, false);
}
