// How many arguments a function takes, builtin or rule.
import type { Call, Term } from "#grammars/rego/ast.ts";
import type { Builtin } from "./builtins/builtin.ts";
import type { Compilation } from "./compilation.ts";
import type { Arity } from "./safety/outputs.ts";
import { operatorName } from "./tree/vars.ts";

/** The builtin of a name in parts. Rules are called by long paths: those are not written out to find that no builtin has the name. */
export function builtinAt(builtins: ReadonlyMap<string, Builtin>, parts: readonly Term[]): Builtin | undefined {
  const first = parts[0];
  if (first?.kind !== "var") return undefined;
  if (parts.length === 1) return builtins.get(first.name);
  return familiesOf(builtins).has(first.name) ? builtins.get(operatorName(parts)) : undefined;
}

const familiesByBuiltins = new WeakMap<object, ReadonlySet<string>>();

/** What dotted names begin with. */
function familiesOf(builtins: ReadonlyMap<string, Builtin>): ReadonlySet<string> {
  let families = familiesByBuiltins.get(builtins);
  if (families === undefined) {
    families = new Set([...builtins.keys()].flatMap((name) => (name.includes(".") ? [name.slice(0, name.indexOf("."))] : [])));
    familiesByBuiltins.set(builtins, families);
  }
  return families;
}

/** The number of arguments by a call's operator; -1 when there is no such function. */
export function arityOf(compilation: Compilation): Arity {
  return ({ parts }: Call["operator"]): number => {
    const row = builtinAt(compilation.builtins, parts);
    if (row !== undefined) return row.args.length;
    const first = compilation.tree.rulesAt(parts)[0];
    return first === undefined ? -1 : (first.form.args?.length ?? 0);
  };
}
