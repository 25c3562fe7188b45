// The regular expressions that a file gives to the functions of `regex`, where they are written as texts.
import type { StringTerm } from "#grammars/rego/ast.ts";
import type { LintFile } from "./lint-file.ts";

/** Where each function takes a pattern. */
const patternArguments: Readonly<Record<string, readonly number[]>> = {
  "regex.find_all_string_submatch_n": [0],
  "regex.find_n": [0],
  "regex.globs_match": [0, 1],
  "regex.is_valid": [0],
  "regex.match": [0],
  "regex.replace": [1],
  "regex.split": [0],
  "regex.template_match": [0],
};

export function patternsIn(file: LintFile): readonly StringTerm[] {
  return Object.entries(patternArguments)
    .flatMap(([name, places]) => file.calls(name).flatMap(({ args }) => places.map((at) => args[at])))
    .filter((term) => term?.kind === "string");
}
