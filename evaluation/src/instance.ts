// A loaded module: data in once, then decisions. Calls the exports directly (compiler/src/wasm/abi.ts), so sets and digits survive.

import { conflictsFromHere } from "#compiler/plan/marks.ts";
import {
  BUILTIN_ERROR,
  FORMAT_JSON,
  FORMAT_REGO,
  HALT_ERROR,
  type ModuleExports,
  OUT_OF_FUEL,
  OUT_OF_MEMORY,
  TOO_DEEP,
  TYPE_ERROR,
} from "#compiler/wasm/abi.ts";
import type { EmittedModule } from "#compiler/wasm/emit.ts";
import type { Site } from "#compiler/wasm/sites.ts";
import { isStackOverflow, StackTooSmall, stackIsTooSmall } from "#grammars/text/stack.ts";
import { Abort, BuiltinCrash } from "./abort.ts";
import {
  type BuiltinContext,
  BuiltinFailure,
  type BuiltinFunction,
  type FailureCause,
  type HostPorts,
  NeedsMock,
} from "./builtins/builtin.ts";
import { hostBuiltins } from "./builtins/index.ts";
import { conflictingValues } from "./conflicting-values.ts";
import { crashText } from "./crash-text.ts";
import { address, ModuleMemory, pageBytes } from "./module-memory.ts";
import { policyModule } from "./policy-module.ts";
import { seededRandom } from "./random.ts";
import { readRegoText, writeRegoText } from "./rego-text.ts";
import type { SourcePlace } from "./source-place.ts";
import { RegoNumber, type Value } from "./value.ts";

export type ErrorCode =
  | "eval_conflict_error"
  | "eval_type_error"
  | "eval_builtin_error"
  | "eval_cancel_error"
  | "eval_internal_error"
  | "rw_limit_error";

/** What ended an evaluation, in OPA's words. */
export interface EvaluationError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly place: SourcePlace | undefined;
  /** What was wrong in a text that a builtin was given, as OPA's library gives it when the error is unwrapped. */
  readonly causes?: readonly FailureCause[];
}

export interface Print {
  readonly line: string;
  readonly place: SourcePlace | undefined;
}

export type Outcome =
  | {
      readonly kind: "result";
      readonly text: string;
      readonly prints: readonly Print[];
      /** What `trace` said: for explanations only. */
      readonly notes: readonly Print[];
      readonly builtinErrors: readonly EvaluationError[];
    }
  | {
      readonly kind: "error";
      readonly error: EvaluationError;
      readonly prints: readonly Print[];
      readonly notes: readonly Print[];
      /** What builtins complained of until then. */
      readonly builtinErrors: readonly EvaluationError[];
    };

export interface EvaluateOptions {
  /** `json` (default): a list of bindings, an error where a number has no JSON; `rego`: the same as Rego text, where sets and exact numbers stay. */
  readonly format?: "json" | "rego";
  /** The first builtin error ends the evaluation. */
  readonly strictBuiltinErrors?: boolean;
  /** Loop steps and calls that the evaluation may take; editor builds only. */
  readonly fuel?: bigint;
  /** Asked now and then during the evaluation: true ends it as cancelled; editor builds only. */
  readonly cancelled?: () => boolean;
  /** Nanoseconds since 1970; the clock of the host unless given. */
  readonly now?: bigint;
  readonly seed?: number;
  /** The outside world of this evaluation; that of the instance unless given. */
  readonly ports?: HostPorts;
}

export interface InstanceOptions {
  readonly now: () => bigint;
  readonly ports?: HostPorts;
  /** Builtins beside the table, such as `test.sleep`. */
  readonly builtins?: Readonly<Record<string, BuiltinFunction>>;
  /** Told of each mark that is reached in a module that is watched by `marks`. */
  readonly onMark?: (mark: number) => void;
  /** Told of those of a rule that conflicted and is evaluated again for all of its values. */
  readonly onMarkAgain?: (mark: number) => void;
  /** Told of what `trace` says, when it says it. */
  readonly onNote?: (note: Print) => void;
  /** 64 KiB pages that the module may use; 65,536 unless given. */
  readonly maxPages?: number;
}

