// Variables of a body that equations make one, and the constants that they are.
import { isConstant } from "#analysis/rego/tree/refs.ts";
import { isUnification } from "#analysis/rego/tree/vars.ts";
import type { Body, Term, Var } from "#grammars/rego/ast.ts";
import { isRootName } from "#grammars/rego/nodes.ts";
import { keyOf } from "#grammars/rego/term-key.ts";
import { nowhere } from "./values.ts";

export class Classes {
  readonly #parents = new Map<string, string>();
  readonly #constants = new Map<string, Term>();
  readonly #isLive: (name: string) => boolean;

  private constructor(isLive: (name: string) => boolean) {
    this.#isLive = isLive;
  }

  /** Undefined where a variable would be two constants. */
  static of(body: Body, isLive: (name: string) => boolean): Classes | undefined {
    const classes = new Classes(isLive);
    for (const expr of body) {
      if (expr.negated || expr.with.length > 0 || !isUnification(expr) || expr.body.kind !== "call") continue;
      const [a, b] = expr.body.args;
      if (a === undefined || b === undefined || !classes.#note(a, b)) return undefined;
    }
    return classes;
  }

  /** The variables that something is known of. */
  get names(): readonly string[] {
    return [...this.#parents.keys()];
  }

  /** The constant or the variable that stands for a variable. */
  rootOf(name: string): Term {
    const root = this.#root(name);
    return this.#constants.get(root) ?? { kind: "var", name: root, ...nowhere };
  }

  /** The variable that stands for one below which something is looked up: as in OPA, it is no constant then. */
  asHead(name: string): string {
    const root = this.#root(name);
    this.#constants.delete(root);
    return root;
  }

  #root(name: string): string {
    let at = name;
    for (let up = this.#parents.get(at); up !== undefined && up !== at; up = this.#parents.get(at)) at = up;
    return at;
  }

  /** False where it cannot hold. */
  #note(a: Term, b: Term): boolean {
    if (isOwn(a) && isOwn(b)) return this.#merge(this.#begin(a.name), this.#begin(b.name));
    if (isOwn(a) && isConstant(b)) return this.#is(this.#begin(a.name), b);
    return !isOwn(b) || !isConstant(a) || this.#is(this.#begin(b.name), a);
  }

  #begin(name: string): string {
    if (!this.#parents.has(name)) this.#parents.set(name, name);
    return this.#root(name);
  }

  #merge(left: string, right: string): boolean {
    if (left === right) return true;
    const [root, child] = this.#isLive(left) ? [left, right] : [right, left];
    this.#parents.set(child, root);
    const constant = this.#constants.get(child);
    return constant === undefined || this.#is(root, constant);
  }

  #is(root: string, constant: Term): boolean {
    const before = this.#constants.get(root);
    this.#constants.set(root, before ?? constant);
    return before === undefined || keyOf(before) === keyOf(constant);
  }
}

function isOwn(term: Term): term is Var {
  return term.kind === "var" && !isRootName(term.name);
}
