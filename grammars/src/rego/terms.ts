// Terms, in the order of the language reference; OPA's way of trying a reading and taking it back decides what is accepted.
import { exactList } from "../exact-list.ts";
import { isBroken } from "../text/broken-bytes.ts";
import { numberFault } from "../text/number-limits.ts";
import type { Call, Expr, ObjectEntry, Ref, StringTerm, Term } from "./ast.ts";
import { parseBody, parseLiteral } from "./literals.ts";
import { calledFunction, infixCall, isRoot, rangeOf, valueName } from "./nodes.ts";
import type { Reader } from "./reader.ts";

// term-in = rel [ [ "," rel ] "in" rel { "in" rel } ]
export function parseTermIn(r: Reader, pairs = true): Term | undefined {
  return r.nested(readTermIn, pairs);
}

function readTermIn(r: Reader, pairs: boolean): Term | undefined {
  const left = parseBinary(r, 0);
  return left === undefined ? undefined : parseMemberships(r, left, pairs);
}

/** What may follow the first `rel` of a term. */
function parseMemberships(r: Reader, first: Term, pairs: boolean): Term {
  for (let left = first; ; ) {
    if (pairs && r.is(",")) {
      const saved = r.place;
      r.scan();
      const middle = parseBinary(r, 0);
      if (middle !== undefined && r.is("in")) {
        const operator = r.place;
        r.scan();
        const right = parseBinary(r, 0);
        if (right !== undefined) {
          left = infixCall("in", operator, [left, middle, right], left.start, r.place.lastEnd);
          if (r.is("in")) continue;
          return left;
        }
      }
      r.place = saved;
    }
    r.keywordAsRefHead();
    if (!r.is("in")) return left;
    const operator = r.place;
    r.scan();
    const right = parseBinary(r, 0);
    if (right === undefined) return left;
    left = infixCall("in", operator, [left, right], left.start, r.place.lastEnd);
    if (!r.is("in")) return left;
  }
}

/** Operators by precedence, loosest first. */
const levels: readonly ReadonlySet<string>[] = [
  new Set(["==", "!=", "<", ">", "<=", ">="]),
  new Set(["|"]),
  new Set(["&"]),
  new Set(["+", "-"]),
  new Set(["*", "/", "%"]),
];

const levelOf: ReadonlyMap<string, number> = new Map(
  levels.flatMap((set, level) => [...set].map((kind) => [kind, level] as const)),
);

// rel = or { ( == != < > <= >= ) or } and so on down to factor = term { ( * / % ) term }
function parseBinary(r: Reader, loosest: number): Term | undefined {
  const left = parseTerm(r);
  return left === undefined ? undefined : parseOperators(r, left, loosest);
}

/** What may follow the first operand. */
function parseOperators(r: Reader, first: Term, loosest: number): Term {
  let tightest = levels.length;
  for (let left = first; ; ) {
    const level = levelOf.get(r.kind);
    // A tighter operator behind a right side is what stands there after an error.
    if (level === undefined || level < loosest || level > tightest) return left;
    tightest = level;
    const operator = r.place;
    r.scan();
    const right = level + 1 < levels.length ? parseBinary(r, level + 1) : parseTerm(r);
    if (right === undefined) {
      // The operator without a right side was an error; what stands before it is still a term, and a looser operator may follow.
      tightest = level - 1;
      continue;
    }
    left = infixCall(operator.kind, operator, [left, right], left.start, r.place.lastEnd);
  }
}

const remembering = new Set(["[", "{", "(", "template-string-part", "raw-template-string-part"]);

// term = scalar | var | ref | call | array | set | object | comprehension | "(" term-in ")" | template | "-" ref
export function parseTerm(r: Reader): Term | undefined {
  return r.remembered(readTerm, remembering.has(r.kind));
}

