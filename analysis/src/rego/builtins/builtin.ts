// What the table of builtins says about one builtin.
import type { Type } from "../types/type.ts";

/** An argument or result: named for signatures, or nameless for what is never written by name. */
export interface Parameter {
  readonly name: string | undefined;
  readonly type: Type;
}

export interface BuiltinRow {
  /** Dotted as written in a call; operators have their function's name, `plus`. */
  readonly name: string;
  readonly description: string;
  readonly args: readonly Parameter[];
  /** Undefined for void builtins. */
  readonly result: Parameter | undefined;
  /** Where a call is answered: inside the Wasm runtime, by the host, or nowhere because compilation removes it. */
  readonly where: "runtime" | "host" | "compile-time";
  /** The operator that calls it. */
  readonly infix?: string;
  /** True when one call may give several results (`walk`). */
  readonly relation?: boolean;
  readonly nondeterministic?: boolean;
  /** Rejected in Rego v1. */
  readonly deprecated?: boolean;
  /** Type of any number of further arguments. */
  readonly variadic?: Type;
}

export interface Builtin extends BuiltinRow {
  /** The file of the table it stands in: `strings`, `time`, … */
  readonly family: string;
}

/** A named argument or result. */
export function arg(name: string, type: Type): Parameter {
  return { name, type };
}

/** An argument or result without a name. */
export function unnamed(type: Type): Parameter {
  return { name: undefined, type };
}
