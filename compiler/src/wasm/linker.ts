// Puts generated functions and constants behind the precompiled runtime. Only runtime functions that something reaches and
// static data that those mention are kept; indexes are written anew, so nothing depends on the runtime's own order.
import { ABI_MINOR_VERSION, ABI_VERSION } from "./abi.ts";
import { ByteWriter, unsignedSize } from "./bytes.ts";
import { CodeBuilder, type FunctionSymbol, type GeneratedFunction } from "./code-builder.ts";
import { I32, op } from "./instructions.ts";
import type { DataSegment, FunctionType, RuntimeFunction, RuntimeModule } from "./runtime-module.ts";

/** Memory that every host gives before it looks at the module. */
const PAGES_AT_LOAD = 2;
const PAGE = 65536;

export interface LinkInput {
  readonly functions: readonly GeneratedFunction[];
  /** The symbol of each function. */
  readonly symbols: readonly FunctionSymbol[];
  readonly exports: readonly { readonly name: string; readonly symbol: FunctionSymbol }[];
  /** Functions that `call_indirect` may reach, by slot. */
  readonly table: readonly FunctionSymbol[];
  /** Function types beyond the runtime's, in the order of their indexes (see `TypeTable`). */
  readonly types: readonly FunctionType[];
  /** Constants, at the runtime's `dataEnd`. */
  readonly constants: Uint8Array;
  readonly exportedGlobals: readonly { readonly name: string; readonly index: number }[];
}

/** Function types of the module: the runtime's first, equal ones shared. */
export class TypeTable {
  readonly types: FunctionType[];
  readonly #byText = new Map<string, number>();

