// Substitution: replaces every `${}` by the value it means. The rules, as the reference applies them:
//
// - A path is looked up in the whole document; on the way only what the path crosses is resolved, never its neighbours.
// - While a layer of a merge is resolved, that merge stands in the document as the layers below it (a view): so a value can refer to its own
//   earlier value.
// - A reference met again while it is being resolved is a cycle: the nearest reference around the second meeting has no value.
// - A value is computed once and then remembered, whatever the view it was computed under; what a cycle cut short is forgotten again.
import { joinPieces } from "./concatenate.ts";
import { environmentList, environmentObject } from "./environment.ts";
import { javaOrder } from "./java-order.ts";
import { hidesBelow, mergeOver } from "./merge.ts";
import type { Problems } from "./problems.ts";
import {
  type ConcatenationNode,
  emptyObject,
  isResolved,
  type MergeNode,
  makeArray,
  type ObjectNode,
  type ReferenceNode,
  setField,
  type Value,
} from "./value.ts";

/** The values from the root down to the one being resolved, innermost first. */
interface Chain {
  readonly value: Value;
  readonly up: Chain | undefined;
}

/** In this view the merge of `layers` shows only its first `count` layers. `chain` are the values around it. */
interface View {
  readonly layers: readonly Value[];
  readonly count: number;
  readonly chain: Chain | undefined;
  readonly next: View | undefined;
}

const CYCLE = Symbol("cycle");
type Cycle = typeof CYCLE;
/** `undefined`: no value, the field or element disappears. */
type Outcome = Value | undefined | Cycle;

const FULL = "";
/** Self-appends are resolved from below in steps of this many layers, so that a long list of them needs little stack. */
const STEP = 50;
const MAX_DEPTH = 2500;

export interface SubstituteOptions {
  readonly environment: ReadonlyMap<string, string> | undefined;
  readonly allowUnresolved: boolean;
}

export class Substitution {
  readonly root: ObjectNode;
  readonly problems: Problems;
  readonly options: SubstituteOptions;
  /** What each reference found, for editors. */
  readonly targets = new Map<ReferenceNode, Value>();
  /** Something stayed without a value although that is allowed. */
  incomplete = false;
  private readonly environment: ObjectNode | undefined;
  private readonly active = new Set<ReferenceNode>();
  private readonly memory = new Map<Value, Map<string, Value | undefined>>();
  private readonly journal: { readonly value: Value; readonly key: string }[] = [];
  private readonly suffixes = new Map<readonly Value[], Map<number, Value>>();
  private depth = 0;
  /** Unresolved values of which it is certain that they have no value. */
  private readonly missing = new Set<Value>();
  /** How many cycles were met so far. */
  private cycles = 0;
  /** Set by `find`: the values around what it found, and whether lower layers count at all. */
  private foundChain: Chain | undefined;
  private foundHides = false;
  /** What `find` met hides everything below it at this path: lower layers are still looked at, but can add nothing any more. */
  private foundOpaque = false;

  constructor(root: ObjectNode, problems: Problems, options: SubstituteOptions) {
    this.root = root;
    this.problems = problems;
    this.options = options;
    this.environment = options.environment && environmentObject(options.environment);
  }

  /** The document without substitutions. */
  run(): ObjectNode {
    const resolved = this.resolve(this.root, undefined, undefined);
    return resolved !== CYCLE && resolved?.kind === "object" ? resolved : emptyObject(this.root);
  }

  private remember(value: Value, key: string, result: Value | undefined): void {
    let entries = this.memory.get(value);
    if (entries === undefined) {
      entries = new Map();
      this.memory.set(value, entries);
    }
    entries.set(key, result);
    this.journal.push({ value, key });
  }

  private forgetSince(mark: number): void {
    while (this.journal.length > mark) {
      const { value, key } = this.journal.pop()!;
      this.memory.get(value)!.delete(key);
    }
  }

  /** What stands in the document in the place of `value`. */
  private seen(value: Value, view: View | undefined): Value | undefined {
    if (value.kind !== "merge") return value;
    for (let entry = view; entry !== undefined; entry = entry.next) {
      if (entry.layers === value.layers) return entry.count < value.count ? this.lower(value, entry.count) : value;
    }
    return value;
  }

  /** The lowest `count` layers of a merge as one value. */
  private lower(merge: MergeNode, count: number): Value | undefined {
    if (count === 0) return undefined;
    if (count === 1) return merge.layers[0];
    if (count === merge.count) return merge;
    let known = this.suffixes.get(merge.layers);
    if (known === undefined) {
      known = new Map();
      this.suffixes.set(merge.layers, known);
    }
    let lower = known.get(count);
    if (lower === undefined) {
      lower = { ...merge, count };
      known.set(count, lower);
    }
    return lower;
  }

