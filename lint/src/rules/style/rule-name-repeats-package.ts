// `authz_allow` in the package `authz`: the name says again where it is.
import { headName, headParts } from "#analysis/rego/tree/refs.ts";
import type { Module } from "#grammars/rego/ast.ts";
import { fileRule } from "../../rule.ts";

export const ruleNameRepeatsPackage = fileRule({
  name: "rule-name-repeats-package",
  category: "style",
  description: "Avoid repeating package path in rule names",
  check({ module }) {
    const prefixes = prefixesOf(module);
    return module.rules
      .filter(({ head }) => prefixes.some((prefix) => headName(head).startsWith(prefix)))
      .map(({ head }) => headParts(head)[0]!);
  },
});

/** The last parts of the package's path, joined as `a_b` and as `aB`. */
function prefixesOf({ package: statement }: Module): readonly string[] {
  const path = (statement?.path ?? []).map(({ value }) => value);
  return path.flatMap((_, from) => {
    const [first, ...rest] = path.slice(from);
    return [
      [first, ...rest].join("_"),
      first + rest.map((word) => word.replace(/^[a-z]/u, (letter) => letter.toUpperCase())).join(""),
    ];
  });
}
