// Numbers for what a client may look into while the cursor stands still.
import { inside, type Shown } from "#features/debug/values.ts";
import type { Variable } from "./protocol.ts";

/** Where a value comes from: only parts of the input can be set. */
export type Origin =
  | { readonly kind: "input"; readonly path: readonly string[] }
  | { readonly kind: "locals"; readonly file: string }
  | { readonly kind: "known" }
  | { readonly kind: "other" };

export interface Opened {
  readonly origin: Origin;
  /** What is inside, from a place on, so many; all without numbers. */
  members(start?: number, count?: number): Promise<readonly Shown[]> | readonly Shown[];
}

export class Handles {
  #opened: Opened[] = [];

  clear(): void {
    this.#opened = [];
  }

  open(opened: Opened): number {
    return this.#opened.push(opened);
  }

  get(reference: number): Opened | undefined {
    return this.#opened[reference - 1];
  }

  variable(shown: Shown, origin: Origin): Variable {
    const { name, text, type, named, indexed, path } = shown;
    const below: Origin = origin.kind === "input" ? { kind: "input", path: inputStep(origin.path, shown) } : { kind: "other" };
    const isOpen = named + indexed > 0;
    return {
      name,
      value: text,
      type,
      ...(path === undefined ? {} : { evaluateName: path }),
      variablesReference: isOpen ? this.open({ origin: below, members: (start, count) => inside(shown, start, count) }) : 0,
      ...(named > 0 ? { namedVariables: named } : {}),
      ...(indexed > 0 ? { indexedVariables: indexed } : {}),
    };
  }
}

/** An input that is no object stands in its scope as a whole. */
export function inputStep(path: readonly string[], { name, path: expression }: Pick<Shown, "name" | "path">): readonly string[] {
  return path.length === 0 && expression === "input" ? [] : [...path, name];
}
