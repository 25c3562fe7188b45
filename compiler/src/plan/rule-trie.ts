// Rules by the ground prefix of their path: what a ref into `data` walks, and what becomes one function each.
import type { Rule, Term } from "#grammars/rego/ast.ts";
import { compareTerms } from "#grammars/rego/compare-terms.ts";

/** A rule with the file it stands in and the parts of its ref behind the node's path. */
export interface PlannedRule {
  readonly rule: Rule;
  readonly file: number;
  readonly suffix: readonly Term[];
}

export interface TrieNode {
  readonly key: Term | undefined;
  /** Path below `data`, as key texts. */
  readonly path: readonly string[];
  readonly rules: readonly PlannedRule[];
  child(key: string): TrieNode | undefined;
  /** All children, by OPA's order of their keys. */
  readonly children: readonly (readonly [string, TrieNode])[];
}

/** The trie, which notes what is looked at: by the text of a node's path, whether all of its children were asked for too. */
export class RuleTrie {
  readonly root: TrieNode;
  /** Where looks are noted; the reader of the trie sets it. */
  looks: Map<string, boolean> | undefined;
  readonly #nodes = new Map<string, Growing>();
  readonly #shapes = new Map<Growing, string>();

  /** A rule whose ref goes on behind its ground prefix takes every rule below it into its node. */
  constructor(modules: readonly TrieModule[]) {
    const root = this.#grow(undefined, [], "");
    this.root = root;
    for (const { path } of modules) this.#insert(root, path);
    for (const { file, rules } of modules) {
      for (const { rule, ref } of rules) {
        const end = ref.findIndex((part) => !isConstant(part));
        const ground = end < 0 ? ref : ref.slice(0, end);
        this.#insert(root, ground).rules.push({ rule, file, suffix: end < 0 ? [] : ref.slice(end) });
      }
    }
    gather(root);
  }

  /** What a look at a place sees: all that planning a ref or a call asks of the rules there. */
  seen(place: string, all: boolean): string {
    const node = this.#nodes.get(place);
    if (node === undefined) return "";
    let shape = this.#shapes.get(node);
    if (shape === undefined) {
      shape = JSON.stringify(node.rules.map(shapeOf));
      this.#shapes.set(node, shape);
    }
    return all ? `${shape}${JSON.stringify([...node.growing.keys()])}` : shape;
  }

  note(place: string, all: boolean): void {
    if (this.looks !== undefined && (all || !this.looks.has(place))) this.looks.set(place, all);
  }

  #insert(root: Growing, path: readonly Term[]): Growing {
    let node = root;
    for (const part of path) {
      if (!isConstant(part)) break;
      const text = keyText(part);
      let child = node.growing.get(text);
      if (child === undefined) {
        child = this.#grow(part, [...node.path, text], placeBelow(node.place, text));
        node.growing.set(text, child);
      }
      node = child;
    }
    return node;
  }

  #grow(key: Term | undefined, path: readonly string[], place: string): Growing {
    const node = new Growing(this, key, path, place);
    this.#nodes.set(place, node);
    return node;
  }
}

class Growing implements TrieNode {
  readonly key: Term | undefined;
  readonly path: readonly string[];
  readonly place: string;
  readonly growing = new Map<string, Growing>();
  rules: PlannedRule[] = [];
  readonly #trie: RuleTrie;

  constructor(trie: RuleTrie, key: Term | undefined, path: readonly string[], place: string) {
    this.#trie = trie;
    this.key = key;
    this.path = path;
    this.place = place;
  }

  child(key: string): TrieNode | undefined {
    const child = this.growing.get(key);
    this.#trie.note(child?.place ?? placeBelow(this.place, key), false);
    return child;
  }

  get children(): readonly (readonly [string, TrieNode])[] {
    this.#trie.note(this.place, true);
    for (const child of this.growing.values()) this.#trie.note(child.place, false);
    return inOrder(this);
  }
}

function placeBelow(place: string, key: string): string {
  return `${place}/${JSON.stringify(key)}`;
}

function shapeOf({ rule, suffix }: PlannedRule): readonly unknown[] {
  const { args, key } = rule.head;
  return [args?.length, rule.default, key === undefined ? 0 : termShape(key), suffix.map(termShape)];
}

function termShape(term: Term): string {
  return isConstant(term) ? `${term.kind} ${keyText(term)}` : term.kind;
}

export type Constant = Extract<Term, { kind: "null" | "boolean" | "number" | "string" }>;

export function isConstant(term: Term): term is Constant {
  return term.kind === "string" || term.kind === "number" || term.kind === "boolean" || term.kind === "null";
}

/** The text under which a constant stands among its siblings: strings as they are, others quoted by their kind. */
export function keyText(term: Constant): string {
  switch (term.kind) {
    case "string":
      return term.value;
    case "number":
      return `\u0000${term.text}`;
    case "boolean":
      return `\u0000${term.value}`;
    case "null":
      return "\u0000null";
  }
}

/** The rules of a module for the trie. */
export interface TrieModule {
  readonly file: number;
  /** Its package. */
  readonly path: readonly Term[];
  /** Each with package and head ref, without `data`: the rule's name is a string. */
  readonly rules: readonly { readonly rule: Rule; readonly ref: readonly Term[] }[];
}

/** A rule that is called with arguments; `f() := 1` is a rule like any other. */
export function isFunction(rule: Rule): boolean {
  return (rule.head.args?.length ?? 0) > 0;
}

/** What the head gives: `true` when nothing is written. */
export function headValue(rule: Rule): Term {
  return rule.head.value ?? { kind: "boolean", value: true, start: rule.head.start, end: rule.head.end };
}

function gather(node: Growing): void {
  if (node.rules.some(({ rule, suffix }) => suffix.length > 0 && !isFunction(rule))) {
    for (const [, child] of inOrder(node)) takeRules(node, child, []);
  }
  for (const child of node.growing.values()) gather(child);
}

/** The nodes right below, by OPA's order of their keys. */
function inOrder({ growing }: Growing): readonly (readonly [string, Growing])[] {
  return [...growing].sort(([, a], [, b]) => compareTerms(a.key!, b.key!));
}

/** Moves what is no function from below into the node; the empty nodes stay for functions below them. */
function takeRules(node: Growing, below: Growing, path: readonly Term[]): void {
  const suffix = [...path, below.key!];
  for (const one of below.rules) if (!isFunction(one.rule)) node.rules.push({ ...one, suffix: [...suffix, ...one.suffix] });
  below.rules = below.rules.filter(({ rule }) => isFunction(rule));
  for (const [, child] of inOrder(below)) takeRules(node, child, suffix);
}

/** The node at exactly this path. */
export function findNode(root: TrieNode, path: readonly string[]): TrieNode | undefined {
  let node: TrieNode | undefined = root;
  for (const part of path) node = node?.child(part);
  return node;
}
