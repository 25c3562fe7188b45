// Plans calls of functions and builtins.
import type { Call, Term } from "#grammars/rego/ast.ts";
import { FALSE, local, type Next, type NextValue, TRUE } from "./function-builder.ts";
import type { Operand } from "./ir.ts";
import type { FunctionPlanner } from "./planner.ts";
import { findNode, isFunction } from "./rule-trie.ts";

export function planCallStatement(p: FunctionPlanner, call: Call, next: Next): void {
  const name = dotted(call.operator.parts);
  if (call.args.length === 2 && (name === "eq" || name === "assign")) return p.unify(call.args[0]!, call.args[1]!, next);
  const arity = arityOf(p, name);
  if (arity !== undefined && call.args.length === arity + 1) {
    const output = call.args.at(-1)!;
    return planCall(p, call, call.args.slice(0, -1), (value) => p.match(output, value, next));
  }
  planCall(p, call, call.args, (value) => {
    if (value !== undefined) p.emit({ op: "NotEqual", a: value, b: FALSE });
    next();
  });
}

function arityOf(p: FunctionPlanner, name: string | undefined): number | undefined {
  if (name === undefined) return undefined;
  if (name.startsWith("data.")) {
    const rules = findNode(p.rules.root, name.split(".").slice(1))?.rules ?? [];
    // A rule may be called like a function without arguments.
    return rules.find(({ rule }) => isFunction(rule))?.rule.head.args?.length ?? (rules.length > 0 ? 0 : undefined);
  }
  return p.program.builtins.get(name)?.args.length;
}

/** Calls with these arguments; `next` is planned once for each result that the call may give. */
export function planCall(p: FunctionPlanner, call: Call, args: readonly Term[], next: (value: Operand) => void): void {
  const written = dotted(call.operator.parts);
  if (written === undefined) return p.unsupported(call, "a call whose function is not constant");
  p.values(args, [], (planned) => {
    const operands = planned as readonly Operand[];
    p.place(call);
    const mock = p.generation.mocks.get(written);
    if (mock?.kind === "value") return next(local(p.slots[mock.slot]!));
    if (mock === undefined) return invoke(p, written, operands, call, next);
    // A replacement runs without mocks: it may call what it stands for.
    const { generation, slots } = p;
    p.generation = p.rules.generation(new Map(), generation.dropped, 0);
    p.slots = [];
    invoke(p, mock.name, operands, call, (value) => {
      const inner = { generation: p.generation, slots: p.slots };
      p.generation = generation;
      p.slots = slots;
      next(value);
      p.generation = inner.generation;
      p.slots = inner.slots;
    });
    p.generation = generation;
    p.slots = slots;
  });
}

function invoke(p: FunctionPlanner, name: string, args: readonly Operand[], call: Call, next: NextValue): void {
  const result = p.fresh();
  if (name.startsWith("data.")) {
    const node = findNode(p.rules.root, name.split(".").slice(1));
    if (node === undefined || node.rules.length === 0) return p.unsupported(call, `undefined function ${name}`);
    const func = p.rules.functionFor(node, p.generation);
    p.emit({ op: "Call", func, args: [local(p.input), local(p.data), ...p.slots.map(local), ...args], result });
    return next(local(result));
  }
  const builtin = p.program.builtins.get(name);
  if (builtin === undefined) return p.unsupported(call, `undefined function ${name}`);
  p.program.useBuiltin(builtin);
  p.emit({ op: "Call", func: name, args, result });
  if (builtin.relation === true) return p.scan(result, (_key, value) => next(local(value)));
  if (builtin.result === undefined) return next(TRUE);
  next(local(result));
}

/** The dotted name of a ref of constant strings. */
export function dotted(parts: readonly Term[]): string | undefined {
  const names = parts.map((part, index) =>
    index === 0 && part.kind === "var" ? part.name : part.kind === "string" ? part.value : undefined,
  );
  return names.every((name) => name !== undefined) ? names.join(".") : undefined;
}
