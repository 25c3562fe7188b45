// An entrypoint whose name, or a part of it, begins with `_`: internal by convention.
import { headParts } from "#analysis/rego/tree/refs.ts";
import { annotatedRules } from "../../annotated-rules.ts";
import { isFunction, textOfPart } from "../../names.ts";
import { fileRule } from "../../rule.ts";

export const internalEntrypoint = fileRule({
  name: "internal-entrypoint",
  category: "bugs",
  description: "Entrypoint can't be marked internal",
  *check(file) {
    for (const rule of annotatedRules(file, ({ entrypoint }) => entrypoint)) {
      if (isFunction(rule)) continue;
      for (const [at, part] of headParts(rule.head).entries())
        if (textOfPart(part)?.startsWith("_") && (at === 0 || part.kind === "string")) yield part;
    }
  },
});
