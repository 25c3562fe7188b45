// Builtins that Rego v1 refuses, and what took the place of those that only have another name.
import { importName } from "#analysis/rego/stages/01-resolve-refs.ts";
import { headParts } from "#analysis/rego/tree/refs.ts";
import { operatorName } from "#analysis/rego/tree/vars.ts";
import { walkRule } from "#analysis/rego/tree/walk.ts";
import type { Diagnostic, TextEdit } from "#grammars/diagnostic.ts";
import type { Module } from "#grammars/rego/ast.ts";
import type { ParsedModule } from "#grammars/rego/parse.ts";

const successors: Readonly<Record<string, string>> = { re_match: "regex.match", "net.cidr_overlap": "net.cidr_contains" };

/** Of the finding that a builtin is deprecated, the builtin; undefined for other findings. */
export function deprecatedBuiltin({ message }: Pick<Diagnostic, "message">): string | undefined {
  return /^deprecated built-in function calls in expression: ([\w.]+)$/u.exec(message)?.[1];
}

/** The name that the same function has now; undefined where v1 has none like it. */
export function successorOf(name: string): string | undefined {
  return Object.hasOwn(successors, name) ? successors[name] : undefined;
}

/** Calls of deprecated builtins that were found, by the names that they have now. What a rule or an import of these modules is called is theirs. */
export function renewedCalls(
  { module }: ParsedModule,
  found: readonly Diagnostic[],
  modules: readonly Module[],
): readonly TextEdit[] {
  const taken = new Set([module, ...modules].flatMap(ownNames));
  const names = new Set(
    found.flatMap((one) => deprecatedBuiltin(one) ?? []).filter((name) => !taken.has(name.split(".", 1)[0]!)),
  );
  const edits = new Map<number, TextEdit>();
  for (const rule of module.rules)
    walkRule(rule, (node) => {
      const call = node.kind === "expr" ? node.body : node;
      if (call.kind !== "call") return false;
      const name = operatorName(call.operator.parts);
      const newText = names.has(name) ? successorOf(name) : undefined;
      const { start, end } = call.operator;
      if (newText !== undefined) edits.set(start, { range: { start, end }, newText });
      return false;
    });
  return [...edits.values()].sort((a, b) => a.range.start - b.range.start);
}

function ownNames({ rules, imports }: Module): readonly string[] {
  const first = rules.flatMap(({ head }) => {
    const [part] = headParts(head);
    return part?.kind === "var" ? [part.name] : part?.kind === "string" ? [part.value] : [];
  });
  return [...first, ...imports.map(importName)];
}
