// The events of an evaluation as `--explain` prints them.
import type { Checked } from "#analysis/rego/checked.ts";
import { headParts, isConstant } from "#analysis/rego/tree/refs.ts";
import { calledName, varsOf, varsOfAll } from "#analysis/rego/tree/vars.ts";
import { closureBodies, isComprehension, type Node, walk, walkBody, walkHead } from "#analysis/rego/tree/walk.ts";
import { branchesOf } from "#compiler/plan/rule-index.ts";
import type { Body, Expr, Head, Module, Range, Rule, Term } from "#grammars/rego/ast.ts";
import { printBody, printExpr, printRef } from "#grammars/rego/print-terms.ts";
import { LineIndex } from "#grammars/text/lines.ts";
import { markerPlace } from "./coverage.ts";
import { dataVar, documentText } from "./document-refs.ts";
import type { ExplainedEvent, ExplainedNode } from "./explanation.ts";
import { inColumns, valuesCell } from "./explanation-columns.ts";
import { shortFiles } from "./short-files.ts";
import { testCaseBuiltin } from "./test-cases.ts";
import { isUnplaced } from "./unplaced.ts";

/** Queries stand in no file. */
export const queryFile = "";

/** The query that is evaluated, where it is one. */
export interface ExplainedQuery {
  readonly text: string;
  /** As it was compiled. */
  readonly body: Body;
  /** Variable of the body → name as written. */
  readonly names: ReadonlyMap<string, string>;
}

const noQuery: ExplainedQuery = { text: "", body: [], names: new Map() };

export interface Place {
  readonly file: string;
  readonly row: number;
  readonly col: number;
}

/** What the texts say of the events of one module: their places and names. */
export class Explained {
  readonly #files: readonly string[];
  readonly #lines = new Map<string, LineIndex>();
  readonly #packages = new Map<string, readonly Term[]>();
  readonly #names = new Map<string, ReadonlyMap<string, string>>();
  /** By file, what is evaluated there. */
  readonly #bodies = new Map<string, readonly (Rule | Expr)[]>();
  readonly #variables = new Map<string, ReadonlyMap<string, Place>>();
  readonly #sources = new Map<string, Module>();
  /** Where the bodies stand that nobody wrote. */
  readonly #unwritten = new Map<Expr, Range>();

  constructor(checked: Checked, files: readonly string[], query = noQuery) {
    this.#files = files;
    for (const { file, text, writtenNames, source, module } of checked.modules) {
      this.#sources.set(file, source);
      this.#lines.set(file, new LineIndex(text));
      this.#packages.set(file, module.package?.path ?? []);
      this.#names.set(file, writtenNames);
      this.#bodies.set(file, module.rules);
      for (const { body: [only] = [], chained, default: isDefault, head } of module.rules)
        if (only?.generated === true && only.body.kind === "boolean" && !chained && !isDefault && head.value !== undefined)
          this.#unwritten.set(only, head.value);
    }
    if (query !== noQuery) this.#lines.set(queryFile, new LineIndex(query.text));
    this.#names.set(queryFile, query.names);
    this.#bodies.set(queryFile, query.body);
  }

  /** Where a variable got its value; without one, where it stands in the node of the event. */
  placeOfVariable(event: ExplainedEvent, name: string): Place | undefined {
    const file = this.fileOf(event);
    const places = this.#variables.get(file) ?? this.#variablesIn(file);
    this.#variables.set(file, places);
    const place = places.get(name);
    const lines = this.#lines.get(file);
    const isKnown = place === undefined || lines === undefined || event.locals.has(name);
    const own = isKnown ? undefined : allVariablesOf(event.node).get(name);
    return own === undefined || lines === undefined ? place : { file, ...lines.rowCol(own.start) };
  }

  /** What the author called a variable, if that is told apart from its name. */
  writtenNameOf(event: ExplainedEvent, name: string): string | undefined {
    return this.#names.get(this.fileOf(event))?.get(name);
  }

