// The expression that failed last in an evaluation, as it is written, with the values of its variables below it.
import type { Checked, CheckedModule } from "#analysis/rego/checked.ts";
import { isConstant } from "#analysis/rego/tree/refs.ts";
import { isComprehension, type Node, walk } from "#analysis/rego/tree/walk.ts";
import type { Expr, Module, Range, Ref, Term } from "#grammars/rego/ast.ts";
import { printTerm } from "#grammars/rego/print-terms.ts";
import { LineIndex } from "#grammars/text/lines.ts";
import { documentsIn } from "./document-refs.ts";
import type { ExplainedEvent } from "./explanation.ts";
import { cut } from "./explanation-columns.ts";
import { type Explained, queryFile, walkAll } from "./explanation-text.ts";
import { type HeadPlace, headPlaces } from "./head-places.ts";
import { partAround } from "./made-together.ts";
import { readRegoText, termText, writeRegoText } from "./rego-text.ts";
import { TabColumns } from "./tab-columns.ts";
import { isUnplaced } from "./unplaced.ts";
import { RegoNumber, RegoObject, RegoSet, type Value } from "./value.ts";
import { writtenText } from "./written-text.ts";

/** Characters of a value beside a failed test. */
const longestShownValue = 64;

export interface Failure {
  readonly file: string;
  /** Of the written expression. */
  readonly range: Range;
  /** Its place, the expression, and its variables. */
  readonly lines: readonly string[];
  /** What it saw, as it is written, with the value as Rego text. */
  readonly values: readonly { readonly title: string; readonly value: string }[];
}

/** The expression that failed last, of those in a module; of an `every` one in its body. */
export function lastFailure(checked: Checked, explained: Explained, events: readonly ExplainedEvent[]): Failure | undefined {
  const failed = events.findLast(
    (event) =>
      event.op === "Fail" &&
      event.node.kind === "expr" &&
      event.node.expr.body.kind !== "every" &&
      explained.fileOf(event) !== queryFile,
  );
  return failed === undefined ? undefined : failureAt(checked, explained, failed);
}

/** The expression of an event, with the values that it saw: at the places that OPA has for them, or as they are written there. */
export function failureAt(
  checked: Checked,
  explained: Explained,
  failed: ExplainedEvent,
  places: "opa" | "written" = "opa",
): Failure | undefined {
  const module = checked.modules.find((one) => one.file === explained.fileOf(failed));
  if (module === undefined) return undefined;
  const { file, text, source } = module;
  const place = explained.rangeOf(failed);
  const written = writtenAround(source, place);
  const range = written === undefined ? place : partAround(written, place);
  const { start, end } = range;
  const tabs = new TabColumns(text);
  const shownText = leadTo(new LineIndex(text).rowCol(start).col, tabs.before(start)) + text.slice(start, end);
  const isPart = (expr: Expr): boolean => {
    const part = written === undefined ? place : partAround(written, expr);
    return part.start === start && part.end === end;
  };
  const made = explained.madeOf(failed, range).filter(isPart);
  const shown = shownTerms(
    failed,
    made,
    module,
    {
      headPlace: places === "opa" ? headPlaces(checked, module) : ({ parts }) => parts[0]!,
      isPlaceless: placeless(written, made),
    },
    tabs,
  );
  const isListed = shown.some(({ row }) => row !== shown[0]?.row) && shown.some(({ tabs }) => tabs.length > 0);
  const arrows = shown.length === 0 ? [] : isListed ? listed(shown) : drawn(shown);
  const header = `${file}:${explained.placeOf(failed).row}:`;
  const values = shown.map(({ title, value }) => ({ title, value }));
  return { file, range, values, lines: [header, ...[...shownText.split("\n"), ...arrows].map((line) => `  ${line}`)] };
}

/** The innermost expression of the source that a place is in. */
function writtenAround({ rules }: Module, place: Range): Expr | undefined {
  let found: Expr | undefined;
  const isAround = ({ start, end }: Range): boolean => start <= place.start && place.end <= end;
  const note = (node: Node): undefined => {
    if (node.kind === "expr" && isAround(node)) found = node;
    return undefined;
  };
  for (const rule of rules) if (isAround(rule)) walkAll(rule, note);
  return found;
}

/**
 * What `some … in` adds has no place in OPA's tree: the key that is not written, which ours has where the expression begins, the ref to
 * the element, and what stands for it. `made`: the expressions that it became.
 */
function placeless(written: Expr | undefined, made: readonly Expr[]): (term: Term) => boolean {
  const [member] = written?.body.kind === "some" ? written.body.symbols : [];
  const domain = member?.kind === "call" ? member.args.at(-1) : undefined;
  if (written === undefined || domain === undefined) return () => false;
  const isElement = (one: Term | undefined): boolean =>
    one?.kind === "ref" && one.start === domain.start && one.end === domain.end;
  const names = new Set<string>();
  for (const { body } of made) {
    const [left, right] = body.kind === "call" ? body.args : [];
    if (left?.kind === "var" && isElement(right)) names.add(left.name);
  }
  return (term) => term.start === written.start || isElement(term) || (term.kind === "var" && names.has(term.name));
}

