// Rules and variables called `foo`, `bar` and the like, which say nothing of what they are.
import { headParts } from "#analysis/rego/tree/refs.ts";
import { textOfPart } from "../../names.ts";
import { fileRule } from "../../rule.ts";
import { varsOfFile } from "../../rule-vars.ts";

const names: ReadonlySet<string> = new Set(
  "foobar foo bar baz qux quux corge grault garply waldo fred plugh xyzzy thud".split(" "),
);

export const metasyntacticVariable = fileRule({
  name: "metasyntactic-variable",
  category: "testing",
  description: "Metasyntactic variable name",
  *check(file) {
    for (const { head, chained } of file.module.rules) {
      const parts = headParts(head).filter((part, at) => at === 0 || part.kind === "string");
      if (!chained) yield* parts.filter((part) => names.has((textOfPart(part) ?? "").toLowerCase()));
    }
    for (const vars of varsOfFile(file)) {
      for (const { variable } of vars.all) if (names.has(variable.name.toLowerCase()) && vars.isOutput(variable)) yield variable;
    }
  },
});
