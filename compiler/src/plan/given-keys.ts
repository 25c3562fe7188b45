// Finds what a ref gives of the keys of partial rules, with the terms that give it.
import type { Range, Term } from "#grammars/rego/ast.ts";
import type { AskedKeys } from "./asked-keys.ts";
import type { FunctionPlanner } from "./planner.ts";
import { isConstant } from "./rule-trie.ts";

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
