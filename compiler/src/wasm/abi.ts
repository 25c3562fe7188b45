// What a host must know to run an emitted module: names, numbers and the order of calls.
//
// The module is an OPA Wasm module (ABI 1.3): it imports `env.memory` (at least 2 pages), `env.opa_abort` and those of
// `env.opa_builtin0..4` that it needs, and runs under any SDK. Our own host calls the exports directly:
//
//   load      instantiate; base = opa_heap_ptr_get()
//   data      p = opa_malloc(n); write the text's UTF-8 there; data = opa_value_parse(p, n) (JSON or Rego text; 0: not
//             readable); dataTop = opa_heap_ptr_get(). The text stays in use: strings are views on it. Other data later:
//             opa_heap_ptr_set(base) and the same again. data = 0 is an undefined document.
//   evaluate  grow memory if dataTop + n + 64 is beyond its end; write the input's text (JSON or Rego text) at dataTop;
//             address = opa_eval(0, entrypoint, data, dataTop, n, dataTop + n, format); n = 0: undefined input.
//             format 0: JSON, 1: Rego text (sets, keys of any type, exact numbers). The answer is rw_dump_length() bytes
//             of UTF-8 (NUL behind): a list (JSON) or set (Rego text) of bindings: `[{"result": v}]`, `[]` undefined.
//             It is valid until the next call. Memory may have grown: take `memory.buffer` anew.
//   limits    editor builds: rw_set_fuel(i64) before a call (no limit until then); each loop step and each call of a rule costs 1; when it is
//             used up the evaluation aborts with OUT_OF_FUEL. rw_fuel() is what is left. A host that calls rw_set_fuel in this
//             opa_abort and returns from it lets the evaluation go on: so it looks at a clock now and then.
//   strict    rw_set_strict(1): the first builtin error aborts (the record below has the details). Stays set.
//   errors    opa_abort(address): a NUL-terminated ASCII text; the host throws. After the abort of an evaluation, and after
//             a normal end, the host may read:
//             - rw_conflict_site() indexes EmittedModule.sites, rw_conflict_old() and rw_conflict_new() are the two values
//               (value addresses, opa_value_dump them); both 0 when nothing conflicted. For an object conflict
//               the site's `kind` is "object" and the values are those under the one key.
//               A host that wants all values of a rule that conflicted evaluates again after rw_collect_conflicts(first, count), the
//               rule's sites: then rw_collected() is an array of sites and values by turns. rw_collect_conflicts(0, 0) ends it.
//             - rw_first_error(): builtin errors in order, as a list of records: address 0 ends it. Fields (u32 each):
//               +0 next record, +4 kind (ERROR_KINDS), +8 site (index into EmittedModule.sites), +12 length, +16 address of the text (UTF-8).
//             All state is reset when the next evaluation begins: an instance stays usable after any abort or trap.
//   builtins  opa_builtinN(id, 0, a1..aN) -> value address. Ids: `builtins()` (opa_json_dump it) or EmittedModule.builtins.
//             Exact marshalling: read an argument with opa_value_dump(address) + rw_dump_length(), write the result's Rego
//             text into opa_malloc(n) and give opa_value_parse(address, n). (Stock SDKs use the JSON pair and lose sets and digits.)
//             A failed builtin: text into opa_malloc(n), rw_host_error(kind, address, n), return 0. In strict mode, and for
//             kind HALT always, rw_host_error aborts (throws through the host's frame: let it pass).
//             A void builtin may return 0. rw_call_site() indexes EmittedModule.sites: where the builtin was called.
//   watching  modules built with `watch`; a step is a place in the source (EmittedModule.steps).
//             counts: two u32 per step at watchAddress + 8 * step: reached, passed. The host clears them.
//             marks: the import env.rw_mark(mark), a number in EmittedModule.marks. Its values stand at watchAddress, 8 bytes each,
//             in the order of its names; each is a value address (opa_value_dump), empty when undefined.
//             A rule's own counts have a step of their own ("whole"), at the place of its first statement.
//   abort text of a conflict: `<file>:<row>:<col>: var assignment conflict`, `...: object insert conflict` or `...: bad document path`.