  /** Where what an event tells of stands in its file. */
  rangeOf({ node }: Pick<ExplainedEvent, "node">): Range {
    return (node.kind === "expr" ? this.#unwritten.get(node.expr) : undefined) ?? rangeOf(node);
  }

  fileOf({ file }: Pick<ExplainedEvent, "file">): string {
    return this.#files[file] ?? queryFile;
  }

  /** The expressions of the compiled module that were made of a written one: not those in bodies inside it. */
  madeOf(event: ExplainedEvent, written: Range): readonly Expr[] {
    const made: Expr[] = [];
    const isInside = ({ start, end }: Range): boolean => start < end && written.start <= start && end <= written.end;
    const note = (node: Node): boolean => {
      if (node.kind === "expr" && isInside(node)) made.push(node);
      return closureBodies(node).length > 0 && isInside(node);
    };
    for (const node of this.#bodies.get(this.fileOf(event)) ?? []) walkAll(node, note);
    return made;
  }

  #variablesIn(file: string): ReadonlyMap<string, Place> {
    const places = new Map<string, Place>();
    const lines = this.#lines.get(file);
    const names = this.#names.get(file);
    // Keys that nobody wrote stand nowhere.
    const unwritten = new Set<string>();
    const isUnwritten = (name: string): boolean =>
      unwritten.has(name) || name.startsWith("$term") || isGenerated(names?.get(name) ?? "");
    const note = (node: Node): undefined => {
      if (node.kind === "expr" && node.body.kind === "every" && node.body.key !== undefined && !names?.has(node.body.key.name))
        unwritten.add(node.body.key.name);
      // The body of a comprehension gives its variables their values.
      for (const body of "kind" in node && isComprehension(node) ? closureBodies(node) : []) walkBody(body, note);
      if (node.kind !== "var" || lines === undefined || places.has(node.name)) return undefined;
      if (!isUnwritten(node.name)) places.set(node.name, { file, ...lines.rowCol(node.start) });
      return undefined;
    };
    for (const node of this.#bodies.get(file) ?? []) {
      // Bodies give variables their values before heads ask for them.
      for (const branch of node.kind === "rule" ? branchesOf(node) : []) {
        for (const arg of branch.head.args ?? []) walk(arg, note);
        walkBody(branch.body ?? [], note);
      }
      walkAll(node, note);
    }
    return places;
  }

  /** The place of an expression that a mark tells of; row 0 for what stands nowhere. */
  placeOfMark({ file, expr }: { readonly file: number; readonly expr: Expr }): Place {
    const event = { file, node: { kind: "expr", expr, index: 0 } } as const;
    return this.#isUnplaced(event) ? { file: queryFile, row: 0, col: 0 } : this.placeOf(event);
  }

  #isUnplaced(event: Pick<ExplainedEvent, "file" | "node">): boolean {
    const source = this.#sources.get(this.fileOf(event));
    return source !== undefined && isUnplaced(source, rangeOf(event.node));
  }

  /** The places of events; what stands nowhere is placed where its query was before, or the query around it. */
  placesOf(events: readonly ExplainedEvent[]): readonly Place[] {
    const latest = new Map<number, Place>();
    return events.map((event) => {
      const before = this.#isUnplaced(event) ? (latest.get(event.query) ?? latest.get(event.parent)) : undefined;
      const place = before ?? this.placeOf(event);
      latest.set(event.query, place);
      return place;
    });
  }

