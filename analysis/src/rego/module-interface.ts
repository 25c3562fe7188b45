// What modules can see of each other: the rules a module offers, and the paths that it reads.
import { keyOf } from "#grammars/rego/term-key.ts";
import { packageKeys } from "./rule-tree.ts";
import { type ModuleUnit, type RuleUnit, rulesOf } from "./rule-units.ts";
import { hasPlainValue } from "./stages/11-template-strings.ts";
import { groundPrefix } from "./tree/refs.ts";

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

/** Paths below `data`. */
export class Paths {
  readonly #exact = new Set<string>();
  readonly #above = new Set<string>();

  add(path: readonly string[]): void {
    let key = "";
    for (const step of path) {
      key = key === "" ? step : `${key}\n${step}`;
      this.#above.add(key);
    }
    this.#exact.add(key);
  }

  /** True when the place is one of the paths, or above or below one. */
  meets(place: readonly string[]): boolean {
    let key = "";
    for (const step of place) {
      key = key === "" ? step : `${key}\n${step}`;
      if (this.#exact.has(key)) return true;
    }
    return this.#above.has(key);
  }

  /** True when one of the paths is one of the others, or above or below one. */
  meetsAny(others: Paths): boolean {
    const [few, many] = this.#above.size < others.#above.size ? [this, others] : [others, this];
    for (const key of few.#above) if (many.#exact.has(key)) return true;
    for (const key of few.#exact) if (many.#above.has(key)) return true;
    return false;
  }
}

/** What a module reads or calls. */
export class Reads {
  /** True when the module replaces documents by `with`, so that it matters what depends on them. */
  readonly replacesData: boolean;
  readonly #paths = new Paths();

  constructor(module: ModuleUnit) {
    let replaces = false;
    for (const unit of rulesOf(module)) {
      for (const path of pathsRead(unit)) this.#paths.add(path);
      replaces ||= unit.replacesData;
    }
    this.replacesData = replaces;
  }

  /** True when the module reads the place, something above it, or something below it. */
  meets(place: readonly string[]): boolean {
    return this.#paths.meets(place);
  }

  /** `meets` for any of some places. */
  meetsAny(places: Paths): boolean {
    return this.#paths.meetsAny(places);
  }
}

/** True when the rule reads one of the paths, or what is above or below. */
export function readsAny(unit: RuleUnit, paths: Paths): boolean {
  return pathsRead(unit).some((path) => paths.meets(path));
}

function pathsRead({ refs }: RuleUnit): readonly (readonly string[])[] {
  return refs.map(({ ref }) => groundPrefix(ref.parts).map(keyOf));
}
