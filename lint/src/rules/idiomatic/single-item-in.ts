// `x in {"admin"}`: a collection of one item.
import { fileRule } from "../../rule.ts";

export const singleItemIn = fileRule({
  name: "single-item-in",
  category: "idiomatic",
  description: "Avoid `in` for single item collection",
  *check(file) {
    for (const { args, operator } of file.calls("internal.member_2")) {
      const collection = args[1];
      if (collection?.kind === "array" || collection?.kind === "set") {
        if (collection.items.length === 1) yield operator;
      } else if (collection?.kind === "object" && collection.entries.length === 1) yield operator;
    }
  },
});
