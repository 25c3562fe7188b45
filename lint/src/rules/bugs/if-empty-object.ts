// `allow if {}`: an empty object, which is true, and no empty body. `if-object-literal` finds this and more.
import { needsKeyword } from "../../notices.ts";
import { fileRule } from "../../rule.ts";
import { ruleRange } from "../../rule-places.ts";

export const ifEmptyObject = fileRule({
  name: "if-empty-object",
  category: "bugs",
  description: "Empty object following `if`",
  notice: needsKeyword("if"),
  level: "ignore",
  *check({ module }) {
    for (const rule of module.rules) {
      const [first, ...more] = rule.body ?? [];
      if (first?.body.kind === "object" && first.body.entries.length === 0 && more.length === 0) yield ruleRange(rule);
    }
  },
});
