// Plans one rule with its `else` branches, and the matching of a function's arguments.
import type { Rule, Term } from "#grammars/rego/ast.ts";
import { local, type Next } from "./function-builder.ts";
import { planRuleBody } from "./index-tests.ts";
import type { Block, Local } from "./ir.ts";
import type { FunctionPlanner } from "./planner.ts";
import { headValue } from "./rule-trie.ts";

/** A rule with its `else` branches: the first branch that succeeds decides. */
export function ruleChain(p: FunctionPlanner, rule: Rule, args: readonly Local[], result: Local): void {
  const chosen = rule.else === undefined ? result : p.fresh();
  if (rule.else !== undefined) p.emit({ op: "ResetLocal", target: chosen });
  const branches: Block[] = [];
  for (let branch: Rule | undefined = rule; branch !== undefined; branch = branch.else) {
    const current: Rule = branch;
    branches.push(
      p.block(() => {
        if (current !== rule) p.emit({ op: "IsUndefined", source: chosen });
        matchArguments(p, current.head.args ?? [], args, () => {
          planRuleBody(p, current.body ?? [], current.head.args ?? [], () => {
            p.term(headValue(current), (value) => {
              p.place(current.head);
              p.emit({ op: "AssignVarOnce", source: value, target: chosen });
            });
          });
        });
      }),
    );
  }
  p.emit({ op: "Block", blocks: branches });
  if (rule.else !== undefined) {
    p.emit({ op: "IsDefined", source: chosen });
    p.emit({ op: "AssignVarOnce", source: local(chosen), target: result });
  }
}

export function matchArguments(p: FunctionPlanner, patterns: readonly Term[], args: readonly Local[], next: Next): void {
  const [first, ...rest] = patterns;
  if (first === undefined) return next();
  p.match(first, local(args[0]!), () => matchArguments(p, rest, args.slice(1), next));
}
