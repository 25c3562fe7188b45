// What the emitter of functions shares across a module: constants, symbols, sites and the choices of the build.
import { COMPARISONS } from "../plan/comparisons.ts";
import type { Block, BuiltinDecl, Entrypoint, Func, Location, Plan } from "../plan/ir.ts";
import { nestedBlocks } from "../plan/statements.ts";
import type { FunctionSymbol, GeneratedFunction } from "./code-builder.ts";
import type { Constants } from "./constants.ts";
import type { EmitMemory } from "./emit-memory.ts";
import { usesOf } from "./function-uses.ts";
import { functionsToRemember, isLookedForAnew, type Remembering } from "./functions-to-remember.ts";
import type { TypeTable } from "./linker.ts";
import type { RuntimeModule } from "./runtime-module.ts";
import type { Site, Step } from "./sites.ts";

export interface EmitOptions {
  /** `editor` counts fuel and keeps `print`; `portable` runs under any OPA Wasm host. */
  readonly build: "editor" | "portable";
  /** What is watched: `counts` keeps two numbers per step, `marks` tells the host of those of the plan; see abi.ts. */
  readonly watch?: "counts" | "marks";
  /** False: bodies and loops go on behind the first success. */
  readonly earlyExit?: boolean;
}

interface Part {
  readonly name: string;
  readonly symbol: FunctionSymbol;
  readonly slot: number;
}

export class EmitContext {
  readonly plan: Plan;
  readonly options: EmitOptions;
  readonly memory: EmitMemory;
  readonly runtime: RuntimeModule;
  readonly types: TypeTable;
  readonly constants: Constants;
  readonly sites: Site[];
  readonly steps: Step[] = [];
  readonly funcSymbols = new Map<string, FunctionSymbol>();
  readonly funcsByName = new Map<string, Func>();
  readonly builtins = new Map<string, BuiltinDecl>();
  /** Host builtins by name, in the order of their ids. */
  readonly hostIds: Map<string, number>;
  /** Slot in the memo table of each rule without arguments, and of each function that is worth remembering by argument. */
  readonly memoSlots = new Map<string, number>();
  /** How functions with arguments keep their results, those that do. */
  readonly remembering: ReadonlyMap<string, Remembering>;
  /** Functions that dynamic calls may reach. */
  readonly dynamic: readonly Func[];
  /** Where the values of a mark stand, and where steps are counted. */
  readonly values: number;
  /** True where prints, marks or counts tell what is evaluated. */
  readonly tells: boolean;
  /** True where sets may come as they were written. */
  readonly written: boolean;
  readonly counters: number;
  readonly #native = new Map<string, FunctionSymbol | undefined>();
  /** The parts of functions that have their code. */
  readonly parts: (Part & { readonly code: GeneratedFunction })[] = [];
  #parts = 0;
  #trie: bigint | undefined;

  constructor(plan: Plan, options: EmitOptions, memory: EmitMemory) {
    this.plan = plan;
    this.options = options;
    this.memory = memory;
    this.runtime = memory.runtime;
    this.types = memory.types;
    this.constants = memory.constants;
    this.sites = memory.sites;
    this.hostIds = memory.hostIds;
    for (const func of plan.funcs) {
      this.funcSymbols.set(func.name, memory.symbol(func.name));
      this.funcsByName.set(func.name, func);
    }
    for (const builtin of plan.builtins) this.builtins.set(builtin.name, builtin);
    this.remembering = functionsToRemember(
      plan,
      (name) => this.builtins.has(name) && this.nativeBuiltin(name) === undefined && !COMPARISONS.has(name),
      options.watch === "marks",
    );
    this.tells = options.build === "editor" && (options.watch !== undefined || this.builtins.has("internal.print"));
    for (const func of plan.funcs) {
      const isKeptAlone = func.params.length === 2 && !(this.tells && isLookedForAnew(func));
      const name = this.sharesResults(func) ? func.of! : func.name;
      if (isKeptAlone || this.remembering.has(func.name)) this.memoSlots.set(func.name, memory.memoSlot(name));
    }
    for (const one of [...plan.funcs, ...plan.entrypoints]) for (const slot of usesOf(one).slots) this.slotOfOnce(slot);
    this.written = [...plan.funcs, ...plan.entrypoints].some((one) => usesOf(one).writes);
    this.values =
      options.watch === "marks" ? this.constants.room(8 * Math.max(1, ...plan.marks.map(({ names }) => names.length))) : 0;
    this.counters = options.watch === "counts" ? this.constants.room(8 * countSteps(plan)) : 0;
    this.dynamic = plan.funcs.filter((f) => f.params.length === 2 && f.path.length > 0);
  }

  /** Where what is evaluated once is kept, beside the results of rules. */
  slotOfOnce(slot: number): number {
    return this.memory.memoSlot(`once ${slot}`);
  }

  runtimeFunction(name: string): FunctionSymbol {
    const symbol = this.runtime.exportedFunctions.get(name);
    if (symbol === undefined) throw new Error(`the runtime does not export ${name}`);
    return symbol;
  }

