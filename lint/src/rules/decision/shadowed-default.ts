// A default whose rule always has another value: it says what never happens.
import type { Body, Rule, Term } from "#grammars/rego/ast.ts";
import type { LintFile } from "../../lint-file.ts";
import { ruleName } from "../../names.ts";
import { decisionRule } from "../../rule.ts";
import { isVar } from "../../terms.ts";

export const shadowedDefault = decisionRule({
  name: "shadowed-default",
  category: "decision",
  description: "Default is never used",
  level: "ignore",
  *check(file) {
    for (const rule of file.module.rules) {
      const other = rule.default ? file.module.rules.find((one) => isShadow(one, rule)) : undefined;
      if (other !== undefined) yield { range: rule, message: messageAbout(file, other) };
    }
  },
  *decide({ files }) {
    for (const file of files) {
      const beside = files.filter((one) => one !== file && one.packageName === file.packageName);
      for (const rule of beside.length === 0 ? [] : file.module.rules) {
        if (!rule.default || file.module.rules.some((one) => isShadow(one, rule))) continue;
        for (const one of beside) {
          const other = one.module.rules.find((clause) => isShadow(clause, rule));
          if (other !== undefined) yield { file, range: rule, message: messageAbout(one, other, file) };
        }
      }
    }
  },
});

function messageAbout(file: LintFile, { start }: Rule, from = file): string {
  const { row } = file.lines.rowCol(start);
  const place = file === from ? `line ${row}` : `${file.path}:${row}`;
  return `Default is never used: the rule always has the value of ${place}`;
}

/** True for a clause of the same rule that has a value whatever the input. */
function isShadow(clause: Rule, { head }: Rule): boolean {
  if (clause.default || ruleName(clause) !== ruleName({ ...clause, head })) return false;
  const { args } = clause.head;
  const names = args?.map((arg) => (isVar(arg) ? arg.name : undefined)) ?? [];
  if (names.includes(undefined) || new Set(names).size < names.length) return false;
  for (let branch: Rule | undefined = clause; branch !== undefined; branch = branch.else)
    if (isAlwaysTrue(branch.body) && isAlwaysDefined(branch.head.value, new Set(names))) return true;
  return false;
}

function isAlwaysTrue(body: Body | undefined): boolean {
  return (body ?? []).every(
    ({ negated, with: modifiers, body: term }) =>
      !negated && modifiers.length === 0 && isAlwaysDefined(term as Term) && !(term.kind === "boolean" && !term.value),
  );
}

/** True for what can be neither undefined nor an error. */
function isAlwaysDefined(term: Term | undefined, args: ReadonlySet<string | undefined> = new Set()): boolean {
  switch (term?.kind) {
    case undefined:
    case "null":
    case "boolean":
    case "number":
    case "string":
      return true;
    case "var":
      return args.has(term.name);
    case "array":
    case "set":
      return term.items.every((item) => isAlwaysDefined(item, args));
    case "object":
      return term.entries.every(({ key, value }) => isAlwaysDefined(key, args) && isAlwaysDefined(value, args));
    default:
      return false;
  }
}
