// The course of an evaluation as `--explain` and `--var-values` print it.
import { walkBody } from "#analysis/rego/tree/walk.ts";
import type { Expr, Range, Term } from "#grammars/rego/ast.ts";
import { parseQuery } from "#grammars/rego/parse.ts";
import { LineIndex } from "#grammars/text/lines.ts";
import { readRegoText, writeRegoText } from "./rego-text.ts";
import { queryFile, type SeenValue, type TraceEvent } from "./trace.ts";
import { RegoObject, type Value } from "./value.ts";

/** Longer values are cut. */
const longestValue = 32;
const longestShownValue = 64;

export interface TraceLook {
  /** A column tells what the variables were. */
  readonly values: boolean;
  /** The query that asked for the events gave nothing: for events that do not tell of `query` themselves. */
  readonly failed?: boolean;
  /** What stands before each cell: the report of a test has its indentation there. */
  readonly gap?: string;
}

/** The events as `--explain` prints them. Those of a query tell of `query` themselves. */
export function traceLines(query: string, events: readonly TraceEvent[], look: TraceLook): readonly string[] {
  const { values, failed = false, gap = "" } = look;
  if (events.length === 0 && !failed) return [];
  const own = events[0]?.file === queryFile;
  const rows = [
    ...(own ? [] : [["query:1", `Enter ${query}`, "{}"]]),
    ...events.map(({ op, depth, file, row, text, values: seen }) => [
      `${file === queryFile ? "query" : file}:${row}`,
      // As OPA does, an exit stands with the expressions of its rule.
      `${"| ".repeat(op === "Exit" ? depth + 1 : depth)}${op} ${text}`,
      `{${seen.map(({ name, value }) => `${name}: ${cut(value, longestValue)}`).join(", ")}}`,
    ]),
    ...(own || !failed ? [] : [["query:1", `| Fail ${query}`, "{}"]]),
  ].map((row) => (values ? row : row.slice(0, 2)));
  const widths = [0, 1].map((at) => Math.max(...rows.map((row) => row[at]!.length)) + columnPadding);
  return rows.map((row) => row.map((cell, at) => gap + (at < row.length - 1 ? cell.padEnd(widths[at]!) : cell)).join(""));
}

/** Blanks between the columns of a trace. */
const columnPadding = 5;

