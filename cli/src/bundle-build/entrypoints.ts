// The entrypoints of a bundle: which there are, what is wrong with them, which further rules are asked for with them.

import { annotationJson } from "#analysis/rego/annotation-json.ts";
import type { Annotations } from "#analysis/rego/annotations.ts";
import { checkQuery } from "#analysis/rego/check.ts";
import type { Checked } from "#analysis/rego/checked.ts";
import { rulePath } from "#analysis/rego/rule-tree.ts";
import { groundPrefix } from "#analysis/rego/tree/refs.ts";
import { dataRef } from "#compiler/plan/plan.ts";
import type { Term } from "#grammars/rego/ast.ts";
import { parseQuery } from "#grammars/rego/parse.ts";
import { printRef } from "#grammars/rego/print-terms.ts";
import type { Invocation } from "../command.ts";
import { errorItems, errorText } from "../errors.ts";

/** Those of the flags and those that METADATA marks, as `a/b`. */
export function entrypointsOf(call: Invocation, { compilation }: Checked): readonly string[] {
  const marked = compilation.annotations.all.filter((one) => one.entrypoint).flatMap((one) => entrypointOf(one) ?? []);
  return [...new Set([...call.all("entrypoint").map((one) => one.replace(/^\//u, "")), ...marked])];
}

/** What is wrong with the entrypoints of a bundle that is optimised. */
export function optimizationFault(checked: Checked, entrypoints: readonly string[]): string | undefined {
  if (entrypoints.length === 0) return "bundle optimizations require at least one entrypoint";
  const short = entrypoints.find((one) => !one.includes("/"));
  if (short !== undefined)
    return `invalid entrypoint ${dotted(short)}: to create optimized support module, the entrypoint ref must have at least two components in addition to the 'data' root`;
  const undecided = entrypoints.find((one) => !exists(checked, one));
  return undecided === undefined ? queryFault(checked, entrypoints) : undefinedEntrypoint(undecided);
}

/** What is said of an entrypoint that nothing decides. */
export function undefinedEntrypoint(entrypoint: string): string {
  return `undefined entrypoint ${dotted(entrypoint)}`;
}

function dotted(entrypoint: string): string {
  return `data.${entrypoint.replaceAll("/", ".")}`;
}

/** What is wrong with the entrypoints of a bundle that is compiled. */
export function targetFault(checked: Checked, entrypoints: readonly string[], target: string): string | undefined {
  if (entrypoints.length === 0) return `${target} compilation requires at least one entrypoint`;
  const unknown = entrypoints.find((one) => !exists(checked, one));
  if (unknown !== undefined) return `entrypoint ${JSON.stringify(unknown)} does not refer to a rule or policy decision`;
  return queryFault(checked, entrypoints);
}

/** Paths of the rules that need an entrypoint, or one that does: OPA decides them in the module too. */
export function dependentsOf({ graph, rules }: Checked, entrypoints: readonly string[]): readonly string[] {
  const place = { start: 0, end: 0 };
  const refs = entrypoints.map((one): readonly Term[] => [
    { kind: "var", ...place, name: "data" },
    ...one.split("/").map((value): Term => ({ kind: "string", ...place, value })),
  ]);
  const seen = new Set(refs.flatMap((parts) => [...rules.rulesFor(parts)]));
  const found = new Set<string>();
  for (const unit of seen) {
    for (const user of graph?.dependents(unit) ?? []) {
      seen.add(user);
      const path = pathOf(groundPrefix(rulePath(user).parts).slice(1));
      if (path !== undefined && user.head.args === undefined && !entrypoints.includes(path)) found.add(path);
    }
  }
  return [...found].sort();
}

/** The row of the manifest for an entrypoint of the compiled module. */
export function wasmEntry(entrypoint: string, all: readonly Annotations[]): object {
  const own = all
    .filter((one) => one.target?.kind === "rule" && entrypointOf(one) === entrypoint)
    .map((one) => annotationJson(one));
  return { entrypoint, module: "/policy.wasm", ...(own.length === 0 ? {} : { annotations: own }) };
}

/** `a/b` for the rule or package that an annotation stands above. */
function entrypointOf({ target }: Annotations): string | undefined {
  if (target === undefined || target.kind === "import") return undefined;
  return pathOf(target.kind === "package" ? target.package.path : rulePath(target.unit).parts.slice(1));
}

function pathOf(parts: readonly Term[]): string | undefined {
  const names = parts.map((part) => (part.kind === "string" ? part.value : undefined));
  return names.every((name) => name !== undefined) ? names.join("/") : undefined;
}

/** What is wrong with what the entrypoints ask for: OPA reads them as queries that stand in no text. */
function queryFault(checked: Checked, entrypoints: readonly string[]): string | undefined {
  for (const one of entrypoints) {
    const text = printRef(dataRef(one.split("/")).parts);
    const { diagnostics } = checkQuery(checked, parseQuery(text, { file: "" }));
    const items = errorItems(diagnostics, [{ file: "", text }]);
    if (items.length > 0) return errorText(items.map(({ location: _, ...item }) => item));
  }
  return undefined;
}

/** True for paths of rules and of packages, and for what lies below a rule. */
function exists(checked: Checked, entrypoint: string): boolean {
  const wanted = entrypoint.split("/");
  return checked.modules.some(({ source }) => {
    const path = (source.package?.path ?? []).map(({ value }) => value);
    const fits = (parts: readonly (string | undefined)[]): boolean =>
      wanted.every((name, at) => at >= parts.length || parts[at] === undefined || parts[at] === name);
    if (wanted.length <= path.length) return fits(path);
    return source.rules.some(({ head: { reference } }) => {
      const parts = reference.kind === "var" ? [reference] : reference.parts;
      const names = parts.map((part, at) =>
        part.kind === "string" ? part.value : at === 0 && part.kind === "var" ? part.name : undefined,
      );
      return fits([...path, ...names]);
    });
  });
}