export interface Instance {
  readonly entrypoints: Readonly<Record<string, number>>;
  /** Replaces the base document; the text is JSON. Undefined takes it away. */
  setData(text: string | undefined): DataFault | undefined;
  /** Evaluates an entrypoint for an input given as JSON or Rego text. */
  evaluate(entrypoint: string, input: string | undefined, options?: EvaluateOptions): Outcome;
  /** The variable's value at a mark that is told just now, by its position there, as Rego text; for modules watched by `marks`. */
  variable(index: number): string | undefined;
  /** How many errors builtins have had so far in the evaluation that is under way, or in the last one. */
  complaints(): number;
  /** How often each step was reached and passed since the module was made; for modules watched by `counts`. */
  counts(): readonly StepCount[];
  /** Bytes of Wasm memory in use. */
  memoryBytes(): number;
}

export interface StepCount {
  readonly reached: number;
  readonly passed: number;
}

export interface DataFault {
  readonly message: string;
}

const unlimited = 0x7fff_ffff_ffff_ffffn;

/** Steps between two questions whether to go on: a millisecond or so. */
const portionOfFuel = 10_000n;

/** Data of this size (characters) is put where the constants of a somewhat larger module have room below it. */
const worthKeeping = pageBytes;

const encoder = new TextEncoder();

/** Compiles and instantiates a module synchronously; throws ForeignModule for bytes that are no policy module of ours. */
export function createInstance(module: EmittedModule, options: InstanceOptions): Instance {
  return new LoadedModule(module, policyModule(module.bytes), options);
}

/**
 * An instance of another module on the data that `previous` has loaded, for policies that change while their data stays: it
 * takes the memory over, and `previous` must not be asked any more. Undefined when the module's constants would reach into the
 * data, or none is loaded: then `previous` is as it was.
 */
export function takeOverData(previous: Instance, module: EmittedModule, options: InstanceOptions): Instance | undefined {
  if (!(previous instanceof LoadedModule)) return undefined;
  const compiled = policyModule(module.bytes);
  const held = previous.release(module.heapBase);
  return held && new LoadedModule(module, compiled, options, held);
}

/** A memory with a base document in it. */
interface HeldData {
  readonly memory: WebAssembly.Memory;
  readonly from: number;
  readonly data: number;
  readonly top: number;
}

class LoadedModule implements Instance {
  readonly entrypoints: Readonly<Record<string, number>>;
  private readonly module: EmittedModule;
  private readonly memory: ModuleMemory;
  private readonly exports: ModuleExports;
  private readonly options: InstanceOptions;
  private readonly names: readonly string[];
  /** OPA's interpreter goes on behind errors of builtins, strict or not: where prints or counts tell. */
  private readonly goesOnBehindErrors: boolean;
  private readonly base: number;
  private data: number;
  private dataTop: number;
  /** What builtins are given: made for the first that asks the host, since most decisions have none. */
  private context: BuiltinContext | undefined;
  private asked: EvaluateOptions = {};
  private now = 0n;
  private prints: Print[] = [];
  private notes: Print[] = [];
  private readonly causes = new Map<string, readonly FailureCause[]>();
  /** What is evaluated has been told already. */
  private repeating = false;
  /** The whole evaluation is run again, for the values that conflict. */
  private collecting = false;
  /** How many errors of builtins there were before. */
  private told: number | undefined;
  /** How many errors of builtins were counted in this run, and the record of the last of them. */
  private counted = { record: 0, count: 0 };
  private fuel = unlimited;
  /** What the present evaluation may use. */
  private allowed = unlimited;
  private cancelled: (() => boolean) | undefined;

