// The course of an evaluation from the steps of a watched module: which expressions were tried, which failed, and with which values.
import type { Checked } from "#analysis/rego/checked.ts";
import { headParts } from "#analysis/rego/tree/refs.ts";
import { calledName, varsOf, varsOfAll } from "#analysis/rego/tree/vars.ts";
import { closureBodies, forEachChild, type Node } from "#analysis/rego/tree/walk.ts";
import type { CompileRequest } from "#compiler/compile.ts";
import { STEP_ENTER, STEP_EXIT, STEP_FAIL, STEP_REACH } from "#compiler/wasm/abi.ts";
import type { EmittedModule } from "#compiler/wasm/emit.ts";
import type { Body, Expr, Range, Rule, Term } from "#grammars/rego/ast.ts";
import { printBody, printExpr, printRef } from "#grammars/rego/print-terms.ts";
import { LineIndex } from "#grammars/text/lines.ts";
import { markerPlace } from "./coverage.ts";
import type { HeardStep, LookedAt } from "./heard-steps.ts";
import type { Instance, Print } from "./instance.ts";
import { testCaseBuiltin } from "./test-cases.ts";

export interface SeenValue {
  readonly name: string;
  /** As Rego text. */
  readonly value: string;
}

export interface TraceEvent {
  readonly op: "Enter" | "Eval" | "Fail" | "Exit" | "Note" | "Redo";
  /** 0 for the query, one more for each rule inside. */
  readonly depth: number;
  readonly file: string;
  readonly row: number;
  readonly col: number;
  /** The expression as OPA prints it after compilation, the path of the rule, or the note in quotes. */
  readonly text: string;
  /** For expressions: what the variables in it were. */
  readonly values: readonly SeenValue[];
  /** As it was compiled. */
  readonly expr?: Expr;
  /** The variables of all expressions that were made of the written one. */
  readonly written?: readonly SeenValue[];
}

/** Queries stand in no file. */
export const queryFile = "";

/** More events are not kept: a trace of that length helps nobody. */
const maxEvents = 100_000;

interface Place {
  readonly rule: PlacedRule;
  /** Position in the body, then in bodies below: later is greater. */
  readonly path: readonly number[];
  /** How many expressions the innermost body has. */
  readonly size: number;
  /** Undefined at the end of a rule's body. */
  readonly expr: Expr | undefined;
  /** Variables of what was made of the same written expression. */
  readonly wanted: ReadonlySet<string>;
  /** Variables that have a value before the expression. */
  readonly known: ReadonlySet<string>;
  readonly row: number;
  readonly col: number;
  /** The expression around its body. */
  readonly around: Place | undefined;
  /** The `and` or `or` that it is in an operand of. */
  readonly operands: Place | undefined;
}

/** Where a body stands. */
interface Around {
  readonly rule: PlacedRule;
  readonly path: readonly number[];
  /** The expression around it. */
  readonly place: Place | undefined;
  readonly operands: Place | undefined;
}

interface PlacedRule {
  readonly file: string;
  readonly row: number;
  readonly col: number;
  readonly name: string;
}

interface TriedExpr {
  readonly place: Place;
  /** The step that began it. */
  readonly key: string;
  readonly seen: Seen;
  event: TraceEvent | undefined;
}

/** By the names of the compiled body. */
type Seen = ReadonlyMap<string, SeenValue>;

interface Frame {
  readonly depth: number;
  rule: PlacedRule | undefined;
  /** The expression that was tried last. */
  tried: TriedExpr | undefined;
  /** The same, also when it has been settled since: where a rule's value is made, the last one of its body. */
  last: Place | undefined;
  /** True where the rule's value is made. */
  ended: boolean;
  /** What the variables of expressions were. */
  readonly seen: Map<Place, Seen>;
  /** The numbers of the rule's body and of the bodies inside, by the expressions around them. */
  readonly queries: Map<Place | undefined, number>;
  /** Those of the queries of their own that `not` and the domain of `every` are. */
  readonly inner: Map<Place, number>;
}

