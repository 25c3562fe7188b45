// Changes of an input that could make a rule true: what the rule, and the rules and functions behind it, compare the input with.

import type { Checked } from "#analysis/rego/checked.ts";
import { headParts, isConstant } from "#analysis/rego/tree/refs.ts";
import { closureBodies } from "#analysis/rego/tree/walk.ts";
import { branchesOf } from "#compiler/plan/rule-index.ts";
import type { Body, Expr, Rule, Term } from "#grammars/rego/ast.ts";
import { printTerm } from "#grammars/rego/print-terms.ts";
import { type Change, isContainer, type Step, valueAt } from "./change.ts";

/** A path below `input`; `undefined` stands for any key or position. */
type InputPath = readonly (string | undefined)[];

/** What a term stands for: places of the input, and values that are known. */
interface Meaning {
  readonly paths: readonly InputPath[];
  readonly values: readonly unknown[];
}

const nothing: Meaning = { paths: [], values: [] };

/** The changes that an expression asks for, any of which could make it hold. */
export type Wish = readonly Change[];

/** Rules behind rules are looked at so deep; of each only so many ways. */
const deepest = 6;
const mostPlans = 24;
/** Elements of a list, or values of one path, that are tried. */
const mostElements = 5;
const mostValues = 12;

export interface Grounds {
  readonly checked: Checked;
  readonly input: unknown;
  readonly data: unknown;
  /** Values that samples and schemas have at a path of keys. */
  readonly known: (path: readonly string[]) => readonly unknown[];
}

export class Candidates {
  readonly #grounds: Grounds;
  readonly #rules = new Map<string, Rule[]>();
  readonly #meanings = new Map<string, Meaning>();
  /** All that was met on the way. */
  readonly #met = new Map<string, Change>();

  constructor(grounds: Grounds) {
    this.#grounds = grounds;
    for (const { module } of grounds.checked.modules) {
      const lead = ["data", ...(module.package?.path ?? []).map(({ value }) => value)];
      for (const rule of module.rules) {
        const names = headParts(rule.head).map((part) =>
          part.kind === "string" ? part.value : part.kind === "var" ? part.name : "",
        );
        // Only what stands before the first key that varies names the rule.
        const name = [...lead, names[0] ?? ""].join(".");
        const own = this.#rules.get(name) ?? [];
        this.#rules.set(name, own);
        own.push(rule);
      }
    }
  }

  /** The ways to make a rule true, each as what its expressions ask for. */
  plansOf(path: string): readonly (readonly Wish[])[] {
    return this.#plans(path, [], 0);
  }

  /** Every change that the rules on the way ask for, and other values that are known of the places that they look at. */
  get all(): readonly Change[] {
    return [...this.#met.values()];
  }

  #plans(path: string, args: readonly Meaning[], depth: number): readonly (readonly Wish[])[] {
    if (depth > deepest) return [[]];
    const rules = this.#ruleAt(path)?.flatMap((rule) => (rule.default ? [] : branchesOf(rule))) ?? [];
    return rules
      .flatMap((rule) => {
        const names = new Map<string, Meaning>();
        for (const [at, param] of (rule.head.args ?? []).entries())
          if (param.kind === "var") names.set(param.name, args[at] ?? nothing);
        return this.#bodyPlans(rule.body ?? [], names, depth);
      })
      .slice(0, mostPlans);
  }

