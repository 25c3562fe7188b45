// Plans one rule with its `else` branches, and the matching of a function's arguments.
import { contains } from "#analysis/rego/tree/walk.ts";
import type { Rule, Term } from "#grammars/rego/ast.ts";
import { local, type Next, TRUE } from "./function-builder.ts";
import { mayHaveEffects, planAdmitted, planEntry, planRuleBody, withArguments } from "./index-tests.ts";
import type { Block, Local } from "./ir.ts";
import { isPattern } from "./key-unification.ts";
import type { FunctionPlanner } from "./planner.ts";
import type { RuleIndex } from "./rule-index.ts";
import { headValue } from "./rule-trie.ts";
import { asWritten } from "./written-members.ts";

/** Among more rules and branches nothing is looked for that opposes one. */
const mostCandidates = 16;

/** What a function is called with: its arguments, and the value that it is to give where the caller knows one. */
export interface Called {
  readonly args: readonly Local[];
  readonly wanted: Local | undefined;
}

/** A rule with its `else` branches: the first branch that succeeds decides. */
export function ruleChain(p: FunctionPlanner, index: RuleIndex, rule: Rule, called: Called, result: Local): void {
  const { args } = called;
  const taken = rule.else === undefined ? undefined : p.fresh();
  if (taken !== undefined) p.emit({ op: "ResetLocal", target: taken });
  const branches: Block[] = [];
  for (let branch: Rule | undefined = rule; branch !== undefined; branch = branch.else) {
    const current: Rule = branch;
    branches.push(
      p.block(() => {
        if (taken !== undefined && current !== rule) p.emit({ op: "IsUndefined", source: taken });
        planEntry(p, index, current, args, () => {
          matchCalled(p, current, called, () => {
            planRuleBody(p, index, current, () => {
              p.term(headValue(current), (given) => {
                const value = asWritten(p, given);
                p.place(current === rule ? current.head : current);
                if (taken !== undefined && current.else !== undefined) p.emit({ op: "AssignVar", source: TRUE, target: taken });
                p.emit({ op: "AssignVarOnce", source: value, target: result });
                leaveUnopposed(p, index, current, args, result);
              });
            });
          });
        });
      }),
    );
  }
  p.emit({ op: "Block", blocks: branches });
}

/** Ends the function when the index admits no branch with another value: OPA's interpreter looks for nothing more then. */
function leaveUnopposed(p: FunctionPlanner, index: RuleIndex, branch: Rule, args: readonly Local[], result: Local): void {
  const { indexing, earlyExit } = p.rules;
  if (indexing === "never" || earlyExit === false) return;
  const { candidates } = index;
  if (candidates.length > mostCandidates) return;
  const own = candidates.find(({ rule }) => rule === branch)?.constant;
  if (own === undefined) return;
  const others = candidates.flatMap(({ rule, constant }) => (constant === own ? [] : [rule]));
  const acts = ({ body = [] }: Rule): boolean => body.some((expr) => contains(expr, (node) => mayHaveEffects(p, node)));
  const goesOn = candidates.some(({ rule, constant }) => (rule === branch ? p.loops > 0 : constant === own) && acts(rule));
  if (others.length === 0 || !goesOn) return;
  // The variables of this branch are not those of the others.
  const known = [...p.env];
  p.env.clear();
  p.absent(
    (found) =>
      p.emit({
        op: "Block",
        blocks: others.map((other) => p.block(() => withArguments(p, other, args, () => planAdmitted(p, index, other, found)))),
      }),
    () => p.emit({ op: "ReturnLocal", source: result }),
  );
  for (const [name, value] of known) p.env.set(name, value);
}

/** The arguments and the value, before the body: OPA's interpreter looks for no other value then. */
export function matchCalled(p: FunctionPlanner, rule: Rule, { args, wanted }: Called, next: Next): void {
  matchArguments(p, rule.head.args ?? [], args, () => {
    if (wanted === undefined) return next();
    const value = headValue(rule);
    // The interpreter does not unify sets that hold variables.
    if (!isPattern(p, value)) return p.fail();
    p.match(value, local(wanted), next);
  });
}

function matchArguments(p: FunctionPlanner, patterns: readonly Term[], args: readonly Local[], next: Next, at = 0): void {
  if (at === patterns.length) return next();
  p.match(patterns[at]!, local(args[at]!), () => matchArguments(p, patterns, args, next, at + 1));
}