/** A body that is being evaluated. */
export interface OpenQuery {
  /** Bodies are numbered in the order in which they begin. */
  readonly id: number;
  readonly file: string;
  readonly row: number;
  readonly col: number;
  /** The expression at hand; nothing where the body has none. */
  readonly expr: Expr | undefined;
  /** Of an `every`, its domain alone is meant. */
  readonly domain?: true;
  /** By the names of the compiled body. */
  readonly seen: ReadonlyMap<string, SeenValue>;
}

const newFrame = (depth: number): Frame => ({
  depth,
  rule: undefined,
  tried: undefined,
  last: undefined,
  ended: false,
  seen: new Map(),
  queries: new Map(),
  inner: new Map(),
});

/** The query that is evaluated, where it is one. */
export interface TracedQuery {
  readonly text: string;
  /** As it was compiled. */
  readonly body: Body;
  /** Variable of the body → name as written. */
  readonly names: ReadonlyMap<string, string>;
}

/** How a module is compiled whose steps are traced: rules that OPA's index leaves out are not tried. */
export const traceRequest = { watch: "events", indexing: "always" } as const satisfies Partial<CompileRequest>;

/** Listens to one evaluation of a module made of `markHeads` modules with `traceRequest`. */
export class Tracer {
  readonly events: TraceEvent[] = [];
  private readonly places: ReadonlyMap<string, Place>;
  private readonly module: EmittedModule;
  /** By file, generated names and what the author wrote. */
  private readonly names: ReadonlyMap<string, ReadonlyMap<string, string>>;
  private frames: Frame[] = [newFrame(0)];
  /** Without a query of its own it traces one that asks for a document. */
  private readonly first: number;
  private begun: number;
  private instance: Pick<Instance, "variable"> | undefined;

  constructor(checked: Checked, module: EmittedModule, query?: TracedQuery) {
    this.module = module;
    this.first = query === undefined ? 0 : -1;
    this.begun = this.first;
    this.names = new Map([
      ...checked.modules.map(({ file, writtenNames }) => [file, writtenNames] as const),
      [queryFile, query?.names ?? new Map<string, string>()],
    ]);
    this.places = placesOf(checked, module, query);
  }

  attach(instance: Pick<Instance, "variable">): void {
    this.instance = instance;
  }

  /** The variables that are looked at in each step, for who listens in another thread. */
  get lookedAt(): LookedAt {
    const looked = new Map<number, readonly number[]>();
    for (const [step, { location, func }] of this.module.steps.entries()) {
      const place = this.places.get(keyOfStep(location));
      if (place === undefined) continue;
      const wanted = this.wantedIn(place, func).map(({ index }) => index);
      if (wanted.length > 0) looked.set(step, wanted);
    }
    return looked;
  }

  /** Hears steps that another thread has noted. */
  replay(steps: readonly HeardStep[]): void {
    for (const { step, phase, values } of steps) {
      this.attach({ variable: (index) => values?.get(index) });
      this.onStep(step, phase);
    }
  }

  /** Forgets what was heard. */
  reset(): void {
    this.events.length = 0;
    this.frames = [newFrame(0)];
    this.begun = this.first;
  }

  readonly onStep = (step: number, phase: number): void => {
    if (this.events.length >= maxEvents) return;
    const found = this.module.steps[step];
    const frame = this.frames.at(-1);
    if (found === undefined || frame === undefined) return;
    switch (phase) {
      case STEP_ENTER:
        this.frames.push(newFrame(frame.depth + 1));
        return;
      case STEP_EXIT:
      case STEP_FAIL:
        this.settle(frame, undefined);
        if (this.frames.length > 1) this.frames.pop();
        return;
      case STEP_REACH: {
        const key = keyOfStep(found.location);
        const place = this.places.get(key);
        if (place !== undefined) this.reach(frame, place, key, found.func);
      }
    }
  };