  /** Where the loaded data begins. */
  private dataFrom: number;
  /** Another instance has taken the memory. */
  private released = false;

  constructor(module: EmittedModule, compiled: WebAssembly.Module, options: InstanceOptions, held?: HeldData) {
    this.module = module;
    this.entrypoints = module.entrypoints;
    this.options = options;
    this.names = Object.entries(module.builtins)
      .sort((a, b) => a[1] - b[1])
      .map(([name]) => name);
    this.goesOnBehindErrors = module.marks.length === 0 && (module.steps.length > 0 || this.names.includes("internal.print"));
    const memory = held?.memory ?? new WebAssembly.Memory({ initial: 2, maximum: options.maxPages ?? 65_536 });
    this.memory = new ModuleMemory(memory);
    // What a module finds below its heap is its own static data and zeros.
    if (held !== undefined) this.memory.clear(held.from);
    const builtin = (id: number, _context: number, ...args: number[]): number => this.callBuiltin(id, args);
    const instance = new WebAssembly.Instance(compiled, {
      env: {
        memory,
        opa_abort: (address: number): void => {
          const text = this.memory.cString(address);
          if (text !== OUT_OF_FUEL || !this.refuel()) throw new Abort(text);
        },
        opa_builtin0: builtin,
        opa_builtin1: builtin,
        opa_builtin2: builtin,
        opa_builtin3: builtin,
        opa_builtin4: builtin,
        rw_mark: (mark: number): void => {
          if (mark === conflictsFromHere) this.repeatFromHere();
          else if (!this.repeating) options.onMark?.(mark);
          else if (!this.collecting) options.onMarkAgain?.(mark);
        },
      },
    });
    this.exports = instance.exports as unknown as ModuleExports;
    this.base = address(this.exports.opa_heap_ptr_get());
    this.data = held?.data ?? 0;
    this.dataFrom = held?.from ?? this.base;
    this.dataTop = held?.top ?? this.base;
  }

  /** Gives the memory with the data away, if there is data that begins at or above the address. */
  release(heapBase: number): HeldData | undefined {
    if (this.released || this.data === 0 || this.dataFrom < heapBase) return undefined;
    const held = { memory: this.memory.memory, from: this.dataFrom, data: this.data, top: this.dataTop };
    this.data = 0;
    this.released = true;
    return held;
  }

  setData(text: string | undefined): DataFault | undefined {
    this.exports.opa_heap_ptr_set(this.base);
    this.data = 0;
    this.dataFrom = this.base;
    this.dataTop = this.base;
    if (text === undefined) return undefined;
    if (text.length >= worthKeeping) {
      this.dataFrom = (Math.ceil(this.base / pageBytes) + 1) * pageBytes;
      this.exports.opa_heap_ptr_set(this.dataFrom);
    }
    try {
      this.data = this.parse(text);
      this.exports.rw_refuse_numbers();
    } catch (error) {
      const text = error instanceof Abort ? error.text : String(error);
      return { message: text === OUT_OF_MEMORY ? "the data needs more memory than it may have" : text };
    }
    if (this.data === 0) return { message: "the data is not a JSON document" };
    this.dataTop = address(this.exports.opa_heap_ptr_get());
    return undefined;
  }