  runtimeGlobal(name: string): number {
    const index = this.runtime.exportedGlobals.get(name);
    if (index === undefined) throw new Error(`the runtime does not export ${name}`);
    return index;
  }

  /** The runtime's own implementation of a builtin, if it has one. */
  nativeBuiltin(name: string): FunctionSymbol | undefined {
    const known = this.#native.get(name);
    if (known !== undefined || this.#native.has(name)) return known;
    const symbol = this.runtime.exportedFunctions.get(`builtin_${name.replaceAll(".", "_")}`);
    this.#native.set(name, symbol);
    return symbol;
  }

  hostBuiltin(name: string): number {
    let id = this.hostIds.get(name);
    if (id === undefined) {
      id = this.hostIds.size;
      this.hostIds.set(name, id);
    }
    return id;
  }

  /** What the code of a function or an entrypoint depends on beside its plan, as a text. */
  around(source: Func | Entrypoint): string {
    const { replaces, callsDynamically } = usesOf(source);
    return JSON.stringify([
      ...("path" in source ? this.#kept(source) : []),
      replaces ? [this.memory.memoSlots, this.tells] : 0,
      callsDynamically ? String(this.trie) : "",
      this.written,
    ]);
  }

  /** Where the results of a function are kept. */
  #kept(func: Func): readonly unknown[] {
    const { memoSlots } = this;
    return [
      memoSlots.get(func.name),
      this.remembering.get(func.name),
      func.keyed && [memoSlots.get(func.keyed.extent), this.funcsByName.get(func.keyed.extent)?.params.length],
      func.keyed?.fewer.map((name, at) => (this.remembersFewer(name, func.keyed!.mocks + at + 1) ? memoSlots.get(name) : 0)) ?? 0,
    ];
  }

  /** Whether a function that looks for one value keeps its results with those of the one that gives all. */
  sharesResults({ of, arity }: Func): boolean {
    return of !== undefined && arity > 0;
  }

  /** Whether a function keeps what so many parameters, keys of a partial rule, gave, as OPA's interpreter is seen to do. */
  remembersFewer(name: string, params: number): boolean {
    return this.remembering.get(name) === "found" && this.funcsByName.get(name)?.params.length === 2 + params;
  }

  site(location: Location, kind: Site["kind"], name: string): number {
    this.sites.push({ location, kind, name, document: this.funcsByName.get(name)?.document ?? "" });
    return this.sites.length - 1;
  }

  step(location: Location, func: string, whole: boolean): number {
    this.steps.push({ location, func, whole });
    return this.steps.length - 1;
  }

  string(index: number): bigint {
    return this.constants.string(this.plan.strings[index] ?? "");
  }

  file(location: Location): string {
    return this.plan.files[location.file] ?? "";
  }

  /** Constant trie from the paths of functions to their slots in the table. */
  get trie(): bigint {
    if (this.#trie === undefined) {
      const { tries } = this.memory;
      const paths = JSON.stringify(this.dynamic.map((func) => func.path));
      this.#trie = tries.get(paths) ?? this.#buildTrie();
      tries.set(paths, this.#trie);
    }
    return this.#trie;
  }

  /** A part of a function that becomes a function of its own: its place in the table is known, its code is to come. */
  newPart(func: string): Part {
    const at = this.#parts++;
    const name = `${func} behind ${at}`;
    return { name, symbol: this.memory.symbol(name), slot: this.dynamic.length + at };
  }

  finishPart(part: Part, code: GeneratedFunction): void {
    this.parts.push({ ...part, code });
  }

  /** Whether there is any dynamic call. */
  get trieUsed(): boolean {
    return this.#trie !== undefined;
  }

  #buildTrie(): bigint {
    type Node = Map<string, Node | number>;
    const root: Node = new Map();
    for (const [slot, func] of this.dynamic.entries()) {
      let node = root;
      for (const step of func.path.slice(0, -1)) {
        let next = node.get(step);
        if (next === undefined || typeof next === "number") {
          next = new Map();
          node.set(step, next);
        }
        node = next;
      }
      const last = func.path.at(-1)!;
      if (!node.has(last)) node.set(last, slot);
    }
    const build = (node: Node): bigint =>
      this.constants.object(
        [...node].map(([key, value]) => [
          this.constants.string(key),
          typeof value === "number" ? this.constants.integer(BigInt(value)) : build(value),
        ]),
      );
    return build(root);
  }
}

// Upper bound: every statement may be a step.
function countSteps(plan: Plan): number {
  const count = (blocks: readonly Block[]): number =>
    blocks.reduce((n, block) => n + block.stmts.reduce((m, stmt) => m + 1 + count(nestedBlocks(stmt)), 0), 0);
  return plan.funcs.reduce((n, f) => n + 1 + count(f.blocks), 0) + plan.entrypoints.reduce((n, x) => n + 1 + count(x.blocks), 0);
}
