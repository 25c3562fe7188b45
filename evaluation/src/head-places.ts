// Where OPA has the head of a ref: all that are written as one import, or as rules, have it in common, and it stands where the last of them was resolved.
import type { Checked, CheckedModule } from "#analysis/rego/checked.ts";
import { lastPlaces } from "#analysis/rego/stages/01-resolve-refs.ts";
import { rootOf } from "#analysis/rego/tree/refs.ts";
import type { Range, Ref } from "#grammars/rego/ast.ts";

export type HeadPlace = (ref: Ref) => Range;

export function headPlaces({ compilation }: Checked, { file, text }: CheckedModule): HeadPlace {
  const unit = compilation.modules.find((one) => one.file === file);
  let places: ReturnType<typeof lastPlaces> | undefined;
  return (ref) => {
    const head = ref.parts[0]!;
    const name = text.slice(head.start, head.end);
    const root = rootOf(ref);
    if (unit === undefined || root === undefined || name === root) return head;
    places ??= lastPlaces(compilation, unit);
    return places.get(places.has(name) ? name : undefined) ?? head;
  };
}
