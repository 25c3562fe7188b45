// How many arguments a function takes, builtin or rule.
import type { Call } from "#grammars/rego/ast.ts";
import type { Compilation } from "./compilation.ts";
import type { Arity } from "./safety/outputs.ts";
import { operatorName } from "./tree/vars.ts";

/** The number of arguments by a call's operator; -1 when there is no such function. */
export function arityOf(compilation: Compilation): Arity {
  return ({ parts }: Call["operator"]): number => {
    const row = compilation.builtins.get(operatorName(parts));
    if (row !== undefined) return row.args.length;
    const first = compilation.tree.rulesAt(parts)[0];
    return first === undefined ? -1 : (first.head.args?.length ?? 0);
  };
}
