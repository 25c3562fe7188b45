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
    const { form: head, source, place } = unit;
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

/** Where rules became others to those that read them, in the order of the checks that found it. */
export class ChangeLog {
  #entries: { readonly key: string; readonly place: readonly string[]; readonly check: number }[] = [];
  /** By place, the last check. */
  readonly #last = new Map<string, number>();

  add(place: readonly string[], check: number): void {
    const key = placeKey(place);
    this.#last.set(key, check);
    this.#entries.push({ key, place, check });
    if (this.#entries.length > 2 * this.#last.size + 16)
      this.#entries = this.#entries.filter((entry) => this.#last.get(entry.key) === entry.check);
  }

  /** The places that changed after a check. */
  since(check: number): readonly (readonly string[])[] {
    const from = this.#entries.findLastIndex((entry) => entry.check <= check) + 1;
    return this.#entries.slice(from).map(({ place }) => place);
  }
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
}

/** What a module reads or calls. */
export interface Reads {
  readonly paths: readonly (readonly string[])[];
  /** True when the module replaces documents by `with`, so that it matters what depends on them. */
  readonly replacesData: boolean;
}

export function readsOf(module: ModuleUnit): Reads {
  const paths = new Map<string, readonly string[]>();
  let replacesData = false;
  for (const unit of rulesOf(module)) {
    for (const path of pathsRead(unit)) paths.set(placeKey(path), path);
    replacesData ||= unit.replacesData;
  }
  return { paths: [...paths.values()], replacesData };
}

interface ReaderNode<Reader> {
  /** Those that read exactly this path. */
  readonly readers: Set<Reader>;
  readonly below: Map<string, ReaderNode<Reader>>;
}

/** Who reads what, found by place. */
export class Readers<Reader> {
  readonly #root: ReaderNode<Reader> = { readers: new Set(), below: new Map() };

  add(reader: Reader, { paths }: Reads): void {
    for (const path of paths) {
      let node = this.#root;
      for (const step of path) {
        let next = node.below.get(step);
        if (next === undefined) {
          next = { readers: new Set(), below: new Map() };
          node.below.set(step, next);
        }
        node = next;
      }
      node.readers.add(reader);
    }
  }

  remove(reader: Reader, { paths }: Reads): void {
    const take = (node: ReaderNode<Reader>, path: readonly string[], at: number): void => {
      const step = path[at];
      const next = step === undefined ? undefined : node.below.get(step);
      if (step === undefined) node.readers.delete(reader);
      if (step === undefined || next === undefined) return;
      take(next, path, at + 1);
      if (next.readers.size === 0 && next.below.size === 0) node.below.delete(step);
    };
    for (const path of paths) take(this.#root, path, 0);
  }

  /** Those that read one of the places, something above it, or something below it. */
  meeting(places: Iterable<readonly string[]>): ReadonlySet<Reader> {
    const found = new Set<Reader>();
    const addAll = ({ readers, below }: ReaderNode<Reader>): void => {
      for (const reader of readers) found.add(reader);
      for (const node of below.values()) addAll(node);
    };
    for (const place of places) {
      let node: ReaderNode<Reader> | undefined = this.#root;
      for (const step of place) {
        node = node.below.get(step);
        if (node === undefined) break;
        for (const reader of node.readers) found.add(reader);
      }
      if (node !== undefined) addAll(node);
    }
    return found;
  }
}

/** True when the rule reads one of the paths, or what is above or below. */
export function readsAny(unit: RuleUnit, paths: Paths): boolean {
  return pathsRead(unit).some((path) => paths.meets(path));
}

function pathsRead({ refs }: RuleUnit): readonly (readonly string[])[] {
  return refs.map(({ ref }) => groundPrefix(ref.parts).map(keyOf));
}
