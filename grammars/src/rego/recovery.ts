// Reading goes on behind broken statements: where the next one may begin, and what the broken one still says.
import type { Steps } from "../text/steps.ts";
import type { Comment, Range } from "./ast.ts";
import { type Fault, FaultList, mostFaults } from "./fault-list.ts";
import { bringNamed } from "./keyword-imports.ts";
import { marksSteps } from "./marks.ts";
import type { Place, Reader } from "./reader.ts";
import { faultOfNoRule, parseStatement, type Statement } from "./statement.ts";
import { perStep, type SoundStatement, type StatementReader } from "./statement-memory.ts";

/** The statements of a text with faults. */
export interface Recovered {
  readonly comments: readonly Comment[];
  readonly statements: readonly Statement[];
  /** What OPA reports: the errors of the first broken statement. */
  readonly faults: readonly Fault[];
  /** The errors of the broken statements behind it. */
  readonly further: readonly Fault[];
}

/**
 * A broken statement ends where another one may begin, whatever is open above it. When the break shows in the middle of a line, a
 * statement before it has swallowed the beginning of that line and is read again without it. So has one behind which, in the same line,
 * something stands that can be no rule: `q contains`, and below it `q contains 2`.
 */
export function* recoverStatements(
  r: Reader,
  faults: readonly Fault[],
  sound: readonly SoundStatement[],
  reader: StatementReader,
): Steps<Recovered> {
  const { text } = r;
  // What stands between statements is not read, so comments and strings are looked for alone.
  const { strings, comments } = yield* marksSteps(text);
  const nextStart = statementStarts(text, strings);
  const statements = sound.map(({ statement }) => statement);
  const further: Fault[] = [];
  let seen = farthest(faults, 0);
  const run = new Run(nextStart);
  for (const { from } of sound) run.add(from);
  // A package that took the beginning of the line below for its name gives it back.
  const nameless =
    sound.length === 1 && statements[0]?.kind === "package" ? behindNameless(text, sound[0]!.from.start) : undefined;
  if (nameless !== undefined) {
    statements.pop();
    run.end();
    restart(r, sound[0]!.from, nameless);
  }
  for (let read = 1; !r.is("eof"); read++) {
    if (read % perStep === 0) yield;
    const from = r.place;
    const below = r.is("package") ? behindNameless(text, from.start) : undefined;
    if (below !== undefined) {
      restart(r, from, below);
      continue;
    }
    // The next version of the text takes over what was seen in this statement.
    r.comments.length = 0;
    const { statement } = reader.read(r);
    const found = r.place.faults.all();
    const swallower = from.newline ? undefined : run.swallower(from.start);
    const noRule = swallower === undefined ? undefined : faultOfNoRule(statement);
    if (found.length === 0 && statement !== undefined && noRule === undefined) {
      if (statement.kind === "body") bringNamed(r, text, from.start);
      statements.push(statement);
      run.add(from);
      continue;
    }
    for (const fault of noRule === undefined ? found : [noRule])
      if (fault.range.start > seen && further.length < mostFaults) further.push(fault);
    seen = farthest(found, seen);
    bringNamed(r, text, from.start);
    const line = text.lastIndexOf("\n", from.start - 1) + 1;
    const before = from.newline ? undefined : run.last;
    const swallowing = swallower?.place ?? (before !== undefined && before.start < line ? before : undefined);
    const next = swallower?.next ?? nextStart(from.start);
    if (swallowing !== undefined) {
      statements.length -= swallower?.count ?? 1;
      const whole = wholeUpTo(r, Math.min(next ?? line, line), swallowing);
      if (whole !== undefined) statements.push(whole);
    }
    // What was read may still serve when it ends before the next statement can begin.
    else if (statement !== undefined && (next ?? text.length) >= r.place.lastEnd) statements.push(statement);
    else {
      // What looks like a new paragraph in the first column may be one, though it could go on with the statement: `:= p …`.
      const end = paragraphBefore(text, from.start, Math.min(found[0]?.range.start ?? 0, next ?? text.length));
      const whole = end === undefined ? undefined : wholeUpTo(r, end, from);
      if (whole !== undefined) statements.push(whole);
    }
    run.end();
    if (next === undefined) break;
    restart(r, from, next);
  }
  return { statements, faults, further, comments };
}

/** The statements before a place that have no line break between them, while they may still be given back. */
class Run {
  readonly #nextStart: (offset: number) => number | undefined;
  #places: Place[] = [];
  /** Where a statement may begin behind the beginning of the first one; asked for once. */
  #next: { readonly start: number | undefined } | undefined;

