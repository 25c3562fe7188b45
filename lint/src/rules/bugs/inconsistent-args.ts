// Clauses of a function that call the same argument by different names. The second clause is told.
import type { Term } from "#grammars/rego/ast.ts";
import { functionsOf, headText } from "../../names.ts";
import { fileRule } from "../../rule.ts";
import { isVar, isWildcard } from "../../terms.ts";

export const inconsistentArgs = fileRule({
  name: "inconsistent-args",
  category: "bugs",
  description: "Inconsistently named function arguments",
  *check(file) {
    for (const clauses of Map.groupBy(functionsOf(file), headText).values()) {
      const lists = clauses.map(({ head }) => head.args!);
      const [first, second] = lists;
      // The compiler says when clauses have different numbers of arguments.
      if (second === undefined || lists.some(({ length }) => length !== first!.length)) continue;
      const differs = first!.some((_, at) => namesAt(lists.map((args) => args[at]!)).size > 1);
      if (differs) yield { start: second[0]!.start, end: second.at(-1)!.end };
    }
  },
});

function namesAt(args: readonly Term[]): ReadonlySet<string> {
  return new Set(args.flatMap((arg) => (isVar(arg) && !isWildcard(arg) ? [arg.name] : [])));
}
