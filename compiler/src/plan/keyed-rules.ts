// Partial rules asked for single keys: the keys are matched with those of the head before the body runs, so that other keys
// cost nothing and their conflicts and errors do not happen.
import type { Rule, Term } from "#grammars/rego/ast.ts";
import { partsOf } from "#grammars/rego/nodes.ts";
import type { AskedKeys, KeyParameters } from "./asked-keys.ts";
import { local, type Next, type NextValue, TRUE } from "./function-builder.ts";
import { planAdmitted, planEntry, planRuleBody } from "./index-tests.ts";
import type { Block, Local } from "./ir.ts";
import { matchKey, unifyKeys } from "./key-unification.ts";
import type { FunctionPlanner } from "./planner.ts";
import type { RuleIndex } from "./rule-index.ts";
import { headValue, type PlannedRule } from "./rule-trie.ts";

/** The keys under which a rule puts its value: the rest of its ref, and the member for `contains`. */
export function keyTerms({ rule, suffix }: PlannedRule): readonly Term[] {
  return rule.head.key === undefined ? suffix : [...suffix, rule.head.key];
}

/** True when the keys lead to one value of one kind: then the function gives that value instead of the objects around it. */
export function answersAlone(rules: readonly PlannedRule[], asked: AskedKeys): boolean {
  const members = rules[0]?.rule.head.key !== undefined;
  return rules.every(
    (one) =>
      keyTerms(one).length === asked.length &&
      (one.rule.head.key !== undefined) === members &&
      asked.every((key) => key === "given"),
  );
}

/** Runs the rule's body with the head's keys unified with those asked for. */
function askedBody(p: FunctionPlanner, planned: PlannedRule, asked: readonly KeyParameters[], body: Next): void {
  const keys = keyTerms(planned);
  const match = (at: number): void => {
    const key = keys[at];
    const one = asked[at];
    if (one === undefined || key === undefined) return body();
    const next = (): void => match(at + 1);
    if (one.key === "open") return next();
    if (one.key === "given") return matchKey(p, key, local(one.locals[0]!), next);
    const { term, given } = one.key;
    p.bindAll(
      given.map((name, nth) => [name, one.locals[nth]!]),
      () => unifyKeys(p, key, term, next),
    );
  };
  match(0);
}

/** The blocks of a function that gives the one value at the keys. */
export function keyedValue(
  p: FunctionPlanner,
  index: RuleIndex,
  rules: readonly PlannedRule[],
  asked: readonly KeyParameters[],
  result: Local,
): readonly Block[] {
  const blocks = [p.block(() => p.emit({ op: "ResetLocal", target: result }))];
  for (const planned of rules) {
    if (planned.rule.default) continue;
    p.placeRule(planned);
    const member = planned.rule.head.key === undefined ? undefined : asked.at(-1)?.locals[0];
    blocks.push(
      p.block(() =>
        partialValues(p, index, planned, asked, (value) => {
          markDuplicate(p, asked, () => {
            p.emit({ op: "IsDefined", source: result });
            if (member === undefined) p.emit({ op: "Equal", a: local(result), b: value });
          });
          p.emit({ op: "AssignVarOnce", source: member === undefined ? value : local(member), target: result });
        }),
      ),
    );
  }
  return blocks;
}

/** Marks that a value for asked keys is there already, where `found` goes on: OPA's interpreter tells so of no whole document. */
export function markDuplicate(p: FunctionPlanner, asked: readonly KeyParameters[], found: Next): void {
  if (p.rules.marks === undefined || asked.length === 0) return;
  const mark = p.block(() => {
    found();
    p.marked({ kind: "duplicate" }, () => {}, []);
  });
  p.emit({ op: "Block", blocks: [mark] });
}

/** Each value that a partial rule gives for the asked keys: the head's value, or the member for `contains`. The plan is at the place of what gives it. */
export function partialValues(
  p: FunctionPlanner,
  index: RuleIndex,
  planned: PlannedRule,
  asked: readonly KeyParameters[],
  next: NextValue,
): void {
  const { rule } = planned;
  const value = rule.head.key ?? headValue(rule);
  if (rule.else !== undefined) return askedBody(p, planned, asked, () => firstAdmitted(p, index, planned, next));
  const give: NextValue = (given) => {
    p.place(rule.head);
    next(given);
  };
  planEntry(p, index, rule, [], () =>
    askedBody(p, planned, asked, () => planRuleBody(p, index, rule, () => p.term(value, give))),
  );
}

/** An `else` chain among partial rules: OPA's interpreter tries only the first branch that its rule index admits. */
function firstAdmitted(p: FunctionPlanner, index: RuleIndex, planned: PlannedRule, next: NextValue): void {
  const { rule } = planned;
  const taken = p.fresh();
  p.emit({ op: "ResetLocal", target: taken });
  const branches: Block[] = [];
  for (let branch: Rule | undefined = rule; branch !== undefined; branch = branch.else) {
    const current: Rule = branch;
    const { head, body = [] } = current;
    const value = headValue(current);
    branches.push(
      p.block(() => {
        p.emit({ op: "IsUndefined", source: taken });
        planAdmitted(p, index, current, () => {
          p.emit({ op: "AssignVar", source: TRUE, target: taken });
          p.marked({ kind: "enter", rule: current }, () =>
            underOwnKeys(p, planned, current, () =>
              p.body(body, () => {
                p.place(current === rule ? head : current);
                p.marked({ kind: "end" }, () => p.term(value, next));
              }),
            ),
          );
        });
      }),
    );
  }
  p.emit({ op: "Block", blocks: branches });
}

/** Keys that are no names are variables which the rule's own body binds; the body of an `else` branch does not. */
function underOwnKeys(p: FunctionPlanner, { rule, suffix }: PlannedRule, branch: Rule, next: Next): void {
  const written = partsOf(branch.head.reference).slice(-suffix.length);
  const bound: string[] = [];
  const bind = (at: number): void => {
    const key = suffix[at];
    if (branch === rule || key === undefined) return next();
    if (key.kind !== "var") return bind(at + 1);
    if (!p.env.has(key.name)) bound.push(key.name);
    p.term(written[at]!, (value) => p.match(key, value, () => bind(at + 1)));
  };
  bind(0);
  for (const name of bound) p.env.delete(name);
}