  evaluate(entrypoint: string, input: string | undefined, options: EvaluateOptions = {}): Outcome {
    if (this.released) throw new Error("another instance has taken the data over");
    const id = this.entrypoints[entrypoint];
    if (id === undefined) throw new Error(`the module has no entrypoint ${entrypoint}`);
    this.context = undefined;
    this.asked = options;
    this.now = options.now ?? this.options.now();
    this.prints = [];
    this.notes = [];
    this.causes.clear();
    this.repeating = false;
    this.told = undefined;
    const { strictBuiltinErrors = false } = options;
    const isToEnd = strictBuiltinErrors && this.goesOnBehindErrors;
    this.exports.rw_set_strict(strictBuiltinErrors && !isToEnd ? 1 : 0);
    this.cancelled = options.cancelled;
    this.allowed = options.fuel ?? unlimited;
    this.fuel = this.allowed;
    this.refuel();
    const format = options.format === "rego" ? FORMAT_REGO : FORMAT_JSON;
    try {
      const length = input === undefined ? 0 : this.memory.write(this.dataTop, input);
      const run = (): number => {
        this.counted = { record: 0, count: 0 };
        return this.exports.opa_eval(0, id, this.data, length === 0 ? 0 : this.dataTop, length, this.dataTop + length, format);
      };
      try {
        const address = run();
        const [first] = isToEnd ? this.builtinErrors(true) : [];
        if (first !== undefined) return this.failed(first);
        const text = this.memory.text(address, this.exports.rw_dump_length());
        return { kind: "result", text, prints: this.prints, notes: this.notes, builtinErrors: this.builtinErrors() };
      } catch (error) {
        if (error instanceof StackTooSmall) throw error;
        const [first] = isToEnd ? this.builtinErrors(true) : [];
        if (first !== undefined) return this.failed(first);
        const builtinErrors = this.builtinErrors();
        return { kind: "error", error: this.explain(error, run), prints: this.prints, notes: this.notes, builtinErrors };
      }
    } catch (error) {
      if (error instanceof StackTooSmall) throw error;
      const ended = this.explain(error, undefined);
      return { kind: "error", error: ended, prints: this.prints, notes: this.notes, builtinErrors: [] };
    }
  }

  /** A rule that conflicts is evaluated again: what builtins complain of there is not told. */
  private repeatFromHere(): void {
    this.repeating = true;
    this.told = this.complaints();
    this.exports.rw_set_strict(0);
  }

  /** The outcome of an evaluation of which the first error of a builtin is told, whatever came behind it. */
  private failed(error: EvaluationError): Outcome {
    return { kind: "error", error, prints: this.prints, notes: this.notes, builtinErrors: [error] };
  }

  /** Gives the next portion of fuel; false when there is none left or the evaluation was cancelled. */
  private refuel(): boolean {
    if (this.fuel <= 0n || this.cancelled?.() === true) return false;
    const portion = this.cancelled === undefined || this.fuel < portionOfFuel ? this.fuel : portionOfFuel;
    this.fuel -= portion;
    this.exports.rw_set_fuel?.(portion);
    return true;
  }

  variable(index: number): string | undefined {
    const at = this.module.watchAddress + 8 * index;
    const view = this.memory.view();
    const [low, high] = [view.getUint32(at, true), view.getUint32(at + 4, true)];
    return low === 0 && high === 0 ? undefined : this.dump(at);
  }

  counts(): readonly StepCount[] {
    const view = this.memory.view(this.module.watchAddress);
    return this.module.steps.map((_, step) => ({
      reached: view.getUint32(8 * step, true),
      passed: view.getUint32(8 * step + 4, true),
    }));
  }

  memoryBytes(): number {
    return this.memory.size;
  }

  private newContext(): BuiltinContext {
    const { seed, ports } = this.asked;
    return {
      now: this.now,
      random: seededRandom(seed ?? Number(this.now & 0xffff_ffffn)),
      cache: new Map(),
      print: (line, builtin) => {
        const site = this.module.sites[this.exports.rw_call_site()];
        const said = { line, place: site && this.place(site.location) };
        if (builtin !== "trace") {
          this.prints.push(said);
          return;
        }
        this.notes.push(said);
        this.options.onNote?.(said);
      },
      place: () => {
        const site = this.module.sites[this.exports.rw_call_site()];
        return site && this.place(site.location);
      },
      ports: ports ?? this.options.ports ?? {},
    };
  }

