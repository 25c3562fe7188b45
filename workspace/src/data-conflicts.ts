// Documents that stand where a rule stands: OPA refuses a bundle with both. It is said at both, and stops no other check of the policies.
import type { RuleTree, RuleTreeNode } from "#analysis/rego/rule-tree.ts";
import type { Diagnostic } from "#grammars/diagnostic.ts";
import type { BaseData } from "./base-data.ts";

/** For each such rule OPA's finding, and one at the file that has the document. */
export function dataConflicts(rules: RuleTree, data: BaseData): readonly Diagnostic[] {
  const found: Diagnostic[] = [];
  if (data.files.length === 0) return found;
  const visit = (node: RuleTreeNode, path: readonly string[], value: unknown): void => {
    if (value === undefined) return;
    const rule = node.rules[0];
    if (rule !== undefined) {
      const { file } = holderOf(data, path) ?? {};
      if (file === undefined) return;
      const { start, end } = rule.source;
      const place = { file: rule.module.file, range: { start, end } };
      const whole = { file: file.path, range: { start: 0, end: 0 } };
      const message = `conflicting rule for data path ${path.join("/")} found`;
      found.push(
        { ...place, severity: "error", code: "rego_compile_error", message, related: [{ ...whole, message: "the document" }] },
        { ...whole, severity: "error", code: "rw_data_error", message, related: [{ ...place, message: "the rule" }] },
      );
      return;
    }
    if (typeof value !== "object" || value === null || Array.isArray(value)) return;
    for (const child of node.children.values()) {
      const key = child.key?.kind === "string" ? child.key.value : undefined;
      if (key !== undefined && Object.hasOwn(value, key)) visit(child, [...path, key], (value as Record<string, unknown>)[key]);
    }
  };
  for (const root of rules.root.children.values()) visit(root, [], data.tree);
  return found;
}

/** The file whose place is nearest above the path. */
function holderOf({ files }: BaseData, path: readonly string[]): BaseData["files"][number] | undefined {
  return [...files]
    .filter((one) => one.path.every((part, i) => i >= path.length || part === path[i]))
    .sort((a, b) => b.path.length - a.path.length)[0];
}
