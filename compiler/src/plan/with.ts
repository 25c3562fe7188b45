// Plans literals with `with`: documents, rules, functions and builtins replaced for one literal.
import type { Expr, Ref, Term, With } from "#grammars/rego/ast.ts";
import { dotted } from "./calls.ts";
import { FALSE, isRoot, local, type Next } from "./function-builder.ts";
import type { Local, Operand } from "./ir.ts";
import type { FunctionPlanner } from "./planner.ts";
import { findNode, isFunction } from "./rule-trie.ts";

export function planWith(p: FunctionPlanner, expr: Expr, next: Next): void {
  p.values(
    expr.with.map((modifier) =>
      mockTarget(p, modifier) === undefined || !isFunctionName(p, modifier.value) ? modifier.value : undefined,
    ),
    [],
    (values) => {
      const bare: Expr = { ...expr, with: [] };
      const outputs = expr.negated ? [] : outputsOf(p, bare);
      if (outputs.length === 0) {
        return p.exists((found) => replaced(p, expr.with, values, () => p.literal(bare, found)), next);
      }
      const all = p.fresh();
      p.emit({ op: "MakeArray", capacity: 1, target: all });
      const inner = p.block(() =>
        replaced(p, expr.with, values, () =>
          p.literal(bare, () => {
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
        p.bindAll(bindings, next);
      });
    },
  );
}

/** The function or builtin that a modifier replaces, by name. */
function mockTarget(p: FunctionPlanner, modifier: With): string | undefined {
  const parts = modifier.target.kind === "var" ? [modifier.target] : modifier.target.parts;
  const name = dotted(parts);
  if (name === undefined || name === "input" || name === "data") return undefined;
  if (parts[0]?.kind === "var" && parts[0].name === "data") {
    const node = findNode(p.rules.root, name.split(".").slice(1));
    return node?.rules.some(({ rule }) => isFunction(rule)) === true ? name : undefined;
  }
  return parts[0]?.kind === "var" && parts[0].name === "input" ? undefined : name;
}

function isFunctionName(p: FunctionPlanner, value: Term): boolean {
  const name = value.kind === "var" ? value.name : value.kind === "ref" ? dotted(value.parts) : undefined;
  if (name === undefined) return false;
  if (name.startsWith("data."))
    return findNode(p.rules.root, name.split(".").slice(1))?.rules.some(({ rule }) => isFunction(rule)) === true;
  return p.program.builtins.has(name) && !p.env.has(name);
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
  const slots = [...p.slots];
  const overlays: { readonly target: Local; readonly path: readonly number[]; readonly value: Operand }[] = [];
  for (const [index, modifier] of modifiers.entries()) {
    const function_ = mockTarget(p, modifier);
    const value = values[index];
    if (function_ !== undefined) {
      if (value === undefined)
        mocks.set(function_, {
          kind: "function",
          name: (modifier.value.kind === "var" ? modifier.value.name : dotted((modifier.value as Ref).parts)) ?? "",
        });
      else {
        slots.push(p.localOf(value));
        mocks.set(function_, { kind: "value", slot: slots.length - 1 });
      }
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
