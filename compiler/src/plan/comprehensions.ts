// Plans comprehensions. OPA's interpreter evaluates some of them once, for all values of the variables that they share with the body
// around them: that is seen of prints and errors, and of objects, whose keys do not conflict then.
import { arityOf } from "./calls.ts";
import { type Comprehension, comprehensionKeys } from "./comprehension-keys.ts";
import { local, type NextValue } from "./function-builder.ts";
import { functionName } from "./function-names.ts";
import type { Local, Operand } from "./ir.ts";
import type { FunctionPlanner } from "./planner.ts";

export function planComprehension(p: FunctionPlanner, term: Comprehension, next: NextValue): void {
  const { tells } = p.rules;
  const shared = tells || term.kind === "objectComprehension" ? keysOf(p, term) : undefined;
  const keys = shared?.flatMap((name) => p.env.get(name) ?? []) ?? [];
  if (!tells || shared === undefined || keys.length < shared.length)
    return planDirectly(p, term, shared === undefined ? "ObjectInsertOnce" : "ObjectInsert", next);
  const target = p.fresh();
  p.emit({ op: "ResetLocal", target });
  const known = p.block(() => {
    const found = p.fresh();
    const all = planForAll(p, term, shared);
    p.emit({ op: "Dot", source: local(all), key: keyOf(p, keys), target: found });
    p.emit({ op: "AssignVar", source: local(found), target });
  });
  // What is not among them is evaluated for itself.
  const unknown = p.block(() => {
    p.emit({ op: "IsUndefined", source: target });
    planDirectly(p, term, "ObjectInsertOnce", (source) => p.emit({ op: "AssignVar", source, target }));
  });
  p.emit({ op: "Block", blocks: [known, unknown] });
  next(local(target));
}

function keysOf(p: FunctionPlanner, term: Comprehension): readonly string[] | undefined {
  const { within, shared } = p;
  const keys =
    shared?.within === within ? shared.keys : comprehensionKeys(within, ({ parts }) => arityOf(p, functionName(parts)) ?? -1);
  p.shared = { within, keys };
  return keys.get(term);
}

function planDirectly(p: FunctionPlanner, term: Comprehension, insert: Insert, next: NextValue): void {
  const target = p.fresh();
  make(p, term, target);
  p.emit({ op: "Block", blocks: [p.block(() => p.query("closure", term.body, () => add(p, term, target, insert)))] });
  next(local(target));
}

/** The values of the comprehension by those of the shared variables, evaluated when it is first asked for. */
function planForAll(p: FunctionPlanner, term: Comprehension, shared: readonly string[]): Local {
  const all = p.fresh();
  p.emit({ op: "ResetLocal", target: all });
  const evaluate = p.block(() => {
    p.emit({ op: "MakeObject", target: all });
    const search = p.block(() =>
      withoutVariables(p, () =>
        p.query("closure", term.body, () => {
          const keys = shared.flatMap((name) => p.env.get(name) ?? []);
          if (keys.length < shared.length) return p.fail();
          const [key, own] = [keyOf(p, keys), p.fresh()];
          p.emit({ op: "ResetLocal", target: own });
          const known = p.block(() => {
            const found = p.fresh();
            p.emit({ op: "Dot", source: local(all), key, target: found });
            p.emit({ op: "AssignVar", source: local(found), target: own });
          });
          const fresh = p.block(() => {
            p.emit({ op: "IsUndefined", source: own });
            make(p, term, own);
            p.emit({ op: "ObjectInsert", key, value: local(own), object: all });
          });
          p.emit({ op: "Block", blocks: [known, fresh] });
          add(p, term, own, "ObjectInsert");
        }),
      ),
    );
    p.emit({ op: "Block", blocks: [search] });
  });
  p.emit({ op: "Block", blocks: [evaluate], once: { slot: p.program.memory.slotOf(term), target: all } });
  return all;
}

function withoutVariables(p: FunctionPlanner, use: () => void): void {
  const outer = [...p.env];
  p.env.clear();
  use();
  p.env.clear();
  for (const [name, value] of outer) p.env.set(name, value);
}

function keyOf(p: FunctionPlanner, keys: readonly Operand[]): Operand {
  const target = p.fresh();
  p.emit({ op: "MakeArray", capacity: keys.length, target });
  for (const value of keys) p.emit({ op: "ArrayAppend", value, array: target });
  return local(target);
}

type Insert = "ObjectInsert" | "ObjectInsertOnce";

function make(p: FunctionPlanner, { kind }: Comprehension, target: Local): void {
  if (kind === "arrayComprehension") p.emit({ op: "MakeArray", capacity: 0, target });
  else p.emit({ op: kind === "setComprehension" ? "MakeSet" : "MakeObject", target });
}

/** Adds what a solution of the body yields. */
function add(p: FunctionPlanner, term: Comprehension, target: Local, insert: Insert): void {
  if (term.kind === "arrayComprehension")
    return p.term(term.term, (value) => p.emit({ op: "ArrayAppend", value, array: target }));
  if (term.kind === "setComprehension") return p.term(term.term, (value) => p.emit({ op: "SetAdd", value, set: target }));
  p.term(term.key, (key) =>
    p.term(term.value, (value) => {
      // A conflict is told at the key.
      p.place(term.key);
      p.emit({ op: insert, key, value, object: target });
    }),
  );
}