  private below(merge: MergeNode, count: number, view: View | undefined, chain: Chain | undefined): View | undefined {
    // Without a known place in the document nothing can be replaced there.
    if (chain === undefined) return view;
    return { layers: merge.layers, count, chain, next: without(view, merge.layers) };
  }

  /** True when the view changes something inside `value`, so that nothing remembered about it holds. */
  private changed(value: Value, view: View | undefined): boolean {
    for (let entry = view; entry !== undefined; entry = entry.next) {
      for (let link = entry.chain; link !== undefined; link = link.up) if (link.value === value) return true;
    }
    return false;
  }

  private resolve(value: Value, view: View | undefined, chain: Chain | undefined): Outcome {
    if (isResolved(value)) return value;
    const known = this.memory.get(value);
    const usable = known === undefined || !this.changed(value, view);
    if (known?.has(FULL) && usable) return known.get(FULL);
    if (view === undefined && this.missing.has(value)) return undefined;
    const cycles = this.cycles;
    if (++this.depth > MAX_DEPTH) {
      this.depth--;
      this.problems.tooDeep(value);
      return failed(value);
    }
    const result = this.compute(value, view, chain);
    this.depth--;
    if (result === undefined) {
      // No value is not remembered by the reference. Doing so is safe only where nothing but the document decided.
      if (view === undefined && this.cycles === cycles) this.missing.add(value);
    } else if (result !== CYCLE && !this.changed(value, view)) {
      this.remember(value, FULL, result);
    }
    return result;
  }

  private compute(value: Value, view: View | undefined, chain: Chain | undefined): Outcome {
    switch (value.kind) {
      case "object":
        return this.resolveObject(value, view, chain);
      case "array": {
        const items: Value[] = [];
        const inner = { value, up: chain };
        for (let index = 0; index < value.count; index++) {
          const shown = this.seen(value.items[index]!, view);
          const item = shown && this.resolve(shown, view, chain && inner);
          if (item === CYCLE) return CYCLE;
          if (item !== undefined) items.push(item);
        }
        return makeArray(value, items);
      }
      case "reference":
        return this.resolveReference(value, view);
      case "concatenation":
        return this.resolveConcatenation(value, view, chain);
      case "merge":
        return this.resolveMerge(value, view, chain);
      default:
        return value;
    }
  }

  private resolveObject(object: ObjectNode, view: View | undefined, chain: Chain | undefined): Outcome {
    const out = emptyObject(object);
    out.closed = object.closed;
    const inner = chain !== undefined || object === this.root ? { value: object, up: chain } : undefined;
    const waiting: string[] = [];
    for (const [key, field] of object.fields) if (!isResolved(field)) waiting.push(key);
    const resolved = new Map<string, Value | undefined>();
    for (const key of waiting.length > 1 ? javaOrder(object.fields.keys()) : waiting) {
      const field = object.fields.get(key)!;
      if (isResolved(field)) continue;
      const shown = this.seen(field, view);
      const value = shown && this.resolve(shown, view, inner);
      if (value === CYCLE) return CYCLE;
      resolved.set(key, value);
    }
    for (const [key, field] of object.fields) {
      const value = resolved.has(key) ? resolved.get(key) : field;
      if (value !== undefined) setField(out, key, value);
    }
    return out;
  }

  private resolveConcatenation(value: ConcatenationNode, view: View | undefined, chain: Chain | undefined): Outcome {
    const pieces: Value[] = [];
    const inner = chain && { value, up: chain };
    for (const piece of value.pieces) {
      const shown = this.seen(piece, view);
      const resolved = shown && this.resolve(shown, view, inner);
      if (resolved === CYCLE) return CYCLE;
      if (resolved !== undefined) pieces.push(resolved);
    }
    if (pieces.length === 0) return undefined;
    const { pieces: joined, mixed } = joinPieces(pieces, value);
    if (mixed !== undefined) {
      this.problems.mixed(value, mixed, "resolve");
      return failed(value);
    }
    return joined[0];
  }

  private resolveMerge(merge: MergeNode, view: View | undefined, chain: Chain | undefined): Outcome {
    const early = this.resolveAppends(merge, view, chain);
    if (early === CYCLE) return CYCLE;
    let merged: Value | undefined;
    for (let index = merge.count - 1; index >= 0; index--) {
      const layer = merge.layers[index]!;
      if (merged !== undefined && hidesLayer(merged, layer)) continue;
      const waits = layer.kind === "reference" || layer.kind === "concatenation";
      const resolved = waits
        ? this.resolve(layer, this.below(merge, index, view, chain), undefined)
        : this.resolve(layer, view, chain && { value: merge, up: chain });
      if (resolved === CYCLE) return CYCLE;
      if (resolved !== undefined) merged = merged === undefined ? resolved : mergeOver(merged, resolved);
      if (merged !== undefined && hidesBelow(merged)) break;
    }
    return merged;
  }

