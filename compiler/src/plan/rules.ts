// Plans the function of one path: complete rules with `else` and `default`, functions, partial sets.
import type { Term } from "#grammars/rego/ast.ts";
import { printRef } from "#grammars/rego/print-terms.ts";
import { type AskedKeys, type KeyParameters, leadingKeys, parameterCount } from "./asked-keys.ts";
import { local } from "./function-builder.ts";
import { generalRules } from "./general-rules.ts";
import { planBeginning, planEntry } from "./index-tests.ts";
import type { Block, Func, Local } from "./ir.ts";
import { answersAlone, keyedValue, markDuplicate, partialValues } from "./keyed-rules.ts";
import type { FunctionPlanner } from "./planner.ts";
import { type Called, matchCalled, ruleChain } from "./rule-chain.ts";
import { agree, type RuleIndex } from "./rule-index.ts";
import { headValue, isFunction, type PlannedRule, type TrieNode } from "./rule-trie.ts";

/** What is planned for a node: some of its rules, for the keys that are asked for. */
export interface RuleRequest {
  readonly name: string;
  readonly node: TrieNode;
  readonly rules: readonly PlannedRule[];
  readonly asked: AskedKeys;
  /** The name of the function that gives all keys. */
  readonly extent: string;
  /** Those of the functions that give what fewer of the keys ask for. */
  readonly fewer: readonly string[];
  /** Of a function that only looks whether it gives a value: the name of the one that gives all. */
  readonly of: string | undefined;
}

export function ruleFunction(p: FunctionPlanner, { name, node, rules, asked, extent, fewer, of }: RuleRequest): Func {
  const arity = rules.find(({ rule }) => isFunction(rule))?.rule.head.args?.length;
  p.slots = Array.from({ length: p.generation.slots }, () => p.fresh());
  const keys = asked.map((key) => ({ key, locals: Array.from({ length: parameterCount(key) }, () => p.fresh()) }));
  const known = keys.flatMap(({ locals }) => locals);
  const args = Array.from({ length: arity ?? 0 }, () => p.fresh());
  const wanted = of === undefined ? undefined : p.fresh();
  const result = p.fresh();
  const partialSet =
    rules.some(({ rule, suffix }) => rule.head.contains && suffix.length === 0) ||
    rules.some((one) => one.suffix.length === 0 && one.rule.head.key !== undefined);
  const alone = asked.length > 0 && answersAlone(rules, asked);
  const general = rules.some((one) => one.suffix.length > 0);
  const blocks: Block[] = [];
  const index = p.rules.indexOf(node);
  p.placeRule(rules[0]!);
  blocks.push(
    ...planBeginning(
      p,
      index,
      node.path,
      rules.map(({ rule }) => rule),
      args,
    ),
  );
  const isComplete = !alone && !general && !partialSet;
  if (alone) blocks.push(...keyedValue(p, index, rules, keys, result));
  else if (general) blocks.push(...generalRules(p, index, rules, keys, result));
  else if (partialSet) blocks.push(...partialSetRules(p, index, rules, keys, result));
  else blocks.push(...completeRules(p, index, rules, { args, wanted }, result));
  p.placeRule(rules[0]!);
  blocks.push(p.block(() => p.emit({ op: "ReturnLocal", source: result })));
  return {
    name,
    document: documentText(node),
    arity: args.length,
    path: name === extent ? [`g${p.generation.id}`, ...node.path] : [],
    params: [0, 1, ...p.slots, ...known, ...args, ...(wanted === undefined ? [] : [wanted])],
    result,
    blocks,
    ...(of === undefined ? {} : { of }),
    ...(isComplete ? { complete: true } : {}),
    ...(isComplete && agree(rules.map(({ rule }) => rule)) ? { agreed: true } : {}),
    ...(asked.length === 0
      ? {}
      : { keyed: { extent, fewer, mocks: p.slots.length, value: alone, leading: known.slice(0, leadingKeys(asked).length) } }),
  };
}

function completeRules(
  p: FunctionPlanner,
  index: RuleIndex,
  rules: readonly PlannedRule[],
  called: Called,
  result: Local,
): readonly Block[] {
  const blocks: Block[] = [p.block(() => p.emit({ op: "ResetLocal", target: result }))];
  for (const planned of rules) {
    if (planned.rule.default) continue;
    p.placeRule(planned);
    blocks.push(p.block(() => ruleChain(p, index, planned.rule, called, result)));
  }
  for (const planned of rules) {
    if (!planned.rule.default) continue;
    p.placeRule(planned);
    blocks.push(
      p.block(() => {
        p.emit({ op: "IsUndefined", source: result });
        planEntry(p, index, planned.rule, called.args, () =>
          matchCalled(p, planned.rule, called, () =>
            p.body(planned.rule.body ?? [], () =>
              p.marked({ kind: "end" }, () =>
                p.term(headValue(planned.rule), (value) => p.emit({ op: "AssignVarOnce", source: value, target: result })),
              ),
            ),
          ),
        );
      }),
    );
  }
  return blocks;
}

function partialSetRules(
  p: FunctionPlanner,
  index: RuleIndex,
  rules: readonly PlannedRule[],
  asked: readonly KeyParameters[],
  result: Local,
): readonly Block[] {
  const blocks = [p.block(() => p.emit({ op: "MakeSet", target: result }))];
  for (const planned of rules) {
    p.placeRule(planned);
    blocks.push(
      p.block(() =>
        partialValues(p, index, planned, asked, (value) => {
          markDuplicate(p, asked, () => p.emit({ op: "Dot", source: local(result), key: value, target: p.fresh() }));
          p.emit({ op: "SetAdd", value, set: result });
        }),
      ),
    );
  }
  return blocks;
}

function documentText({ path }: TrieNode): string {
  const place = { start: 0, end: 0 };
  const parts = path.map((step): Term => {
    const constant = step.startsWith("\u0000") ? step.slice(1) : undefined;
    return constant === undefined ? { kind: "string", ...place, value: step } : { kind: "number", ...place, text: constant };
  });
  return printRef([{ kind: "var", ...place, name: "data" }, ...parts]);
}
