// `allow = true`: a value that is assigned with the sign that compares.
import { namingOf } from "#analysis/rego/ast-json.ts";
import type { Range, Rule } from "#grammars/rego/ast.ts";
import { outerStart } from "#grammars/rego/nodes.ts";
import type { LintFile } from "../../lint-file.ts";
import { isFunction } from "../../names.ts";
import { type Found, fileRule } from "../../rule.ts";

export const useAssignmentOperator = fileRule({
  name: "use-assignment-operator",
  category: "style",
  description: "Prefer := over = for assignment",
  *check(file) {
    for (const rule of file.module.rules) {
      if (!rule.chained && !(isFunction(rule) && namingOf(rule).key !== undefined)) yield* found(file, rule);
      for (let branch = rule.else; branch !== undefined; branch = branch.else) yield* found(file, branch);
    }
  },
});

/** Regal takes the first `=` of the line, which may be one of something before it. */
function* found(file: LintFile, { head: { value, args, reference, start } }: Rule): Iterable<Found> {
  if (value === undefined) return;
  const sign = signBefore(file, outerStart(value));
  const isBehindName = sign.start >= Math.max(start, reference.end, args?.at(-1)?.end ?? 0);
  if (file.textOf(sign) !== "=" || !isBehindName || ":=<>!".includes(file.text[sign.start - 1]!)) return;
  const behindColon = { start: sign.start, end: sign.start };
  yield { range: sign, fix: { title: "Replace = with := in assignment", edits: [{ range: behindColon, newText: ":" }] } };
}

/** The last character before a value that is no blank; comments in between are none of ours. */
function signBefore({ text }: LintFile, value: number): Range {
  let end = value;
  while (end > 0 && /\s/u.test(text[end - 1]!)) end--;
  return { start: end - 1, end };
}
