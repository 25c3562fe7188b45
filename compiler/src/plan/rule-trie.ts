// Rules by the ground prefix of their path: what a ref into `data` walks, and what becomes one function each.
import type { Rule, Term } from "#grammars/rego/ast.ts";

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
  readonly children: ReadonlyMap<string, TrieNode>;
  readonly rules: readonly PlannedRule[];
}

interface Growing extends TrieNode {
  readonly children: Map<string, Growing>;
  rules: PlannedRule[];
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

export interface TrieInput {
  readonly file: number;
  readonly rule: Rule;
  /** Package and head ref, without `data`: the rule's name is a string. */
  readonly ref: readonly Term[];
}

/** A rule that is called with arguments; `f() := 1` is a rule like any other. */
export function isFunction(rule: Rule): boolean {
  return (rule.head.args?.length ?? 0) > 0;
}

/** What the head gives: `true` when nothing is written. */
export function headValue(rule: Rule): Term {
  return rule.head.value ?? { kind: "boolean", value: true, start: rule.head.start, end: rule.head.end };
}

/** Builds the trie; a rule whose ref goes on behind its ground prefix takes every rule below it into its node. */
export function buildTrie(packages: Iterable<readonly Term[]>, rules: Iterable<TrieInput>): TrieNode {
  const root = grow(undefined, []);
  for (const path of packages) insert(root, path);
  for (const { file, rule, ref } of rules) {
    const end = ref.findIndex((part) => !isConstant(part));
    const ground = end < 0 ? ref : ref.slice(0, end);
    insert(root, ground).rules.push({ rule, file, suffix: end < 0 ? [] : ref.slice(end) });
  }
  gather(root);
  return root;
}

function grow(key: Term | undefined, path: readonly string[]): Growing {
  return { key, path, children: new Map(), rules: [] };
}

function insert(root: Growing, path: readonly Term[]): Growing {
  let node = root;
  for (const part of path) {
    if (!isConstant(part)) break;
    const text = keyText(part);
    let child = node.children.get(text);
    if (child === undefined) {
      child = grow(part, [...node.path, text]);
      node.children.set(text, child);
    }
    node = child;
  }
  return node;
}

function gather(node: Growing): void {
  if (node.rules.some(({ rule, suffix }) => suffix.length > 0 && !isFunction(rule))) {
    for (const child of node.children.values()) takeRules(node, child, []);
  }
  for (const child of node.children.values()) gather(child);
}

/** Moves what is no function from below into the node; the empty nodes stay for functions below them. */
function takeRules(node: Growing, below: Growing, path: readonly Term[]): void {
  const suffix = [...path, below.key!];
  for (const one of below.rules) if (!isFunction(one.rule)) node.rules.push({ ...one, suffix: [...suffix, ...one.suffix] });
  below.rules = below.rules.filter(({ rule }) => isFunction(rule));
  for (const child of below.children.values()) takeRules(node, child, suffix);
}

/** The node at exactly this path. */
export function findNode(root: TrieNode, path: readonly string[]): TrieNode | undefined {
  let node: TrieNode | undefined = root;
  for (const part of path) node = node?.children.get(part);
  return node;
}
