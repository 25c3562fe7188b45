// `count(xs, n)`: the result is assigned by a further argument.
import { arityOf } from "../../function-arity.ts";
import { refText } from "../../names.ts";
import { fileRule } from "../../rule.ts";

export const functionArgReturn = fileRule({
  name: "function-arg-return",
  category: "style",
  description: "Return value assigned in function argument",
  options: { "except-functions": ["walk"] },
  *check(file, { "except-functions": excepted }) {
    for (const { operator, args, infix } of file.all("call")) {
      if (infix !== undefined) continue;
      // Calls among the arguments do not count for Regal.
      const counted = args.filter(({ kind }) => kind !== "call");
      const name = refText(operator.parts);
      if (name === undefined || name === "print" || excepted.includes(name)) continue;
      if (counted.length > (arityOf(file, name) ?? Infinity)) yield counted.at(-1)!;
    }
  },
});
