// `adult := age >= 18`: false and undefined both mean no.
import { calledFunction } from "#grammars/rego/nodes.ts";
import { fileRule } from "../../rule.ts";
import { headRange } from "../../rule-places.ts";

export const booleanAssignment = fileRule({
  name: "boolean-assignment",
  category: "idiomatic",
  description: "Prefer `if` over boolean assignment",
  check: ({ module, builtins }) =>
    module.rules
      .filter(({ head: { value } }) => {
        // Builtins with a dot in their name are no case for Regal.
        const name = value === undefined ? undefined : calledFunction(value);
        return name !== undefined && builtins.get(name)?.result?.type.kind === "boolean" && !name.includes(".");
      })
      .map(headRange),
});
