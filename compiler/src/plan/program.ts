// What the functions of one plan share: texts, files, builtins, and the functions made so far.
import type { Builtin } from "#analysis/rego/builtins/builtin.ts";
import type { BuiltinDecl, Func, Operand } from "./ir.ts";
import type { PlanMemory } from "./plan-memory.ts";

export class Program {
  readonly memory: PlanMemory;
  readonly builtinDecls = new Map<string, BuiltinDecl>();
  readonly funcs: Func[] = [];
  readonly builtins: ReadonlyMap<string, Builtin>;
  /** The builtins that the function in the making calls. */
  called = new Set<Builtin>();

  constructor(builtins: ReadonlyMap<string, Builtin>, memory: PlanMemory) {
    this.builtins = builtins;
    this.memory = memory;
  }

  text(value: string): number {
    return this.memory.text(value);
  }

  string(value: string): Operand {
    return { kind: "string", index: this.text(value) };
  }

  /** Notes that the plan calls a builtin. */
  useBuiltin(builtin: Builtin): void {
    this.called.add(builtin);
    this.builtinDecls.set(builtin.name, {
      name: builtin.name,
      arity: builtin.args.length,
      relation: builtin.relation === true,
      void: builtin.result === undefined,
      nondeterministic: builtin.nondeterministic === true,
    });
  }
}
