// Document links: addresses in comments, and ignore directives to the page of their rule.
import type { Range } from "#grammars/rego/ast.ts";
import { namesInDirective } from "#lint/directives.ts";
import { pageOf, rulePages } from "#lint/rule-page.ts";
import { lintRules } from "#lint/rules.generated.ts";
import type { Project } from "#workspace/project.ts";
import type { SourceFile } from "#workspace/source-file.ts";

export interface Link {
  readonly range: Range;
  readonly target: string;
  readonly tooltip: string;
}

/** The links in the comments of a policy. */
export function linksOf(project: Project, file: SourceFile): readonly Link[] {
  const links: Link[] = [];
  for (const comment of project.parsed(file).module.comments) {
    const text = file.text.slice(comment.start, comment.end);
    for (const match of text.matchAll(/https?:\/\/[^\s<>"')\]]*[^\s<>"')\].,;:!?]/gu)) {
      const start = comment.start + match.index;
      links.push({ range: { start, end: start + match[0].length }, target: match[0], tooltip: "Open the page" });
    }
    for (const { name, start: at } of namesInDirective(text) ?? []) {
      const start = comment.start + at;
      links.push({ range: { start, end: start + name.length }, target: pageOfRule(name), tooltip: `About the rule ${name}` });
    }
  }
  return links;
}

const rulesByName = new Map(lintRules.map((rule) => [rule.name, rule]));

/** The page about a rule; for names that Regal does not have, the list of all. */
function pageOfRule(name: string): string {
  const rule = rulesByName.get(name);
  return (rule && pageOf(rule)) ?? rulePages;
}