function readTerm(r: Reader): Term | undefined {
  // `and(…)` and `or(…)` stay calls of the set builtins.
  const word = r.kind;
  if ((word === "and" || word === "or") && r.peekBlank() === "(") r.retag("identifier");
  const first = r.place;
  switch (first.kind) {
    case "null":
      return finish(r, { kind: "null", start: first.start, end: first.end });
    case "true":
    case "false":
      return finish(r, { kind: "boolean", value: first.kind === "true", start: first.start, end: first.end });
    case "-":
      return parseNegative(r);
    case ".":
    case "number":
      return finish(r, parseNumber(r));
    case "string":
      return finish(r, parseString(r));
    case "template-string-part":
    case "template-string-end":
      return finish(r, parseTemplate(r, false));
    case "raw-template-string-part":
    case "raw-template-string-end":
      return finish(r, parseTemplate(r, true));
    case "identifier":
    case "contains":
      return finish(r, parseVar(r));
    case "[":
      return finish(r, parseArray(r));
    case "{":
      return finish(r, parseBraces(r));
    case "(":
      return finish(r, parseGroup(r));
    default:
      r.unexpected();
      return undefined;
  }
}

// "-" ref is minus(0, ref); "-" number is a literal
function parseNegative(r: Reader): Term | undefined {
  const minus = r.place;
  const next = r.peek();
  if (next !== "identifier" && next !== "contains") return finish(r, parseNumber(r));
  r.scan();
  const operand = finish(r, parseVar(r));
  if (operand === undefined) return undefined;
  const zero: Term = { kind: "number", text: "0", start: minus.start, end: minus.end };
  return infixCall("-", minus, [zero, operand], minus.start, r.place.lastEnd);
}

// "(" term-in ")"; `((a + b) + c) + d`, as rows are formatted, is read without going deeper from one parenthesis to the next
function parseGroup(r: Reader): Term | undefined {
  const opened = [r.place];
  r.scan();
  while (r.is("(") && !r.remembers()) {
    opened.push(r.place);
    r.scan();
  }
  let inner = parseTermIn(r);
  for (;;) {
    if (inner === undefined) return undefined;
    const open = opened.pop()!;
    if (!r.is(")")) {
      r.error(r.place, "non-terminated expression");
      return undefined;
    }
    const group: Term = { ...inner, grouped: rangeOf(open.start, r.place.end) };
    if (opened.length === 0) return group;
    const first = finish(r, group);
    if (first !== group) r.deepened();
    r.remember(open, first);
    inner = first === undefined ? undefined : parseMemberships(r, parseOperators(r, first, 0), true);
  }
}

/** A variable of the current token; every `_` is one of its own. */
export function parseVar(r: Reader): Term {
  const { literal, start, end } = r.place;
  return { kind: "var", name: literal === "_" ? r.wildcard() : literal, start, end };
}

/** What may follow a term without a blank: parts of a ref, arguments of a call. */
function finish(r: Reader, head: Term | undefined): Term | undefined {
  if (head === undefined) return undefined;
  return r.scanBehind() ? parseRef(r, head) : head;
}

const refHeads = new Set<Term["kind"]>([
  "var",
  "array",
  "object",
  "set",
  "arrayComprehension",
  "objectComprehension",
  "setComprehension",
  "call",
]);

// ref = head { "." name | "[" term-in "]" | "(" args ")" }
export function parseRef(r: Reader, head: Term): Term | undefined {
  return r.nested(readRef, head);
}

