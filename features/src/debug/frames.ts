// The frames at an event: the query, and the rules, functions, comprehensions and `every` that are being evaluated for it.
import type { Checked } from "#analysis/rego/checked.ts";
import { stringTerm, varTerm } from "#analysis/rego/tree/make.ts";
import { everyTerm, mapTerm } from "#analysis/rego/tree/map.ts";
import { groundPrefix, headParts } from "#analysis/rego/tree/refs.ts";
import { varsOf } from "#analysis/rego/tree/vars.ts";
import { dataVar } from "#evaluation/document-refs.ts";
import type { ExplainedEvent } from "#evaluation/explanation.ts";
import type { Explained } from "#evaluation/explanation-text.ts";
import type { Rule, Term } from "#grammars/rego/ast.ts";
import { printRef, printTerm } from "#grammars/rego/print-terms.ts";
import type { Stop } from "./places.ts";
import type { Subject } from "./subject.ts";
import type { Timeline } from "./timeline.ts";

export interface Frame {
  readonly query: number;
  /** The event that the frame is at. */
  readonly event: number;
  readonly name: string;
  readonly stop: Stop | undefined;
  readonly kind: "query" | "rule" | "function" | "comprehension" | "every" | "not" | "condition";
}

export class Frames {
  readonly timeline: Timeline;
  readonly #explained: Explained;
  readonly #clauses: ReadonlyMap<Rule, string>;
  readonly #queries: ReadonlyMap<number, string>;

  constructor(timeline: Timeline, { explained, checked, runs }: Subject) {
    this.timeline = timeline;
    this.#explained = explained;
    this.#clauses = clausesOf(checked);
    this.#queries = new Map(timeline.roots.map((root, at) => [root, runs[at]?.name ?? "query"]));
  }

  /** The innermost first. */
  at(event: number): readonly Frame[] {
    const timeline = this.timeline;
    const frames: Frame[] = [];
    let query: number | undefined = timeline.event(event).query;
    for (; query !== undefined; query = timeline.parent(query)) {
      const at = timeline.latest(query, event);
      if (at === undefined) continue;
      const kind = kindOf(timeline.event(timeline.opening(query)));
      // What is made of one expression is one frame with it; so is the query for the elements of an `every`.
      if (timeline.isInner(at)) continue;
      frames.push({ query, event: at, kind, name: this.#nameOf(query, kind), stop: this.#stopOf(at) });
    }
    return frames;
  }

  /** The variables that a frame has at its event, by their names in the source, in the order in which they got their values. */
  localsAt(event: number): ReadonlyMap<string, string> {
    const told = this.timeline.event(event);
    const locals = new Map<string, string>();
    for (const [name, value] of told.locals) {
      const written = this.nameOf(told, name);
      if (written !== undefined) locals.set(written, value);
    }
    return locals;
  }

  /** What the author called a variable; undefined for one that nobody has written. */
  nameOf(event: ExplainedEvent, name: string): string | undefined {
    const written = this.#explained.writtenNameOf(event, name) ?? name;
    return isMade(written) ? undefined : written;
  }

  /** `data.authz.allow`, at an event of a rule. */
  rulePath(event: number): string | undefined {
    const told = this.timeline.event(event);
    return told.node.kind === "rule" ? this.#explained.textOf(told) : undefined;
  }

  /** What happened at an event, for the reader: `failed: n > 3`. */
  wordsAt(event: number): string {
    const told = this.timeline.event(event);
    const stop = this.#stopOf(event);
    const text = stop === undefined ? "" : (this.timeline.places.textOf(stop.file) ?? "").slice(stop.range.start, stop.range.end);
    const [line = ""] = text.split("\n");
    return told.op === "Note" ? told.message : line;
  }

  /** What a rule gave, at its `Exit`. */
  returnedAt(event: number): { readonly name: string; readonly value: string } | undefined {
    const { op, node, locals } = this.timeline.event(event);
    if (op !== "Exit" || node.kind !== "rule") return undefined;
    const { head } = node.rule;
    const term = head.key ?? head.value;
    const value = term === undefined ? "true" : withValues(term, locals);
    return value === undefined ? undefined : { name: printRef(headParts(head).slice(0, 1)), value };
  }

  #stopOf(at: number): Stop | undefined {
    const timeline = this.timeline;
    for (let event: number | undefined = at; event !== undefined; event = timeline.before(event)) {
      const stop = timeline.stop(event);
      if (stop !== undefined) return stop;
    }
    return undefined;
  }

  #nameOf(query: number, kind: Frame["kind"]): string {
    const first = this.timeline.event(this.timeline.opening(query));
    if (first.node.kind === "rule") return this.#clauses.get(first.node.rule) ?? printRef(headParts(first.node.rule.head));
    return this.#queries.get(query) ?? kind;
  }
}

/** A term with the values of its variables; undefined where one has none. */
function withValues(term: Term, locals: ReadonlyMap<string, string>): string | undefined {
  if ([...varsOf(term).keys()].some((name) => !locals.has(name))) return undefined;
  const valued = (one: Term): Term => (one.kind === "var" ? varTerm(locals.get(one.name)!, one) : one);
  return printTerm(valued(mapTerm(term, everyTerm(valued))));
}

/** A name that no author gave. */
function isMade(name: string): boolean {
  return name.startsWith("$") || name === "_" || /^__local\w*__$/u.test(name);
}

function kindOf({ op, node, mark }: ExplainedEvent): Frame["kind"] {
  if (node.kind === "rule") return node.rule.head.args === undefined ? "rule" : "function";
  // Where it begins is not kept.
  if (op !== "Enter") return "query";
  if (node.kind === "expr" || mark.kind !== "query") return "every";
  switch (mark.of) {
    case "query":
      return "query";
    case "closure":
      return "comprehension";
    case "domain":
    case "every":
      return "every";
    case "not":
      return "not";
    case "operand":
      return "condition";
  }
}

/** What the clauses of rules are called: `grants(role, action)`, with a number where there are several. */
function clausesOf(checked: Checked): ReadonlyMap<Rule, string> {
  const names = new Map<Rule, string>();
  for (const { module, writtenNames } of checked.modules) {
    const groups = Map.groupBy(
      module.rules.filter((rule) => !rule.default),
      ({ head }) => printRef(headParts(head).slice(0, 1)),
    );
    for (const [name, rules] of groups)
      for (const [at, rule] of rules.entries()) {
        const clause = rules.length === 1 ? "" : ` · clause ${at + 1} of ${rules.length}`;
        for (let branch: Rule | undefined = rule; branch !== undefined; branch = branch.else)
          names.set(branch, `${name}${argumentsOf(branch, writtenNames)}${clause}${branch === rule ? "" : " · else"}`);
      }
  }
  return names;
}

function argumentsOf({ head: { args } }: Rule, names: ReadonlyMap<string, string>): string {
  if (args === undefined) return "";
  const shown = args.map(printTerm).join(", ");
  return `(${shown.replace(/\b__local\w+?__/gu, (name) => names.get(name) ?? name)})`;
}

/** `data.authz.allow` for every rule: its path up to the first key that is not constant. */
export function rulePathsOf({ modules }: Checked): ReadonlySet<string> {
  const paths = new Set<string>();
  for (const { module } of modules)
    for (const { head } of module.rules) {
      const [name, ...keys] = groundPrefix(headParts(head));
      const first = name === undefined ? [] : [stringTerm(name.kind === "var" ? name.name : "", name)];
      paths.add(printRef([dataVar, ...(module.package?.path ?? []), ...first, ...keys]));
    }
  return paths;
}
