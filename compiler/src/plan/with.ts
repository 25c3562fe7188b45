// Plans literals with `with`: documents, rules, functions and builtins replaced for one literal.
import { stringTerm } from "#analysis/rego/tree/make.ts";
import { contains } from "#analysis/rego/tree/walk.ts";
import type { Expr, Term, With } from "#grammars/rego/ast.ts";
import { isRootName } from "#grammars/rego/nodes.ts";
import { local, type Next, TRUE } from "./function-builder.ts";
import { functionName, functionNode, namesFunction } from "./function-names.ts";
import type { Mock } from "./generation.ts";
import { mayHaveEffects } from "./index-tests.ts";
import type { Local, Operand } from "./ir.ts";
import type { FunctionPlanner } from "./planner.ts";

const noPlace = { start: 0, end: 0 };

export function planWith(p: FunctionPlanner, expr: Expr, next: Next): void {
  p.values(
    expr.with.map((modifier) => (isComputed(p, modifier) ? modifier.value : undefined)),
    [],
    (values) => {
      const bare: Expr = { ...expr, with: [] };
      if (!expr.negated && isGoneOnInside(p, bare)) {
        const outside = outsideOf(p, expr.with);
        return replaced(p, expr.with, values, () => p.literal(bare, () => outside(next)));
      }
      // What follows stands behind what was asked last.
      let { at } = p;
      p.exists(
        (found) =>
          replaced(p, expr.with, values, () =>
            p.literal(bare, () => {
              ({ at } = p);
              found();
            }),
          ),
        () => p.behind(at, next),
      );
    },
  );
}

/**
 * False for what is put in place as it is written: the name of a function, and for a document, where it is nothing then, what has no value
 * before the expression.
 */
function isComputed(p: FunctionPlanner, modifier: With): boolean {
  const { value } = modifier;
  if (mockTarget(p, modifier) !== undefined) return named(p, value) === undefined;
  const name = value.kind === "ref" ? functionName(value.parts) : undefined;
  return p.evaluable(value) && (name === undefined || !namesFunction(p.rules.root, name));
}

/** The function or builtin that a modifier replaces, by name. */
function mockTarget(p: FunctionPlanner, modifier: With): string | undefined {
  const parts = modifier.target.kind === "var" ? [modifier.target] : modifier.target.parts;
  const root = parts[0]?.kind === "var" ? parts[0].name : "";
  const name = functionName(parts);
  if (name === undefined || root === "input" || name === "data") return undefined;
  return root !== "data" || namesFunction(p.rules.root, name) ? name : undefined;
}

/** The document that a modifier replaces, and the path inside it. */
function documentOf(p: FunctionPlanner, { target }: With): readonly [Local, readonly Term[]] {
  const [root, ...path] = target.kind === "var" ? [target] : target.parts;
  return [root?.kind === "var" && root.name === "data" ? p.data : p.input, path];
}

/** What stands for a function by name: a function, or a document that has rules. Undefined for a value that is computed now. */
function named(p: FunctionPlanner, value: Term): Exclude<Mock, { kind: "value" }> | undefined {
  if (value.kind === "var")
    return p.program.builtins.has(value.name) && !p.env.has(value.name) ? { kind: "function", name: value.name } : undefined;
  const name = value.kind === "ref" ? functionName(value.parts) : undefined;
  if (value.kind !== "ref" || name === undefined) return undefined;
  if (namesFunction(p.rules.root, name) || p.program.builtins.has(name)) return { kind: "function", name };
  return functionNode(p.rules.root, name) === undefined ? undefined : { kind: "document", name, ref: value };
}

