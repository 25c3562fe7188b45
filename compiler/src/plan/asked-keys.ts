// What a ref gives of the keys of partial rules: each wholly, in part (`o[[a, 2]]`), or not at all. Keys in part are shapes, which
// the rules' own keys are unified with before their bodies run, as in OPA's interpreter.
import type { Range, Term } from "#grammars/rego/ast.ts";
import { printTerm } from "#grammars/rego/print-terms.ts";
import type { Local } from "./ir.ts";
import type { FunctionPlanner } from "./planner.ts";
import { isConstant } from "./rule-trie.ts";

/** A key that a ref gives in part. */
export interface KeyShape {
  /** Arrays and objects, with variables for what the ref gives and for what it leaves open; one that stands twice is one value. */
  readonly term: Term;
  /** The variables that the ref gives values, each a parameter. */
  readonly given: readonly string[];
}

export type AskedKey = "given" | "open" | KeyShape;

/** For each key behind the rule's node what the ref gives of it; empty for the whole document. */
export type AskedKeys = readonly AskedKey[];

/** An asked key with the parameters that have its values. */
export interface KeyParameters {
  readonly key: AskedKey;
  readonly locals: readonly Local[];
}

export function parameterCount(key: AskedKey): number {
  if (key === "open") return 0;
  return key === "given" ? 1 : key.given.length;
}

/** The keys at the beginning that are given wholly. */
export function leadingKeys(asked: AskedKeys): AskedKeys {
  const end = asked.findIndex((key) => key !== "given");
  return end < 0 ? asked : asked.slice(0, end);
}

/** Told apart from every other keys of the same rules. */
export function askedText(asked: AskedKeys): string {
  return asked.map((key) => (key === "given" ? "k" : key === "open" ? "_" : shapeText(key.term))).join("");
}

function shapeText(term: Term): string {
  if (term.kind === "var") return term.name;
  if (term.kind === "array") return `[${term.items.map(shapeText).join()}]`;
  if (term.kind !== "object") return printTerm(term);
  return `{${term.entries.map(({ key, value }) => `${printTerm(key)}:${shapeText(value)}`).join()}}`;
}

/** What a ref asks, with the terms that the parameters get their values from. */
export interface Asked {
  readonly keys: AskedKeys;
  readonly terms: readonly Term[];
}

/** What is given of `parts`; `inPart`: shapes count, too. Keys behind the last one of which something is given are left out. */
export function givenOf(p: FunctionPlanner, parts: readonly Term[], inPart: boolean): Asked {
  const shapes = inPart ? new Shapes(p, parts) : undefined;
  const all = parts.map((part, at): Asked => {
    if (p.evaluable(part)) return { keys: ["given"], terms: [part] };
    return shapes?.shapeOf(part, at) ?? { keys: ["open"], terms: [] };
  });
  const known = all.slice(0, all.findLastIndex(({ keys }) => keys[0] !== "open") + 1);
  return { keys: known.flatMap(({ keys }) => keys), terms: known.flatMap(({ terms }) => terms) };
}

/** The shapes of one ref's keys, which share what is open. */
class Shapes {
  readonly #p: FunctionPlanner;
  /** How often each variable without a value stands in the keys. */
  readonly #uses = new Map<string, number>();
  /** The variables without a value, in order. */
  readonly #open: string[] = [];

  constructor(p: FunctionPlanner, parts: readonly Term[]) {
    this.#p = p;
    for (const part of parts) this.#count(part);
  }

  /** Of an array, an object, or a variable that stands in another key, too. */
  shapeOf(part: Term, at: number): Asked | undefined {
    const isRepeated = part.kind === "var" && (this.#uses.get(part.name) ?? 0) > 1;
    if (part.kind !== "array" && part.kind !== "object" && !isRepeated) return undefined;
    const terms: Term[] = [];
    const given: string[] = [];
    const term = this.#shape(part, (leaf) => {
      const name = `$key${at}_${given.length}`;
      terms.push(leaf);
      given.push(name);
      return name;
    });
    return { keys: [{ term, given }], terms };
  }

  #shape(term: Term, give: (leaf: Term) => string): Term {
    if (this.#p.evaluable(term)) return variable(give(term), term);
    if (term.kind === "array") return { ...term, items: term.items.map((item) => this.#shape(item, give)) };
    if (term.kind === "object" && term.entries.every(({ key }) => isConstant(key)))
      return { ...term, entries: term.entries.map((entry) => ({ ...entry, value: this.#shape(entry.value, give) })) };
    return variable(`$key_${this.#numberOf(term)}`, term);
  }

  #numberOf(term: Term): number {
    const known = term.kind === "var" ? this.#open.indexOf(term.name) : -1;
    return known >= 0 ? known : this.#open.push(term.kind === "var" ? term.name : "") - 1;
  }

  #count(term: Term): void {
    if (term.kind === "var" && !this.#p.evaluable(term)) this.#uses.set(term.name, (this.#uses.get(term.name) ?? 0) + 1);
    if (term.kind === "array") for (const item of term.items) this.#count(item);
    if (term.kind === "object") for (const { value } of term.entries) this.#count(value);
  }
}

function variable(name: string, { start, end }: Range): Term {
  return { kind: "var", start, end, name };
}
