// What of the runtime a module takes: the functions that something reaches, and the static data that those mention. It lies before what is
// generated, so it is the same bytes in all modules that take the same.
import { ByteWriter, unsignedSize } from "./bytes.ts";
import type { FunctionSymbol } from "./code-builder.ts";
import type { DataSegment, RuntimeFunction, RuntimeModule } from "./runtime-module.ts";

export interface RuntimePart {
  readonly imports: RuntimeModule["imports"];
  readonly functions: readonly RuntimeFunction[];
  /** Where its symbols end up, the imports first. */
  readonly indexes: ReadonlyMap<FunctionSymbol, number>;
  readonly segments: readonly DataSegment[];
  /** The bodies, each with its size. */
  readonly code: Uint8Array;
  /** The names, each with its index. */
  readonly names: Uint8Array;
}

/** The part that was taken last: from edit to edit it is mostly the same. */
const last = new WeakMap<RuntimeModule, { readonly kept: ReadonlySet<FunctionSymbol>; readonly part: RuntimePart }>();

/** What some symbols, those of generated functions aside, reach. */
export function runtimePart(runtime: RuntimeModule, symbols: readonly FunctionSymbol[]): RuntimePart {
  const kept = reachable(runtime, symbols);
  const known = last.get(runtime);
  if (known !== undefined && known.kept.size === kept.size && [...kept].every((one) => known.kept.has(one))) return known.part;
  const part = partOf(runtime, kept);
  last.set(runtime, { kept, part });
  return part;
}

function partOf(runtime: RuntimeModule, kept: ReadonlySet<FunctionSymbol>): RuntimePart {
  const indexes = new Map<FunctionSymbol, number>();
  const take = (symbol: FunctionSymbol): boolean => {
    if (!kept.has(symbol)) return false;
    indexes.set(symbol, indexes.size);
    return true;
  };
  const imports = runtime.imports.filter((_, symbol) => take(symbol));
  const functions = runtime.functions.filter((_, at) => take(runtime.imports.length + at));
  const code = new ByteWriter();
  for (const f of functions) relink(code, f, indexes);
  const names = new ByteWriter();
  for (const [index, { name }] of [...imports, ...functions].entries()) {
    names.unsigned(index);
    names.name(name);
  }
  const segments = keptSegments(runtime, functions);
  return { imports, functions, indexes, segments, code: code.finish(), names: names.finish() };
}

function reachable(runtime: RuntimeModule, symbols: readonly FunctionSymbol[]): ReadonlySet<FunctionSymbol> {
  const runtimeCount = runtime.imports.length + runtime.functions.length;
  const kept = new Set<FunctionSymbol>();
  const todo = [...symbols];
  for (let symbol = todo.pop(); symbol !== undefined; symbol = todo.pop()) {
    if (kept.has(symbol) || symbol >= runtimeCount) continue;
    kept.add(symbol);
    const f = runtime.functions[symbol - runtime.imports.length];
    if (f !== undefined) for (const call of f.references.calls) todo.push(call.target);
  }
  return kept;
}

// Static texts of the runtime begin with AssemblyScript's class id of String and their length.
function isStaticText(segment: DataSegment): boolean {
  const b = segment.bytes;
  return b.length >= 8 && b[0] === 2 && b[1] === 0 && b[2] === 0 && b[3] === 0;
}

/**
 * Static data that the functions mention. A text is mentioned by its address; a table may also be reached from a constant
 * before it (an index that starts above 0 is folded into the address), so a little room before it counts.
 */
function keptSegments(runtime: RuntimeModule, functions: readonly RuntimeFunction[]): readonly DataSegment[] {
  const mentioned = new Set<number>();
  for (const f of functions) for (const address of f.references.addresses) mentioned.add(address);
  const sorted = [...mentioned].sort((a, b) => a - b);
  const anyWithin = (from: number, to: number) => {
    let low = 0;
    let high = sorted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sorted[middle]! < from) low = middle + 1;
      else high = middle;
    }
    return low < sorted.length && sorted[low]! < to;
  };
  return runtime.data.filter((s) => {
    const end = s.address + s.bytes.length;
    return isStaticText(s) ? anyWithin(s.address, end) : anyWithin(s.address - 64, end + 8);
  });
}

// Bodies of the runtime keep their bytes except for the indexes of calls.
function relink(
  w: ByteWriter,
  { body, references: { calls } }: RuntimeFunction,
  indexes: ReadonlyMap<FunctionSymbol, number>,
): void {
  let size = body.length;
  for (let i = 0; i < calls.length; i++) size += unsignedSize(indexes.get(calls[i]!.target)!) - calls[i]!.width;
  w.unsigned(size);
  let from = 0;
  for (let i = 0; i < calls.length; i++) {
    const { at, width, target } = calls[i]!;
    w.part(body, from, at);
    w.unsigned(indexes.get(target)!);
    from = at + width;
  }
  w.part(body, from, body.length);
}