function readRef(r: Reader, head: Term): Term | undefined {
  // In parentheses, `data` and `input` are refs already.
  const isHead = refHeads.has(head.kind) && (head.grouped === undefined || !isRoot(head));
  if (!isHead) r.error(head, `illegal ref (head cannot be ${valueName(head)})`);
  let base: Term = head;
  let parts: Term[] = [head];
  for (let goesOn = true; goesOn; ) {
    switch (r.kind) {
      case ".": {
        r.scanBlank();
        if (!r.is("identifier") && !r.mayHeadRef(r.kind)) {
          r.unexpected("expected identifier");
          return undefined;
        }
        const { start, end, literal } = r.place;
        parts = withPart(parts, { kind: "string", value: literal, start, end });
        break;
      }
      case "(": {
        const operator: Ref = {
          kind: "ref",
          parts: parts.length > 2 ? exactList(parts) : parts,
          start: head.start,
          end: parts.at(-1)!.end,
        };
        const call = parseCall(r, operator);
        if (call === undefined) return undefined;
        if (base !== head) r.deepened();
        base = call;
        parts = [call];
        break;
      }
      case "[": {
        r.scan();
        const part = parseTermIn(r);
        if (part === undefined) return undefined;
        if (!r.is("]")) {
          r.unexpected("expected [");
          return undefined;
        }
        parts = withPart(parts, part);
        break;
      }
    }
    goesOn = r.scanBehind();
    // What a call gives is called no more, but may be the head of a ref.
    if (goesOn && parts[0] !== head && parts.length === 1 && r.is("(")) return base;
  }
  if (parts.length === 1) return base;
  return { kind: "ref", parts: parts.length > 2 ? exactList(parts) : parts, start: head.start, end: r.place.lastEnd };
}

/** The list with one more: most refs have two parts, and a list that grows takes room for many. */
function withPart(parts: Term[], part: Term): Term[] {
  if (parts.length === 1) return [parts[0]!, part];
  parts.push(part);
  return parts;
}

// "(" [ term { "," term } ] ")" behind an operator, up to the closing parenthesis
function parseCall(r: Reader, operator: Ref): Call | Term | undefined {
  r.scan();
  const args = r.is(")") ? [] : parseList(r, ")");
  if (args === undefined) return undefined;
  const { start } = operator;
  const { end } = r.place;
  const [only] = operator.parts;
  if (args.length === 0 && operator.parts.length === 1 && only?.kind === "var" && only.name === "set")
    return { kind: "set", items: [], start, end };
  return { kind: "call", operator, args, start, end };
}

function parseNumber(r: Reader): Term | undefined {
  const { start } = r.place;
  let prefix = "";
  if (r.is("-")) {
    prefix = "-";
    r.scan();
    if (!r.is("number") && !r.is(".")) {
      r.unexpected("expected number");
      return undefined;
    }
  }
  if (r.is(".")) {
    prefix += ".";
    r.scan();
    if (!r.is("number")) {
      r.unexpected("expected number");
      return undefined;
    }
  }
  const { literal, end } = r.place;
  if (!prefix.endsWith(".") && literal.length > 1 && literal[0] === "0" && literal[1] !== "." && !/^0[eE]./.test(literal)) {
    r.unexpected("expected number without leading zero");
    return undefined;
  }
  if ((prefix.endsWith(".") && literal.includes(".")) || isBroken(literal)) {
    r.unexpected("invalid float");
    return undefined;
  }
  const text = prefix + literal;
  const fault = numberFault(text);
  if (fault !== undefined) {
    if (fault === "invalid float") r.unexpected(fault);
    else r.error(r.place, fault);
    return undefined;
  }
  return { kind: "number", text, start, end };
}

function parseString(r: Reader): Term | undefined {
  const { literal, start, end } = r.place;
  if (literal.startsWith("`")) return { kind: "string", value: literal.slice(1, -1), raw: true, start, end };
  const value = unquote(literal.slice(1, -1));
  if (value !== undefined) return { kind: "string", value, start, end };
  r.error(r.place, `illegal string literal: ${literal}`);
  return undefined;
}

/** The value of the text between quotes; undefined when an escape is broken. */
function unquote(inner: string): string | undefined {
  if (!inner.includes("\\")) return inner;
  try {
    const value: unknown = JSON.parse(`"${inner}"`);
    return typeof value === "string" ? value.toWellFormed() : undefined;
  } catch {
    return undefined;
  }
}