  constructor(nextStart: (offset: number) => number | undefined) {
    this.#nextStart = nextStart;
  }

  get last(): Place | undefined {
    return this.#places.at(-1);
  }

  /** One more statement, which begins a run of its own on a new line. */
  add(place: Place): void {
    if (place.newline) this.end();
    this.#places.push(place);
  }

  end(): void {
    this.#places = [];
    this.#next = undefined;
  }

  /** The statement in which a line lies that another one may begin with, the number of those from it on, and that line. */
  swallower(before: number): { readonly place: Place; readonly count: number; readonly next: number } | undefined {
    if (this.#places.length === 0) return undefined;
    this.#next ??= { start: this.#nextStart(this.#places[0]!.start) };
    const next = this.#next.start;
    if (next === undefined || next >= before) return undefined;
    const at = this.#places.findLastIndex(({ start }) => start < next);
    return { place: this.#places[at]!, count: this.#places.length - at, next };
  }
}

/** The statement that begins at a place, where all up to another place is one. */
function wholeUpTo(r: Reader, end: number, from: Place): Statement | undefined {
  const again = r.upTo(end, from);
  const whole = parseStatement(again);
  return again.is("eof") && again.place.faults.length === 0 ? whole : undefined;
}

/** Goes on at the beginning of a line. */
function restart(r: Reader, from: Place, at: number): void {
  const { wildcards } = r.place;
  r.place = {
    ...from,
    kind: "start",
    start: at,
    end: at,
    lastEnd: at,
    newline: true,
    faults: FaultList.none,
    hints: [],
    wildcards,
  };
  r.scan();
}

/** The line below a `package` without a name, which would take the beginning of it for one; undefined where the name stands there. */
function behindNameless(text: string, start: number): number | undefined {
  const nameless = /^package[ \t\r]*(?:#.*)?\n/.exec(text.slice(start, start + 300));
  if (nameless === null) return undefined;
  const below = start + nameless[0].length;
  const named = /^(?:\s|#.*\n)*[\w.[\]"]+[ \t\r]*(?:#|\n|$)/.test(text.slice(below, below + 1000));
  return named ? undefined : below;
}

/** The last line between two offsets that begins in the first column behind an empty one. */
function paragraphBefore(text: string, from: number, until: number): number | undefined {
  for (let feed = text.lastIndexOf("\n", until - 1); feed > from; feed = text.lastIndexOf("\n", feed - 1)) {
    if (/\n[ \t\r]*\n$/.test(text.slice(Math.max(from, feed - 20), feed + 1)) && /[^\s#]/.test(text[feed + 1] ?? " "))
      return feed + 1;
  }
  return undefined;
}

function farthest(faults: readonly Fault[], from: number): number {
  return faults.reduce((most, { range }) => Math.max(most, range.start), from);
}

/**
 * A line that begins a statement: one with a name in the first column, or an indented one that can only be a rule or an import,
 * or that comes behind a brace in the first column.
 */
const statementLine = new RegExp(
  [
    /\n(?!else\b(?![.[]))(?=[A-Za-z_])/,
    /\n[ \t]+(?=(?:import|package)[ \t]+[\w.]+[^\S\n]*(?:as\b[^\n]*)?(?:\n|$)|default[ \t]+\w)/,
    /\n[ \t]+(?=(?!else\b|default\b)[A-Za-z_][^\n"`#]*[ \t]if(?:[ \t\r]|\n|$))/,
    /(?=\n[ \t]+(?!else\b)[A-Za-z_])(?<=\n\}[ \t\r]*(?:#[^\n]*)?(?:\n[ \t\r]*(?:#[^\n]*)?)*)\n[ \t]+/,
  ]
    .map(({ source }) => source)
    .join("|"),
  "g",
);

/** Finds where the next statement may begin behind an offset, outside of the given strings. */
function statementStarts(text: string, strings: readonly Range[]): (offset: number) => number | undefined {
  let at = 0;
  const within = (offset: number): boolean => {
    if (strings[at - 1] !== undefined && offset < strings[at - 1]!.end) at = 0;
    while (strings[at] !== undefined && strings[at]!.end <= offset) at++;
    return strings[at] !== undefined && strings[at]!.start < offset;
  };
  return (offset) => {
    statementLine.lastIndex = offset;
    for (let found = statementLine.exec(text); found !== null; found = statementLine.exec(text))
      if (!within(statementLine.lastIndex)) return statementLine.lastIndex;
    return undefined;
  };
}