function cut(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 3)}...`;
}

/** The events that `--explain` asks for; `default` is what a verbose report of tests shows. */
export function explained(
  how: "off" | "full" | "debug" | "notes" | "fails" | "default",
  events: readonly TraceEvent[],
): readonly TraceEvent[] {
  switch (how) {
    case "notes":
      return withRules(events, ["Note"]);
    case "fails":
      return withRules(events, ["Fail"]);
    case "default":
      return withRules(events, ["Note", "Fail"]);
    case "off":
    case "full":
    case "debug":
      return events;
  }
}

/** The events of some kinds, each below the rules that it is in; of a rule that gave a result in between, its next try. */
function withRules(events: readonly TraceEvent[], ops: readonly TraceEvent["op"][]): readonly TraceEvent[] {
  const kept: TraceEvent[] = [];
  let open: { readonly event: TraceEvent; shown: boolean }[] = [];
  for (const event of events) {
    if (event.op === "Enter") {
      open = [...open.filter(({ event: outer }) => outer.depth < event.depth), { event, shown: false }];
    } else if (event.op === "Exit") {
      const rule = open.findLast(({ event: outer }) => outer.depth === event.depth);
      if (rule !== undefined) open[open.indexOf(rule)] = { event: { ...rule.event, op: "Redo" }, shown: false };
    } else if (ops.includes(event.op)) {
      for (const rule of open) {
        if (rule.shown || rule.event.depth >= event.depth) continue;
        rule.shown = true;
        kept.push(rule.event);
      }
      kept.push(event);
    }
  }
  return kept;
}

/** Where the expression failed last that a report shows. */
export function lastFailed(events: readonly TraceEvent[]): TraceEvent | undefined {
  return events.findLast(({ op, expr }) => op === "Fail" && expr !== undefined && expr.body.kind !== "every");
}

/** The expression that failed last, as it is written, with what its variables were below it; `textOf` gives a file's text. */
export function failureLines(events: readonly TraceEvent[], textOf: (file: string) => string | undefined): readonly string[] {
  const failed = lastFailed(events);
  const text = failed === undefined ? undefined : textOf(failed.file);
  if (failed?.expr === undefined || text === undefined) return [];
  const { start, end } = failed.expr;
  const lines = new LineIndex(text);
  const lead = text.slice(text.lastIndexOf("\n", start - 1) + 1, start);
  const written = (/^\s*$/u.test(lead) ? lead : blank(lead)) + text.slice(start, end);
  const shown = shownVariables(failed.expr, failed.written ?? [], text, lines);
  const arrows = shown.length === 0 ? [] : shown.some(({ row }) => row !== shown[0]!.row) ? listed(shown) : drawn(shown, written);
  return [`${failed.file}:${failed.row}:`, ...[...written.split("\n"), ...arrows].map((line) => `  ${line}`)];
}

/** Blanks that are as wide, tabs kept. */
function blank(text: string): string {
  return text.replace(/[^\t]/gu, " ");
}

interface ShownVariable {
  readonly title: string;
  readonly value: string;
  readonly row: number;
  /** In code points, from 1. */
  readonly col: number;
}

/** Variables of the source in the expression, and what refs select from them, in the order of their places. */
function shownVariables(expr: Expr, seen: readonly SeenValue[], text: string, lines: LineIndex): readonly ShownVariable[] {
  const values = new Map(seen.map(({ name, value }) => [name, value]));
  const found = new Map<string, ShownVariable>();
  const add = ({ start, end }: Range, value: string | undefined): void => {
    const title = text.slice(expr.start + start, expr.start + end);
    if (value === undefined || found.has(title)) return;
    found.set(title, { title, value: cut(value, longestShownValue), ...lines.rowCol(expr.start + start) });
  };
  const { body } = parseQuery(text.slice(expr.start, expr.end), { file: "" });
  walkBody(body, (node) => {
    if (node.kind === "arrayComprehension" || node.kind === "setComprehension" || node.kind === "objectComprehension")
      return true;
    if (node.kind === "var") add(node, values.get(node.name));
    if (node.kind === "ref") {
      const [head, ...keys] = node.parts;
      const value = head?.kind === "var" ? values.get(head.name) : undefined;
      const selected = value === undefined || keys.length === 0 ? undefined : selectedIn(readRegoText(value), keys);
      if (selected !== undefined) add(node, writeRegoText(selected));
    }
    return undefined;
  });
  return [...found.values()].sort((a, b) => a.col - b.col || b.row - a.row || (a.title < b.title ? -1 : 1));
}

function selectedIn(value: Value, keys: readonly Term[]): Value | undefined {
  let at: Value | undefined = value;
  for (const key of keys) {
    if (key.kind !== "string" || !(at instanceof RegoObject)) return undefined;
    at = at.get(key.value);
  }
  return at;
}

function listed(shown: readonly ShownVariable[]): readonly string[] {
  const byName = [...shown].sort((a, b) => (a.title < b.title ? -1 : 1));
  return ["", "Where:", "", ...byName.map(({ title, value }) => `${title}: ${value}`)];
}

/** A bar below each variable, then a line for the value of each, from the last one on. */
function drawn(shown: readonly ShownVariable[], written: string): readonly string[] {
  const first = [...written.split("\n", 1)[0]!];
  const bars = (upTo: number, last: string | undefined): string => {
    let line = "";
    let width = 0;
    for (const [at, { col }] of shown.slice(0, upTo + 1).entries()) {
      if (at < upTo && shown[at + 1]!.col === col) continue;
      for (; width < col - 1; width++) line += first[width] === "\t" ? "\t" : " ";
      line += at === upTo && last !== undefined ? last : "|";
      width++;
    }
    return line;
  };
  const named = ({ title, value, col }: ShownVariable, at: number): string =>
    shown.some((other, i) => i !== at && other.col === col) ? `${title}: ${value}` : value;
  return [bars(shown.length - 1, undefined), ...shown.map((one, at) => bars(at, named(one, at))).reverse()];
}
