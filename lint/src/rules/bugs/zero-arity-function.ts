// `f() := 1`: to OPA this is the rule `f`.
import { rulesOf } from "../../names.ts";
import { partsRange } from "../../ref-parts.ts";
import { fileRule } from "../../rule.ts";
import { headRange } from "../../rule-places.ts";

// As in Regal, a name with a `0` in it is not seen.
const written = /^[a-zA-Z_^\\`1-9.[\]"]+\(\)/u;

export const zeroArityFunction = fileRule({
  name: "zero-arity-function",
  category: "bugs",
  description: "Avoid functions without args",
  level: "ignore",
  check: (file) =>
    rulesOf(file)
      .filter((rule) => rule.head.args !== undefined && written.test(file.textOf(headRange(rule))))
      .map(({ head }) => partsRange(head.reference)),
});
