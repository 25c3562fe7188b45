// Plan to Wasm module: the functions of the plan, the functions of OPA's ABI that know the policy, and the linking.
import { finish, type Steps } from "#grammars/text/steps.ts";
import type { Entrypoint, Func, Plan } from "../plan/ir.ts";
import { optimise } from "../plan/optimise.ts";
import { EXPORTED_RUNTIME_FUNCTIONS } from "./abi.ts";
import { CodeBuilder, type FunctionSymbol, type GeneratedFunction } from "./code-builder.ts";
import { EmitContext, type EmitOptions } from "./emit-context.ts";
import { emitEntrypoint, emitFunc } from "./emit-function.ts";
import { EmitMemory } from "./emit-memory.ts";
import { goOnAtFirstValues } from "./first-values.ts";
import { I32, I64, op } from "./instructions.ts";
import { heapBaseOf, link } from "./linker.ts";
import type { Site, Step } from "./sites.ts";
import type { Stamps } from "./stamps.ts";

export type { EmitOptions } from "./emit-context.ts";
export type { Site, Step } from "./sites.ts";

export interface EmittedModule {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Entrypoint name to id. */
  readonly entrypoints: Readonly<Record<string, number>>;
  /** Builtins that the host must give, name to id. */
  readonly builtins: Readonly<Record<string, number>>;
  readonly stamps: Stamps;
  /** What error records and conflicts point to. */
  readonly sites: readonly Site[];
  /** The files that sites name by index. */
  readonly files: readonly string[];
  /** Modules watched by `marks`: what they are, by number. */
  readonly marks: Plan["marks"];
  /** Watched modules: what steps are, by number. */
  readonly steps: readonly Step[];
  /** Watched modules: the address of the counters (`counts`) or of the values of a mark (`marks`). */
  readonly watchAddress: number;
  /** The first address that the module leaves to its heap. */
  readonly heapBase: number;
}

/** Bytes that engines take for the body of one function (WebAssembly JavaScript Interface, "Implementation-defined Limits"). */
const largestFunction = 7_654_321;
/** Bytes that linking adds for the index in a call, at most. */
const callBytes = 3;

/** A rule of which, with all that it goes through, no engine would take the code. */
export class TooMuchCode extends Error {}

/** Compiles a plan to a module that runs under any OPA Wasm host; see abi.ts for what ours can do beyond that. */
export function emitModule(source: Plan, options: EmitOptions): EmittedModule {
  return finish(emitSteps(source, options, new EmitMemory()));
}

/** `emitModule` with a pause after each function; throws TooMuchCode. A memory serves the plans of one plan memory in one build, unwatched. */
export function* emitSteps(source: Plan, options: EmitOptions, memory: EmitMemory): Steps<EmittedModule> {
  const less = options.earlyExit === false ? source : optimise(source);
  const plan = options.build === "portable" ? less : goOnAtFirstValues(less, options.watch === "marks");
  const context = new EmitContext(plan, options, memory);
  const functions: GeneratedFunction[] = [];
  const symbols: FunctionSymbol[] = [];
  const define = (name: string, code: GeneratedFunction): FunctionSymbol => {
    const symbol = memory.symbol(name);
    functions.push(code);
    symbols.push(symbol);
    return symbol;
  };
  // Slots of parts are those of this module.
  const codeOf = (source: Func | Entrypoint, emit: () => GeneratedFunction): GeneratedFunction =>
    plan === less ? memory.codeOf(source, () => context.around(source), emit) : emit();
  for (const func of plan.funcs) {
    const code = codeOf(func, () => emitFunc(context, func));
    if (code.code.length + code.calls.length * callBytes > largestFunction) throw new TooMuchCode(func.document);
    define(func.name, code);
    yield;
  }
  const entries = plan.entrypoints.map((entrypoint) =>
    define(
      `entrypoint ${entrypoint.name}`,
      codeOf(entrypoint, () => emitEntrypoint(context, entrypoint)),
    ),
  );
  const parts = context.parts.toSorted((a, b) => a.slot - b.slot);
  for (const { name, code } of parts) define(name, code);
  const dispatch = define("abi dispatch", emitDispatch(context, entries));
  const exports: { name: string; symbol: FunctionSymbol }[] = EXPORTED_RUNTIME_FUNCTIONS.map((name) => ({
    name,
    symbol: context.runtimeFunction(name),
  }));
  const add = (name: string, symbol: FunctionSymbol) => exports.push({ name, symbol });
  add("opa_eval", define("abi opa_eval", emitOpaEval(context, dispatch)));
  add("eval", define("abi eval", emitEval(context, dispatch)));
  const entrypoints = Object.fromEntries(plan.entrypoints.map((e, i) => [e.name, i]));
  const builtins = Object.fromEntries(context.hostIds);
  for (const [name, ids] of Object.entries({ builtins, entrypoints }))
    add(name, define(`abi ${name}`, emitIds(context, name, ids)));
  if (options.build === "editor") {
    add("rw_set_fuel", context.runtimeFunction("rw_set_fuel"));
    add("rw_fuel", context.runtimeFunction("rw_fuel"));
  }
  yield;
  const stamps = memory.stampsOf(
    new Map(symbols.map((symbol, at) => [symbol, functions[at]!])),
    new Map(plan.entrypoints.map(({ name }, at) => [name, entries[at]!])),
  );
  const usesTable = context.trieUsed;
  const constants = context.constants.bytes;
  const bytes = link(context.runtime, {
    functions,
    symbols,
    exports,
    table:
      usesTable || parts.length > 0
        ? [...context.dynamic.map((f) => context.funcSymbols.get(f.name)!), ...parts.map(({ symbol }) => symbol)]
        : [],
    types: context.types.types.slice(context.runtime.types.length),
    constants,
    exportedGlobals: [],
  });
  return {
    bytes,
    entrypoints,
    builtins,
    stamps,
    sites: context.sites,
    files: plan.files,
    marks: plan.marks,
    steps: context.steps,
    watchAddress: context.counters + context.values,
    heapBase: heapBaseOf(context.runtime, constants),
  };
}

