// The course of an evaluation from the marks of its plan: what was tried, below what it was tried for.
import type { CompileRequest } from "#compiler/compile.ts";
import { differsHere, goingOf, type Mark } from "#compiler/plan/marks.ts";
import type { EmittedModule } from "#compiler/wasm/emit.ts";
import type { HeardMark } from "./heard-marks.ts";
import type { Instance, Print } from "./instance.ts";
import type { Value } from "./value.ts";

/** How a module is compiled that tells its course. */
export const courseRequest = { watch: "marks" } as const satisfies Partial<CompileRequest>;

/** A mark that was reached. */
export interface Reached {
  readonly mark: Mark;
  /** What the mark tells: name → value as Rego text. */
  readonly values: ReadonlyMap<string, string>;
  /** The variables that have a value here. */
  readonly variables: ReadonlyMap<string, string>;
  /** What was reached behind it, in order. */
  readonly children: Reached[];
  /** What the expression said itself. */
  readonly said: Said[];
}

/** Where an evaluation ended since values conflict. */
export interface Conflict {
  /** The last of what was reached. */
  readonly at: Reached;
  /** The rule that conflicts, evaluated again for all of its values. */
  readonly again: readonly Reached[];
  /** Of what was reached again, the ends of its definitions that gave another value than the first one. */
  readonly differing: ReadonlySet<Reached>;
}

export type Said = { readonly op: "Note"; readonly text: string } | { readonly op: "TestCase"; readonly keys: readonly Value[] };

/** More marks, or more characters of values, are not kept: nobody reads so much. */
const mostReached = 500_000;
const mostCharacters = 200_000_000;

const none: ReadonlyMap<string, string> = new Map();

function changed(
  values: ReadonlyMap<string, string>,
  gone: readonly string[],
  told: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  if (gone.length === 0 && told.size === 0) return values;
  const changed = new Map(values);
  for (const name of [...gone, ...told.keys()]) changed.delete(name);
  for (const [name, value] of told) changed.set(name, value);
  return changed;
}

function firstOf(marks: readonly Mark[], mark: Mark): number {
  let first = mark;
  for (let parent = marks[mark.parent]; parent !== undefined; parent = marks[parent.parent]) first = parent;
  return first.number;
}

/** Listens to evaluations of a module compiled with `courseRequest`. */
export class CourseListener {
  readonly #module: EmittedModule;
  readonly #most: number;
  /** What was reached last at the marks of each function, by the first of them. */
  readonly #latest = new Map<number, Map<number, Reached>>();
  /** Of functions that went on elsewhere, what was reached in them. */
  readonly #left: (Map<number, Reached> | undefined)[] = [];
  /** Of each mark the first one of its function. */
  readonly #firsts: number[] = [];
  #roots: Reached[] = [];
  #call: Reached | undefined;
  #last: Reached | undefined;
  #count = 0;
  #characters = 0;
  #isCut = false;
  /** What was reached last before the rule that conflicts was evaluated again. */
  #conflictAt: Reached | undefined;
  #again: Reached[] = [];
  readonly #differing = new Set<Reached>();
  #instance: Pick<Instance, "variable"> | undefined;

  constructor(module: EmittedModule, most = mostReached) {
    this.#module = module;
    this.#most = most;
  }

  attach(instance: Pick<Instance, "variable">): void {
    this.#instance = instance;
  }

  /** What was reached. */
  get reached(): readonly Reached[] {
    return this.#roots;
  }

  /** What was reached last. */
  get last(): Reached | undefined {
    return this.#last;
  }

  /** Of an evaluation that has ended in a conflict, how. */
  get conflict(): Conflict | undefined {
    const at = this.#conflictAt ?? this.#last;
    return at === undefined ? undefined : { at, again: this.#again, differing: this.#differing };
  }

  /** How many marks were reached and kept. */
  get count(): number {
    return this.#count;
  }

  /** True when there was too much to keep: what came later is missing. */
  get isCut(): boolean {
    return this.#isCut;
  }

  /** Forgets what was reached. */
  reset(): void {
    this.#roots = [];
    this.#latest.clear();
    this.#left.length = 0;
    this.#call = undefined;
    this.#last = undefined;
    this.#count = 0;
    this.#isCut = false;
    this.#characters = 0;
    this.#conflictAt = undefined;
    this.#again = [];
    this.#differing.clear();
  }

  /** A mark of the rule that conflicts, evaluated again. */
  readonly onMarkAgain = (number: number): void => {
    if (number === differsHere) {
      if (this.#last !== undefined) this.#differing.add(this.#last);
      return;
    }
    const isFirst = this.#conflictAt === undefined;
    this.#conflictAt ??= this.#last;
    if (isFirst) this.#call = undefined;
    const roots = this.#roots;
    this.#roots = this.#again;
    this.onMark(number);
    this.#roots = roots;
  };

  readonly onMark = (number: number): void => {
    const going = goingOf(number);
    if (going !== undefined) return this.#go(going);
    const mark = this.#module.marks[number];
    if (mark === undefined) return;
    if (this.#count >= this.#most || this.#characters >= mostCharacters) {
      this.#isCut = true;
      return;
    }
    this.#count++;
    const latest = this.#latestIn(mark);
    const before = latest.get(mark.parent);
    const known = before?.variables ?? none;
    const told = this.#toldAt(mark);
    const variables = mark.tells === "own" ? known : changed(known, mark.gone, told);
    const reached: Reached = { mark, values: mark.tells === "own" ? told : variables, variables, children: [], said: [] };
    const parent = mark.kind === "begin" ? this.#call : mark.kind === "found" ? this.#last : before;
    (parent?.children ?? this.#roots).push(reached);
    latest.set(number, reached);
    if (mark.kind === "call") this.#call = reached;
    this.#last = reached;
  };

  #latestIn(mark: Mark): Map<number, Reached> {
    const { marks } = this.#module;
    const first = this.#firsts[mark.number] ?? firstOf(marks, mark);
    this.#firsts[mark.number] = first;
    const known = this.#latest.get(first);
    if (known !== undefined && mark.kind !== "begin") return known;
    const latest = new Map<number, Reached>();
    this.#latest.set(first, latest);
    return latest;
  }

  /** Behind what a function goes on with, it goes on itself where it was. */
  #go({ begin, isBack }: { readonly begin: number; readonly isBack: boolean }): void {
    if (!isBack) {
      this.#left.push(this.#latest.get(begin));
      return;
    }
    const latest = this.#left.pop();
    if (latest !== undefined) this.#latest.set(begin, latest);
  }

  readonly onNote = ({ line }: Print): void => {
    this.#last?.said.push({ op: "Note", text: line });
  };

  /** A case of a test, by its keys. */
  readonly onCase = (keys: readonly Value[]): void => {
    this.#last?.said.push({ op: "TestCase", keys });
  };

  /** Hears of marks that another thread has noted. */
  replay(heard: readonly HeardMark[]): void {
    for (const { mark, values } of heard) {
      this.attach({ variable: (index) => values.get(index) });
      this.onMark(mark);
    }
  }

  #toldAt({ names }: Mark): ReadonlyMap<string, string> {
    const values = new Map<string, string>();
    for (const [index, name] of names.entries()) {
      const value = this.#instance?.variable(index);
      if (value === undefined) continue;
      values.set(name, value);
      this.#characters += value.length;
    }
    return values;
  }
}
