// Names of functions as one text: those of rules and those of builtins.
import type { Term } from "#grammars/rego/ast.ts";
import { findNode, isFunction, type TrieNode } from "./rule-trie.ts";

const STEP = "\u0000";

/** One text for a ref of constant strings: builtins as they are written, paths below `data` such that names may hold dots. */
export function functionName(parts: readonly Term[]): string | undefined {
  const head = parts[0];
  if (head === undefined) return "";
  let name = head.kind === "var" ? head.name : head.kind === "string" ? head.value : undefined;
  if (name === undefined) return undefined;
  const between = name === "data" ? STEP : ".";
  for (let at = 1; at < parts.length; at++) {
    const part = parts[at]!;
    if (part.kind !== "string") return undefined;
    name += between + part.value;
  }
  return name;
}

/** The node of the function's path below `root`; undefined for a builtin. */
export function functionNode(root: TrieNode, name: string): TrieNode | undefined {
  const [first, ...path] = name.split(STEP);
  return first === "data" ? findNode(root, path) : undefined;
}

/** The name as it is written. */
export function writtenName(name: string): string {
  return name.replaceAll(STEP, ".");
}

/** True for a path with a rule that takes arguments. */
export function namesFunction(root: TrieNode, name: string): boolean {
  return functionNode(root, name)?.rules.some(({ rule }) => isFunction(rule)) === true;
}
