// Where findings about types are told.
import type { Diagnostic } from "#grammars/diagnostic.ts";
import type { Compilation } from "../compilation.ts";
import type { ModuleUnit } from "../rule-units.ts";
import { lastPlaces } from "../stages/01-resolve-refs.ts";

/** True for what is wrong with a part of what a call gives. */
function isOfCall({ details }: Diagnostic): boolean {
  const [head] = (details as { readonly ref?: readonly { readonly type: string }[] } | undefined)?.ref ?? [];
  return head?.type === "call";
}

/**
 * The findings of a module. The first term of a path is one for all names of rules that OPA resolves in a module, and one for all uses of
 * an import: what is wrong with a ref that was written by such a name is told where the last of them stands.
 */
export function reportedAs(compilation: Compilation, module: ModuleUnit, findings: readonly Diagnostic[]): readonly Diagnostic[] {
  let places: ReturnType<typeof lastPlaces> | undefined;
  return findings.map((one) => {
    const [, root] = /^(?:undefined ref: |function )(data|input)(?=[.[ ]|$)/u.exec(one.message) ?? [];
    const [name] = /^\w+/u.exec(module.text.slice(one.range.start)) ?? [];
    if (root === undefined || name === undefined || name === root || isOfCall(one)) return one;
    places ??= lastPlaces(compilation, module);
    const reported = places.get(places.has(name) ? name : undefined);
    return reported === undefined ? one : { ...one, reported: { start: reported.start, end: reported.end } };
  });
}
