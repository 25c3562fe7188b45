// Quick fixes that put another name in the place of one that is not there.
import type { QuickFix } from "#grammars/diagnostic.ts";
import type { Range } from "#grammars/rego/ast.ts";

/** One for each name; the first is preferred. */
export function nameFixes(range: Range, names: readonly string[]): QuickFix[] {
  return names.map((newText, at) => ({ title: `Use \`${newText}\``, edits: [{ range, newText }], preferred: at === 0 }));
}