  /** Layers that begin with the value below them (`a = ${a} …`, `a += …`) need it first: take a long row of them from below. */
  private resolveAppends(merge: MergeNode, view: View | undefined, chain: Chain | undefined): Cycle | undefined {
    if (merge.count <= STEP || chain === undefined) return undefined;
    const path = appendPath(merge.layers[merge.count - 1]!);
    if (path === undefined) return undefined;
    let first = merge.count - 1;
    while (first > 0 && samePath(appendPath(merge.layers[first - 1]!), path)) first--;
    const found = this.find(this.root, path, 0, this.below(merge, merge.count - 1, view, chain), undefined);
    if (found === CYCLE || found === undefined || found !== this.lower(merge, merge.count - 1)) return undefined;
    for (let count = first + STEP; count < merge.count; count += STEP) {
      if (this.resolve(this.lower(merge, count)!, view, chain) === CYCLE) return CYCLE;
    }
    return undefined;
  }

  private resolveReference(reference: ReferenceNode, view: View | undefined): Outcome {
    return this.within(reference, () => {
      const target = this.lookup(reference, view);
      if (target === CYCLE || target === undefined) return target;
      this.targets.set(reference, target);
      return this.resolve(target, view, this.foundChain);
    });
  }

  /** Runs `work` while `reference` is being resolved. A cycle that comes back here means: no value. */
  private within(reference: ReferenceNode, work: () => Outcome): Outcome {
    if (this.active.has(reference)) {
      this.cycles++;
      return CYCLE;
    }
    this.active.add(reference);
    const mark = this.journal.length;
    const result = work();
    this.active.delete(reference);
    if (result === CYCLE) {
      this.forgetSince(mark);
      if (reference.optional) return undefined;
      this.problems.cycle(reference, [...this.active]);
      return failed(reference);
    }
    if (result === undefined && !reference.optional) {
      this.incomplete = true;
      if (this.options.allowUnresolved) return undefined;
      this.problems.unresolved(reference);
      return failed(reference);
    }
    return result;
  }

  /** The value at the path of a reference: below the include places first, then from the root, then in the environment. */
  private lookup(reference: ReferenceNode, view: View | undefined): Outcome {
    const { path, prefix, list } = reference;
    let found = this.find(this.root, path, 0, view, undefined);
    if (found !== undefined) return found;
    const plain = prefix > 0 ? path.slice(prefix) : path;
    if (prefix > 0) {
      found = this.find(this.root, plain, 0, view, undefined);
      if (found !== undefined) return found;
    }
    if (this.environment === undefined) return undefined;
    this.foundChain = undefined;
    if (list) return environmentList(this.options.environment!, plain.join("."));
    return this.find(this.environment, plain, 0, undefined, undefined);
  }

  /**
   * Walks `path` from its element `index` on, down from `value`, and returns what stands at its end, unresolved. Sets `foundChain` and
   * `foundHides`.
   */
  private find(value: Value, path: readonly string[], index: number, view: View | undefined, chain: Chain | undefined): Outcome {
    let current = value;
    let around = chain;
    let opaque = false;
    for (let at = index; current.kind === "object"; at++) {
      const field = current.fields.get(path[at]!);
      const shown = field && this.seen(field, view);
      if (current !== value) opaque ||= current.closed;
      around = around !== undefined || current === this.root ? { value: current, up: around } : undefined;
      if (shown === undefined || at === path.length - 1) {
        const hidden = opaque || (shown !== undefined && hidesBelow(shown));
        return this.report(shown, around, (value as ObjectNode).closed, hidden);
      }
      current = shown;
      index = at + 1;
    }
    if (isResolved(current) || current.kind === "array") {
      const hides = hidesBelow(current);
      const inner = current !== value;
      return this.report(
        current.kind === "failed" ? current : undefined,
        undefined,
        !inner && hides,
        opaque || current.kind === "array" || hides,
      );
    }
    const found = this.findInUnresolved(current as ReferenceNode | ConcatenationNode | MergeNode, path, index, view, around);
    if (current === value) return found;
    return this.report(found, this.foundChain, (value as ObjectNode).closed, opaque || this.foundHides || this.foundOpaque);
  }

  private report(found: Outcome, chain: Chain | undefined, hides: boolean, opaque: boolean): Outcome {
    this.foundChain = chain;
    this.foundHides = hides;
    this.foundOpaque = opaque;
    return found;
  }