/** Blanks before a column, with the tabs that stand at their columns in their order. */
function leadTo(col: number, tabs: readonly number[]): string {
  let lead = "";
  let next = 0;
  for (let at = 1; at < col; at++) {
    const isTab = tabs[next] === at;
    if (isTab) next++;
    lead += isTab ? "\t" : " ";
  }
  return lead;
}

interface ShownTerm {
  /** As it is written. */
  readonly title: string;
  readonly value: string;
  readonly row: number;
  /** In code points, from 1. */
  readonly col: number;
  /** The columns of the tabs before it. */
  readonly tabs: readonly number[];
}

/** Where OPA has terms, if anywhere. */
interface Placing {
  readonly headPlace: HeadPlace;
  readonly isPlaceless: (term: Term) => boolean;
}

/** The variables and calls of the expression, the rules that it asked, and what its refs select from variables, in the order of their places. */
function shownTerms(
  { node, locals, known }: ExplainedEvent,
  made: readonly Expr[],
  { text, source }: CheckedModule,
  { headPlace, isPlaceless }: Placing,
  tabs: TabColumns,
): readonly ShownTerm[] {
  if (node.kind !== "expr") return [];
  const found = new Map<string, Range & { readonly value: string | undefined }>();
  const add = ({ start, end }: Range, value: string | undefined): void => {
    const title = writtenText(text, { start, end });
    if (title !== "" && !isUnplaced(source, { start, end }) && found.get(title)?.value === undefined)
      found.set(title, { start, end, value });
  };
  const heads = new Map<Term, Range>();
  const addIn = (expr: Expr, isUnknownTold: boolean): void => {
    for (const term of termsOf(expr))
      walk(term, (one) => {
        if (isComprehension(one) || one.kind === "call") return true;
        const selected = one.kind === "ref" && !isPlaceless(one) ? selectedBy(one, locals) : undefined;
        if (selected !== undefined) add(one, writeRegoText(selected));
        if (one.kind === "ref") heads.set(one.parts[0]!, headPlace(one));
        const value = one.kind === "var" ? locals.get(one.name) : undefined;
        if (one.kind === "var" && (value !== undefined || isUnknownTold) && !isPlaceless(one)) add(heads.get(one) ?? one, value);
        return undefined;
      });
  };
  for (const [text, ref] of documentsIn(node.expr)) if (known.has(text)) add(headPlace(ref), known.get(text));
  addIn(node.expr, !node.expr.negated);
  for (const expr of made) if (expr !== node.expr) addIn(expr, false);
  const lines = new LineIndex(text);
  const shown = [...found].map(([title, { start, value = "undefined" }]): ShownTerm => {
    return { title, value: cut(termText(value), longestShownValue), ...lines.rowCol(start), tabs: tabs.before(start) };
  });
  return shown.sort((a, b) => a.col - b.col || b.row - a.row || (a.title < b.title ? -1 : 1));
}

/** The terms of an expression whose values are shown: operators and targets of modifiers are none. */
function termsOf({ body, with: modifiers }: Expr): readonly Term[] {
  const values = modifiers.map(({ value }) => value);
  switch (body.kind) {
    case "call":
      return [...body.args, ...values];
    case "some":
    case "every":
    case "notBody":
    case "logical":
      return values;
    default:
      return [body, ...values];
  }
}

/** What a ref selects from a variable, where all its keys are known. */
function selectedBy({ parts: [head, ...keys] }: Ref, locals: ReadonlyMap<string, string>): Value | undefined {
  const whole = head?.kind === "var" ? locals.get(head.name) : undefined;
  if (whole === undefined || keys.length === 0) return undefined;
  let at: Value | undefined = readRegoText(whole);
  for (const key of keys) {
    const text = key.kind === "var" ? locals.get(key.name) : isConstant(key) ? printTerm(key) : undefined;
    if (text === undefined || at === undefined) return undefined;
    at = memberOf(at, readRegoText(text));
  }
  return at;
}

function memberOf(value: Value, key: Value): Value | undefined {
  if (value instanceof RegoObject) return value.get(key);
  if (value instanceof RegoSet) return value.has(key) ? key : undefined;
  return Array.isArray(value) && key instanceof RegoNumber ? (value[Number(key.text)] as Value | undefined) : undefined;
}

function listed(shown: readonly ShownTerm[]): readonly string[] {
  const byName = [...shown].sort((a, b) => (a.title < b.title ? -1 : 1));
  return ["", "Where:", "", ...byName.flatMap(({ title, value }) => `${title}: ${value}`.split("\n"))];
}

/** A bar below each variable, then a line for the value of each, from the last one on. */
function drawn(shown: readonly ShownTerm[]): readonly string[] {
  const bars = (upTo: number, last: string | undefined): string => {
    let line = "";
    let width = 0;
    for (const [at, { col, tabs }] of shown.slice(0, upTo + 1).entries()) {
      if (at < upTo && shown[at + 1]!.col === col) continue;
      for (; width < col - 1; width++) line += tabs.includes(width + 1) ? "\t" : " ";
      line += at === upTo && last !== undefined ? last : "|";
      width++;
    }
    return line;
  };
  const named = ({ title, value, col }: ShownTerm, at: number): string =>
    shown.some((other, i) => i !== at && other.col === col) ? `${title}: ${value}` : value;
  return [bars(shown.length - 1, undefined), ...shown.map((one, at) => bars(at, named(one, at))).reverse()];
}
