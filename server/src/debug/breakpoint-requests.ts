// Breakpoints as a client sets them, and where they have come to stand.
import { type Breakpoint, hitsProblem, isCalled, stopsAt, stopsOfLine } from "#features/debug/breakpoints.ts";
import type { Debugger } from "#features/debug/debugger.ts";
import { rulePathsOf } from "#features/debug/frames.ts";
import type { Stop } from "#features/debug/places.ts";
import { Lines } from "../positions.ts";
import type { Ground } from "./ground.ts";
import type { Arguments, DapBreakpoint, Source } from "./protocol.ts";

/** Whether a client counts lines and columns from 0 or from 1. */
export interface Counting {
  readonly line: number;
  readonly column: number;
}

interface Place {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

export class BreakpointRequests {
  readonly #ground: Ground;
  readonly #counting: () => Counting;
  readonly #lines = new Map<string, Lines>();
  readonly #byFile = new Map<string, readonly Breakpoint[]>();
  #rules: readonly Breakpoint[] = [];
  #data: readonly Breakpoint[] = [];
  #next = 1;

  constructor(ground: Ground, counting: () => Counting) {
    this.#ground = ground;
    this.#counting = counting;
  }

  get all(): readonly Breakpoint[] {
    return [...[...this.#byFile.values()].flat(), ...this.#rules, ...this.#data];
  }

  /** Places of the text that was evaluated: another recording has another one. */
  forgetTexts(): void {
    this.#lines.clear();
  }

  onLines(one: Debugger, sent: Arguments): readonly DapBreakpoint[] {
    const path = this.#ground.pathOf(sent.inner("source").text("path") ?? "");
    const stops = one.subject.places.stopsIn(path);
    const found: Breakpoint[] = [];
    const answers = sent.list("breakpoints").map((asked): DapBreakpoint => {
      const id = this.#next++;
      const meant = this.#stopsMeant(one, path, stops, asked);
      const [first] = meant;
      if (first === undefined) {
        const message = stops.length === 0 ? "the query does not lead to this file" : "no expression stands here or below";
        return { id, verified: false, message };
      }
      const options = optionsOf(asked);
      if ("problem" in options) return { id, verified: false, message: options.problem };
      found.push({ id, kind: "line", stops: meant, ...options, log: asked.text("logMessage") });
      const { line, column, endLine, endColumn } = this.placeOf(one, first);
      const place = asked.number("column") === undefined ? { line } : { line, column, endLine, endColumn };
      return { id, verified: true, source: this.#ground.sourceOf(path), ...place };
    });
    this.#byFile.set(path, found);
    return answers;
  }

  onRules(one: Debugger, sent: Arguments): readonly DapBreakpoint[] {
    const paths = rulePathsOf(one.subject.checked);
    const found: Breakpoint[] = [];
    const answers = sent.list("breakpoints").map((asked): DapBreakpoint => {
      const id = this.#next++;
      const name = (asked.text("name") ?? "").trim();
      const options = optionsOf(asked);
      if ("problem" in options) return { id, verified: false, message: options.problem };
      found.push({ id, kind: "rule", name, ...options });
      const isThere = [...paths].some((path) => isCalled(path, name));
      return isThere ? { id, verified: true } : { id, verified: false, message: `no rule is called ${name}` };
    });
    this.#rules = found;
    return answers;
  }

  onData(sent: Arguments): readonly DapBreakpoint[] {
    const found: Breakpoint[] = [];
    const answers = sent.list("breakpoints").map((asked): DapBreakpoint => {
      const id = this.#next++;
      const [kind, name = "", file = ""] = (asked.text("dataId") ?? "").split("\n");
      const options = optionsOf(asked);
      if ("problem" in options) return { id, verified: false, message: options.problem };
      if (kind === "variable") found.push({ id, ...options, kind, name, file });
      else if (kind === "known") found.push({ id, ...options, kind, ref: name });
      else return { id, verified: false };
      return { id, verified: true };
    });
    this.#data = found;
    return answers;
  }

  /** Where a breakpoint can stand on some lines. */
  locations(one: Debugger, sent: Arguments): readonly Place[] {
    const path = this.#ground.pathOf(sent.inner("source").text("path") ?? "");
    const first = sent.number("line") ?? 0;
    const last = sent.number("endLine") ?? first;
    const places = one.subject.places.stopsIn(path).map((stop) => this.placeOf(one, stop));
    return places.filter(({ line }) => first <= line && line <= last);
  }

  /** The places that a line of a file means. */
  stopsOn(one: Debugger, source: Source | undefined, line: number): readonly Stop[] {
    const path = this.#ground.pathOf(source?.path ?? "");
    return stopsOfLine(one.subject.places.stopsIn(path), line - this.#counting().line + 1);
  }

  placeOf(one: Debugger, { file, range }: Pick<Stop, "file" | "range">): Place {
    const { line, column } = this.#counting();
    const { start, end } = this.#linesOf(one, file).rangeOf(range);
    return {
      line: start.line + line,
      column: start.character + column,
      endLine: end.line + line,
      endColumn: end.character + column,
    };
  }

  #stopsMeant(one: Debugger, path: string, stops: readonly Stop[], asked: Arguments): readonly Stop[] {
    const { line, column } = this.#counting();
    const row = (asked.number("line") ?? line) - line + 1;
    const character = asked.number("column");
    if (character === undefined) return stopsOfLine(stops, row);
    const offset = this.#linesOf(one, path).offsetAt({ line: row - 1, character: character - column });
    const found = stopsAt(stops, offset, row);
    return found.length > 0 ? found : stopsOfLine(stops, row);
  }

  #linesOf(one: Debugger, file: string): Lines {
    const known = this.#lines.get(file) ?? new Lines(one.subject.places.textOf(file) ?? "", "utf-16");
    this.#lines.set(file, known);
    return known;
  }
}

/** When a breakpoint stops; one whose count cannot be read would stop always. */
function optionsOf(asked: Arguments): Pick<Breakpoint, "condition" | "hits"> | { readonly problem: string } {
  const hits = asked.text("hitCondition");
  const problem = hitsProblem(hits);
  return problem === undefined ? { condition: asked.text("condition"), hits } : { problem };
}
