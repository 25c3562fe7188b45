// What a random program knows while it is written: the rules before, the variables in reach, the imports that it needs.
import type { Random } from "../random.ts";

export type Kind = "any" | "number" | "string" | "array" | "set" | "object" | "boolean";

export interface Rule {
  /** As this module writes it. */
  readonly name: string;
  /** From `data` on. */
  readonly path: string;
  readonly kind: Kind;
  /** Of another package. */
  readonly foreign?: boolean;
  /** Argument count; undefined for what is no function. */
  readonly arity?: number;
}

export class Scope {
  protected readonly random: Random;
  /** Path below `data`. */
  protected readonly package: string;
  protected readonly rules: Rule[];
  /** Paths with packages below them, none of them this one. */
  protected readonly above: readonly string[];
  protected variables: { readonly name: string; readonly kind: Kind }[] = [];
  protected fresh = 0;

  constructor(random: Random, path: string, foreign: readonly Rule[], above: readonly string[] = []) {
    this.random = random;
    this.package = path;
    this.rules = [...foreign];
    this.above = above;
  }

  protected chance(one: number, of: number): boolean {
    return this.random.below(of) < one;
  }

  protected many(least: number, most: number, one: () => string): string[] {
    return Array.from({ length: least + this.random.below(most - least + 1) }, one);
  }

  /** Runs `write` with variables of its own. */
  protected scoped<T>(write: () => T): T {
    const before = [...this.variables];
    const result = write();
    this.variables = before;
    return result;
  }

  protected variable(kind: Kind): string {
    const name = `x${this.fresh++}`;
    this.variables.push({ name, kind });
    return name;
  }
}