// $"text{literal}text"
function parseTemplate(r: Reader, raw: boolean): Term | undefined {
  const { start } = r.place;
  if ((r.version === "v0" && r.language === undefined) || !r.templateStrings) {
    r.error(r.place, "template strings are not supported by current capabilities");
    return undefined;
  }
  const parts: (StringTerm | Expr)[] = [];
  for (;;) {
    const piece = r.place;
    const value = raw ? piece.literal : unquote(piece.literal);
    if (!piece.kind.includes("template-string")) {
      r.error(piece, "expected template-string part");
      return undefined;
    }
    if (value === undefined) {
      const shown = piece.start === start ? r.text.slice(start + 1, piece.end) : `}${r.text.slice(piece.start, piece.end)}`;
      r.error(piece, `illegal template-string part: ${shown}`);
      return undefined;
    }
    if (value !== "") parts.push({ kind: "string", value, start: piece.start, end: piece.end });
    if (piece.kind.endsWith("end")) break;
    r.scan();
    const hole = parseLiteral(r);
    if (hole === undefined) {
      r.error(r.place, "invalid template-string expression");
      return undefined;
    }
    const wrong = unfitForHole(hole);
    if (wrong !== undefined) {
      r.error(hole, `unexpected ${wrong} in template-string expression`);
      return undefined;
    }
    const before = r.text.slice(piece.end, hole.start);
    // OPA forgets the `with` of a constant.
    parts.push(isConstant(hole) && !before.includes("#") ? { ...hole, with: [], constantHole: true } : hole);
    if (!r.is("}")) {
      r.error(r.place, "expected } to end template string expression");
      return undefined;
    }
    r.scanTemplate(raw, start);
  }
  return { kind: "templateString", parts, multiline: raw, start, end: r.place.end };
}

function isConstant({ body }: Expr): boolean {
  return ["string", "number", "boolean", "null"].includes(body.kind);
}

function unfitForHole(hole: Expr): string | undefined {
  if (hole.negated) return "negation ('not')";
  if (hole.body.kind === "every" || hole.body.kind === "some") return `'${hole.body.kind}'`;
  if (hole.body.kind !== "call") return undefined;
  const called = calledFunction(hole.body);
  if (called === "eq") return "unification ('=')";
  return called === "assign" ? "assignment (':=')" : undefined;
}

// array = "[" [ term { "," term } ] "]" | "[" term "|" query "]"
function parseArray(r: Reader): Term | undefined {
  return r.nested(readArray, r.place.start);
}

function readArray(r: Reader, start: number): Term | undefined {
  r.scan();
  if (r.is("]")) return arrayOf(r, [], start);
  const leadingComma = r.is(",");
  if (leadingComma) r.scan();
  const saved = r.place;
  // A lone term comes first: `[a | b]` is a comprehension, not a union.
  const head = parseTerm(r);
  if (head === undefined) return undefined;
  switch (r.kind) {
    case "]":
      return arrayOf(r, [head], start);
    case ",":
      r.scan();
      return arrayOf(r, parseList(r, "]", head), start);
    case "|":
      if (leadingComma) break;
      r.scan();
      {
        const body = parseBody(r, "]");
        if (body !== undefined) return { kind: "arrayComprehension", term: head, body, start, end: r.place.end };
      }
      if (!r.is(",")) return undefined;
      break;
  }
  r.place = saved;
  return arrayOf(r, parseList(r, "]"), start);
}

function arrayOf(r: Reader, items: readonly Term[] | undefined, start: number): Term | undefined {
  return items === undefined ? undefined : { kind: "array", items, start, end: r.place.end };
}

// set, object and their comprehensions
function parseBraces(r: Reader): Term | undefined {
  return r.nested(readBraces, r.place.start);
}

