// What the plans of one policy under edits share: the numbers of texts, files and generations, and the functions whose rules stayed as they were.
import type { Builtin } from "#analysis/rego/builtins/builtin.ts";
import type { Rule } from "#grammars/rego/ast.ts";
import { originOf } from "#grammars/rego/moved.ts";
import type { LineIndex } from "#grammars/text/lines.ts";
import type { AskedKeys } from "./asked-keys.ts";
import type { Generation } from "./generation.ts";
import type { Func } from "./ir.ts";
import type { RuleTrie, TrieNode } from "./rule-trie.ts";

/** A function that another one calls: enough to ask for it again. */
export interface Ask {
  readonly path: readonly string[];
  readonly generation: Generation;
  /** Of the node's rules those that are meant. */
  readonly rules: readonly number[];
  readonly asked: AskedKeys;
  readonly isWanted: boolean;
}

/** A planned function with all that its planning left elsewhere. */
export interface KnownFunction {
  readonly func: Func;
  readonly asks: readonly Ask[];
  readonly builtins: readonly Builtin[];
}

/** What is known of the rules at one node. */
export interface KnownNode {
  readonly from: readonly unknown[];
  /** Where planning looked at rules, see `RuleTrie`. */
  readonly looks: Map<string, boolean>;
  /** What it saw there, in the same order; set when the plan ends. */
  seen: readonly string[] | undefined;
  readonly functions: Map<string, KnownFunction>;
}

export class PlanMemory {
  readonly #lasting: boolean;
  readonly strings: string[] = [];
  readonly files: string[] = [];
  readonly #texts = new Map<string, number>();
  readonly #fileNumbers = new Map<string, number>();
  readonly #generations = new Map<string, number>();
  readonly #once = new WeakMap<object, number>();
  #slots = 0;
  readonly #nodes = new Map<string, KnownNode>();
  /** The nodes of the present plan. */
  readonly #current = new Map<TrieNode, KnownNode>();
  #trie: RuleTrie | undefined;
  #tells = false;
  #replacesInside = false;

  /** `lasting`: functions are kept for plans to come. */
  constructor(lasting = false) {
    this.#lasting = lasting;
  }

  /** How many texts and generations it numbers, used or not, as a size. */
  get size(): number {
    return 16 * (this.strings.length + this.#generations.size);
  }

  text(value: string): number {
    let index = this.#texts.get(value);
    if (index === undefined) {
      index = this.strings.push(value) - 1;
      this.#texts.set(value, index);
    }
    return index;
  }

  /** The number of a file; another one when `taken` has it. */
  file(name: string, taken: ReadonlySet<number>): number {
    const known = this.#fileNumbers.get(name);
    if (known !== undefined && !taken.has(known)) return known;
    const number = this.files.push(name) - 1;
    this.#fileNumbers.set(name, number);
    return number;
  }

  generation(key: string): number {
    let id = this.#generations.get(key);
    if (id === undefined) {
      id = this.#generations.size;
      this.#generations.set(key, id);
    }
    return id;
  }

  /** The slot that keeps what is evaluated once of a term, whichever functions hold it. */
  slotOf(term: object): number {
    const slot = this.#once.get(term) ?? this.#slots++;
    this.#once.set(term, slot);
    return slot;
  }

  /** Begins a plan over these rules; `tells`: the order in which things happen is seen; `replacesInside`: base documents in part. */
  begin(trie: RuleTrie, tells: boolean, replacesInside: boolean): void {
    this.#trie = trie;
    this.#tells = tells;
    this.#replacesInside = replacesInside;
    this.#current.clear();
  }

  /**
   * What is known of the functions of a node, for more to be added: nothing when its rules, or what their planning saw of others, are
   * not as they were. Undefined where nothing is kept.
   */
  about(node: TrieNode, lines: readonly (LineIndex | undefined)[]): KnownNode | undefined {
    if (!this.#lasting) return undefined;
    const current = this.#current.get(node);
    if (current !== undefined) return current;
    const place = JSON.stringify(node.path);
    const before = this.#nodes.get(place);
    const from = [this.#tells, this.#replacesInside, ...sourceOf(node, lines)];
    const about =
      before !== undefined && this.#holds(before, from)
        ? before
        : { from, looks: new Map(), seen: undefined, functions: new Map() };
    this.#nodes.set(place, about);
    this.#current.set(node, about);
    return about;
  }

  /** Ends a plan: notes what was seen where it was looked. */
  end(): void {
    const trie = this.#trie;
    if (trie === undefined) return;
    for (const about of this.#current.values()) about.seen ??= [...about.looks].map(([place, all]) => trie.seen(place, all));
    this.#trie = undefined;
    this.#current.clear();
  }

  #holds({ from, looks, seen }: KnownNode, now: readonly unknown[]): boolean {
    const trie = this.#trie;
    if (trie === undefined || seen === undefined) return false;
    if (now.length !== from.length || !now.every((one, at) => one === from[at])) return false;
    let at = 0;
    for (const [place, all] of looks) if (trie.seen(place, all) !== seen[at++]) return false;
    return true;
  }
}

/** What the functions of a node are made of. Checked trees are kept where a rule did not change; rows and columns count for themselves. */
function sourceOf(node: TrieNode, lines: readonly (LineIndex | undefined)[]): readonly unknown[] {
  const source: unknown[] = [];
  for (const { rule, file } of node.rules) {
    const { row, col } = lines[file]?.rowCol(rule.start) ?? { row: 0, col: 0 };
    source.push(file, row, col, rule.default);
    for (let branch: Rule | undefined = rule; branch !== undefined; branch = branch.else) {
      const { head, body } = originOf(branch).rule;
      source.push(head, body);
    }
  }
  return source;
}
