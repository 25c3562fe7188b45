// The names that a file gives: of its rules and functions, of what it imports, and how Regal writes the refs of them.
import { headParts } from "#analysis/rego/tree/refs.ts";
import { oncePer } from "#grammars/once-per.ts";
import type { Import, Rule, Term } from "#grammars/rego/ast.ts";
import { partsOf } from "#grammars/rego/nodes.ts";
import type { LintFile } from "./lint-file.ts";
import { perRun } from "./per-run.ts";

/** As Regal has it, a name with a `0` in it is written in brackets. */
const plain = /^[a-zA-Z_][a-zA-Z1-9_]*$/u;

/** `data.a["b c"][x]`; parts that are calls, refs or collections are left out. Undefined where it begins with no name. */
export function refText(parts: readonly Term[]): string | undefined {
  const [first, ...rest] = parts;
  const head = first?.kind === "var" ? first.name : first?.kind === "string" ? first.value : undefined;
  return head === undefined ? undefined : head + rest.map(partText).join("");
}

function partText(part: Term): string {
  switch (part.kind) {
    case "string":
      return plain.test(part.value) ? `.${part.value}` : `["${part.value}"]`;
    case "var":
      return `[${part.name}]`;
    case "number":
      return `[${part.text}]`;
    case "boolean":
      return `[${part.value}]`;
    default:
      return "";
  }
}

const moving: ReadonlySet<Term["kind"]> = new Set(["call", "var", "ref", "templateString"]);

/** True for a part of a ref that may stand for several values. */
function isMovingPart(part: Term): boolean {
  return moving.has(part.kind);
}

/** True when every part behind the first is a constant. */
export function isStaticRef(parts: readonly Term[]): boolean {
  return !parts.some((part, at) => at > 0 && isMovingPart(part));
}

/** The parts before the first variable one. */
export function staticParts(parts: readonly Term[]): readonly Term[] {
  const end = parts.findIndex((part, at) => at > 0 && isMovingPart(part));
  return end < 0 ? parts : parts.slice(0, end);
}

/** A rule's whole ref, `roles[user]`. */
export function headText({ head }: Rule): string {
  return refText(headParts(head)) ?? "";
}

/** A rule's name, `roles` for `roles[user]`. */
export function ruleName({ head }: Rule): string {
  return refText(staticParts(headParts(head))) ?? "";
}

/** True for functions with arguments; `f()` is a rule to OPA. */
export function isFunction({ head }: Rule): boolean {
  return head.args !== undefined && head.args.length > 0;
}

/** The rules, without functions. */
export function rulesOf(file: LintFile): readonly Rule[] {
  return file.module.rules.filter((rule) => !isFunction(rule));
}

/** The clauses of functions. */
export function functionsOf(file: LintFile): readonly Rule[] {
  return file.module.rules.filter(isFunction);
}

/** The rules with a name, or a part of one, that begins with `test_`. */
export function testsOf(file: LintFile): readonly Rule[] {
  return rulesOf(file).filter(({ head }) => headParts(head).some((part) => textOfPart(part)?.startsWith("test_") ?? false));
}

/** The text of a name or string; undefined for other terms. */
export function textOfPart(part: Term): string | undefined {
  return part.kind === "var" ? part.name : part.kind === "string" ? part.value : undefined;
}

/** The names of rules, without functions. */
export const ruleNames = perRun((file: LintFile): ReadonlySet<string> => new Set(rulesOf(file).map(ruleName)));

/** The names of rules and functions. */
export const ruleAndFunctionNames = perRun((file: LintFile): ReadonlySet<string> => new Set(file.module.rules.map(ruleName)));

/** The parts of an import's path as text: `["data", "lib", "roles"]`. */
export function importPath({ path }: Import): readonly string[] {
  return partsOf(path).map((part) => textOfPart(part) ?? "");
}

/** The name that an import gives: its alias or the last part of its path. */
export function importName(item: Import): string {
  return item.alias?.name ?? importPath(item).at(-1)!;
}

/** What is imported of `data` and `input`, by the name that it has in the file; of two with one name, the first. */
export const importedPaths = perRun((file: LintFile): ReadonlyMap<string, readonly string[]> => {
  const byName = new Map<string, readonly string[]>();
  for (const item of file.module.imports) {
    const path = importPath(item);
    const name = importName(item);
    if (path.length > 1 && (path[0] === "data" || path[0] === "input") && !byName.has(name)) byName.set(name, path);
  }
  return byName;
});

/** The first parts of the names of builtins: `http` of `http.send`, `sum`. */
export function builtinNamespaces({ builtins }: LintFile): ReadonlySet<string> {
  return namespacesOf(builtins);
}

const namespacesOf = oncePer(
  (builtins: LintFile["builtins"]): ReadonlySet<string> => new Set([...builtins.keys()].map((name) => name.replace(/\..*/u, ""))),
);
