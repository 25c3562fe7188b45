// print and trace: what a policy says while it is evaluated.
import { writeTerm } from "../rego-text.ts";
import { RegoSet, type Value } from "../value.ts";
import { type Family, operand } from "./builtin.ts";

export const output: Family = {
  // Each operand is a set of the values it may have; the empty set is an undefined operand.
  "internal.print": (args, context) => {
    let lines: readonly (readonly string[])[] = [[]];
    for (const choices of operand(args, 1, "array")) {
      const values = choices instanceof RegoSet ? choices.items : [choices];
      const texts = values.length === 0 ? ["<undefined>"] : values.map(shown);
      lines = lines.flatMap((line) => texts.map((text) => [...line, text]));
    }
    for (const line of lines) context.print(line.join(" "), "print");
    return true;
  },

  trace: (args, context) => {
    context.print(operand(args, 1, "string"), "trace");
    return true;
  },
};

function shown(value: Value): string {
  return typeof value === "string" ? value : writeTerm(value);
}
