// Plans the function of one path: complete rules with `else` and `default`, functions, partial sets.
import { generalRules } from "./general-rules.ts";
import type { Block, Func, Local } from "./ir.ts";
import type { FunctionPlanner } from "./planner.ts";
import { matchArguments, ruleChain } from "./rule-chain.ts";
import { headValue, isFunction, type PlannedRule, type TrieNode } from "./rule-trie.ts";

export function ruleFunction(p: FunctionPlanner, name: string, node: TrieNode, rules: readonly PlannedRule[]): Func {
  const arity = rules.find(({ rule }) => isFunction(rule))?.rule.head.args?.length;
  p.slots = Array.from({ length: p.generation.slots }, () => p.fresh());
  const args = Array.from({ length: arity ?? 0 }, () => p.fresh());
  const result = p.fresh();
  const partialSet =
    rules.some(({ rule, suffix }) => rule.head.contains && suffix.length === 0) ||
    rules.some((one) => one.suffix.length === 0 && one.rule.head.key !== undefined);
  const general = rules.some((one) => one.suffix.length > 0);
  const blocks: Block[] = [];
  p.placeRule(rules[0]!);
  if (general) blocks.push(...generalRules(p, rules, result));
  else if (partialSet) blocks.push(...partialSetRules(p, rules, result));
  else blocks.push(...completeRules(p, rules, args, result));
  p.placeRule(rules[0]!);
  blocks.push(p.block(() => p.emit({ op: "ReturnLocal", source: result })));
  return {
    name,
    path: rules.length === node.rules.length ? [`g${p.generation.id}`, ...node.path] : [],
    params: [0, 1, ...p.slots, ...args],
    result,
    blocks,
    vars: p.bound,
  };
}

function completeRules(
  p: FunctionPlanner,
  rules: readonly PlannedRule[],
  args: readonly Local[],
  result: Local,
): readonly Block[] {
  const blocks: Block[] = [p.block(() => p.emit({ op: "ResetLocal", target: result }))];
  for (const planned of rules) {
    if (planned.rule.default) continue;
    p.placeRule(planned);
    blocks.push(p.block(() => ruleChain(p, planned.rule, args, result)));
  }
  for (const planned of rules) {
    if (!planned.rule.default) continue;
    p.placeRule(planned);
    blocks.push(
      p.block(() => {
        p.emit({ op: "IsUndefined", source: result });
        matchArguments(p, planned.rule.head.args ?? [], args, () =>
          p.body(planned.rule.body ?? [], () =>
            p.term(headValue(planned.rule), (value) => p.emit({ op: "AssignVarOnce", source: value, target: result })),
          ),
        );
      }),
    );
  }
  return blocks;
}

function partialSetRules(p: FunctionPlanner, rules: readonly PlannedRule[], result: Local): readonly Block[] {
  const blocks = [p.block(() => p.emit({ op: "MakeSet", target: result }))];
  for (const planned of rules) {
    p.placeRule(planned);
    blocks.push(
      p.block(() =>
        p.body(planned.rule.body ?? [], () =>
          p.term(planned.rule.head.key!, (value) => p.emit({ op: "SetAdd", value, set: result })),
        ),
      ),
    );
  }
  return blocks;
}
