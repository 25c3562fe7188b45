// What the plans of one policy under edits share: the numbers of texts, files and generations, and the functions whose rules stayed as they were.
import type { Builtin } from "#analysis/rego/builtins/builtin.ts";
import type { Rule, Term } from "#grammars/rego/ast.ts";
import type { LineIndex } from "#grammars/text/lines.ts";
import type { Generation } from "./generation.ts";
import type { Func } from "./ir.ts";
import type { AskedKeys } from "./keyed-rules.ts";
import { isConstant, keyText, type PlannedRule, type TrieNode } from "./rule-trie.ts";

/** A function that another one calls: enough to ask for it again. */
export interface Ask {
  readonly path: readonly string[];
  readonly generation: Generation;
  /** Of the node's rules those that are meant. */
  readonly rules: readonly number[];
  readonly asked: AskedKeys;
}

/** A planned function with all that its planning left elsewhere. */
export interface KnownFunction {
  readonly func: Func;
  readonly asks: readonly Ask[];
  readonly builtins: readonly Builtin[];
}

export class PlanMemory {
  readonly strings: string[] = [];
  readonly files: string[] = [];
  readonly #texts = new Map<string, number>();
  readonly #fileNumbers = new Map<string, number>();
  readonly #generations = new Map<string, number>();
  readonly #functions = new Map<string, { readonly from: readonly unknown[]; readonly known: KnownFunction }>();
  #shape = "";

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

  /** Begins a plan. What one function sees of the rules of others is their shape: with another one all are planned anew. */
  begin(root: TrieNode): void {
    const shape: string[] = [];
    addShape(root, shape);
    const text = shape.join("\n");
    if (text !== this.#shape) this.#functions.clear();
    this.#shape = text;
  }

  known(name: string, node: TrieNode, lines: readonly (LineIndex | undefined)[]): KnownFunction | undefined {
    const entry = this.#functions.get(name);
    if (entry === undefined) return undefined;
    const now = sourceOf(node, lines);
    return now.length === entry.from.length && now.every((one, at) => one === entry.from[at]) ? entry.known : undefined;
  }

  remember(name: string, node: TrieNode, lines: readonly (LineIndex | undefined)[], known: KnownFunction): void {
    this.#functions.set(name, { from: sourceOf(node, lines), known });
  }
}

/** What the functions of a node are made of. Checked trees are kept where a rule neither changed nor moved; rows count for themselves. */
function sourceOf(node: TrieNode, lines: readonly (LineIndex | undefined)[]): readonly unknown[] {
  const source: unknown[] = [];
  for (const { rule, file } of node.rules) {
    const { row, col } = lines[file]?.rowCol(rule.head.start) ?? { row: 0, col: 0 };
    source.push(file, row, col, rule.default);
    for (let branch: Rule | undefined = rule; branch !== undefined; branch = branch.else) source.push(branch.head, branch.body);
  }
  return source;
}

/** All that planning a ref or a call asks of the rules that it leads to. */
function addShape(node: TrieNode, shape: string[]): void {
  shape.push(node.rules.length === 0 ? String(node.children.size) : JSON.stringify([node.path, node.rules.map(shapeOf)]));
  for (const [key, child] of node.children) {
    shape.push(JSON.stringify(key));
    addShape(child, shape);
  }
}

function shapeOf({ rule, suffix }: PlannedRule): readonly unknown[] {
  const { args, key } = rule.head;
  return [args?.length, rule.default, key === undefined ? 0 : termShape(key), suffix.map(termShape)];
}

function termShape(term: Term): string {
  return isConstant(term) ? `${term.kind} ${keyText(term)}` : term.kind;
}