export const ABI_VERSION = 1;
export const ABI_MINOR_VERSION = 3;

/** Formats of `opa_eval`. */
export const FORMAT_JSON = 0;
export const FORMAT_REGO = 1;

/** `kind` in error records and in `rw_host_error`. */
export const ERROR_KINDS = { 1: "eval_builtin_error", 2: "eval_type_error", 3: "halt" } as const;
export const BUILTIN_ERROR = 1;
export const TYPE_ERROR = 2;
export const HALT_ERROR = 3;

/** Abort texts that mean a limit, not the policy. */
export const OUT_OF_FUEL = "evaluation limit reached";
export const OUT_OF_MEMORY = "opa_malloc: failed";
export const TOO_DEEP = "input is nested deeper than 10000 levels";

/** Exports beyond OPA's ABI. */
export interface RulewrightExports {
  rw_dump_length(): number;
  rw_refuse_numbers(): void;
  rw_set_strict(on: 0 | 1): void;
  rw_first_error(): number;
  rw_call_site(): number;
  rw_host_error(kind: number, text: number, length: number): void;
  rw_conflict_site(): number;
  rw_conflict_old(): number;
  rw_conflict_new(): number;
  rw_collect_conflicts(first: number, count: number): void;
  rw_collected(): number;
  /** Editor builds only. */
  rw_set_fuel?(fuel: bigint): void;
  rw_fuel?(): bigint;
}

export interface OpaExports {
  readonly memory: WebAssembly.Memory;
  readonly opa_wasm_abi_version: WebAssembly.Global;
  readonly opa_wasm_abi_minor_version: WebAssembly.Global;
  eval(ctx: number): number;
  builtins(): number;
  entrypoints(): number;
  opa_eval(reserved: 0, entrypoint: number, data: number, input: number, length: number, heap: number, format: number): number;
  opa_eval_ctx_new(): number;
  opa_eval_ctx_set_input(ctx: number, value: number): void;
  opa_eval_ctx_set_data(ctx: number, value: number): void;
  opa_eval_ctx_set_entrypoint(ctx: number, entrypoint: number): void;
  opa_eval_ctx_get_result(ctx: number): number;
  opa_malloc(size: number): number;
  opa_free(address: number): void;
  opa_json_parse(address: number, length: number): number;
  opa_value_parse(address: number, length: number): number;
  opa_json_dump(value: number): number;
  opa_value_dump(value: number): number;
  opa_value_free(value: number): void;
  opa_value_add_path(data: number, path: number, value: number): number;
  opa_value_remove_path(data: number, path: number): number;
  opa_heap_ptr_get(): number;
  opa_heap_ptr_set(address: number): void;
  opa_heap_blocks_stash(): void;
  opa_heap_blocks_restore(): void;
  opa_heap_stash_clear(): void;
}

export type ModuleExports = OpaExports & RulewrightExports;

/** Names that hosts may call, besides the memory and the version globals. */
export const EXPORTED_RUNTIME_FUNCTIONS = [
  "opa_eval_ctx_new",
  "opa_eval_ctx_set_input",
  "opa_eval_ctx_set_data",
  "opa_eval_ctx_set_entrypoint",
  "opa_eval_ctx_get_result",
  "opa_malloc",
  "opa_free",
  "opa_json_parse",
  "opa_value_parse",
  "opa_json_dump",
  "opa_value_dump",
  "opa_value_free",
  "opa_value_add_path",
  "opa_value_remove_path",
  "opa_heap_ptr_get",
  "opa_heap_ptr_set",
  "opa_heap_blocks_stash",
  "opa_heap_blocks_restore",
  "opa_heap_stash_clear",
  "rw_dump_length",
  "rw_refuse_numbers",
  "rw_set_strict",
  "rw_first_error",
  "rw_call_site",
  "rw_host_error",
  "rw_conflict_site",
  "rw_conflict_old",
  "rw_conflict_new",
  "rw_collect_conflicts",
  "rw_collected",
] as const;