  readonly onNote = ({ line, place }: Print): void => {
    const frame = this.frames.at(-1);
    if (frame === undefined || this.events.length >= maxEvents) return;
    const { file = queryFile, row = 1, col = 1 } = place ?? {};
    this.events.push({ op: "Note", depth: frame.depth + 1, file, row, col, text: `"${line}"`, values: [] });
    // The expression that says it goes on.
    if (frame.tried !== undefined) frame.tried.event = this.events.at(-1);
  };

  /** The bodies that are being evaluated, the innermost first. */
  stack(): readonly OpenQuery[] {
    return this.frames.toReversed().flatMap((frame) => {
      const open: OpenQuery[] = [];
      let below: Seen = new Map();
      for (let place = frame.last; place !== undefined; place = place.around) {
        const { rule, row, col, expr, around } = place;
        const isEvery = expr?.body.kind === "every";
        // What `every` binds in its body is seen around it too.
        const seen = new Map([...(frame.seen.get(place) ?? []), ...(isEvery ? below : [])]);
        const query = { id: frame.queries.get(around) ?? 0, file: rule.file, row, col, expr, seen };
        const inner = frame.inner.get(place);
        if (inner !== undefined && (open.length > 0 || !(frame.ended || isEvery)))
          open.push({ ...query, id: inner, ...(isEvery ? { domain: true } : {}) });
        open.push(query);
        below = seen;
      }
      return open;
    });
  }

  /** Ends the open expressions of an evaluation that is over. */
  finish(): readonly TraceEvent[] {
    for (const frame of this.frames.reverse()) this.settle(frame, undefined);
    return this.events;
  }

  private reach(frame: Frame, place: Place, key: string, func: string): void {
    const { tried } = frame;
    // An expression may be made of several steps; from the first one on it is tried again.
    if (place.expr !== undefined && tried?.place === place && tried.key !== key && this.events.at(-1) === tried.event) return;
    // The head of a branch of one expression, behind which only the marker stands, may be at the same place: it is no second try.
    const last = this.events.at(-1);
    const ended = last?.op === "Exit" && last.depth === frame.depth && frame.rule === place.rule;
    if (ended && place.size === 2 && place.path.length === 1) return;
    this.settle(frame, place);
    // Between its operands an `or` is reached again.
    if (tried !== undefined && tried.place !== place && isWithin(tried.place, place)) return;
    if (frame.rule !== place.rule) {
      frame.rule = place.rule;
      this.push("Enter", frame.depth, place.rule);
    }
    if (place.path.at(-1) === 0 || !isInBodyOf(frame.last, place)) frame.queries.set(place.around, ++this.begun);
    if (place.expr === undefined) {
      this.push("Exit", frame.depth, place.rule);
      frame.last = outermost(frame.last?.rule === place.rule ? frame.last : place);
      frame.ended = true;
      return;
    }
    if (place.expr.negated || place.expr.body.kind === "every") frame.inner.set(place, ++this.begun);
    frame.ended = false;
    const seen = this.seenAt(place, func);
    frame.last = place;
    frame.seen.set(place, seen);
    this.pushExpr("Eval", frame.depth, place, place.expr, seen);
    frame.tried = { place, key, seen, event: this.events.at(-1) };
  }

  /** What was tried last has failed, unless the evaluation went on behind it. */
  private settle(frame: Frame, next: Place | undefined): void {
    const { tried } = frame;
    if (tried === undefined) return;
    frame.tried = undefined;
    const { place } = tried;
    if (place.expr === undefined || (next !== undefined && succeeded(place, next))) return;
    this.pushExpr("Fail", frame.depth, place, place.expr, tried.seen);
    // An operand that failed last fails the whole.
    for (let whole = place.operands; whole !== undefined && !isWithin(next, whole); whole = whole.operands)
      if (whole.expr !== undefined) this.pushExpr("Fail", frame.depth, whole, whole.expr, new Map());
  }

