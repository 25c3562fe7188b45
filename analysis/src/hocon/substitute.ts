// Substitution: replaces every `${}` by the value it means. The rules, as the reference applies them:
//
// - A path is looked up in the whole document; on the way only what the path crosses is resolved, never its neighbours.
// - While a layer of a merge is resolved, that merge stands in the document as the layers below it (a view): so a value can refer to its own
//   earlier value.
// - A reference met again while it is being resolved is a cycle: the nearest reference around the second meeting has no value.
// - A value is computed once and then remembered, whatever the view it was computed under; what a cycle cut short is forgotten again.
import { joinPieces } from "./concatenate.ts";
import { type Chain, type Crossing, crossOther, crossOver, NOTHING, settle } from "./crossing.ts";
import { environmentList, environmentObject } from "./environment.ts";
import { javaOrder } from "./java-order.ts";
import { hidesBelow, mergeOver } from "./merge.ts";
import type { Problems } from "./problems.ts";
import {
  type ConcatenationNode,
  emptyObject,
  type FailedNode,
  isResolved,
  type MergeNode,
  makeArray,
  type ObjectNode,
  type ReferenceNode,
  setField,
  type Value,
} from "./value.ts";

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

/** Self-appends are resolved from below in steps of this many layers, so that a long list of them needs little stack. */
const STEP = 50;
/** Deeper nesting of lookups is refused, so that the stack holds wherever this runs. */
const MAX_DEPTH = 1600;
const MAX_LINKS = 1_000_000;

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
  private readonly memory = new Map<Value, Value>();
  private readonly crossings = new Map<Value, Map<string, Crossing>>();
  /** How to forget what was remembered, newest last. */
  private readonly journal: { readonly value: Value; readonly key: string | undefined }[] = [];
  private readonly suffixes = new Map<readonly Value[], Map<number, Value>>();
  /** Layers that are being resolved from below, step by step. */
  private readonly stepping = new Set<readonly Value[]>();
  private depth = 0;
  /** Unresolved values of which it is certain that they have no value. */
  private readonly missing = new Set<Value>();
  /** How often a value was not found only because of what was being resolved then: a cycle, or an object that could not tell yet what it is. */
  private unsure = 0;

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

  private remember(value: Value, result: Value): void {
    this.memory.set(value, result);
    this.journal.push({ value, key: undefined });
  }

  private rememberCrossing(value: Value, key: string, crossing: Crossing): void {
    let entries = this.crossings.get(value);
    if (entries === undefined) {
      entries = new Map();
      this.crossings.set(value, entries);
    }
    entries.set(key, crossing);
    this.journal.push({ value, key });
  }

  private forgetSince(mark: number): void {
    while (this.journal.length > mark) {
      const { value, key } = this.journal.pop()!;
      if (key === undefined) this.memory.delete(value);
      else this.crossings.get(value)!.delete(key);
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
    if (known !== undefined && !this.changed(value, view)) return known;
    if (view === undefined && this.missing.has(value)) return undefined;
    const unsure = this.unsure;
    if (++this.depth > MAX_DEPTH) {
      this.depth--;
      this.problems.tooDeep(value);
      return failed(value);
    }
    const result = this.compute(value, view, chain);
    this.depth--;
    if (result === undefined) {
      // No value is not remembered by the reference. Doing so is safe only where nothing but the document decided.
      if (view === undefined && this.unsure === unsure) this.missing.add(value);
    } else if (result !== CYCLE && !this.changed(value, view)) {
      this.remember(value, result);
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
    for (const key of javaOrder(object, waiting, this.changed(object, view))) {
      const field = object.fields.get(key)!;
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
    if (merge.count <= STEP || chain === undefined || this.stepping.has(merge.layers)) return undefined;
    const path = appendPath(merge.layers[merge.count - 1]!);
    if (path === undefined) return undefined;
    let first = merge.count - 1;
    while (first > 0 && samePath(appendPath(merge.layers[first - 1]!), path)) first--;
    const found = this.find(this.root, path, 0, this.below(merge, merge.count - 1, view, chain), undefined);
    if (found === CYCLE || found.value === undefined || found.value !== this.lower(merge, merge.count - 1)) return undefined;
    this.stepping.add(merge.layers);
    let outcome: Outcome;
    for (let count = first + STEP; count < merge.count && outcome !== CYCLE; count += STEP) {
      outcome = this.resolve(this.lower(merge, count)!, view, chain);
    }
    this.stepping.delete(merge.layers);
    return outcome === CYCLE ? CYCLE : undefined;
  }

  private resolveReference(reference: ReferenceNode, view: View | undefined): Outcome {
    return this.within<Value | undefined>(reference, undefined, () => {
      const target = this.lookup(reference, view);
      if (target === CYCLE) return CYCLE;
      const { value, chain } = target;
      if (value === undefined) return this.missed(reference) ? failed(reference) : undefined;
      this.targets.set(reference, value);
      if (value.kind === "reference" && this.depth % STEP === 0) {
        const end = this.followPlainChain(value, view);
        if (end !== undefined) return end;
      }
      const result = this.resolve(value, view, chain);
      return result === undefined && this.missed(reference) ? failed(reference) : result;
    });
  }

  /** A long row of references, each only naming the next, is followed without recursion when it ends at a known value. */
  private followPlainChain(start: ReferenceNode, view: View | undefined): Value | undefined {
    const links: ReferenceNode[] = [];
    let value: Value = start;
    while (value.kind === "reference" && !this.memory.has(value)) {
      const found = this.lookup(value, view);
      if (found === CYCLE || found.value === undefined || links.length > MAX_LINKS) return undefined;
      links.push(value);
      value = found.value;
    }
    const end = this.memory.get(value) ?? value;
    if (!isResolved(end)) return undefined;
    for (const link of links) this.remember(link, end);
    return end;
  }

  /** Reports a reference without a value, unless that is allowed. */
  private missed(reference: ReferenceNode): boolean {
    if (reference.optional) return false;
    this.incomplete = true;
    if (this.options.allowUnresolved) return false;
    this.problems.unresolved(reference);
    return true;
  }

  /** Runs `work` while `reference` is being resolved. A cycle that comes back here means: no value. */
  private within<T>(reference: ReferenceNode, nothing: T, work: () => T | Cycle): T | Cycle | FailedNode {
    if (this.active.has(reference)) {
      this.unsure++;
      return CYCLE;
    }
    this.active.add(reference);
    const mark = this.journal.length;
    const result = work();
    this.active.delete(reference);
    if (result !== CYCLE) return result;
    this.forgetSince(mark);
    if (reference.optional) return nothing;
    this.problems.cycle(reference, [...this.active]);
    return failed(reference);
  }

  /** The value at the path of a reference: below the include places first, then from the root, then in the environment. */
  private lookup(reference: ReferenceNode, view: View | undefined): Crossing | Cycle {
    const { path, prefix, list } = reference;
    const mark = this.journal.length;
    let found = this.find(this.root, path, 0, view, undefined);
    if (found === CYCLE || found.value !== undefined) return found;
    const plain = prefix > 0 ? path.slice(prefix) : path;
    if (prefix > 0) {
      found = this.find(this.root, plain, 0, view, undefined);
      if (found === CYCLE || found.value !== undefined) return found;
    }
    if (this.environment === undefined) return NOTHING;
    // On its way to the environment the reference forgets what it learned.
    this.forgetSince(mark);
    if (list) return { ...NOTHING, value: environmentList(this.options.environment!, plain.join(".")) };
    return this.find(this.environment, plain, 0, undefined, undefined);
  }

  /** Walks `path` from its element `index` on, down from `value`. */
  private find(
    value: Value,
    path: readonly string[],
    index: number,
    view: View | undefined,
    chain: Chain | undefined,
  ): Crossing | Cycle {
    if (value.kind !== "object") {
      if (isResolved(value) || value.kind === "array") return crossOther(value);
      return this.findInUnresolved(value as ReferenceNode | ConcatenationNode | MergeNode, path, index, view, chain);
    }
    const top = this.known(value, view);
    let current = top;
    let around = chain;
    let opaque = false;
    let pending = false;
    for (let at = index; ; at++) {
      const field = current.fields.get(path[at]!);
      const shown = field && this.seen(field, view);
      if (current !== top) opaque ||= current.closed;
      pending ||= this.pendingBeside(current, field, view) > 0;
      around = around !== undefined || current === this.root ? { value: current, up: around } : undefined;
      const base = { chain: around, shape: "object", hides: top.closed } as const;
      if (shown === undefined) return { ...base, value: undefined, opaque, pending, certain: false };
      if (at === path.length - 1) {
        const certain = hidesBelow(shown);
        return {
          ...base,
          value: shown,
          opaque: opaque || certain,
          pending: pending || !isResolved(shown),
          certain: certain && at === index,
        };
      }
      if (shown.kind !== "object") {
        const inner = this.find(shown, path, at + 1, view, around);
        if (inner === CYCLE) return CYCLE;
        return {
          ...base,
          value: inner.value,
          chain: inner.chain,
          opaque: opaque || inner.hides || inner.opaque,
          pending: pending || inner.pending || shown.kind === "array" || inner.shape === "mixed",
          certain: false,
        };
      }
      current = this.known(shown, view);
    }
  }

  /** How many fields of an object besides one of them are unresolved, as the view shows them. */
  private pendingBeside(object: ObjectNode, beside: Value | undefined, view: View | undefined): number {
    let pending = object.pending - (beside === undefined || isResolved(beside) ? 0 : 1);
    const counted = new Set<unknown>(beside === undefined ? [] : [beside.kind === "merge" ? beside.layers : beside]);
    for (let entry = view; entry !== undefined && pending > 0; entry = entry.next) {
      let child: Value | undefined;
      let link = entry.chain;
      for (; link !== undefined && link.value !== object; link = link.up) child = link.value;
      const key = child ?? entry.layers;
      if (link === undefined || counted.has(key)) continue;
      counted.add(key);
      if (child === undefined ? this.shownResolved(entry) : this.isResolvedIn(child, view)) pending--;
    }
    return pending;
  }

  private shownResolved({ layers, count }: View): boolean {
    return count === 0 || (count === 1 && isResolved(layers[0]!));
  }

  private isResolvedIn(value: Value, view: View | undefined): boolean {
    return value.kind === "object" && value.pending > 0 && this.pendingBeside(value, undefined, view) === 0;
  }

  /** An object as it is remembered, when it was resolved before. */
  private known(object: ObjectNode, view: View | undefined): ObjectNode {
    if (object.pending === 0) return object;
    const known = this.memory.get(object);
    return known?.kind === "object" && !this.changed(object, view) ? known : object;
  }

  private findInUnresolved(
    value: ReferenceNode | ConcatenationNode | MergeNode,
    path: readonly string[],
    index: number,
    view: View | undefined,
    chain: Chain | undefined,
  ): Crossing | Cycle {
    const key = path.slice(index).join("\u0000");
    const usable = !this.changed(value, view);
    if (usable) {
      const resolved = this.memory.get(value);
      if (resolved !== undefined) return this.find(resolved, path, index, view, undefined);
      const known = this.crossings.get(value)?.get(key);
      if (known?.value !== undefined) return { ...known, value: this.seen(known.value, view) };
    }
    if (value.kind === "concatenation") {
      const resolved = this.resolve(value, view, chain);
      if (resolved === CYCLE) return CYCLE;
      return resolved === undefined ? NOTHING : this.find(resolved, path, index, view, undefined);
    }
    if (++this.depth > MAX_DEPTH) {
      this.depth--;
      this.problems.tooDeep(value);
      return crossOther(failed(value));
    }
    const found =
      value.kind === "reference"
        ? this.findInReference(value, path, index, view)
        : this.findInMerge(value, path, index, view, chain);
    this.depth--;
    if (usable && found !== CYCLE && found.value !== undefined) this.rememberCrossing(value, key, found);
    return found;
  }

  private findInReference(
    reference: ReferenceNode,
    path: readonly string[],
    index: number,
    view: View | undefined,
  ): Crossing | Cycle {
    const found = this.within(reference, NOTHING, () => {
      const target = this.lookup(reference, view);
      if (target === CYCLE) return CYCLE;
      if (target.value === undefined) return this.missed(reference) ? crossOther(failed(reference)) : NOTHING;
      return this.find(target.value, path, index, view, target.chain);
    });
    return found !== CYCLE && "kind" in found ? crossOther(found) : found;
  }

  private findInMerge(
    merge: MergeNode,
    path: readonly string[],
    index: number,
    view: View | undefined,
    chain: Chain | undefined,
  ): Crossing | Cycle {
    let crossing = NOTHING;
    for (let layer = merge.count - 1; layer >= 0 && !crossing.hides; layer--) {
      const value = merge.layers[layer]!;
      // As when a whole merge is resolved, a layer counts for nothing when all its fields are hidden already.
      if (crossing.opaque && value.kind === "object" && value.fields.size === 1) continue;
      const waits = value.kind === "reference" || value.kind === "concatenation";
      const lower = waits
        ? this.find(value, path, index, this.below(merge, layer, view, chain), undefined)
        : this.find(value, path, index, view, chain && { value: merge, up: chain });
      if (lower === CYCLE) return CYCLE;
      crossing = crossOver(crossing, lower);
    }
    const settled = settle(crossing);
    if (settled !== crossing) this.unsure++;
    return settled;
  }
}

function failed({ source, start, end }: Value): FailedNode {
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
