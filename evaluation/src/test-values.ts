// Test rules in which every side of an equation has a variable, as OPA compiles them to tell their values.
import type { Checked, CheckedModule } from "#analysis/rego/checked.ts";
import { unification, varTerm } from "#analysis/rego/tree/make.ts";
import { headParts } from "#analysis/rego/tree/refs.ts";
import { isUnification } from "#analysis/rego/tree/vars.ts";
import { isComprehension, type Node, walkBody, walkHead } from "#analysis/rego/tree/walk.ts";
import type { Body, Expr, Rule, Term } from "#grammars/rego/ast.ts";
import { isSkippedTest, testHead } from "./test-cases.ts";

/** `input.x == 1` becomes `__local5__ = input.x; __local5__ = 1`, in the bodies of `every` too; of tests, or of the rules that are named. Names go on from module to module. */
export function withTestValues(checked: Checked, isTold: (rule: Rule) => boolean = isTest): Checked {
  let next = Math.max(0, ...checked.modules.map(({ module }) => firstFree(module.rules)));
  const fresh = (): string => `__local${next++}__`;
  return { ...checked, modules: checked.modules.map((one) => withValues(one, fresh, isTold)) };
}

function withValues(one: CheckedModule, fresh: () => string, isTold: (rule: Rule) => boolean): CheckedModule {
  const { module } = one;
  const rules = module.rules.map((rule) => (isTold(rule) ? { ...rule, body: told(rule.body ?? [], fresh) } : rule));
  return { ...one, module: { ...module, rules } };
}

/** Of tests with cases OPA leaves the equations as they are. */
function isTest(rule: Rule): boolean {
  const test = testHead(rule);
  return test !== undefined && !isSkippedTest(test.name) && headParts(rule.head).length === test.parts.length;
}

/** The number of the first generated variable that no rule has. */
function firstFree(rules: readonly Rule[]): number {
  let next = 0;
  const visit = (node: Node): undefined => {
    const number = node.kind === "var" ? /^__local(\d+)__$/u.exec(node.name)?.[1] : undefined;
    if (number !== undefined) next = Math.max(next, Number(number) + 1);
  };
  for (const rule of rules)
    for (let branch: Rule | undefined = rule; branch !== undefined; branch = branch.else) {
      walkHead(branch.head, visit);
      walkBody(branch.body ?? [], visit);
    }
  return next;
}

function told(body: Body, fresh: () => string): Body {
  return body.flatMap((expr): readonly Expr[] => {
    if (expr.negated || expr.generated === true) return [expr];
    if (expr.body.kind === "every") return [{ ...expr, body: { ...expr.body, body: told(expr.body.body, fresh) } }];
    if (expr.body.kind !== "call" || !isUnification(expr)) return [expr];
    const before: Expr[] = [];
    const args = expr.body.args.map((term): Term => {
      if (term.kind !== "ref" && !isComprehension(term)) return term;
      const value = varTerm(fresh(), term);
      before.push(unification(value, term, { with: expr.with }));
      return value;
    });
    return [...before, { ...expr, body: { ...expr.body, args } }];
  });
}