  #ruleAt(path: string): readonly Rule[] | undefined {
    for (let at = path; at.includes("."); at = at.slice(0, at.lastIndexOf("."))) {
      const rules = this.#rules.get(at);
      if (rules !== undefined) return rules;
    }
    return undefined;
  }

  #bodyPlans(body: Body, names: Map<string, Meaning>, depth: number): readonly (readonly Wish[])[] {
    let plans: readonly (readonly Wish[])[] = [[]];
    for (const expr of body) {
      const ways = this.#exprPlans(expr, names, depth);
      if (ways.length > 0) plans = plans.flatMap((plan) => ways.map((way) => [...plan, ...way])).slice(0, mostPlans);
    }
    return plans;
  }

  /** Nothing where an expression asks for nothing of the input. */
  #exprPlans(expr: Expr, names: Map<string, Meaning>, depth: number): readonly (readonly Wish[])[] {
    const { body, negated } = expr;
    if (body.kind === "every") {
      const domain = this.#meaning(body.domain, names);
      const inner = new Map(names);
      inner.set(body.value.name, { paths: domain.paths.map((path) => [...path, undefined]), values: [] });
      return this.#bodyPlans(body.body, inner, depth);
    }
    if (body.kind === "notBody") return this.#negated(this.#bodyPlans(body.body, new Map(names), depth));
    if (body.kind === "logical")
      return [...this.#bodyPlans(body.left, new Map(names), depth), ...this.#bodyPlans(body.right, new Map(names), depth)];
    if (body.kind === "some") return [];
    for (const inner of closureBodies(body)) this.#bodyPlans(inner, new Map(names), depth);
    const plans =
      body.kind === "call" ? this.#callPlans(body, names, depth, negated) : this.#refPlans(body, names, depth, negated);
    return plans;
  }

  /** What something holds by, taken away. */
  #negated(plans: readonly (readonly Wish[])[]): readonly (readonly Wish[])[] {
    const paths = plans.flat(2).flatMap(({ path }) => (path.some((step) => typeof step === "number") ? [] : [path]));
    const wish = paths.map((path): Change => ({ kind: "remove", path }));
    return wish.length === 0 ? [] : [[this.#noted(wish)]];
  }

  #refPlans(term: Term, names: ReadonlyMap<string, Meaning>, depth: number, negated: boolean): readonly (readonly Wish[])[] {
    const path = rulePathOf(term);
    if (path !== undefined && this.#ruleAt(path) !== undefined) {
      const plans = this.#plans(path, [], depth + 1);
      return negated ? this.#negated(plans) : plans;
    }
    const keys = this.#keysOf(term, names);
    if (keys.length > 0) return negated ? [] : [[keys]];
    const { paths } = this.#meaning(term, names);
    const wish = paths.flatMap((one) =>
      negated ? [...this.#changes(one, "remove"), ...this.#changes(one, "set", false)] : this.#changes(one, "set", true),
    );
    return wish.length === 0 ? [] : [[this.#noted(wish)]];
  }

  #callPlans(
    call: Extract<Term, { kind: "call" }>,
    names: Map<string, Meaning>,
    depth: number,
    negated: boolean,
  ): readonly (readonly Wish[])[] {
    const operator = printTerm(call.operator);
    const [left, right] = call.args;
    if (operator === "eq" && left !== undefined && right !== undefined && !negated) {
      const own = this.#meaning(right, names);
      if (left.kind === "var" && !names.has(left.name) && !isConstant(right)) {
        names.set(left.name, own);
        const path = rulePathOf(right);
        if (right.kind === "call" || (path !== undefined && this.#ruleAt(path) !== undefined))
          return this.#exprOfTerm(right, names, depth);
        const keys = this.#keysOf(right, names);
        return keys.length > 0 ? [[keys]] : [];
      }
      if (left.kind === "var" && !names.has(left.name)) names.set(left.name, own);
    }
    const meanings = call.args.map((arg) => this.#meaning(arg, names));
    if (this.#ruleAt(operator) !== undefined && operator.startsWith("data.")) {
      const plans = this.#plans(operator, meanings, depth + 1);
      return negated ? this.#negated(plans) : plans;
    }
    const wish = this.#compared(operator, meanings, negated);
    return wish.length === 0 ? [] : [[this.#noted(wish)]];
  }

  #exprOfTerm(term: Term, names: Map<string, Meaning>, depth: number): readonly (readonly Wish[])[] {
    return term.kind === "call" ? this.#callPlans(term, names, depth, false) : this.#refPlans(term, names, depth, false);
  }

  #compared(
    operator: string,
    [left = nothing, right = nothing, third = nothing]: readonly Meaning[],
    negated: boolean,
  ): readonly Change[] {
    switch (operator) {
      case "eq":
      case "equal":
      case "neq":
        return negated === (operator === "neq")
          ? [...this.#toValues(left, right), ...this.#toValues(right, left)]
          : [...this.#unlike(left, right), ...this.#unlike(right, left), ...this.#others([left, right])];
      case "lt":
      case "lte":
      case "gt":
      case "gte":
        return [...this.#toNumbers(left, right, operator, negated), ...this.#toNumbers(right, left, turned[operator], negated)];
      case "internal.member_2":
        return [...this.#intoList(left, right), ...this.#toValues(left, { paths: [], values: right.values.flatMap(membersOf) })];
      case "internal.member_3":
        return [
          ...this.#intoList(right, third),
          ...this.#toValues(right, { paths: [], values: third.values.flatMap(membersOf) }),
        ];
      case "startswith":
      case "endswith":
      case "contains":
        return this.#toValues(left, right);
      default:
        return this.#others([left, right, third]);
    }
  }

  /** The places of one side as the values of the other. */
  #toValues({ paths }: Meaning, { values, paths: others }: Meaning): readonly Change[] {
    const { input } = this.#grounds;
    const wanted = [...values, ...others.flatMap((path) => (isPlain(path) ? [valueAt(input, path)] : []))].filter(
      (one) => one !== undefined,
    );
    return paths.flatMap((path) => {
      for (const other of this.#known(path)) this.#noted(this.#changes(path, "set", other));
      return wanted.slice(0, mostValues).flatMap((value) => this.#changes(path, "set", value));
    });
  }

  /** The places of one side as values that the other has not. */
  #unlike({ paths }: Meaning, { values }: Meaning): readonly Change[] {
    return paths.flatMap((path) =>
      values.flatMap((value) => {
        if (typeof value === "number") return this.#changes(path, "set", value + 1);
        return typeof value === "boolean" ? this.#changes(path, "set", !value) : this.#changes(path, "remove");
      }),
    );
  }

  #toNumbers({ paths }: Meaning, other: Meaning, operator: keyof typeof turned, negated: boolean): readonly Change[] {
    const { input } = this.#grounds;
    const limits = [...other.values, ...other.paths.flatMap((path) => (isPlain(path) ? [valueAt(input, path)] : []))];
    const by = { lt: -1, lte: 0, gt: 1, gte: 0 }[operator];
    const against = { lt: 0, lte: 1, gt: 0, gte: -1 }[operator];
    return paths.flatMap((path) => {
      for (const other of this.#known(path)) this.#noted(this.#changes(path, "set", other));
      return limits.flatMap((limit) => {
        if (typeof limit !== "number") return typeof limit === "string" ? this.#changes(path, "set", limit) : [];
        return this.#changes(path, "set", limit + (negated ? against : by));
      });
    });
  }

  #intoList({ values, paths: from }: Meaning, { paths }: Meaning): readonly Change[] {
    const { input } = this.#grounds;
    const wanted = [...values, ...from.flatMap((path) => (isPlain(path) ? [valueAt(input, path)] : []))].filter(
      (one) => one !== undefined,
    );
    return paths.flatMap((path) => wanted.flatMap((value) => this.#changes([...path, undefined], "set", value)));
  }

  /** What is known of the places otherwise. */
  #others(meanings: readonly Meaning[]): readonly Change[] {
    return meanings.flatMap(({ paths }) =>
      paths.flatMap((path) => this.#known(path).flatMap((value) => this.#changes(path, "set", value))),
    );
  }

  #known(path: InputPath): readonly unknown[] {
    return isPlain(path) ? this.#grounds.known(path).slice(0, mostValues) : [];
  }

  /** A change of each place that a path leads to. */
  #changes(path: InputPath, kind: "set" | "remove", value?: unknown): readonly Change[] {
    const { input } = this.#grounds;
    let places: readonly (readonly Step[])[] = [[]];
    for (const [at, step] of path.entries()) {
      if (step !== undefined) {
        places = places.map((place) => [...place, step]);
        continue;
      }
      const isLast = at === path.length - 1;
      const added = isLast && kind === "set" ? places.map((place): Change => ({ kind: "add", path: place, value })) : [];
      places = places.flatMap((place) => {
        const held = valueAt(input, place);
        const keys: readonly Step[] = Array.isArray(held)
          ? held.map((_, index) => index)
          : isContainer(held)
            ? Object.keys(held)
            : [];
        return keys.slice(0, mostElements).map((key) => [...place, key]);
      });
      if (added.length > 0) return [...added, ...places.map((place): Change => ({ kind, path: place, value }))];
    }
    return places.map((place): Change => ({ kind, path: place, ...(kind === "set" ? { value } : {}) }));
  }

  #noted(changes: readonly Change[]): readonly Change[] {
    for (const change of changes) this.#met.set(JSON.stringify(change), change);
    return changes;
  }

  #meaning(term: Term, names: ReadonlyMap<string, Meaning>): Meaning {
    if (isConstant(term)) {
      const value = jsonOf(term);
      return value === undefined ? nothing : { paths: [], values: [value] };
    }
    if (term.kind === "var") return term.name === "input" ? { paths: [[]], values: [] } : (names.get(term.name) ?? nothing);
    if (term.kind !== "ref") return nothing;
    const [head, ...rest] = term.parts;
    if (head?.kind !== "var") return nothing;
    if (head.name === "data") return this.#ofData(term, rest, names);
    const base = head.name === "input" ? { paths: [[]], values: [] } : (names.get(head.name) ?? nothing);
    const steps = rest.map((part) => (part.kind === "string" ? part.value : undefined));
    return { paths: base.paths.map((path) => [...path, ...steps]), values: [] };
  }

  /** What the values of a rule stand for, or base data, also where places of the input say which. */
  #ofData(term: Term, parts: readonly Term[], names: ReadonlyMap<string, Meaning>): Meaning {
    const path = rulePathOf(term);
    const rules = path === undefined ? undefined : this.#ruleAt(path);
    if (path !== undefined && rules !== undefined) return this.#ofRules(path, rules);
    let held: unknown = this.#grounds.data;
    for (const part of parts) {
      const key = part.kind === "string" ? part.value : this.#standing(this.#meaning(part, names));
      if (typeof key !== "string" && typeof key !== "number") return nothing;
      held = valueAt(held, [key]);
    }
    return { paths: [], values: held === undefined ? [] : [held] };
  }

  #ofRules(path: string, rules: readonly Rule[]): Meaning {
    const known = this.#meanings.get(path);
    if (known !== undefined) return known;
    // What a rule stands for is not asked again on the way to itself.
    this.#meanings.set(path, nothing);
    const all = rules.map(({ head, body = [] }) => {
      const names = new Map<string, Meaning>();
      for (const { body: expr, negated } of body) {
        const [left, right] = expr.kind === "call" && printTerm(expr.operator) === "eq" && !negated ? expr.args : [];
        if (left?.kind === "var" && right !== undefined) names.set(left.name, this.#meaning(right, names));
      }
      return head.value === undefined ? nothing : this.#meaning(head.value, names);
    });
    const meaning = { paths: all.flatMap(({ paths }) => paths), values: all.flatMap(({ values }) => values) };
    this.#meanings.set(path, meaning);
    return meaning;
  }

  /** The value that it has now, where it stands for one. */
  #standing({ paths, values }: Meaning): unknown {
    const [path] = paths;
    return path !== undefined && isPlain(path) ? valueAt(this.#grounds.input, path) : values[0];
  }

  /** Of base data that is looked up by a place of the input, the keys that there are. */
  #keysOf(term: Term, names: ReadonlyMap<string, Meaning>): readonly Change[] {
    if (term.kind !== "ref" || term.parts[0]?.kind !== "var" || term.parts[0].name !== "data") return [];
    let held: unknown = this.#grounds.data;
    for (const part of term.parts.slice(1)) {
      if (part.kind === "string") {
        held = valueAt(held, [part.value]);
        continue;
      }
      const keys = isContainer(held) && !Array.isArray(held) ? Object.keys(held).slice(0, mostValues) : [];
      return this.#noted(
        this.#meaning(part, names).paths.flatMap((path) => keys.flatMap((key) => this.#changes(path, "set", key))),
      );
    }
    return [];
  }
}

const turned = { lt: "gt", lte: "gte", gt: "lt", gte: "lte" } as const;

function isPlain(path: InputPath): path is readonly string[] {
  return path.every((step) => step !== undefined);
}

function membersOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : isContainer(value) ? Object.values(value) : [];
}

/** `data.p.limit` of a reference to it, or to something in it. */
function rulePathOf(term: Term): string | undefined {
  if (term.kind !== "ref") return undefined;
  const [head, ...rest] = term.parts;
  if (head?.kind !== "var" || head.name !== "data") return undefined;
  const names: string[] = ["data"];
  for (const part of rest) {
    if (part.kind !== "string") break;
    names.push(part.value);
  }
  return names.length < 3 ? undefined : names.join(".");
}

/** A constant as JSON; a set as a list. Undefined for what JSON has not. */
function jsonOf(term: Term): unknown {
  switch (term.kind) {
    case "null":
      return null;
    case "boolean":
    case "string":
      return term.value;
    case "number":
      return Number(term.text);
    case "array":
    case "set":
      return term.items.map(jsonOf);
    case "object":
      return Object.fromEntries(term.entries.map(({ key, value }) => [String(jsonOf(key)), jsonOf(value)]));
    default:
      return undefined;
  }
}
