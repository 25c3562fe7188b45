// METADATA above a rule or the package that has none: its title from the name, for its author to go on with.
import { isTestName } from "#evaluation/test-cases.ts";
import type { Rule } from "#grammars/rego/ast.ts";
import { namesOf } from "../project-names.ts";
import { type Asked, holds, lineIndent, nameOfRule, type Refactoring } from "./refactoring.ts";

export function annotations(asked: Asked): readonly Refactoring[] {
  const { module, rule, range, text } = asked;
  const statement = module.package!;
  if (holds(statement, range)) {
    if (hasComment(text, statement.start)) return [];
    const title = titled(statement.path.at(-1)?.value ?? "");
    return [annotation("package", statement.start, [`# title: ${title}`])];
  }
  if (rule === undefined || !holds(rule.head, range) || rule.chained || hasComment(text, rule.start)) return [];
  const name = nameOfRule(rule);
  if (name === "" || isTestName(name) || isAnnotated(asked, rule)) return [];
  const title = `# title: ${titled(name)}`;
  const isOneOfSeveral = clausesOf(asked, rule).length > 1;
  // What stands above the first clause can speak for all of them.
  return [annotation(`\`${name}\``, rule.start, isOneOfSeveral && isFirst(asked, rule) ? [title, "# scope: document"] : [title])];
}

function annotation(what: string, at: number, lines: readonly string[]): Refactoring {
  const newText = `# METADATA\n${lines.join("\n")}\n`;
  return { title: `Add METADATA to ${what}`, kind: "refactor.rewrite", edits: [{ range: { start: at, end: at }, newText }] };
}

const hasComment = (text: string, start: number): boolean =>
  lineIndent(text, start) !== "" || /#[^\n]*\n$/u.test(text.slice(text.lastIndexOf("\n", start - 2) + 1, start));

function clausesOf({ project, file }: Asked, rule: Rule): readonly Rule[] {
  const known = namesOf(project);
  return known.rule([...known.packageOf(file), nameOfRule(rule)].join(".")).map((one) => one.rule);
}

const isFirst = (asked: Asked, rule: Rule): boolean => clausesOf(asked, rule)[0] === rule;

/** True where another clause speaks for the whole rule. */
const isAnnotated = (asked: Asked, rule: Rule): boolean =>
  clausesOf(asked, rule).some((one) => one !== rule && asked.text.slice(0, one.start).endsWith("# scope: document\n"));

function titled(name: string): string {
  const words = name
    .replaceAll(/([a-z])([A-Z])/gu, "$1 $2")
    .replaceAll("_", " ")
    .trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
