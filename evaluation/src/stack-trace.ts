// The queries that were open when an evaluation broke, as OPA prints them: the text of each expression with the values of its variables.

import { isConstant } from "#analysis/rego/tree/refs.ts";
import { varsOfAll } from "#analysis/rego/tree/vars.ts";
import { headValue } from "#compiler/plan/rule-trie.ts";
import type { Expr, Range, Term } from "#grammars/rego/ast.ts";
import type { CourseListener } from "./course.ts";
import { type ExplainedEvent, explain } from "./explanation.ts";
import { type Explained, queryFile } from "./explanation-text.ts";
import type { EvaluationError } from "./instance.ts";
import { termText } from "./rego-text.ts";
import { writtenText } from "./written-text.ts";

/** Longer text is cut, and longer values do not stand for their variables. */
const longestText = 80;

const endless: ReadonlySet<string> = new Set(["eval_cancel_error", "rw_limit_error"]);

/** False for the error of an evaluation that took too long to be run once more for its stack. */
export function isRepeatable({ code }: EvaluationError): boolean {
  return !endless.has(code);
}

export interface StackFrame {
  readonly id: number;
  readonly place: { readonly file: string; readonly row: number; readonly col: number };
  /** `file:row: text`. */
  readonly line: string;
}

/** The queries that were open at the error that ended a course, the innermost first: none where its end was not kept. `textOf` gives the text of a file. */
export function stackFrames(
  explained: Explained,
  course: Pick<CourseListener, "reached" | "isCut">,
  textOf: (file: string) => string | undefined,
  error?: EvaluationError,
): readonly StackFrame[] {
  if (course.isCut) return [];
  const events = explain(course.reached, "full", "cut");
  const open = openExpressions(events);
  const output = error && secondValue(error, events, open[0]);
  return open.map((event, at) => {
    const { node, locals } = event;
    const isEvery = node.kind === "expr" && node.expr.body.kind === "every";
    // What `every` binds in its body is seen around it too: behind its own query stand those of its elements and of the body.
    const inside = isEvery ? open.slice(Math.max(0, at - 2), at) : [];
    const seen = isEvery ? new Map([...locals, ...inside.toReversed().flatMap((one) => [...one.locals])]) : locals;
    const source = textOf(explained.fileOf(event)) ?? "";
    const range = explained.rangeOf(event);
    const expr = node.kind === "expr" ? node.expr : undefined;
    const text =
      expr === undefined
        ? source.slice(range.start, range.end)
        : withValues(expr, range, seen, source, at === 1 ? output : undefined);
    return frameOf(event.query, explained.placeOf(event), text);
  });
}

/** Of each query that is open behind the events, the expression at hand; where none was tried yet, what began the query. */
function openExpressions(events: readonly ExplainedEvent[]): readonly ExplainedEvent[] {
  const began = new Map<number, ExplainedEvent>();
  const latest = new Map<number, ExplainedEvent>();
  /** By query and position. */
  const tried = new Map<string, ExplainedEvent>();
  for (const event of events) {
    if (!began.has(event.query)) began.set(event.query, event);
    // A key of packages is bound where the rules that it leads to are asked.
    if ((event.op !== "Eval" && event.op !== "Index") || event.node.kind !== "expr") continue;
    latest.set(event.query, event);
    tried.set(`${event.query}:${event.node.index}`, event);
  }
  const open: ExplainedEvent[] = [];
  let within: number | undefined;
  for (let query = events.at(-1)?.query; query !== undefined; ) {
    // What a rule went on with stands behind the expression that asks it, and is over.
    const event = tried.get(`${query}:${within}`) ?? latest.get(query) ?? began.get(query);
    if (event === undefined) break;
    open.push(event);
    within = event.within;
    query = event.parent === query ? undefined : event.parent;
  }
  return open;
}

function frameOf(id: number, place: StackFrame["place"], text: string): StackFrame {
  const where = place.file === queryFile ? `${place.row}:${place.col}` : `${place.file}:${place.row}`;
  return { id, place, line: `${where}: ${oneLine(text)}` };
}