  private pushExpr(op: TraceEvent["op"], depth: number, place: Place, expr: Expr, seen: Seen): void {
    const { rule, row, col } = place;
    const values = [...varsOf(expr).keys()].flatMap((name) => seen.get(name) ?? []);
    const written = [...seen.values()];
    this.events.push({ op, depth: depth + 1, file: rule.file, row, col, text: this.textOf(place, expr), values, expr, written });
  }

  private push(op: TraceEvent["op"], depth: number, { file, row, col, name }: PlacedRule): void {
    this.events.push({ op, depth, file, row, col, text: name, values: [] });
  }

  private textOf({ rule }: Place, expr: Expr): string {
    const names = this.names.get(rule.file);
    return writtenText(printExpr(expr), names);
  }

  private seenAt(place: Place, func: string): Seen {
    const seen = new Map<string, SeenValue>();
    for (const { index, name, written } of this.wantedIn(place, func)) {
      const value = this.instance?.variable(index);
      if (value !== undefined) seen.set(name, { name: written, value });
    }
    return seen;
  }

  /** The variables of a function that are shown of an expression. */
  private wantedIn({ known, wanted, rule }: Place, func: string): readonly WantedVariable[] {
    const variables = this.module.variables.get(func) ?? [];
    return variables.flatMap((name, index) => {
      if (!wanted.has(name) || !known.has(name)) return [];
      const written = this.names.get(rule.file)?.get(name) ?? name;
      return written.startsWith("$") ? [] : [{ index, name, written }];
    });
  }
}

interface WantedVariable {
  readonly index: number;
  readonly name: string;
  readonly written: string;
}

function keyOfStep({ file, row, col, endRow, endCol }: EmittedModule["steps"][number]["location"]): string {
  return `${file}:${row}:${col}-${endRow}:${endCol}`;
}

/** True when the first place is in the body that the second one is in. */
function isInBodyOf(place: Place | undefined, other: Place): boolean {
  if (place?.rule !== other.rule) return false;
  return place.around === other.around || isInBodyOf(place.around, other);
}

function outermost(place: Place): Place {
  return place.around === undefined ? place : outermost(place.around);
}

/** True for the expression itself and what stands in its operands. */
function isWithin(place: Place | undefined, whole: Place): boolean {
  for (let one = place; one !== undefined; one = one.operands) if (one === whole) return true;
  return false;
}

/** Whether reaching `next` says that the expression at `place` held. */
function succeeded(place: Place, next: Place): boolean {
  // The right operand of an `or` is tried when the left one has failed.
  if (place.operands === next || (place.operands !== undefined && isRightOf(place, next))) return false;
  // The last expression of a body inside ends there when it holds, too.
  if (place.path.length > 1 && place.path.at(-1) === place.size - 1) return true;
  if (next.rule !== place.rule) return false;
  for (const [level, position] of place.path.entries()) {
    const other = next.path[level];
    if (other === undefined) return false;
    if (other > position) return level === place.path.length - 1;
    if (other < position) return false;
  }
  return next.path.length > place.path.length;
}

/** True when both stand in operands of one `or`, `next` in the right one. */
function isRightOf(place: Place, next: Place): boolean {
  const body = place.operands?.expr?.body;
  if (next.operands !== place.operands || body?.kind !== "logical" || body.operator !== "or") return false;
  const side = place.operands?.path.length ?? 0;
  return (next.path[side] ?? 0) > (place.path[side] ?? 0);
}

function writtenText(text: string, names: ReadonlyMap<string, string> | undefined): string {
  return text.replace(/\b__local\w+?__/gu, (name) => names?.get(name) ?? name).replace(/\$term\d+/gu, "_");
}

interface TracedText {
  readonly file: string;
  readonly text: string;
  readonly rules: readonly Rule[];
  readonly path: readonly Term[];
  readonly query?: TracedQuery;
}

