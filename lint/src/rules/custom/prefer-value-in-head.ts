// `x := 1` as the last condition of a rule for `x`: the head could say it.
import { namingOf } from "#analysis/rego/ast-json.ts";
import { isScalar } from "#analysis/rego/tree/refs.ts";
import type { LintFile } from "../../lint-file.ts";
import { fileRule } from "../../rule.ts";
import { binaryOf, isVar } from "../../terms.ts";

export const preferValueInHead = fileRule({
  name: "prefer-value-in-head",
  category: "custom",
  description: "Prefer value in rule head",
  level: "ignore",
  options: { "only-scalars": false, "include-interpolated": false, "except-var-names": [] as readonly string[] },
  *check({ module }: LintFile, options) {
    for (const rule of module.rules) {
      const last = rule.body?.at(-1);
      const [, left, right] = (last !== undefined && binaryOf(last, ["eq", "assign"])) || [];
      const given = [rule.head.value, namingOf(rule).key].find(isVar);
      if (!isVar(left) || right === undefined || left.name !== given?.name) continue;
      const isPlain = isScalar(right) || (options["include-interpolated"] && right.kind === "templateString");
      if ((options["only-scalars"] && !isPlain) || options["except-var-names"].includes(left.name)) continue;
      yield right;
    }
  },
});
