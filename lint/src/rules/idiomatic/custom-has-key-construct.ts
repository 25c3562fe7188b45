// `has_key(x, k) if { _ = x[k] }`
import { argNames } from "../../function-arity.ts";
import { functionsOf } from "../../names.ts";
import { needsBuiltins } from "../../notices.ts";
import { fileRule } from "../../rule.ts";
import { headRange } from "../../rule-places.ts";
import { binaryOf, isVar, isWildcard } from "../../terms.ts";

export const customHasKeyConstruct = fileRule({
  name: "custom-has-key-construct",
  category: "idiomatic",
  description: "Custom function may be replaced by `in` and `object.keys`",
  notice: needsBuiltins(["object.keys"], "Missing capability for built-in function `object.keys`", "warning"),
  *check(file) {
    if (!file.builtins.has("object.keys")) return;
    for (const rule of functionsOf(file)) {
      const [expr, second] = rule.body ?? [];
      const [, left, right] = (second === undefined && expr !== undefined && binaryOf(expr, ["eq"])) || [];
      const ref = isWildcard(left) ? right : isWildcard(right) ? left : undefined;
      if (ref?.kind !== "ref") continue;
      const [object, key] = ref.parts;
      const names = argNames(rule);
      if (isVar(object) && isVar(key) && names.has(object.name) && names.has(key.name)) yield headRange(rule);
    }
  },
});
