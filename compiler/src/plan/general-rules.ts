// Plans rules whose refs go on behind their ground prefix: one nested object.
import type { Term } from "#grammars/rego/ast.ts";
import { local } from "./function-builder.ts";
import type { Block, Local } from "./ir.ts";
import type { FunctionPlanner } from "./planner.ts";
import { headValue, type PlannedRule } from "./rule-trie.ts";

/** Rules whose refs go on behind the node: one nested object, and beside it the containers that are its own, so that no rule writes into a value of another. */
export function generalRules(p: FunctionPlanner, rules: readonly PlannedRule[], result: Local): readonly Block[] {
  const own = p.fresh();
  const blocks = [
    p.block(() => {
      p.emit({ op: "MakeObject", target: result });
      p.emit({ op: "MakeObject", target: own });
    }),
  ];
  for (const planned of rules) {
    p.placeRule(planned);
    const { rule, suffix } = planned;
    if (rule.default) p.unsupported(rule.head, "default rules below a general ref head");
    if (rule.else !== undefined) p.unsupported(rule.else.head, "else below a general ref head");
    const leaf = rule.head.key;
    blocks.push(
      p.block(() =>
        p.body(rule.body ?? [], () => {
          p.place(rule.head);
          const root = { object: result, own };
          if (leaf !== undefined) {
            return nested(p, root, suffix, true, (set) => p.term(leaf, (value) => p.emit({ op: "SetAdd", value, set })));
          }
          nested(p, root, suffix.slice(0, -1), false, (object) =>
            p.term(suffix.at(-1)!, (key) =>
              p.term(headValue(rule), (value) => {
                p.place(rule.head);
                p.emit({ op: "ObjectInsertOnce", key, value, object });
              }),
            ),
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
    const find = (source: Local, target: Local): Block =>
      p.block(() => {
        const found = p.fresh();
        p.emit({ op: "Dot", source: local(source), key, target: found });
        p.emit({ op: "AssignVar", source: local(found), target });
      });
    const make = p.block(() => {
      p.emit({ op: "IsUndefined", source: own });
      const container = p.fresh();
      p.emit(set && rest.length === 0 ? { op: "MakeSet", target: container } : { op: "MakeObject", target: container });
      // Equal only to an empty container, so any value of another rule conflicts here.
      p.emit({ op: "ObjectInsertOnce", key, value: local(container), object: at.object });
      p.emit({ op: "AssignVar", source: local(container), target: inner });
      p.emit({ op: "MakeObject", target: own });
      p.emit({ op: "ObjectInsert", key, value: local(own), object: at.own });
    });
    p.emit({ op: "Block", blocks: [find(at.object, inner), find(at.own, own), make] });
    nested(p, { object: inner, own }, rest, set, next);
  });
}
