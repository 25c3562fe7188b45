// What the functions of one plan share: texts, files, builtins, and the functions made so far.
import type { Builtin } from "#analysis/rego/builtins/builtin.ts";
import type { BuiltinDecl, Func, Operand } from "./ir.ts";

export class Program {
  readonly strings: string[] = [];
  readonly files: string[] = [];
  readonly builtinDecls = new Map<string, BuiltinDecl>();
  readonly funcs: Func[] = [];
  readonly builtins: ReadonlyMap<string, Builtin>;
  private readonly indexes = new Map<string, number>();

  constructor(builtins: ReadonlyMap<string, Builtin>) {
    this.builtins = builtins;
  }

  text(value: string): number {
    let index = this.indexes.get(value);
    if (index === undefined) {
      index = this.strings.push(value) - 1;
      this.indexes.set(value, index);
    }
    return index;
  }

  string(value: string): Operand {
    return { kind: "string", index: this.text(value) };
  }

  /** Notes that the plan calls a builtin. */
  useBuiltin(builtin: Builtin): void {
    this.builtinDecls.set(builtin.name, {
      name: builtin.name,
      arity: builtin.args.length,
      relation: builtin.relation === true,
      void: builtin.result === undefined,
      nondeterministic: builtin.nondeterministic === true,
    });
  }
}
