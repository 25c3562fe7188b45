// Plans calls of functions and builtins.
import type { Call, Range, Term } from "#grammars/rego/ast.ts";
import { FALSE, local, type Next, type NextValue, TRUE } from "./function-builder.ts";
import { functionName, functionNode, writtenName } from "./function-names.ts";
import type { Operand } from "./ir.ts";
import type { FunctionPlanner } from "./planner.ts";
import { isFunction } from "./rule-trie.ts";
import { asWritten } from "./written-members.ts";

/** A call that is a whole expression; what goes wrong in it is told at the place of that, with `not` and parentheses, as in OPA. */
export function planCallStatement(p: FunctionPlanner, call: Call, place: Range, next: Next): void {
  const name = functionName(call.operator.parts);
  if (call.args.length === 2 && (name === "eq" || name === "assign")) return p.unify(call.args[0]!, call.args[1]!, next);
  const arity = arityOf(p, name);
  if (arity !== undefined && call.args.length === arity + 1) {
    const output = call.args.at(-1)!;
    const wanted = p.evaluable(output) ? output : undefined;
    return planCall(p, call, call.args.slice(0, -1), (value) => p.match(output, value, next), place, wanted);
  }
  // A document in place of a function is not looked at when nothing is done with the result.
  if (name !== undefined && p.generation.mocks.get(name)?.kind === "document") return p.values(call.args, [], next);
  planCall(
    p,
    call,
    call.args,
    (value) => {
      if (value !== undefined) p.emit({ op: "NotEqual", a: value, b: FALSE });
      next();
    },
    place,
  );
}

/** How many arguments a function takes. */
export function arityOf(p: FunctionPlanner, name: string | undefined): number | undefined {
  if (name === undefined) return undefined;
  const rules = functionNode(p.rules.root, name)?.rules ?? [];
  // A rule may be called like a function without arguments.
  if (rules.length > 0) return rules.find(({ rule }) => isFunction(rule))?.rule.head.args?.length ?? 0;
  return p.program.builtins.get(name)?.args.length;
}

/** Calls with these arguments; `next` is planned once for each result that the call may give. `wanted`: the only one that is looked for. */
export function planCall(
  p: FunctionPlanner,
  call: Call,
  args: readonly Term[],
  next: (value: Operand) => void,
  place: Range = call,
  wanted?: Term,
): void {
  const written = functionName(call.operator.parts);
  if (written === undefined) return p.unsupported(call, "a call whose function is not constant");
  p.values(wanted === undefined ? args : [...args, wanted], [], (planned) => {
    const operands = planned as readonly Operand[];
    p.place(place);
    const mock = p.generation.mocks.get(written);
    if (mock?.kind === "value") return next(local(p.slots[mock.slot]!));
    if (mock?.kind === "document") return p.ref(mock.ref, next);
    if (mock === undefined) return invoke(p, written, operands, call, next, wanted !== undefined);
    // A replacement runs without mocks: it may call what it stands for.
    const { generation, slots } = p;
    p.generation = p.rules.generation(new Map(), generation.dropped, 0);
    p.slots = [];
    const outside: NextValue = (value) => {
      const inner = { generation: p.generation, slots: p.slots };
      p.generation = generation;
      p.slots = slots;
      next(value);
      p.generation = inner.generation;
      p.slots = inner.slots;
    };
    invoke(p, mock.name, operands, call, outside, wanted !== undefined);
    p.generation = generation;
    p.slots = slots;
  });
}

/** `isWanted`: behind the arguments stands the value that is looked for. */
function invoke(
  p: FunctionPlanner,
  name: string,
  args: readonly Operand[],
  call: Call,
  next: NextValue,
  isWanted: boolean,
): void {
  const result = p.fresh();
  const node = functionNode(p.rules.root, name);
  if (node !== undefined && node.rules.length > 0) {
    const func = p.rules.functionFor(node, p.generation, node.rules, [], isWanted);
    const use = (): void => {
      const given = args.map((arg) => asWritten(p, arg));
      p.emit({ op: "Call", func, args: [local(p.input), local(p.data), ...p.slots.map(local), ...given], result });
      p.marked({ kind: "result" }, () => next(local(result)), argumentsOf([local(result)]));
    };
    return p.marked(
      { kind: "call", path: node.path, single: true, keys: "other" },
      use,
      argumentsOf(isWanted ? args.slice(0, -1) : args),
    );
  }
  const builtin = p.program.builtins.get(name);
  if (builtin === undefined) return p.unsupported(call, `undefined function ${writtenName(name)}`);
  p.program.useBuiltin(builtin);
  p.emit({ op: "Call", func: name, args: isWanted ? args.slice(0, -1) : args, result });
  if (builtin.relation === true) return p.scan(result, (_key, value) => next(local(value)));
  if (builtin.result === undefined) return next(TRUE);
  next(local(result));
}

/** What the mark of a call tells of its arguments. */
export function argumentsOf(args: readonly Operand[]): readonly (readonly [string, Operand])[] {
  return args.map((value, at) => [`$${at}`, value] as const);
}
