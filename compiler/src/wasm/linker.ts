// Puts generated functions and constants behind what they use of the precompiled runtime; indexes are written anew, so nothing depends
// on the runtime's own order.
import { oncePer } from "#grammars/once-per.ts";
import { ABI_MINOR_VERSION, ABI_VERSION } from "./abi.ts";
import { ByteWriter, unsignedSize } from "./bytes.ts";
import { CodeBuilder, type FunctionSymbol, type GeneratedFunction } from "./code-builder.ts";
import { I32, op } from "./instructions.ts";
import type { DataSegment, FunctionType, RuntimeModule } from "./runtime-module.ts";
import { type RuntimePart, runtimePart } from "./runtime-part.ts";

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
  const taken = runtimePart(runtime, [
    ...input.exports.map((e) => e.symbol),
    ...input.table,
    ...input.functions.flatMap((f) => f.calls.map((c) => c.symbol)),
  ]);
  // Where each symbol ends up.
  const indexes = new Map(taken.indexes);
  for (const symbol of input.symbols) indexes.set(symbol, indexes.size);
  const indexOf = (symbol: FunctionSymbol) => {
    const index = indexes.get(symbol);
    if (index === undefined) throw new Error(`function ${symbol} was not linked`);
    return index;
  };

  const segments = [...taken.segments];
  if (input.constants.length > 0) segments.push({ address: runtime.dataEnd, bytes: input.constants });
  const heapBase = heapBaseOf(runtime, input.constants);
  const passive = segments.map((s) => s.address + s.bytes.length > PAGES_AT_LOAD * PAGE);
  const start = passive.includes(true) ? startFunction(segments, passive, heapBase) : undefined;

  const w = new ByteWriter();
  w.bytes(Uint8Array.of(0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00));
  const declared = [...taken.functions.map((f) => f.type), ...input.functions.map((f) => types.indexOf(f.type))];
  if (start !== undefined) declared.push(types.indexOf(start.type));
  section(w, 1, types.types, (s, type) => {
    s.byte(0x60);
    for (const list of [type.params, type.results]) {
      s.unsigned(list.length);
      for (const t of list) s.byte(t);
    }
  });
  section(w, 2, [undefined, ...taken.imports], (s, i) => {
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
    s.unsigned(taken.functions.length + generated.length);
    s.bytes(taken.code);
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
  writeNames(w, taken, input.functions);
  return w.finish();
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

const nameOf = oncePer(({ name }: GeneratedFunction): Uint8Array => {
  const w = new ByteWriter();
  w.name(name);
  return w.finish();
});

function writeNames(w: ByteWriter, taken: RuntimePart, functions: readonly GeneratedFunction[]): void {
  rawSection(w, 0, (s) => {
    s.name("name");
    const list = new ByteWriter();
    const first = taken.indexes.size;
    list.unsigned(first + functions.length);
    list.bytes(taken.names);
    for (const [i, f] of functions.entries()) {
      list.unsigned(first + i);
      list.bytes(nameOf(f));
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
