// Plans rules whose refs go on behind their ground prefix: one nested object.
import type { Term } from "#grammars/rego/ast.ts";
import type { KeyParameters } from "./asked-keys.ts";
import { local } from "./function-builder.ts";
import type { Block, Local } from "./ir.ts";
import { markDuplicate, partialValues } from "./keyed-rules.ts";
import type { FunctionPlanner } from "./planner.ts";
import type { RuleIndex } from "./rule-index.ts";
import type { PlannedRule } from "./rule-trie.ts";

/**
 * Rules whose refs go on behind the node: one nested object, and beside it the containers that are its own, so that no rule
 * writes into a value of another.
 */
export function generalRules(
  p: FunctionPlanner,
  index: RuleIndex,
  rules: readonly PlannedRule[],
  asked: readonly KeyParameters[],
  result: Local,
): readonly Block[] {
  const own = p.fresh();
  const blocks = [
    p.block(() => {
      p.emit({ op: "MakeObject", target: result });
      p.emit({ op: "MakeObject", target: own });
    }),
  ];
  const root = { object: result, own };
  for (const planned of rules) {
    const { rule, suffix } = planned;
    // The interpreter never asks a default rule here: it belongs to no single value.
    if (rule.default) continue;
    p.placeRule(planned);
    const isSet = rule.head.key !== undefined;
    blocks.push(
      p.block(() =>
        partialValues(p, index, planned, asked, (value) => {
          if (isSet) {
            return nested(p, root, suffix, true, (set) => {
              markDuplicate(p, asked, () => p.emit({ op: "Dot", source: local(set), key: value, target: p.fresh() }));
              p.emit({ op: "SetAdd", value, set });
            });
          }
          nested(p, root, suffix.slice(0, -1), false, (object) =>
            p.term(suffix.at(-1)!, (key) => {
              markDuplicate(p, asked, () => {
                const there = p.fresh();
                p.emit({ op: "Dot", source: local(object), key, target: there });
                p.emit({ op: "Equal", a: local(there), b: value });
              });
              p.emit({ op: "ObjectInsertOnce", key, value, object });
            }),
          );
        }),
      ),
    );
  }
  return blocks;
}

/** The container at the keys below an object, made where it is missing; a set at the end for `contains`. A value there that is no container of ours conflicts. */
function nested(
  p: FunctionPlanner,
  at: { readonly object: Local; readonly own: Local },
  keys: readonly Term[],
  set: boolean,
  next: (container: Local) => void,
): void {
  const [first, ...rest] = keys;
  if (first === undefined) return next(at.object);
  p.term(first, (key) => {
    const [inner, own] = [p.fresh(), p.fresh()];
    p.emit({ op: "ResetLocal", target: inner });
    p.emit({ op: "ResetLocal", target: own });
    const isSet = set && rest.length === 0;
    const makeContainer = (target: Local): void => p.emit(isSet ? { op: "MakeSet", target } : { op: "MakeObject", target });
    const findValue = p.block(() => {
      const found = p.fresh();
      p.emit({ op: "Dot", source: local(at.object), key, target: found });
      p.emit({ op: "AssignVar", source: local(found), target: inner });
    });
    // A set of our own is no object of our own: the other kind conflicts as the value of another rule does.
    const findOwn = p.block(() => {
      const found = p.fresh();
      p.emit({ op: "Dot", source: local(at.own), key, target: found });
      p.emit({ op: isSet ? "IsSet" : "IsObject", source: local(found) });
      p.emit({ op: "AssignVar", source: local(found), target: own });
    });
    const make = p.block(() => {
      p.emit({ op: "IsUndefined", source: own });
      const container = p.fresh();
      makeContainer(container);
      // Equal only to an empty container, so any value of another rule conflicts here.
      p.emit({ op: "ObjectInsertOnce", key, value: local(container), object: at.object });
      p.emit({ op: "AssignVar", source: local(container), target: inner });
      makeContainer(own);
      p.emit({ op: "ObjectInsert", key, value: local(own), object: at.own });
    });
    p.emit({ op: "Block", blocks: [findValue, findOwn, make] });
    nested(p, { object: inner, own }, rest, set, next);
  });
}