/** Plans `use` with the documents and functions replaced. */
function replaced(p: FunctionPlanner, modifiers: readonly With[], values: readonly (Operand | undefined)[], use: Next): void {
  const mocks = new Map(p.generation.mocks);
  const dropped = [...p.generation.dropped];
  /** What stands for a function: only these travel on, however often a function is replaced. */
  const given = new Map(
    [...mocks].flatMap(([name, mock]) => (mock.kind === "value" ? [[name, p.slots[mock.slot]!] as const] : [])),
  );
  let isBad = false;
  const overlays: { readonly target: Local; readonly path: readonly number[]; readonly value: () => Operand }[] = [];
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
    const [target, parts] = documentOf(p, modifier);
    const path: string[] = [];
    for (const part of parts) {
      if (part.kind === "string") path.push(part.value);
      else isBad = true;
    }
    if (target === p.data) dropped.push(path);
    const at = value === undefined ? path.slice(0, -1) : path;
    const put = (): Operand => value ?? withoutKey(p, target, at, path.at(-1));
    overlays.push({ target, path: at.map((part) => p.program.text(part)), value: put });
  }
  const names = [...given.keys()].sort();
  const slots = names.map((name) => given.get(name)!);
  for (const [slot, name] of names.entries()) mocks.set(name, { kind: "value", slot });
  const slotted = { generation: p.rules.generation(mocks, dropped, slots.length), slots };
  if (isBad) return p.emit({ op: "BadPath" });
  const plan = (): void => inState(p, slotted, use);
  if (overlays.length === 0) return forgotten(p, plan);
  overlays.reduceRight<Next>(
    (inner, { target, path, value }) =>
      () =>
        p.emit({ op: "With", local: target, path, value: value(), block: p.block(inner) }),
    plan,
  )();
}

/** The document at a path without a key; nothing for a document as a whole. */
function withoutKey(p: FunctionPlanner, document: Local, path: readonly string[], without: string | undefined): Operand {
  const target = p.fresh();
  p.emit({ op: without === undefined ? "ResetLocal" : "MakeObject", target });
  if (without === undefined) return local(target);
  const others = p.block(() =>
    p.dots(
      local(document),
      path.map((key) => stringTerm(key, noPlace)),
      (source) => {
        p.emit({ op: "IsObject", source });
        p.scan(p.localOf(source), (key, value) => {
          p.emit({ op: "NotEqual", a: local(key), b: p.program.string(without) });
          p.emit({ op: "ObjectInsert", key: local(key), value: local(value), object: target });
        });
      },
    ),
  );
  p.emit({ op: "Block", blocks: [others] });
  return local(target);
}

/** Plans `use` where OPA has forgotten all results, or, by `leaves`, where it has them again. */
function forgotten(p: FunctionPlanner, use: Next, leaves?: number): void {
  const none = p.fresh();
  const block = p.block(use);
  p.emit({ op: "With", local: none, path: [], value: TRUE, block, telling: true, ...(leaves === undefined ? {} : { leaves }) });
}

/** How to plan what follows inside the scope of modifiers: it sees what stands here, as in OPA's interpreter behind each solution. */
function outsideOf(p: FunctionPlanner, modifiers: readonly With[]): (next: Next) => void {
  const targets = modifiers.filter((one) => mockTarget(p, one) === undefined).map((one) => documentOf(p, one)[0]);
  const saved = [...new Set(targets)].map((target) => ({ target, value: p.copy(target), leaves: 0 }));
  if (saved[0] !== undefined) saved[0].leaves = targets.length;
  const before = { generation: p.generation, slots: p.slots };
  if (targets.length === 0) return (next) => forgotten(p, () => inState(p, before, next), 1);
  return (next) =>
    saved.reduceRight<Next>(
      (plan, { target, value, leaves }) =>
        () =>
          p.emit({ op: "With", local: target, path: [], value, block: p.block(plan), leaves }),
      () => inState(p, before, next),
    )();
}

/** Plans `use` with these functions replaced. */
function inState(p: FunctionPlanner, { generation, slots }: Pick<FunctionPlanner, "generation" | "slots">, use: Next): void {
  const before = { generation: p.generation, slots: p.slots };
  p.generation = generation;
  p.slots = slots;
  use();
  p.generation = before.generation;
  p.slots = before.slots;
}

/** Whether a literal may have more than one solution, by the present bindings, or calls what goes on at its first value and is seen to. */
function isGoneOnInside(p: FunctionPlanner, { body }: Expr): boolean {
  if (body.kind === "every" || body.kind === "some" || body.kind === "notBody" || body.kind === "logical") return false;
  return hasFreeVariable(p, body) || (p.rules.tells && contains(body, (node) => mayHaveEffects(p, node)));
}

/** Whether a term has a variable without a value outside closures. */
function hasFreeVariable(p: FunctionPlanner, term: Term): boolean {
  const inOne = (one: Term): boolean => hasFreeVariable(p, one);
  switch (term.kind) {
    case "var":
      return !isRootName(term.name) && !p.env.has(term.name);
    case "ref":
      return term.parts.some(inOne);
    case "array":
    case "set":
      return term.items.some(inOne);
    case "object":
      return term.entries.some(({ key, value }) => inOne(key) || inOne(value));
    case "call":
      return term.args.some(inOne);
    default:
      return false;
  }
}
