// The comprehensions of a file, and what they give.
import type { ArrayComprehension, ObjectComprehension, SetComprehension, Term } from "#grammars/rego/ast.ts";
import type { LintFile } from "./lint-file.ts";

export type Comprehension = ArrayComprehension | SetComprehension | ObjectComprehension;

export function comprehensionsOf(file: LintFile): readonly Comprehension[] {
  return [...file.all("arrayComprehension"), ...file.all("setComprehension"), ...file.all("objectComprehension")];
}

/** The term before the bar; of an object key and value. */
export function termsOf(comprehension: Comprehension): readonly Term[] {
  return comprehension.kind === "objectComprehension" ? [comprehension.key, comprehension.value] : [comprehension.term];
}
