// Functions that only the program knows that runs the policies.
import type { Import } from "#grammars/rego/ast.ts";
import { packageOf } from "#workspace/scope.ts";
import type { CompletionItem } from "../../completion-item.ts";
import { isBuiltin } from "../builtin-docs.ts";
import type { Context } from "./context.ts";
import { callUses } from "./member-uses.ts";

/** Functions that policies call and nothing in the project declares: those of the program that runs them. */
export function hostFunctions({ names, around, word }: Context): readonly CompletionItem[] {
  if (word === "") return [];
  const known = new Set([
    "data",
    "input",
    ...around.names.imports.map(({ alias }) => alias),
    ...around.names.locals.map(({ name }) => name),
  ]);
  const own = around.names.package.join(".");
  const found = new Set<string>();
  for (const parsed of names.project.modules) {
    const theirs = packageOf(parsed);
    const imported = new Set(parsed.module.imports.map(importedName));
    for (const label of callUses(parsed)) {
      const [head = label] = label.split(".");
      if (!label.startsWith(word) || head === word || known.has(head) || imported.has(head) || isBuiltin(label)) continue;
      if (names.rule(`${theirs}.${head}`).length === 0 && names.rule(`${own}.${head}`).length === 0) found.add(label);
    }
  }
  return [...found].map((label) => ({ label, kind: "function", detail: "called elsewhere", rank: 6 }));
}

/** What an import is called in its module. */
function importedName({ alias, path }: Import): string | undefined {
  if (alias !== undefined) return alias.name;
  const last = path.kind === "ref" ? path.parts.at(-1) : path;
  return last?.kind === "string" ? last.value : undefined;
}