  private findInUnresolved(
    value: ReferenceNode | ConcatenationNode | MergeNode,
    path: readonly string[],
    index: number,
    view: View | undefined,
    chain: Chain | undefined,
  ): Outcome {
    const key = `${path.slice(index).join("\u0000")}\u0000`;
    const known = this.memory.get(value);
    if (known !== undefined && !this.changed(value, view)) {
      if (known.has(FULL)) return this.findInResult(known.get(FULL), path, index, view);
      if (known.has(key)) {
        const found = known.get(key);
        return this.report(
          found && this.seen(found, view),
          chain && { value, up: chain },
          false,
          found !== undefined && hidesBelow(found),
        );
      }
    }
    if (value.kind === "concatenation") {
      const resolved = this.resolve(value, view, chain);
      return resolved === CYCLE ? CYCLE : this.findInResult(resolved, path, index, view);
    }
    if (++this.depth > MAX_DEPTH) {
      this.depth--;
      this.problems.tooDeep(value);
      return failed(value);
    }
    const found =
      value.kind === "reference"
        ? this.findInReference(value, path, index, view)
        : this.findInMerge(value, path, index, view, chain);
    this.depth--;
    if (found !== CYCLE && found !== undefined && !this.changed(value, view)) this.remember(value, key, found);
    return found;
  }

  /** A value without fields hides what is below; no value at all hides nothing. */
  private findInResult(result: Value | undefined, path: readonly string[], index: number, view: View | undefined): Outcome {
    if (result === undefined) {
      return this.report(undefined, undefined, false, false);
    }
    return this.find(result, path, index, view, undefined);
  }

  private findInReference(reference: ReferenceNode, path: readonly string[], index: number, view: View | undefined): Outcome {
    let hides = false;
    let opaque = false;
    let chain: Chain | undefined;
    let missing = true;
    const found = this.within(reference, () => {
      const target = this.lookup(reference, view);
      if (target === CYCLE || target === undefined) return target;
      missing = false;
      const inside = this.find(target, path, index, view, this.foundChain);
      hides = this.foundHides;
      opaque = this.foundOpaque;
      chain = this.foundChain;
      // The reference itself has a value, even when that has nothing at this path.
      return inside === undefined ? NOTHING_INSIDE : inside;
    });
    return this.report(found === NOTHING_INSIDE ? undefined : found, chain, !missing && hides, opaque);
  }

  private findInMerge(
    merge: MergeNode,
    path: readonly string[],
    index: number,
    view: View | undefined,
    chain: Chain | undefined,
  ): Outcome {
    let found: Value | undefined;
    let hides = false;
    let opaque = false;
    let foundChain: Chain | undefined;
    for (let layer = merge.count - 1; layer >= 0 && !hides; layer--) {
      const value = merge.layers[layer]!;
      // As when a whole merge is resolved, a layer counts for nothing when all its fields are hidden already.
      if (opaque && value.kind === "object" && value.fields.size === 1) continue;
      const waits = value.kind === "reference" || value.kind === "concatenation";
      const lower = waits
        ? this.find(value, path, index, this.below(merge, layer, view, chain), undefined)
        : this.find(value, path, index, view, chain && { value: merge, up: chain });
      if (lower === CYCLE) return CYCLE;
      hides = this.foundHides;
      if (lower !== undefined && !opaque) {
        if (found === undefined) foundChain = this.foundChain;
        found = found === undefined ? lower : mergeOver(found, lower);
      }
      opaque ||= this.foundOpaque;
    }
    return this.report(found, foundChain ?? (chain && { value: merge, up: chain }), hides, opaque);
  }
}

/** Marks a reference whose value has no such path. Never leaves this module. */
const NOTHING_INSIDE: Value = { kind: "null", source: { file: "", parsed: undefined, includedBy: undefined }, start: 0, end: 0 };

function failed({ source, start, end }: Value): Value {
  return { kind: "failed", source, start, end };
}

function without(view: View | undefined, layers: readonly Value[]): View | undefined {
  if (view === undefined) return undefined;
  if (view.layers === layers) return view.next;
  const next = without(view.next, layers);
  return next === view.next ? view : { ...view, next };
}

/** A layer counts for nothing when every field of it is hidden by what is above. */
function hidesLayer(above: Value, layer: Value): boolean {
  if (above.kind !== "object" || layer.kind !== "object" || layer.pending === 0 || layer.closed) return false;
  for (const key of layer.fields.keys()) {
    const over = above.fields.get(key);
    if (over === undefined || !hidesBelow(over)) return false;
  }
  return true;
}

/** The path that a concatenation starts with when its first piece is a reference. */
function appendPath(layer: Value): readonly string[] | undefined {
  const first = layer.kind === "concatenation" ? layer.pieces[0] : undefined;
  return first?.kind === "reference" ? first.path : undefined;
}

function samePath(a: readonly string[] | undefined, b: readonly string[]): boolean {
  return a !== undefined && a.length === b.length && a.every((element, index) => element === b[index]);
}
