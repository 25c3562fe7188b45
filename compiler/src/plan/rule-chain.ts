// Plans one rule with its `else` branches, and the matching of a function's arguments.
import type { Rule, Term } from "#grammars/rego/ast.ts";
import { local, type Next, TRUE } from "./function-builder.ts";
import { planRuleBody } from "./index-tests.ts";
import type { Block, Local } from "./ir.ts";
import type { FunctionPlanner } from "./planner.ts";
import type { RuleIndex } from "./rule-index.ts";
import { headValue } from "./rule-trie.ts";

/** A rule with its `else` branches: the first branch that succeeds decides. */
export function ruleChain(p: FunctionPlanner, index: RuleIndex, rule: Rule, args: readonly Local[], result: Local): void {
  const taken = rule.else === undefined ? undefined : p.fresh();
  if (taken !== undefined) p.emit({ op: "ResetLocal", target: taken });
  const branches: Block[] = [];
  for (let branch: Rule | undefined = rule; branch !== undefined; branch = branch.else) {
    const current: Rule = branch;
    branches.push(
      p.block(() => {
        if (taken !== undefined && current !== rule) p.emit({ op: "IsUndefined", source: taken });
        matchArguments(p, current.head.args ?? [], args, () => {
          planRuleBody(p, index, current, () => {
            p.term(headValue(current), (value) => {
              p.place(current === rule ? current.head : current);
              if (taken !== undefined && current.else !== undefined) p.emit({ op: "AssignVar", source: TRUE, target: taken });
              p.emit({ op: "AssignVarOnce", source: value, target: result });
            });
          });
        });
      }),
    );
  }
  p.emit({ op: "Block", blocks: branches });
}

export function matchArguments(p: FunctionPlanner, patterns: readonly Term[], args: readonly Local[], next: Next): void {
  const [first, ...rest] = patterns;
  if (first === undefined) return next();
  p.match(first, local(args[0]!), () => matchArguments(p, rest, args.slice(1), next));
}
