// `count(xs) > 0` before `some x in xs`, which does not hold for an empty collection anyway.
import { textOfPart } from "../../names.ts";
import { equalRefs } from "../../ref-parts.ts";
import { fileRule } from "../../rule.ts";
import { binaryOf } from "../../terms.ts";

export const redundantLoopCount = fileRule({
  name: "redundant-loop-count",
  category: "bugs",
  description: "Redundant count before loop",
  *check({ module }) {
    for (const { body = [] } of module.rules) {
      for (const [at, expr] of body.entries()) {
        const [, counted, zero] = binaryOf(expr, ["gt", "neq"]) ?? [];
        if (counted?.kind !== "call" || zero?.kind !== "number" || Number(zero.text) !== 0) continue;
        if (textOfPart(counted.operator.parts[0]!) !== "count") continue;
        const loop = body[at + 1]?.body;
        const [iteration] = loop?.kind === "some" ? loop.symbols : [];
        const over = iteration?.kind === "call" ? iteration.args.at(-1) : undefined;
        if (over !== undefined && equalRefs(counted.args[0]!, over)) yield counted;
      }
    }
  },
});
