// What the modules of one policy under edits share: constants, places, symbols and slots keep their numbers, so that the code of a function stays good while its plan does.
import type { Entrypoint, Func } from "../plan/ir.ts";
import { samePlan } from "../plan/same-plan.ts";
import type { FunctionSymbol, GeneratedFunction } from "./code-builder.ts";
import { Constants } from "./constants.ts";
import { TypeTable } from "./linker.ts";
import { type RuntimeModule, runtimeModule } from "./runtime-module.ts";
import type { Site } from "./sites.ts";
import { type Stamps, stampsOf, takeAge } from "./stamps.ts";

interface Known {
  readonly source: Func | Entrypoint;
  readonly around: string;
  readonly code: GeneratedFunction;
}

export class EmitMemory {
  readonly runtime: RuntimeModule = runtimeModule();
  readonly types = new TypeTable(this.runtime);
  readonly constants = new Constants(this.runtime.dataEnd);
  readonly sites: Site[] = [];
  /** Host builtins by name, in the order of their ids. */
  readonly hostIds = new Map<string, number>();
  /** The constant tries from paths of functions to slots, by those paths. */
  readonly tries = new Map<string, bigint>();
  /** Addresses of the constant objects from names to ids, by their text. */
  readonly ids = new Map<string, number>();
  readonly #symbols = new Map<string, FunctionSymbol>();
  readonly #slots = new Map<string, number>();
  readonly #slotsAtOnce: number;
  readonly #remembers: boolean;
  /** Functions by their names, `g0.data.a.b`, and entrypoints by theirs, `a/b`. */
  readonly #code = new Map<string, Known>();

  /** One that remembers serves several modules. It counts memo slots in steps: code that makes new ones knows their number. */
  constructor(remembers = false) {
    this.#remembers = remembers;
    this.#slotsAtOnce = remembers ? 64 : 1;
  }

  symbol(name: string): FunctionSymbol {
    let symbol = this.#symbols.get(name);
    if (symbol === undefined) {
      symbol = this.runtime.imports.length + this.runtime.functions.length + this.#symbols.size;
      this.#symbols.set(name, symbol);
    }
    return symbol;
  }

  memoSlot(name: string): number {
    let slot = this.#slots.get(name);
    if (slot === undefined) {
      slot = this.#slots.size;
      this.#slots.set(name, slot);
    }
    return slot;
  }

  get memoSlots(): number {
    return Math.ceil(this.#slots.size / this.#slotsAtOnce) * this.#slotsAtOnce;
  }

  /** How much it holds, whether it is still used or not. */
  get size(): number {
    return this.constants.length + 16 * (this.sites.length + this.#symbols.size);
  }

  /** The code of a function or an entrypoint: that of before when its plan says the same and nothing around it changed for it. */
  codeOf(source: Func | Entrypoint, aroundOf: () => string, emit: () => GeneratedFunction): GeneratedFunction {
    if (!this.#remembers) return emit();
    const around = aroundOf();
    const known = this.#code.get(source.name);
    const alike = known?.around === around ? known : undefined;
    if (alike !== undefined && samePlan(alike.source, source)) return alike.code;
    const code = emit();
    if (alike !== undefined && samePlan(alike.source, source, false)) takeAge(code, alike.code);
    this.#code.set(source.name, { source, around, code });
    return code;
  }

  /** When what each entrypoint goes through was compiled last; nothing where no later module is compared. */
  stampsOf(codes: ReadonlyMap<FunctionSymbol, GeneratedFunction>, entries: ReadonlyMap<string, FunctionSymbol>): Stamps {
    return this.#remembers ? stampsOf(codes, entries) : {};
  }
}
