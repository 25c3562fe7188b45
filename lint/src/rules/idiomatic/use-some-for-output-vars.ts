// `input.users[i]`: a variable that gets its value in a bracket, and is declared nowhere.
import { isComprehension } from "#analysis/rego/tree/walk.ts";
import type { Var } from "#grammars/rego/ast.ts";
import type { LintFile } from "../../lint-file.ts";
import { importedPaths, ruleNames } from "../../names.ts";
import { fileRule } from "../../rule.ts";
import { type RuleVars, varsOfFile } from "../../rule-vars.ts";
import { allVars, isWildcard } from "../../terms.ts";

export const useSomeForOutputVars = fileRule({
  name: "use-some-for-output-vars",
  category: "idiomatic",
  description: "Use `some` to declare output variables",
  *check(file) {
    for (const vars of varsOfFile(file))
      for (const { variable, as } of vars.all)
        if (as === "ref" && isUndeclared(vars, variable) && !isInComprehension(file, variable)) yield variable;
  },
});

function isUndeclared(vars: RuleVars, variable: Var): boolean {
  const { name, start } = variable;
  if (isWildcard(variable) || importedPaths(vars.file).has(name) || ruleNames(vars.file).has(name)) return false;
  if (vars.named(name).some(({ as }) => as === "some")) return false;
  return vars.above(variable).every((one) => one.variable.start === start);
}

/** True where a comprehension around it has the variable in its body, which declares it well enough for Regal. */
function isInComprehension(file: LintFile, variable: Var): boolean {
  for (let above = file.parent(variable); above !== undefined; above = file.parent(above))
    if (isComprehension(above) && above.body.some((expr) => allVars(expr).some(({ name }) => name === variable.name)))
      return true;
  return false;
}
