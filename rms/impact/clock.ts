// Builtins by which policies read the clock: what they decide at another time than now is not seen by a comparison.
import { type Node, walkRule } from "#analysis/rego/tree/walk.ts";
import type { Term } from "#grammars/rego/ast.ts";
import { partsOf } from "#grammars/rego/nodes.ts";
import { parseModule } from "#grammars/rego/parse.ts";

/** `io.jwt.decode_verify` holds a token's times against now. */
const readers: ReadonlySet<string> = new Set(["time.now_ns", "io.jwt.decode_verify"]);

/** Their names, as they are in the texts, sorted. */
export function clockBuiltins(texts: readonly string[]): readonly string[] {
  const found = new Set<string>();
  const visit = (node: Node): boolean => {
    if (node.kind !== "ref") return false;
    const name = nameOf(partsOf(node));
    if (readers.has(name)) found.add(name);
    return false;
  };
  for (const text of new Set(texts)) for (const rule of parseModule(text, { file: "" }).module.rules) walkRule(rule, visit);
  return [...found].sort();
}

const nameOf = ([root, ...rest]: readonly Term[]): string =>
  [root?.kind === "var" ? root.name : "", ...rest.map((part) => (part.kind === "string" ? part.value : ""))].join(".");