function placesOf(checked: Checked, module: EmittedModule, query: TracedQuery | undefined): ReadonlyMap<string, Place> {
  const places = new Map<string, Place>();
  const texts: readonly TracedText[] = [
    ...checked.modules.map(({ file, text, module: { rules, package: at } }) => ({ file, text, rules, path: at?.path ?? [] })),
    ...(query === undefined ? [] : [{ file: queryFile, text: query.text, rules: [], path: [], query }]),
  ];
  for (const one of texts) {
    const file = module.files.indexOf(one.file);
    if (file < 0) continue;
    const lines = new LineIndex(one.text);
    const keyOf = ({ start, end }: Range): string => {
      const [from, to] = [lines.rowCol(start), lines.rowColOfEnd(end)];
      return `${file}:${from.row}:${from.col}-${to.row}:${to.col}`;
    };
    const add = (range: Range, place: Place): void => {
      const key = keyOf(range);
      if (!places.has(key)) places.set(key, place);
    };
    const addBody = ({ rule, path, place: outer, operands }: Around, body: Body, before: ReadonlySet<string>): void => {
      const known = new Set(before);
      for (const [at, expr] of body.entries()) {
        const here = [...path, at];
        const { row, col } = lines.rowCol(expr.start);
        const made = body.filter((other) => other.start >= expr.start && other.end <= expr.end);
        const wanted = new Set(made.flatMap((other) => [...varsOf(other).keys()]));
        const place: Place = {
          rule,
          path: here,
          size: body.length,
          expr,
          row,
          col,
          wanted,
          known: new Set(known),
          around: outer,
          operands,
        };
        if (expr.start === expr.end) {
          add(expr, { ...place, expr: undefined });
          continue;
        }
        if (expr.generated === true && calledName(expr) === testCaseBuiltin) continue;
        // The `true` that stands for a missing body is nothing to try; a written `false` is.
        if (expr.body.kind !== "boolean" || !expr.body.value) add(expr, place);
        if (expr.body.kind === "call") add(expr.body, place);
        const around: Around = { rule, path: here, place, operands };
        forEachChild(expr, (child) => addBelow(around, child, known));
        for (const name of varsOf(expr).keys()) known.add(name);
      }
    };
    const addBelow = (around: Around, node: Node, known: ReadonlySet<string>): void => {
      const bodies = closureBodies(node);
      for (const [side, body] of bodies.entries()) {
        const path = bodies.length === 1 ? around.path : [...around.path, side];
        addBody({ ...around, path, operands: node.kind === "logical" ? around.place : around.operands }, body, known);
      }
      if (bodies.length === 0) forEachChild(node, (child) => addBelow(around, child, known));
    };
    const addBranch = (rule: Rule, name: string): void => {
      const { row, col } = lines.rowCol(markerPlace(rule).start);
      const around: Around = { rule: { file: one.file, row, col, name }, path: [], place: undefined, operands: undefined };
      addBody(around, rule.body ?? [], new Set(varsOfAll(rule.head.args ?? []).keys()));
    };
    for (const rule of one.rules) {
      const name = nameOf(rule, one.path);
      for (let branch: Rule | undefined = rule; branch !== undefined; branch = branch.else) addBranch(branch, name);
    }
    if (one.query === undefined) continue;
    const { body, names } = one.query;
    const name = writtenText(printBody(body.filter((expr) => expr.start < expr.end)), names);
    addBody(
      { rule: { file: queryFile, row: 1, col: 1, name }, path: [], place: undefined, operands: undefined },
      body,
      new Set(),
    );
  }
  return places;
}

function nameOf(rule: Rule, path: readonly Term[]): string {
  const place = { start: 0, end: 0 };
  const parts = headParts(rule.head).map(
    (part): Term => (part.kind === "var" ? { kind: "string", ...place, value: part.name } : part),
  );
  return printRef([{ kind: "var", ...place, name: "data" }, ...path, ...parts.slice(0, 1)]);
}
