// `[name | some user in users; name := user.name]`: the term could say it.
import { isComprehension } from "#analysis/rego/tree/walk.ts";
import type { Term } from "#grammars/rego/ast.ts";
import type { LintFile, NodeOf } from "../../lint-file.ts";
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

type Comprehension = NodeOf<"arrayComprehension" | "setComprehension" | "objectComprehension">;

function comprehensionsOf(file: LintFile): readonly Comprehension[] {
  return [...file.all("arrayComprehension"), ...file.all("setComprehension"), ...file.all("objectComprehension")].filter(
    isComprehension,
  );
}

function termsOf(comprehension: Comprehension): readonly Term[] {
  return comprehension.kind === "objectComprehension" ? [comprehension.key, comprehension.value] : [comprehension.term];
}

/** What is more than a variable or a path would make the term hard to read. */
function isSimple(term: Term): boolean {
  if (isVar(term)) return true;
  return isRef(term) && isStatic(term) && !(term.kind === "ref" && term.parts[0]?.kind === "call");
}