function readBraces(r: Reader, start: number): Term | undefined {
  r.scan();
  if (r.is("}")) return { kind: "object", entries: [], start, end: r.place.end };
  const leadingComma = r.is(",");
  if (leadingComma) r.scan();
  const saved = r.place;
  const head = parseTerm(r);
  if (head === undefined) return undefined;
  switch (r.kind) {
    case "|":
      if (!leadingComma) return parseSet(r, saved, head, true, start);
      break;
    case "}":
    case ",":
      return parseSet(r, saved, head, !leadingComma, start);
    case ":":
      return parseObject(r, head, !leadingComma, start);
  }
  r.place = saved;
  const first = parseTermIn(r, false);
  if (first === undefined) return undefined;
  switch (r.kind) {
    case "}":
    case ",":
      return parseSet(r, saved, first, false, start);
    case ":":
      return parseObject(r, first, !leadingComma, start);
  }
  r.unexpected("non-terminated set");
  return undefined;
}

function parseSet(r: Reader, saved: Reader["place"], head: Term, comprehension: boolean, start: number): Term | undefined {
  const set = (items: readonly Term[] | undefined): Term | undefined =>
    items === undefined ? undefined : { kind: "set", items, start, end: r.place.end };
  if (r.is("}")) return set([head]);
  if (r.is(",")) {
    r.scan();
    return set(parseList(r, "}", head));
  }
  if (comprehension) {
    r.scan();
    const body = parseBody(r, "}");
    if (body !== undefined) return { kind: "setComprehension", term: head, body, start, end: r.place.end };
    if (!r.is(",")) return undefined;
  }
  r.place = saved;
  return set(parseList(r, "}"));
}

function parseObject(r: Reader, key: Term, comprehension: boolean, start: number): Term | undefined {
  r.scan();
  const saved = r.place;
  const value = parseTerm(r);
  if (value === undefined) return undefined;
  if (comprehension) {
    if (r.is("}") || r.is(",")) return finishObject(r, key, value, start);
    if (r.is("|")) {
      const object = finishObject(r, key, value, start);
      if (object !== undefined) return object;
    }
  }
  r.place = saved;
  const whole = parseTermIn(r, false);
  if (whole === undefined) return undefined;
  if (r.is("}") || r.is(",")) return finishObject(r, key, whole, start);
  r.unexpected("non-terminated object");
  return undefined;
}

function finishObject(r: Reader, key: Term, value: Term, start: number): Term | undefined {
  const object = (entries: readonly ObjectEntry[] | undefined): Term | undefined =>
    entries === undefined ? undefined : { kind: "object", entries, start, end: r.place.end };
  if (r.is("}")) return object([{ key, value }]);
  if (r.is("|")) {
    r.scan();
    const body = parseBody(r, "}");
    return body === undefined ? undefined : { kind: "objectComprehension", key, value, body, start, end: r.place.end };
  }
  r.scan();
  return object(parsePairs(r, [{ key, value }]));
}

/** `first`: what the list begins with, or nothing. */
function parseList(r: Reader, close: string, first?: Term): readonly Term[] | undefined {
  let items: Term[] = first === undefined ? [] : [first];
  while (!r.is(close)) {
    const item = parseTermIn(r, false);
    if (item === undefined) return undefined;
    // Most have one item, and a list that grows takes room for many.
    if (items.length === 0) items = [item];
    else items.push(item);
    if (r.is(close)) break;
    if (!r.is(",")) {
      r.unexpected(`expected "," or "${close}"`);
      return undefined;
    }
    r.scan();
  }
  return items.length > 1 ? exactList(items) : items;
}

function parsePairs(r: Reader, entries: ObjectEntry[]): readonly ObjectEntry[] | undefined {
  while (!r.is("}")) {
    const key = parseTermIn(r, false);
    if (key === undefined) return undefined;
    if (!r.is(":")) {
      r.unexpected('expected ":"');
      return undefined;
    }
    r.scan();
    const value = parseTermIn(r, false);
    if (value === undefined) return undefined;
    entries.push({ key, value });
    if (r.is("}")) break;
    if (!r.is(",")) {
      r.unexpected('expected "," or "}"');
      return undefined;
    }
    r.scan();
  }
  return exactList(entries);
}
