// The scopes that are open where a body is rewritten: what each variable is called from now on, how it came in, and how often it was met.
import type { LocalNames } from "./rule-units.ts";

/** How a variable came into its scope. */
export type Occurrence = "argument" | "seen" | "assigned" | "declared";

interface Local {
  /** The name it has from now on. */
  readonly name: string;
  readonly occurrence: Occurrence;
  /** How often it was met. */
  count: number;
}

/** Written name → variable. */
export type Scope = Map<string, Local>;

export class LocalScopes {
  readonly #names: LocalNames;
  #open: Scope[] = [new Map()];

  constructor(names: LocalNames) {
    this.#names = names;
  }

  /** One scope is open from now on, of which these variables are known. */
  begin(scope: Scope): void {
    this.#open = [scope];
  }

  get innermost(): Scope {
    return this.#open.at(-1)!;
  }

  open(): void {
    this.#open.push(new Map());
  }

  close(): void {
    this.#open.pop();
  }

  /** The variable of that name in the innermost scope that has one. */
  find(name: string): Local | undefined {
    for (let i = this.#open.length - 1; i >= 0; i--) {
      const local = this.#open[i]!.get(name);
      if (local !== undefined) return local;
    }
    return undefined;
  }

  /** A variable of the innermost scope; what it is called from now on is noted with its written name. */
  insert(name: string, generated: string, occurrence: Occurrence): void {
    this.innermost.set(name, { name: generated, occurrence, count: 1 });
    if (name !== generated) this.#names.written.set(generated, name);
  }
}