  private callBuiltin(id: number, args: readonly number[]): number {
    const name = this.names[id] ?? `#${id}`;
    const run = this.options.builtins?.[name] ?? hostBuiltins.get(name);
    const site = this.module.sites[this.exports.rw_call_site()];
    const place = site && this.place(site.location);
    if (run === undefined) throw new BuiltinCrash(`unsupported built-in: ${name}`, place);
    const values = args.map((address) => readRegoText(this.dump(address)));
    this.context ??= this.newContext();
    let value: Value | undefined;
    try {
      value = run(values, this.context);
    } catch (error) {
      if (error instanceof StackTooSmall) throw error;
      if (isStackOverflow(error)) stackIsTooSmall();
      if (!(error instanceof BuiltinFailure)) throw new BuiltinCrash(`${name} failed: ${crashText(error)}`, place);
      if (error instanceof NeedsMock) this.context.ports.unmocked?.(error, place);
      if (error.causes.length > 0) this.causes.set(error.message, error.causes);
      const bytes = encoder.encode(error.message);
      this.exports.rw_host_error(
        error.kind === "type" ? TYPE_ERROR : error.kind === "halt" ? HALT_ERROR : BUILTIN_ERROR,
        this.hold(bytes),
        bytes.length,
      );
      return 0;
    }
    return value === undefined ? 0 : this.parse(writeRegoText(value));
  }

  /** OPA's account of what ended the evaluation. */
  private explain(error: unknown, again: (() => number) | undefined): EvaluationError {
    if (error instanceof BuiltinCrash) return { code: "eval_internal_error", message: error.message, place: error.place };
    if (!(error instanceof Abort)) {
      if (!isStackOverflow(error)) return { code: "eval_internal_error", message: crashText(error), place: undefined };
      stackIsTooSmall();
      return { code: "rw_limit_error", message: "the evaluation nests too deeply", place: this.placeIn(error) };
    }
    if (error.text === OUT_OF_FUEL)
      return {
        code: "eval_cancel_error",
        message:
          this.fuel > 0n
            ? "caller cancelled query execution"
            : "caller cancelled query execution: the evaluation took too many steps",
        place: this.placeIn(error),
      };
    if (error.text === OUT_OF_MEMORY)
      return {
        code: "rw_limit_error",
        message: "the evaluation needs more memory than it may have",
        place: this.placeIn(error),
      };
    if (error.text === TOO_DEEP) return { code: "rw_limit_error", message: TOO_DEEP, place: undefined };
    const conflict = this.conflict(error.text, again);
    if (conflict !== undefined) return conflict;
    const halting = this.builtinErrors(true).at(-1);
    return halting ?? { code: "eval_internal_error", message: error.text, place: undefined };
  }

  /** The rule that was evaluated: engines name the functions of a module in the trace of an error, and ours say where they stand. */
  private placeIn({ stack = "" }: Error): SourcePlace | undefined {
    for (const [, file = "", row] of stack.matchAll(/\(([^()\n]+):(\d+)\)/gu))
      if (this.module.files.includes(file)) return { file, row: Number(row), col: 1 };
    return undefined;
  }

  private conflict(text: string, again: (() => number) | undefined): EvaluationError | undefined {
    const what = /: (var assignment conflict|object insert conflict|bad document path)$/u.exec(text)?.[1];
    if (what === undefined) return undefined;
    const met = this.module.sites[this.exports.rw_conflict_site()];
    if (met === undefined) return { code: "eval_conflict_error", message: text, place: undefined };
    const site = this.siteInConflict(met);
    const place = this.place(site.location);
    if (site.kind === "path") return { code: "eval_conflict_error", message: what, place };
    if (site.kind === "object" || what === "object insert conflict")
      return { code: "eval_conflict_error", message: "object keys must be unique", place };
    const produced =
      site.kind === "function"
        ? `function ${site.document} produced conflicting values for the same inputs`
        : `rule ${site.document} produced conflicting values`;
    const values = again === undefined ? [] : this.valuesInConflict(site.name, again);
    return { code: "eval_conflict_error", message: values.length < 2 ? produced : [`${produced}:`, ...values].join("\n"), place };
  }

