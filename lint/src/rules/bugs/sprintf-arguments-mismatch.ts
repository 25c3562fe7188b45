// `sprintf("%s is %d", [name])`: another number of values than the format has verbs.
import type { Term } from "#grammars/rego/ast.ts";
import type { LintFile } from "../../lint-file.ts";
import { needsBuiltins } from "../../notices.ts";
import { fileRule } from "../../rule.ts";

export const sprintfArgumentsMismatch = fileRule({
  name: "sprintf-arguments-mismatch",
  category: "bugs",
  description: "Mismatch in `sprintf` arguments count",
  notice: needsBuiltins(["sprintf"], "Missing capability for built-in `sprintf`"),
  *check(file) {
    if (!file.builtins.has("sprintf")) return;
    for (const { args } of file.calls("sprintf")) {
      const [format, values] = args.filter(({ kind }) => kind !== "call");
      if (format === undefined || values?.kind !== "array") continue;
      const text = formatOf(file, format);
      if (text === undefined || valuesOf(text) === values.items.length) continue;
      yield { start: format.start, end: args.findLast(({ kind }) => kind !== "call")!.end };
    }
  },
});

/** How many values a format takes: padding takes one itself, and values that are named by their numbers count once. */
function valuesOf(format: string): number {
  const text = format.replaceAll("%%", "");
  const count = (part: RegExp) => text.match(part)?.length ?? 0;
  const named = text.match(/%\[\d\]/gu) ?? [];
  return count(/%/gu) + count(/%-\*s/gu) - (named.length - new Set(named).size);
}

/** The text of a format, which may have been given to a variable in a row above. */
function formatOf(file: LintFile, format: Term): string | undefined {
  if (format.kind === "string") return format.value;
  if (format.kind !== "var") return undefined;
  const rule = file.ruleOf(format);
  const row = file.lines.lineOf(format.start);
  for (const call of file.calls("assign")) {
    const [variable, value] = call.args;
    const isOfFormat = variable?.kind === "var" && variable.name === format.name && value?.kind === "string";
    if (isOfFormat && file.lines.lineOf(call.start) < row && file.ruleOf(call) === rule) return value.value;
  }
  return undefined;
}
