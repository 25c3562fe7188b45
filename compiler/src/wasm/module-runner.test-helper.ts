// Runs emitted modules in tests, straight on their exports.
import type { Block, Local, Location, Operand, Plan, Stmt } from "../plan/ir.ts";
import { FORMAT_REGO, type ModuleExports } from "./abi.ts";
import { type EmittedModule, emitModule } from "./emit.ts";

export interface Runner {
  readonly exports: ModuleExports;
  /** Rego or JSON text to JSON text; undefined when it cannot be read. */
  toJson(text: string): string | undefined;
  /** Rego or JSON text to Rego text. */
  toRego(text: string): string | undefined;
  /** Reads strict JSON and gives Rego text. */
  jsonToRego(text: string): string | undefined;
  evaluate(entrypoint: string, input?: string, data?: string): string;
}

export type HostBuiltin = (args: readonly string[]) => string | undefined;

type Watcher = (mark: number, read: (value: number) => string) => void;

export function run(
  module: EmittedModule,
  host: Readonly<Record<string, HostBuiltin>> = {},
  watcher: Watcher = () => {},
): Runner {
  const memory = new WebAssembly.Memory({ initial: 2 });
  const names = Object.fromEntries(Object.entries(module.builtins).map(([name, id]) => [id, name]));
  const write = (text: string, at?: number): { address: number; length: number } => {
    const bytes = new TextEncoder().encode(text);
    const address = at ?? exports.opa_malloc(bytes.length);
    const missing = address + bytes.length + 64 - memory.buffer.byteLength;
    if (missing > 0) memory.grow(Math.ceil(missing / 65536));
    new Uint8Array(memory.buffer).set(bytes, address);
    return { address, length: bytes.length };
  };
  const read = (address: number) => {
    const bytes = new Uint8Array(memory.buffer);
    return new TextDecoder().decode(bytes.subarray(address, bytes.indexOf(0, address)));
  };
  const builtin = (id: number, _ctx: number, ...args: readonly number[]) => {
    const result = host[names[id]!]!(args.map((a) => read(exports.opa_value_dump(a))));
    if (result === undefined) return 0;
    const { address, length } = write(result);
    return exports.opa_value_parse(address, length);
  };
  const imports = {
    memory,
    rw_mark: (mark: number) => watcher(mark, (value) => read(exports.opa_value_dump(value))),
    opa_abort: (address: number) => {
      throw new Error(read(address));
    },
    ...Object.fromEntries([0, 1, 2, 3, 4].map((n) => [`opa_builtin${n}`, builtin])),
  };
  const instance = new WebAssembly.Instance(new WebAssembly.Module(module.bytes), { env: imports });
  const exports = instance.exports as unknown as ModuleExports;
  const base = exports.opa_heap_ptr_get();
  const convert = (text: string, parse: "opa_json_parse" | "opa_value_parse", dump: "opa_json_dump" | "opa_value_dump") => {
    exports.opa_heap_ptr_set(base);
    const { address, length } = write(text);
    const value = exports[parse](address, length);
    return value === 0 ? undefined : read(exports[dump](value));
  };
  return {
    exports,
    toJson: (text) => convert(text, "opa_value_parse", "opa_json_dump"),
    toRego: (text) => convert(text, "opa_value_parse", "opa_value_dump"),
    jsonToRego: (text) => convert(text, "opa_json_parse", "opa_value_dump"),
    evaluate(entrypoint, input = "", data = "{}") {
      exports.opa_heap_ptr_set(base);
      const source = write(data);
      const document = exports.opa_value_parse(source.address, source.length);
      const top = exports.opa_heap_ptr_get();
      const { length } = write(input, top);
      return read(exports.opa_eval(0, module.entrypoints[entrypoint]!, document, top, length, top + length, FORMAT_REGO));
    },
  };
}

/** A plan of one rule `data.t.r` and the entrypoint `t/r`; texts in statements are interned by `text`. */
export function planOf(build: (p: PlanWriter) => { blocks: readonly Block[]; result: Local }, file = "t.rego"): Plan {
  const p = new PlanWriter();
  const { blocks, result } = build(p);
  const entry: Block = {
    stmts: [
      p.stmt({ op: "Call", func: "g0.data.t.r", args: [p.local(0), p.local(1)], result: 2 }),
      p.stmt({ op: "MakeObject", target: 3 }),
      p.stmt({ op: "ObjectInsert", key: p.text("result"), value: p.local(2), object: 3 }),
      p.stmt({ op: "ResultSetAdd", value: 3 }),
    ],
  };
  const last: Block = { stmts: [p.stmt({ op: "ReturnLocal", source: result })] };
  return {
    strings: p.strings,
    builtins: p.builtins.map((b) => ({ relation: false, nondeterministic: false, void: false, ...b })),
    files: [file],
    entrypoints: [{ name: "t/r", blocks: [entry] }],
    marks: [],
    funcs: [
      {
        name: "g0.data.t.r",
        document: "data.t.r",
        arity: 0,
        path: ["g0", "t", "r"],
        params: [0, 1],
        result,
        blocks: [...blocks, last],
      },
    ],
  };
}

type WithoutLocation<T> = T extends unknown ? Omit<T, "location"> : never;

export class PlanWriter {
  readonly strings: string[] = [];
  readonly builtins: { name: string; arity: number; void?: boolean }[] = [];
  #row = 0;

  text(text: string): Operand {
    const known = this.strings.indexOf(text);
    if (known >= 0) return { kind: "string", index: known };
    this.strings.push(text);
    return { kind: "string", index: this.strings.length - 1 };
  }

  local(local: Local): Operand {
    return { kind: "local", local };
  }

  /** A statement on a row of its own. */
  stmt(stmt: WithoutLocation<Stmt>): Stmt {
    this.#row++;
    const location: Location = { file: 0, row: this.#row, col: 1, endRow: this.#row, endCol: 9 };
    return { ...stmt, location } as Stmt;
  }
}

/** A module without rules: just the runtime. */
export function emptyModule(): EmittedModule {
  return emitModule({ strings: [], builtins: [], files: [], entrypoints: [], funcs: [], marks: [] }, { build: "portable" });
}
