// Where breakpoints are hit: on lines, at the beginning of rules, where variables get values; how often, and under which condition.
import type { Frames } from "./frames.ts";
import type { Stop } from "./places.ts";
import type { Timeline } from "./timeline.ts";

export interface BreakpointOptions {
  /** A Rego expression over the variables of the frame. */
  readonly condition?: string | undefined;
  /** `5`, `>= 5`, `% 2`. */
  readonly hits?: string | undefined;
  /** A message with expressions in braces: it is told, and nothing stops. */
  readonly log?: string | undefined;
}

export type Breakpoint = BreakpointOptions & { readonly id: number } & (
    | { readonly kind: "line"; readonly stops: readonly Stop[] }
    /** `allow`, `authz.allow` or `data.authz.allow`. */
    | { readonly kind: "rule"; readonly name: string }
    | { readonly kind: "variable"; readonly file: string; readonly name: string }
    /** A rule with its keys, as the virtual cache shows it. */
    | { readonly kind: "known"; readonly ref: string }
  );

/** The places that a line means: what begins on it, else the innermost one around it, else the next one below. */
export function stopsOfLine(stops: readonly Stop[], row: number): readonly Stop[] {
  const first = stops.filter((stop) => stop.row === row);
  if (first.length > 0) return outermost(first);
  const around = stops.filter((stop) => stop.row < row && row <= stop.lastRow).at(-1);
  if (around !== undefined) return [around];
  const next = stops.find((stop) => stop.row > row);
  return next === undefined ? [] : outermost(stops.filter((stop) => stop.row === next.row));
}

/** Without expressions inside others of the same row. */
function outermost(stops: readonly Stop[]): readonly Stop[] {
  const expressions = stops.filter(({ kind }) => kind === "expression");
  return stops.filter((stop) => stop.kind === "head" || !expressions.some((other) => other !== stop && holds(other, stop)));
}

function holds({ range: outer }: Stop, { range: inner }: Stop): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}

/** The places that begin at an offset, for breakpoints inside a line. */
export function stopsAt(stops: readonly Stop[], offset: number, row: number): readonly Stop[] {
  const onRow = stops.filter((stop) => stop.row === row);
  const before = onRow.filter((stop) => stop.range.start <= offset).at(-1) ?? onRow[0];
  return before === undefined ? [] : [before];
}

/** True where a breakpoint is met, whatever its condition and count. */
export function isMet(breakpoint: Breakpoint, frames: Frames, at: number): boolean {
  const { timeline } = frames;
  switch (breakpoint.kind) {
    case "line":
      return isLineMet(breakpoint.stops, timeline, at);
    case "rule": {
      const path = timeline.event(at).op === "Enter" ? frames.rulePath(at) : undefined;
      return path !== undefined && isCalled(path, breakpoint.name);
    }
    case "variable":
      return getsValue(breakpoint, frames, at);
    case "known":
      return timeline.knownFrom(breakpoint.ref).has(at);
  }
}

/** Whether a breakpoint names the rule of a path, by all of it or by its last parts. */
export function isCalled(path: string, name: string): boolean {
  return path === name || path.endsWith(`.${name}`);
}

/** Of several places on one row the first that is come to counts. */
function isLineMet(stops: readonly Stop[], timeline: Timeline, at: number): boolean {
  const stop = timeline.stop(at);
  if (stop === undefined || !stops.includes(stop) || !timeline.isArrival(at)) return false;
  const before = timeline.before(at);
  if (before === undefined || stops.length === 1) return true;
  const { op } = timeline.event(before);
  const last = timeline.stop(before);
  return !((op === "Enter" || op === "Eval") && last !== undefined && stops.includes(last));
}

function getsValue({ file, name }: { readonly file: string; readonly name: string }, frames: Frames, at: number): boolean {
  const { timeline } = frames;
  const event = timeline.event(at);
  if (timeline.places.fileOf(event) !== file) return false;
  const before = timeline.before(at);
  const names = [...event.locals.keys()].filter((one) => frames.nameOf(event, one) === name);
  return names.some((one) => before === undefined || timeline.event(before).locals.get(one) !== event.locals.get(one));
}

const hitCount = /^\s*(>=|<=|==|=|>|<|%)?\s*(\d+)\s*$/u;

/** Why a breakpoint with this count cannot be; undefined where it can. */
export function hitsProblem(hits: string | undefined): string | undefined {
  if (hits === undefined || hits.trim() === "" || hitCount.test(hits)) return undefined;
  return `${JSON.stringify(hits)} is no hit count: write 5, >= 5 or % 2`;
}

/** True when a breakpoint that is hit for so many times now stops. */
export function isCounted(hits: string | undefined, count: number): boolean {
  const [, operator = "==", number = ""] = hitCount.exec(hits ?? "") ?? [];
  if (number === "") return true;
  const wanted = Number(number);
  switch (operator) {
    case ">=":
      return count >= wanted;
    case "<=":
      return count <= wanted;
    case ">":
      return count > wanted;
    case "<":
      return count < wanted;
    case "%":
      return wanted > 0 && count % wanted === 0;
    default:
      return count === wanted;
  }
}
