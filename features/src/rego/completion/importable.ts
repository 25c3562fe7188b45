// Packages that are not imported yet, and the rules of packages by their letters.
import type { CompletionItem } from "../../completion-item.ts";
import { importEdit } from "../import-edit.ts";
import type { Context } from "./context.ts";
import { ruleItem } from "./items.ts";
import { isWithin } from "./match.ts";

/** Letters from which rules of packages that are not imported are offered. */
export const lettersForRules = 2;

/** Packages that are not imported yet, and rules of packages once some letters stand there; taking one adds the import that it needs. */
export function importable({ names, file, around, word }: Context): readonly CompletionItem[] {
  const own = around.names;
  const held = new Set(own.imports.map((item) => item.path.join(".")));
  const { module } = names.project.parsed(file);
  const items: CompletionItem[] = [];
  /** Packages whose rules are offered, by their path. */
  const offered = new Map<string, CompletionItem>();
  for (const path of names.packages) {
    if (held.has(path) || path === own.package.join(".") || path.endsWith("_test")) continue;
    const edit = importEdit(module, file.text, path);
    if (edit === undefined) return [];
    const label = path.slice(path.lastIndexOf(".") + 1);
    const item: CompletionItem = { label, kind: "module", detail: `import ${path}`, rank: 5, edits: [edit] };
    items.push(item);
    if (!own.imports.some(({ alias }) => alias === label)) offered.set(path, item);
  }
  for (const { alias, path } of own.imports) {
    if (names.filesOfPackage(path.join(".")).length > 0)
      offered.set(path.join("."), { label: alias, kind: "module", detail: `import ${path.join(".")}`, rank: 2 });
  }
  if (word.length < lettersForRules) return items;
  const wanted = word.toLowerCase();
  for (const [rule, clauses] of names.rules) {
    const dot = rule.lastIndexOf(".");
    const of = offered.get(rule.slice(0, dot));
    const label = `${of?.label}.${rule.slice(dot + 1)}`;
    if (of === undefined || rule[dot + 1] === "_" || clauses[0]!.rule.default || !isWithin(wanted, label.toLowerCase())) continue;
    const kind = clauses[0]!.rule.head.args === undefined ? "variable" : "function";
    items.push({ ...of, label, kind, rule });
  }
  return items;
}

/** The members of packages that a name would stand for if they were imported, which taking one does. */
export function membersToImport({ names, file, around }: Context, written: string): readonly CompletionItem[] {
  const { module } = names.project.parsed(file);
  const own = around.names.package.join(".");
  const packages = [...names.packages].filter((path) => path !== own && path.endsWith(`.${written}`));
  return packages.flatMap((path) => {
    const edit = importEdit(module, file.text, path);
    if (edit === undefined) return [];
    return [...names.rulesUnder(path)].flatMap(([rule, clauses]) => {
      const label = rule.slice(path.length + 1);
      if (label.includes(".") || label.startsWith("_") || label.startsWith("test_")) return [];
      return [{ ...ruleItem(label, rule, clauses, 1), detail: `import ${path}`, edits: [edit] }];
    });
  });
}
