// The compiled runtime, taken apart once: functions with their references, exports, globals and static data.
import { ByteReader } from "./bytes.ts";
import { findReferences, type References } from "./instructions.ts";
import { RUNTIME_BASE64 } from "./runtime.generated.ts";

export interface FunctionType {
  readonly params: readonly number[];
  readonly results: readonly number[];
}

export class RuntimeFunction {
  readonly type: number;
  readonly name: string;
  /** Locals and code, without the size in front. */
  readonly body: Uint8Array;
  #references: References | undefined;

  constructor(type: number, name: string, body: Uint8Array) {
    this.type = type;
    this.name = name;
    this.body = body;
  }

  /** What the body refers to; looked for in functions that a module uses. */
  get references(): References {
    this.#references ??= findReferences(this.body);
    return this.#references;
  }
}

export interface DataSegment {
  readonly address: number;
  readonly bytes: Uint8Array;
}

export interface RuntimeGlobal {
  readonly type: number;
  readonly mutable: boolean;
  /** Constant expression with its `end`. */
  readonly init: Uint8Array;
}

export interface RuntimeModule {
  readonly types: readonly FunctionType[];
  /** Imported functions come first in the index space. */
  readonly imports: readonly { readonly name: string; readonly type: number }[];
  readonly functions: readonly RuntimeFunction[];
  readonly globals: readonly RuntimeGlobal[];
  readonly exportedFunctions: ReadonlyMap<string, number>;
  readonly exportedGlobals: ReadonlyMap<string, number>;
  readonly data: readonly DataSegment[];
  /** First address behind static data, 16-aligned. */
  readonly dataEnd: number;
}

let parsed: RuntimeModule | undefined;

/** The runtime that policies are linked with. */
export function runtimeModule(): RuntimeModule {
  parsed ??= parseRuntime(bytesOfBase64(RUNTIME_BASE64));
  return parsed;
}

function bytesOfBase64(text: string): Uint8Array {
  const characters = atob(text);
  const bytes = new Uint8Array(characters.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = characters.charCodeAt(i);
  return bytes;
}

/** Reads a Wasm module of the kind the runtime's compiler writes. */
function parseRuntime(bytes: Uint8Array): RuntimeModule {
  const types: FunctionType[] = [];
  const imports: { name: string; type: number }[] = [];
  const functionTypes: number[] = [];
  const bodies: Uint8Array[] = [];
  const globals: RuntimeGlobal[] = [];
  const exportedFunctions = new Map<string, number>();
  const exportedGlobals = new Map<string, number>();
  const data: DataSegment[] = [];
  let names = new Map<number, string>();

  const file = new ByteReader(bytes, 8);
  while (!file.done) {
    const id = file.byte();
    const size = file.unsigned();
    const r = new ByteReader(bytes, file.offset, file.offset + size);
    file.offset += size;
    if (id === 0) {
      if (r.name() === "name") names = readNames(r);
      continue;
    }
    if (id === 8) throw new Error("the runtime has a start function");
    const count = id === 12 ? 0 : r.unsigned();
    for (let i = 0; i < count; i++) {
      switch (id) {
        case 1:
          types.push(readType(r));
          break;
        case 2:
          readImport(r, imports);
          break;
        case 3:
          functionTypes.push(r.unsigned());
          break;
        case 6:
          globals.push(readGlobal(r));
          break;
        case 7: {
          const name = r.name();
          const kind = r.byte();
          const index = r.unsigned();
          if (kind === 0) exportedFunctions.set(name, index);
          else if (kind === 3) exportedGlobals.set(name, index);
          break;
        }
        case 10:
          bodies.push(r.slice(r.unsigned()));
          break;
        case 11:
          data.push(readData(r));
          break;
        default:
          break;
      }
    }
  }
  const functions = bodies.map((body, i) => {
    const name = names.get(imports.length + i) ?? `runtime.${i}`;
    return new RuntimeFunction(functionTypes[i]!, shortName(name), body);
  });
  const end = Math.max(1024, ...data.map((d) => d.address + d.bytes.length));
  return { types, imports, functions, globals, exportedFunctions, exportedGlobals, data, dataEnd: (end + 15) & ~15 };
}

// `compiler/runtime/json-read/parseText` reads well enough as `json-read/parseText` in a stack trace.
function shortName(name: string): string {
  return name.replace(/^compiler\/runtime\//, "").replace(/^~/, "");
}

function readType(r: ByteReader): FunctionType {
  if (r.byte() !== 0x60) throw new Error("unexpected type in the runtime");
  const list = () => Array.from({ length: r.unsigned() }, () => r.byte());
  return { params: list(), results: list() };
}

function readImport(r: ByteReader, imports: { name: string; type: number }[]): void {
  r.name();
  const name = r.name();
  const kind = r.byte();
  if (kind === 0) {
    imports.push({ name, type: r.unsigned() });
  } else if (kind === 2) {
    if ((r.byte() & 1) !== 0) r.unsigned();
    r.unsigned();
  } else {
    throw new Error(`unexpected import ${name} in the runtime`);
  }
}

function readGlobal(r: ByteReader): RuntimeGlobal {
  const type = r.byte();
  const mutable = r.byte() === 1;
  const from = r.offset;
  r.byte();
  r.skipInteger();
  r.byte();
  return { type, mutable, init: r.bytes.subarray(from, r.offset) };
}

function readData(r: ByteReader): DataSegment {
  if (r.unsigned() !== 0) throw new Error("unexpected data segment in the runtime");
  r.byte();
  const address = r.signed32() >>> 0;
  r.byte();
  return { address, bytes: r.slice(r.unsigned()) };
}

function readNames(r: ByteReader): Map<number, string> {
  const names = new Map<number, string>();
  while (!r.done) {
    const kind = r.byte();
    const end = r.unsigned() + r.offset;
    if (kind === 1) {
      for (let n = r.unsigned(); n > 0; n--) names.set(r.unsigned(), r.name());
    }
    r.offset = end;
  }
  return names;
}
