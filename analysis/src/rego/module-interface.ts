// What modules can see of each other: the rules a module offers, and the paths that it reads.

import { keyOf } from "#grammars/rego/term-key.ts";
import { type ModuleUnit, rulesOf } from "./compilation.ts";
import { packageKeys } from "./rule-tree.ts";
import { hasPlainValue } from "./stages/11-template-strings.ts";
import { groundPrefix } from "./tree/refs.ts";
import { walkBody } from "./tree/walk.ts";

/** A place of the rule tree as one text. */
export function placeKey(place: readonly string[]): string {
  return place.join("\n");
}

/** By place, all that the stages before the types look at in rules of other modules. */
export type Shape = ReadonlyMap<string, { readonly place: readonly string[]; readonly text: string }>;

export function shapeOf(module: ModuleUnit): Shape {
  const shape = new Map<string, { place: readonly string[]; text: string }>();
  const home = packageKeys(module);
  shape.set(placeKey(home), { place: home, text: "package" });
  for (const unit of module.rules) {
    const { head, source, place } = unit;
    const text = `${head.args?.length ?? 0} ${source.default} ${head.contains} ${hasPlainValue(unit)}`;
    const key = placeKey(place);
    const before = shape.get(key);
    if (before === undefined) shape.set(key, { place, text });
    else before.text += `, ${text}`;
  }
  return shape;
}

/** Places that one of the shapes has and the other has not, or has otherwise. */
export function changedPlaces(before: Shape, after: Shape): readonly (readonly string[])[] {
  const changed: (readonly string[])[] = [];
  for (const [key, { place, text }] of before) if (after.get(key)?.text !== text) changed.push(place);
  for (const [key, { place }] of after) if (!before.has(key)) changed.push(place);
  return changed;
}

/** The paths below `data` that a module reads or calls. */
export class Reads {
  readonly #exact = new Set<string>();
  readonly #above = new Set<string>();
  /** True when the module replaces documents by `with`, so that it matters what depends on them. */
  readonly replacesData: boolean;

  constructor(module: ModuleUnit) {
    let replaces = false;
    for (const unit of rulesOf(module)) {
      for (const { ref } of unit.refs) {
        let key = "";
        for (const part of groundPrefix(ref.parts)) {
          key = key === "" ? keyOf(part) : `${key}\n${keyOf(part)}`;
          this.#above.add(key);
        }
        this.#exact.add(key);
      }
      walkBody(unit.body, (node) => {
        if (node.kind !== "expr") return false;
        for (const { target } of node.with) {
          const head = target.kind === "ref" ? target.parts[0] : undefined;
          if (head?.kind === "var" && head.name === "data") replaces = true;
        }
        return false;
      });
    }
    this.replacesData = replaces;
  }

  /** True when the module reads the place, something above it, or something below it. */
  meets(place: readonly string[]): boolean {
    let key = "";
    for (const step of place) {
      key = key === "" ? step : `${key}\n${step}`;
      if (this.#exact.has(key)) return true;
    }
    return this.#above.has(key);
  }
}