  /** Where another rule conflicts while the values of one that does are looked for, that one is told. */
  private siteInConflict(met: Site): Site {
    const [, , second] = this.collected();
    const looked = second instanceof RegoNumber ? this.module.sites[Number(second.text)] : undefined;
    return looked === undefined || looked.name === met.name ? met : looked;
  }

  /** What the rule's definitions gave, in their order: the evaluation goes once more to where they conflict. */
  private valuesInConflict(name: string, again: () => number): readonly string[] {
    // A module that tells of its course has gone there once more already.
    if (this.exports.rw_collected() === 0) this.collectConflicting(name, again);
    return conflictingValues(this.collected(), (site) => this.place(this.module.sites[site]!.location));
  }

  /** Sites and values of the rule that conflicts, by turns. */
  private collected(): readonly Value[] {
    const address = this.exports.rw_collected();
    return address === 0 ? [] : (readRegoText(this.dump(address)) as readonly Value[]);
  }

  private collectConflicting(name: string, again: () => number): void {
    const mine = this.module.sites.flatMap((site, at) => (site.kind !== "builtin" && site.name === name ? [at] : []));
    const [prints, notes] = [this.prints, this.notes];
    this.prints = [];
    this.notes = [];
    this.fuel = this.allowed;
    this.refuel();
    this.exports.rw_collect_conflicts(mine[0]!, mine.at(-1)! - mine[0]! + 1);
    this.repeating = true;
    this.collecting = true;
    this.exports.rw_set_strict(0);
    try {
      again();
    } catch {
      // It ends behind the conflict, however that may be.
    } finally {
      this.repeating = false;
      this.collecting = false;
      this.exports.rw_collect_conflicts(0, 0);
      this.prints = prints;
      this.notes = notes;
    }
  }

  complaints(): number {
    const view = this.memory.view();
    let { record, count } = this.counted;
    for (;;) {
      const next = record === 0 ? address(this.exports.rw_first_error()) : view.getUint32(record, true);
      if (next === 0) break;
      record = next;
      count++;
    }
    this.counted = { record, count };
    return count;
  }

  /** What builtins complained of; `all`: that which ended the evaluation in both modes, too. */
  private builtinErrors(all = false): readonly EvaluationError[] {
    const errors: EvaluationError[] = [];
    let left = this.told ?? Number.POSITIVE_INFINITY;
    for (let record = address(this.exports.rw_first_error()); record !== 0 && left > 0; left--) {
      const view = this.memory.view();
      const kind = view.getUint32(record + 4, true);
      const site = this.module.sites[view.getUint32(record + 8, true)];
      const text = this.memory.text(view.getUint32(record + 16, true), view.getUint32(record + 12, true));
      const code = kind === TYPE_ERROR ? "eval_type_error" : "eval_builtin_error";
      const causes = this.causes.get(text);
      if (all || kind !== HALT_ERROR)
        errors.push({
          code,
          message: site === undefined ? text : `${site.name}: ${text}`,
          place: site && this.place(site.location),
          ...(causes === undefined ? {} : { causes }),
        });
      record = view.getUint32(record, true);
    }
    return errors;
  }

  private place(location: { readonly file: number; readonly row: number; readonly col: number }): SourcePlace {
    return { file: this.module.files[location.file] ?? "", row: location.row, col: location.col };
  }

  private parse(text: string): number {
    const bytes = encoder.encode(text);
    return this.exports.opa_value_parse(this.hold(bytes), bytes.length);
  }

  /** Where the bytes stand in the module's memory. */
  private hold(bytes: Uint8Array): number {
    const at = address(this.exports.opa_malloc(bytes.length));
    this.memory.put(at, bytes);
    return at;
  }

  private dump(address: number): string {
    const text = this.exports.opa_value_dump(address);
    return this.memory.text(text, this.exports.rw_dump_length());
  }
}