// (entrypoint, input, data) -> result set
function emitDispatch(context: EmitContext, entries: readonly FunctionSymbol[]) {
  const b = new CodeBuilder({ params: [I32, I64, I64], results: [I64] });
  if (context.plan.replacesInside === true) {
    b.get(2);
    b.globalSet(context.runtimeGlobal("base_document"));
  }
  const otherwise = b.open(op.block);
  const labels = entries.map(() => b.open(op.block)).reverse();
  b.get(0);
  b.branchTable(labels, otherwise);
  for (const entry of entries) {
    b.close();
    b.get(1);
    b.get(2);
    b.call(entry);
    b.op(op.return);
  }
  b.close();
  b.call(context.runtimeFunction("rt_illegal_entrypoint"));
  b.op(op.unreachable);
  return b.finish("dispatch");
}

// (reserved, entrypoint, data, input, length, heap, format) -> address of the answer
function emitOpaEval(context: EmitContext, dispatch: FunctionSymbol) {
  const b = new CodeBuilder({ params: [I32, I32, I32, I32, I32, I32, I32], results: [I32] });
  const input = b.local();
  b.get(0);
  b.open(op.if);
  b.call(context.runtimeFunction("rt_invalid_reserved"));
  b.close();
  b.get(3);
  b.get(4);
  b.get(5);
  b.call(context.runtimeFunction("rt_read_input"));
  b.set(input);
  emitBegin(b, context);
  b.get(1);
  b.get(input);
  b.get(2);
  b.call(context.runtimeFunction("rt_unbox"));
  b.call(dispatch);
  b.get(6);
  b.call(context.runtimeFunction("rt_write_result"));
  return b.finish("opa_eval");
}

function emitBegin(b: CodeBuilder, context: EmitContext): void {
  if (context.constants.unusualSpellings) {
    b.globalGet(context.runtimeGlobal("unusual_spellings"));
    b.i32(1);
    b.memory(op.i32Store, 0, 2);
  }
  b.i32(context.memory.memoSlots);
  b.call(context.runtimeFunction("rt_begin"));
}

// (ctx) -> 0
function emitEval(context: EmitContext, dispatch: FunctionSymbol) {
  const b = new CodeBuilder({ params: [I32], results: [I32] });
  emitBegin(b, context);
  b.get(0);
  b.get(0);
  b.memory(op.i32Load, 12, 2);
  for (const offset of [0, 4]) {
    b.get(0);
    b.memory(op.i32Load, offset, 2);
    b.call(context.runtimeFunction("rt_unbox"));
  }
  b.call(dispatch);
  b.call(context.runtimeFunction("rt_box"));
  b.memory(op.i32Store, 8, 2);
  b.i32(0);
  return b.finish("eval");
}

// () -> address of a constant object from names to ids
function emitIds(context: EmitContext, name: string, ids: Readonly<Record<string, number>>) {
  const b = new CodeBuilder({ params: [], results: [I32] });
  const { constants, memory } = context;
  const text = JSON.stringify(ids);
  let address = memory.ids.get(text);
  if (address === undefined) {
    const entries = Object.entries(ids).map(([key, id]) => [constants.string(key), constants.integer(BigInt(id))] as const);
    address = constants.words([constants.object(entries)]);
    memory.ids.set(text, address);
  }
  b.i32(address);
  return b.finish(name);
}
