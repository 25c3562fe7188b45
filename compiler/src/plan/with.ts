// Plans literals with `with`: documents, rules, functions and builtins replaced for one literal.
import type { Expr, Term, With } from "#grammars/rego/ast.ts";
import { functionName, functionNode, namesFunction } from "./calls.ts";
import { FALSE, isRoot, local, type Next } from "./function-builder.ts";
import type { Mock } from "./generation.ts";
import type { Local, Operand } from "./ir.ts";
import type { FunctionPlanner } from "./planner.ts";

export function planWith(p: FunctionPlanner, expr: Expr, next: Next): void {
  p.values(
    expr.with.map((modifier) =>
      mockTarget(p, modifier) === undefined || named(p, modifier.value) === undefined ? modifier.value : undefined,
    ),
    [],
    (values) => {
      const bare: Expr = { ...expr, with: [] };
      const outputs = expr.negated ? [] : outputsOf(p, bare);
      // What follows stands behind what was asked last.
      let { at } = p;
      const literal = (found: Next): void =>
        p.literal(bare, () => {
          ({ at } = p);
          found();
        });
      if (outputs.length === 0) {
        return p.exists(
          (found) => replaced(p, expr.with, values, () => literal(found)),
          () => p.behind(at, next),
        );
      }
      const all = p.fresh();
      p.emit({ op: "MakeArray", capacity: 1, target: all });
      const inner = p.block(() =>
        replaced(p, expr.with, values, () =>
          literal(() => {
            const tuple = p.fresh();
            p.emit({ op: "MakeArray", capacity: outputs.length, target: tuple });
            for (const name of outputs) p.emit({ op: "ArrayAppend", value: p.env.get(name) ?? FALSE, array: tuple });
            p.emit({ op: "ArrayAppend", value: local(tuple), array: all });
          }),
        ),
      );
      p.emit({ op: "Block", blocks: [inner] });
      p.scan(all, (_key, tuple) => {
        const bindings = outputs.map((name, index) => {
          const value = p.fresh();
          const at = p.integer(index);
          p.emit({ op: "Dot", source: local(tuple), key: local(at), target: value });
          return [name, value] as const;
        });
        p.bindAll(bindings, () => p.behind(at, next));
      });
    },
  );
}

/** The function or builtin that a modifier replaces, by name. */
function mockTarget(p: FunctionPlanner, modifier: With): string | undefined {
  const parts = modifier.target.kind === "var" ? [modifier.target] : modifier.target.parts;
  const root = parts[0]?.kind === "var" ? parts[0].name : "";
  const name = functionName(parts);
  if (name === undefined || root === "input" || name === "data") return undefined;
  return root !== "data" || namesFunction(p, name) ? name : undefined;
}

/** What stands for a function by name: a function, or a document that has rules. Undefined for a value that is computed now. */
function named(p: FunctionPlanner, value: Term): Exclude<Mock, { kind: "value" }> | undefined {
  if (value.kind === "var")
    return p.program.builtins.has(value.name) && !p.env.has(value.name) ? { kind: "function", name: value.name } : undefined;
  const name = value.kind === "ref" ? functionName(value.parts) : undefined;
  if (value.kind !== "ref" || name === undefined) return undefined;
  if (namesFunction(p, name) || p.program.builtins.has(name)) return { kind: "function", name };
  return functionNode(p, name) === undefined ? undefined : { kind: "document", name, ref: value };
}

/** Plans `use` with the documents and functions replaced. */
export function replaced(
  p: FunctionPlanner,
  modifiers: readonly With[],
  values: readonly (Operand | undefined)[],
  use: Next,
): void {
  const mocks = new Map(p.generation.mocks);
  const dropped = [...p.generation.dropped];
  /** What stands for a function: only these travel on, however often a function is replaced. */
  const given = new Map(
    [...mocks].flatMap(([name, mock]) => (mock.kind === "value" ? [[name, p.slots[mock.slot]!] as const] : [])),
  );
  const overlays: { readonly target: Local; readonly path: readonly number[]; readonly value: Operand }[] = [];
  for (const [index, modifier] of modifiers.entries()) {
    const function_ = mockTarget(p, modifier);
    const value = values[index];
    if (function_ !== undefined) {
      mocks.delete(function_);
      given.delete(function_);
      if (value === undefined) mocks.set(function_, named(p, modifier.value)!);
      else given.set(function_, p.localOf(value));
      continue;
    }
    const parts = modifier.target.kind === "var" ? [modifier.target] : modifier.target.parts;
    const path: string[] = [];
    for (const part of parts.slice(1)) {
      if (part.kind === "string") path.push(part.value);
      else p.unsupported(modifier, "with on a path that is not constant");
    }
    const isData = parts[0]?.kind === "var" && parts[0].name === "data";
    if (isData) dropped.push(path);
    overlays.push({
      target: isData ? p.data : p.input,
      path: path.map((part) => p.program.text(part)),
      value: value!,
    });
  }
  const names = [...given.keys()].sort();
  const slots = names.map((name) => given.get(name)!);
  for (const [slot, name] of names.entries()) mocks.set(name, { kind: "value", slot });
  const before = { generation: p.generation, slots: p.slots };
  const plan = (index: number): void => {
    const overlay = overlays[index];
    if (overlay === undefined) {
      p.generation = p.rules.generation(mocks, dropped, slots.length);
      p.slots = slots;
      use();
      p.generation = before.generation;
      p.slots = before.slots;
      return;
    }
    p.emit({
      op: "With",
      local: overlay.target,
      path: overlay.path,
      value: overlay.value,
      block: p.block(() => plan(index + 1)),
    });
  };
  plan(0);
}

/** The variables that a literal binds, by the present bindings. */
function outputsOf(p: FunctionPlanner, expr: Expr): readonly string[] {
  const found = new Set<string>();
  const note = (name: string): void => {
    if (!isRoot(name) && !p.env.has(name)) found.add(name);
  };
  if (expr.body.kind === "every" || expr.body.kind === "some" || expr.body.kind === "notBody" || expr.body.kind === "logical")
    return [];
  topLevelVars(expr.body, note);
  return [...found];
}

/** The variables of a term that stand outside closures. */
function topLevelVars(term: Term, note: (name: string) => void): void {
  switch (term.kind) {
    case "var":
      note(term.name);
      return;
    case "ref":
      for (const part of term.parts) topLevelVars(part, note);
      return;
    case "array":
    case "set":
      for (const item of term.items) topLevelVars(item, note);
      return;
    case "object":
      for (const { key, value } of term.entries) {
        topLevelVars(key, note);
        topLevelVars(value, note);
      }
      return;
    case "call":
      for (const arg of term.args) topLevelVars(arg, note);
      return;
    default:
  }
}
