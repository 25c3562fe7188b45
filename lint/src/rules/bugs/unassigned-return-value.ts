// `trim(x, "-")` as a condition: its value goes nowhere, and it is true unless it fails.
import { BOOLEAN } from "#analysis/rego/types/type.ts";
import { arityOf } from "../../function-arity.ts";
import { refText } from "../../names.ts";
import { fileRule } from "../../rule.ts";

export const unassignedReturnValue = fileRule({
  name: "unassigned-return-value",
  category: "bugs",
  description: "Non-boolean return value unassigned",
  *check(file) {
    for (const expr of file.all("expr")) {
      const { body, negated } = expr;
      if (body.kind !== "call" || negated) continue;
      const name = refText(body.operator.parts) ?? "";
      const result = file.builtins.get(name)?.result;
      if (result === undefined || result.type === BOOLEAN || name === "print") continue;
      // A value that is an argument behind the last one, and a hole of a template string, are another matter.
      const isReturned = body.args.length > (arityOf(file, name) ?? Number.POSITIVE_INFINITY);
      if (!isReturned && file.parent(expr)?.kind !== "templateString") yield body.operator;
    }
  },
});