/**
 * Where a function has given two values, the second one stands for the call already: if it was known before `last`, the last expression
 * of the body, whose bindings OPA has forgotten again.
 */
function secondValue(
  { message, place }: EvaluationError,
  events: readonly ExplainedEvent[],
  last: ExplainedEvent | undefined,
): string | undefined {
  if (place === undefined || !message.startsWith("function ")) return undefined;
  const query = events.at(-1)?.query;
  const node = events.findLast((event) => event.op === "Enter" && event.query === query)?.node;
  if (node?.kind !== "rule") return undefined;
  const known = new Set([...varsOfAll(node.rule.head.args ?? []).keys(), ...(last?.locals.keys() ?? [])]);
  if (!isSaidBy(headValue(node.rule), known)) return undefined;
  const end = ` at ${place.file}:${place.row}`;
  return message
    .split("\n")
    .findLast((line) => line.endsWith(end))
    ?.slice(2, -end.length);
}

/** True for constants and variables of these, and collections of them. */
function isSaidBy(term: Term, names: ReadonlySet<string>): boolean {
  switch (term.kind) {
    case "var":
      return names.has(term.name);
    case "array":
    case "set":
      return term.items.every((item) => isSaidBy(item, names));
    case "object":
      return term.entries.every(({ key, value }) => isSaidBy(key, names) && isSaidBy(value, names));
    default:
      return isConstant(term);
  }
}

function oneLine(text: string): string {
  const runes = [...text.trim().replace(/\s+/gu, " ")];
  return runes.length <= longestText ? runes.join("") : `${runes.slice(0, longestText).join("")}...`;
}

function withValues(expr: Expr, range: Range, seen: Seen, source: string, output: string | undefined): string {
  const text = writtenText(source, range);
  let shown = "";
  let at = 0;
  const values = [...readValues(expr, seen), ...outputOf(expr, output)];
  for (const { value, ...place } of values.sort((a, b) => a.start - b.start)) {
    // OPA counts from the begins behind parentheses: what does not stand where it looks for it stays as it is written.
    const start = place.start - range.start;
    const name = writtenText(source, place);
    if (start < at || name === "" || value.length > longestText || !text.startsWith(name, start)) continue;
    shown += text.slice(at, start) + value;
    at = start + name.length;
  }
  return shown + text.slice(at);
}

type Seen = ExplainedEvent["locals"];

interface ReadValue {
  readonly start: number;
  readonly end: number;
  readonly value: string;
}

/** The variable for the result of a call stands at the call's own place. */
function outputOf({ body }: Expr, value: string | undefined): readonly ReadValue[] {
  const last = body.kind === "call" ? body.args.at(-1) : undefined;
  if (value === undefined || last?.kind !== "var" || last.start !== body.start || last.end !== body.end) return [];
  return [{ start: body.start, end: body.end, value }];
}

/** The variables that an expression reads; those of comprehensions are of other queries. */
function readValues({ body, with: modifiers }: Expr, seen: Seen): readonly ReadValue[] {
  const inTerm = (term: Term): readonly ReadValue[] => {
    switch (term.kind) {
      case "var": {
        const value = seen.get(term.name);
        return value === undefined ? [] : [{ start: term.start, end: term.end, value: termText(value) }];
      }
      case "ref":
        return term.parts.flatMap(inTerm);
      case "call":
        return term.args.flatMap(inTerm);
      case "array":
      case "set":
        return term.items.flatMap(inTerm);
      case "object":
        return term.entries.flatMap(({ key, value }) => [...inTerm(key), ...inTerm(value)]);
      default:
        return [];
    }
  };
  const values = modifiers.flatMap(({ value }) => inTerm(value));
  switch (body.kind) {
    case "every":
      return [...inTerm(body.domain), ...body.body.flatMap((one) => readValues(one, seen)), ...values];
    case "some":
    case "notBody":
    case "logical":
      return values;
    default:
      return [...inTerm(body), ...values];
  }
}
