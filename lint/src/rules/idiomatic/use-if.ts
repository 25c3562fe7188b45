// `allow { … }`: a body without `if`, as only Rego v0 has it.
import { either, needsKeyword, onlyInV0 } from "../../notices.ts";
import { partsRange } from "../../ref-parts.ts";
import { fileRule } from "../../rule.ts";
import { mayLackKeywords } from "../../v0-keywords.ts";

export const useIf = fileRule({
  name: "use-if",
  category: "idiomatic",
  description: "Use the `if` keyword",
  notice: either(needsKeyword("if"), onlyInV0("Since OPA 1.0, use-if enabled only when provided a v0 policy")),
  *check(file) {
    if (!mayLackKeywords(file)) return;
    for (const { head, body, hasIf } of file.module.rules) {
      if (body !== undefined && !hasIf) yield partsRange(head.reference);
    }
  },
});