  placeOf(event: Pick<ExplainedEvent, "file" | "node">): Place {
    const file = this.fileOf(event);
    return { file, ...(this.#lines.get(file)?.rowCol(this.rangeOf(event).start) ?? { row: 1, col: 1 }) };
  }

  /** What a variable is called in the source. */
  nameOf(event: ExplainedEvent, name: string): string {
    return writtenText(shownName(name), this.#names.get(this.fileOf(event)));
  }

  textOf(event: ExplainedEvent): string {
    const { node, path } = event;
    const file = this.fileOf(event);
    if (path !== undefined) return documentText(path);
    switch (node.kind) {
      case "rule":
        return printRef([dataVar, ...(this.#packages.get(file) ?? []), ...ruleParts(node.rule)]);
      case "body":
        return writtenText(printBody(writtenIn(node.body)), this.#names.get(file));
      case "expr":
        return writtenText(printExpr(withoutGeneratedKey(event, node.expr, this.#names.get(file))), this.#names.get(file));
    }
  }

  /** The variables that an event shows, by their names in the source, and the rules in it that are known. */
  shownOf(event: ExplainedEvent): readonly (readonly [string, string])[] {
    // What an expression says itself stands without them.
    if (event.op === "TestCase" || event.op === "Note") return [];
    const shown = [...variablesOf(event.node)].flatMap((name) => {
      const value = event.locals.get(name);
      return value === undefined ? [] : [[this.nameOf(event, name), value] as const];
    });
    return [...shown, ...event.known].sort(([a], [b]) => (a < b ? -1 : 1));
  }
}

function isGenerated(name: string): boolean {
  return /^__local\w+__$/u.test(name);
}

/** All variables of a node, where they stand in it first. */
export function allVariablesOf(node: ExplainedNode): ReadonlyMap<string, Range> {
  const names = new Map<string, Range>();
  const note = (one: Node): undefined => {
    if (one.kind === "var" && !names.has(one.name)) names.set(one.name, one);
    return undefined;
  };
  const parts = node.kind === "rule" ? [node.rule] : node.kind === "body" ? node.body : [node.expr];
  for (const part of parts) walkAll(part, note);
  return names;
}

/** Goes through a rule with its `else` branches, heads first, or through an expression. */
export function walkAll(node: Rule | Expr, visit: (node: Node) => boolean | undefined): void {
  if (node.kind === "expr") return walk(node, visit);
  for (let branch: Rule | undefined = node; branch !== undefined; branch = branch.else) {
    const key = memberKey(branch.head);
    if (key !== undefined) walk(key, visit);
    walkHead(branch.head, visit);
    walkBody(branch.body ?? [], visit);
  }
}

/** `p[key] := value`: OPA's heads have such a key beside the ref. */
function memberKey({ reference, args, key }: Head): Term | undefined {
  return reference.kind === "ref" && reference.parts.length === 2 && args === undefined && key === undefined
    ? reference.parts[1]
    : undefined;
}

const nowhere = { start: 0, end: 0 };

/** What a rule's ref begins with, up to the first key that is not constant. */
function ruleParts(rule: Rule): readonly Term[] {
  const parts = headParts(rule.head);
  const end = parts.findIndex((part, at) => at > 0 && !isConstant(part));
  return (end < 0 ? parts : parts.slice(0, end)).map(
    (part): Term => (part.kind === "var" ? { kind: "string", ...nowhere, value: part.name } : part),
  );
}

function rangeOf(node: ExplainedNode): Range {
  switch (node.kind) {
    case "rule":
      return markerPlace(node.rule);
    case "body":
      return node.body[0] ?? nowhere;
    case "expr":
      return node.expr;
  }
}

/** Without what stands nowhere in the source. */
export function writtenIn(body: Body): Body {
  return body.filter(({ start, end }) => start < end);
}

/** The key of an `every` that the author did not write is not shown; a wildcard is where it has a value. */
function withoutGeneratedKey({ locals }: ExplainedEvent, expr: Expr, names: ReadonlyMap<string, string> | undefined): Expr {
  const { body } = expr;
  if (body.kind !== "every" || body.key === undefined) return expr;
  const { name } = body.key;
  if (names?.has(name) === true || (name.startsWith("$") && locals.has(name))) return expr;
  return { ...expr, body: { ...body, key: undefined } };
}

/** The variables that a node shows. */
function variablesOf(node: ExplainedNode): Iterable<string> {
  switch (node.kind) {
    case "rule": {
      const { args = [], key, value } = node.rule.head;
      // Of several keys none is shown.
      const parts = headParts(node.rule.head);
      const terms = [
        ...args,
        ...(parts.length === 2 ? parts.slice(1) : []),
        ...(key === undefined ? [] : [key]),
        ...(value === undefined ? [] : [value]),
      ];
      return varsOfAll(terms).keys();
    }
    case "body":
      return new Set(node.body.flatMap((expr) => [...varsOf(expr).keys()]));
    case "expr":
      return varsOf(node.expr).keys();
  }
}

function shownName(name: string): string {
  return name.startsWith("$") ? "_" : name;
}

/** A text with generated variables, by what the author called them. */
function writtenText(text: string, names: ReadonlyMap<string, string> | undefined): string {
  return text.replace(/\b__local\w+?__/gu, (name) => shownName(names?.get(name) ?? name)).replace(/\$term\d+/gu, "_");
}

/** An event in words. */
export interface ExplanationRow {
  /** As it is printed: the file as short as it is told apart, or the query. */
  readonly place: string;
  readonly text: string;
  /** How many queries stand around it. */
  readonly depth: number;
}

export function explanationRows(explained: Explained, events: readonly ExplainedEvent[]): readonly ExplanationRow[] {
  const depths = new Map<number, number>();
  const places = new Map<number, string>();
  const placed = explained.placesOf(events);
  const files = shortFiles(placed.filter(({ file }) => file !== queryFile));
  return events.map((event, at) => {
    const { query, parent } = event;
    if (!depths.has(query)) depths.set(query, (depths.get(parent) ?? 0) + 1);
    const place = placeText(event, placed[at]!, files, places.get(query));
    places.set(query, place === "" ? (places.get(query) ?? "") : place);
    return { place, text: lineOf(explained, event), depth: barsOf(event, depths.get(query) ?? 1) };
  });
}

/** The lines of the events; `values` adds a column that tells what the variables were. `gap`: see `inColumns`. */
export function explanationLines(
  explained: Explained,
  events: readonly ExplainedEvent[],
  values: boolean,
  gap?: string,
): readonly string[] {
  const rows = explanationRows(explained, events).map(({ place, text, depth }, at) => {
    const line = `${"| ".repeat(depth)}${text}`;
    return values ? [place, line, valuesCell(explained.shownOf(events[at]!))] : [place, line];
  });
  return inColumns(rows, gap);
}

/** The calls that tell of the cases of a test stand nowhere: they are shown where the query was before. */
function placeText(
  event: ExplainedEvent,
  { file, row }: Place,
  files: ReadonlyMap<string, string>,
  before: string | undefined,
): string {
  if (event.op === "TestCase") return "";
  if (before !== undefined && event.node.kind === "expr" && calledName(event.node.expr) === testCaseBuiltin) return before;
  return `${file === queryFile ? "query" : (files.get(file) ?? file)}:${row}`;
}

/** A query stands one step further out than its expressions. */
function barsOf({ op, node }: ExplainedEvent, depth: number): number {
  return op === "Enter" || (op === "Redo" && node.kind !== "expr") ? depth - 1 : depth;
}

function lineOf(explained: Explained, event: ExplainedEvent): string {
  if (event.op === "Note") return `Note "${event.message}"`;
  if (event.op === "TestCase") return `TestCase ${event.message}`;
  return `${event.op} ${explained.textOf(event)}${event.message === "" ? "" : ` ${event.message}`}`;
}