  constructor(runtime: RuntimeModule) {
    this.types = [...runtime.types];
    for (const [i, type] of this.types.entries()) {
      if (!this.#byText.has(textOf(type))) this.#byText.set(textOf(type), i);
    }
  }

  indexOf(type: FunctionType): number {
    const known = this.#byText.get(textOf(type));
    if (known !== undefined) return known;
    this.types.push(type);
    this.#byText.set(textOf(type), this.types.length - 1);
    return this.types.length - 1;
  }
}

function textOf(type: FunctionType): string {
  return `${type.params.join()}>${type.results.join()}`;
}

/** Where the heap of a linked module starts: all of its static data lies below. */
export function heapBaseOf(runtime: RuntimeModule, constants: Uint8Array): number {
  return (runtime.dataEnd + constants.length + 15) & ~15;
}

/** Links a module; the result is a complete Wasm binary. */
export function link(runtime: RuntimeModule, input: LinkInput): Uint8Array<ArrayBuffer> {
  const types = new TypeTable(runtime);
  for (const type of input.types) types.indexOf(type);
  const runtimeCount = runtime.imports.length + runtime.functions.length;
  const kept = reachable(runtime, input, runtimeCount);
  const keptImports = runtime.imports.map((i, index) => ({ ...i, index })).filter((i) => kept.has(i.index));
  const keptFunctions = runtime.functions
    .map((f, i) => ({ f, symbol: runtime.imports.length + i }))
    .filter((x) => kept.has(x.symbol));

  // Where each symbol ends up.
  const indexes = new Map<FunctionSymbol, number>();
  for (const i of keptImports) indexes.set(i.index, indexes.size);
  for (const x of keptFunctions) indexes.set(x.symbol, indexes.size);
  for (const symbol of input.symbols) indexes.set(symbol, indexes.size);
  const indexOf = (symbol: FunctionSymbol) => {
    const index = indexes.get(symbol);
    if (index === undefined) throw new Error(`function ${symbol} was not linked`);
    return index;
  };

  const segments = keptSegments(
    runtime,
    keptFunctions.map((x) => x.f),
  );
  if (input.constants.length > 0) segments.push({ address: runtime.dataEnd, bytes: input.constants });
  const heapBase = heapBaseOf(runtime, input.constants);
  const passive = segments.map((s) => s.address + s.bytes.length > PAGES_AT_LOAD * PAGE);
  const start = passive.includes(true) ? startFunction(segments, passive, heapBase) : undefined;

  const w = new ByteWriter();
  w.bytes(Uint8Array.of(0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00));
  const declared = [...keptFunctions.map((x) => x.f.type), ...input.functions.map((f) => types.indexOf(f.type))];
  if (start !== undefined) declared.push(types.indexOf(start.type));
  section(w, 1, types.types, (s, type) => {
    s.byte(0x60);
    for (const list of [type.params, type.results]) {
      s.unsigned(list.length);
      for (const t of list) s.byte(t);
    }
  });
  section(w, 2, [undefined, ...keptImports], (s, i) => {
    s.name("env");
    if (i === undefined) {
      s.name("memory");
      s.bytes(Uint8Array.of(0x02, 0x00, PAGES_AT_LOAD));
    } else {
      s.name(i.name);
      s.byte(0x00);
      s.unsigned(i.type);
    }
  });
  section(w, 3, declared, (s, type) => s.unsigned(type));
  if (input.table.length > 0) {
    section(w, 4, [input.table.length], (s, size) => {
      s.bytes(Uint8Array.of(0x70, 0x01));
      s.unsigned(size);
      s.unsigned(size);
    });
  }
  writeGlobals(w, runtime, heapBase);
  writeExports(w, runtime, input, indexOf);
  if (start !== undefined) rawSection(w, 8, (s) => s.unsigned(indexes.size));
  if (input.table.length > 0) {
    section(w, 9, [input.table], (s, table) => {
      s.byte(0x00);
      s.bytes(Uint8Array.of(op.i32Const, 0x00, op.end));
      s.unsigned(table.length);
      for (const symbol of table) s.unsigned(indexOf(symbol));
    });
  }
  if (start !== undefined) rawSection(w, 12, (s) => s.unsigned(segments.length));
  const generated = start === undefined ? input.functions : [...input.functions, start];
  rawSection(w, 10, (s) => {
    s.unsigned(keptFunctions.length + generated.length);
    for (const { f } of keptFunctions) relink(s, f, indexOf);
    for (const f of generated) assemble(s, f, indexOf);
  });
  section(w, 11, segments, (s, segment) => {
    if (passive[segments.indexOf(segment)]) {
      s.byte(0x01);
    } else {
      s.bytes(Uint8Array.of(0x00, op.i32Const));
      s.signed32(segment.address);
      s.byte(op.end);
    }
    s.unsigned(segment.bytes.length);
    s.bytes(segment.bytes);
  });
  const names = [...keptImports.map((i) => i.name), ...keptFunctions.map((x) => x.f.name), ...input.functions.map((f) => f.name)];
  writeNames(w, names);
  return w.finish();
}

function reachable(runtime: RuntimeModule, input: LinkInput, runtimeCount: number): Set<FunctionSymbol> {
  const kept = new Set<FunctionSymbol>();
  const todo: FunctionSymbol[] = [
    ...input.exports.map((e) => e.symbol),
    ...input.table,
    ...input.functions.flatMap((f) => f.calls.map((c) => c.symbol)),
  ];
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
function keptSegments(runtime: RuntimeModule, functions: readonly RuntimeFunction[]): DataSegment[] {
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

// Grows memory to hold the constants and copies those that hosts' first pages cannot take.
function startFunction(segments: readonly DataSegment[], passive: readonly boolean[], heapBase: number): GeneratedFunction {
  const b = new CodeBuilder({ params: [], results: [] });
  const missing = b.local(I32);
  b.i32(Math.ceil((heapBase + 64) / PAGE));
  b.op(op.memorySize, 0x00, op.i32Sub);
  b.tee(missing);
  b.i32(0);
  b.op(op.i32GtS);
  b.open(op.if);
  b.get(missing);
  b.op(op.memoryGrow, 0x00, op.drop);
  b.close();
  for (const [i, segment] of segments.entries()) {
    if (!passive[i]) continue;
    b.i32(segment.address);
    b.i32(0);
    b.i32(segment.bytes.length);
    b.memoryInit(i);
  }
  return b.finish("_initialize");
}

function writeGlobals(w: ByteWriter, runtime: RuntimeModule, heapBase: number): void {
  const atHeap = new Set(["heap_base", "heap_ptr"].map((name) => runtime.globals[runtime.exportedGlobals.get(name) ?? -1]));
  const abi = [ABI_VERSION, ABI_MINOR_VERSION];
  section(w, 6, [...runtime.globals, ...abi], (s, g) => {
    if (typeof g === "number") {
      s.bytes(Uint8Array.of(I32, 0x00, op.i32Const, g, op.end));
      return;
    }
    s.bytes(Uint8Array.of(g.type, g.mutable ? 1 : 0));
    if (atHeap.has(g)) {
      s.byte(op.i32Const);
      s.signed32(heapBase);
      s.byte(op.end);
    } else {
      s.bytes(g.init);
    }
  });
}

function writeExports(w: ByteWriter, runtime: RuntimeModule, input: LinkInput, indexOf: (s: FunctionSymbol) => number): void {
  const all = [
    { name: "memory", kind: 2, index: 0 },
    { name: "opa_wasm_abi_version", kind: 3, index: runtime.globals.length },
    { name: "opa_wasm_abi_minor_version", kind: 3, index: runtime.globals.length + 1 },
    ...input.exports.map((e) => ({ name: e.name, kind: 0, index: indexOf(e.symbol) })),
    ...input.exportedGlobals.map((g) => ({ name: g.name, kind: 3, index: g.index })),
  ];
  section(w, 7, all, (s, e) => {
    s.name(e.name);
    s.byte(e.kind);
    s.unsigned(e.index);
  });
}

// Bodies of the runtime keep their bytes except for the indexes of calls.
function relink(w: ByteWriter, { body, references: { calls } }: RuntimeFunction, indexOf: (s: FunctionSymbol) => number): void {
  let size = body.length;
  for (let i = 0; i < calls.length; i++) size += unsignedSize(indexOf(calls[i]!.target)) - calls[i]!.width;
  w.unsigned(size);
  let from = 0;
  for (let i = 0; i < calls.length; i++) {
    const { at, width, target } = calls[i]!;
    w.part(body, from, at);
    w.unsigned(indexOf(target));
    from = at + width;
  }
  w.part(body, from, body.length);
}

function assemble(w: ByteWriter, f: GeneratedFunction, indexOf: (s: FunctionSymbol) => number): void {
  const groups: { type: number; count: number }[] = [];
  for (let i = 0; i < f.locals.length; i++) {
    const type = f.locals[i]!;
    const last = groups.at(-1);
    if (last?.type === type) last.count++;
    else groups.push({ type, count: 1 });
  }
  let size = unsignedSize(groups.length) + f.code.length;
  for (const { count } of groups) size += unsignedSize(count) + 1;
  for (let i = 0; i < f.calls.length; i++) size += unsignedSize(indexOf(f.calls[i]!.symbol));
  w.unsigned(size);
  w.unsigned(groups.length);
  for (const g of groups) {
    w.unsigned(g.count);
    w.byte(g.type);
  }
  let from = 0;
  for (let i = 0; i < f.calls.length; i++) {
    const { at, symbol } = f.calls[i]!;
    w.part(f.code, from, at);
    w.unsigned(indexOf(symbol));
    from = at;
  }
  w.part(f.code, from, f.code.length);
}

function writeNames(w: ByteWriter, names: readonly string[]): void {
  rawSection(w, 0, (s) => {
    s.name("name");
    const list = new ByteWriter();
    list.unsigned(names.length);
    for (const [i, name] of names.entries()) {
      list.unsigned(i);
      list.name(name);
    }
    s.byte(0x01);
    s.unsigned(list.length);
    s.bytes(list.finish());
  });
}

function rawSection(w: ByteWriter, id: number, write: (s: ByteWriter) => void): void {
  const s = new ByteWriter();
  write(s);
  w.byte(id);
  w.unsigned(s.length);
  w.bytes(s.finish());
}

function section<T>(w: ByteWriter, id: number, items: readonly T[], write: (s: ByteWriter, item: T) => void): void {
  rawSection(w, id, (s) => {
    s.unsigned(items.length);
    for (const item of items) write(s, item);
  });
}
