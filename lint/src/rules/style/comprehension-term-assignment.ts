// `[name | some user in users; name := user.name]`: the term could say it.
import type { Term } from "#grammars/rego/ast.ts";
import { comprehensionsOf, termsOf } from "../../comprehensions.ts";
import { fileRule } from "../../rule.ts";
import { binaryOf, infixRange, isRef, isStatic, isVar } from "../../terms.ts";

export const comprehensionTermAssignment = fileRule({
  name: "comprehension-term-assignment",
  category: "style",
  description: "Assigned value can be moved to comprehension term",
  *check(file) {
    for (const comprehension of comprehensionsOf(file)) {
      // One alone cannot be moved.
      if (comprehension.body.length < 2) continue;
      const names = termsOf(comprehension)
        .filter(isVar)
        .map(({ name }) => name);
      for (const expr of comprehension.body) {
        const [call, left, right] = binaryOf(expr, ["assign"]) ?? [];
        if (call !== undefined && isVar(left) && names.includes(left.name) && isSimple(right!)) yield infixRange(call);
      }
    }
  },
});

/** What is more than a variable or a path would make the term hard to read. */
function isSimple(term: Term): boolean {
  if (isVar(term)) return true;
  return isRef(term) && isStatic(term) && !(term.kind === "ref" && term.parts[0]?.kind === "call");
}
