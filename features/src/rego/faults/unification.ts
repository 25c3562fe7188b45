// `x = 1` in a body: legal, but `:=` or `==` says what is meant.
import type { Diagnostic } from "#grammars/diagnostic.ts";
import { oncePer } from "#grammars/once-per.ts";
import type { Rule } from "#grammars/rego/ast.ts";
import { originOf } from "#grammars/rego/moved.ts";
import type { ParsedModule } from "#grammars/rego/parse.ts";
import { type Node, walk } from "../tree.ts";

type Infix = Node & { readonly infix?: string; readonly args: readonly Node[] };

/** A hint at every `=` between terms in the bodies of a v1 module. */
export function unificationHints(parsed: ParsedModule): readonly Diagnostic[] {
  if (parsed.module.version === "v0" || parsed.diagnostics.length > 0) return [];
  return hintsIn(parsed);
}

const hintsIn = oncePer(({ file, text, module }: ParsedModule): readonly Diagnostic[] => {
  const found: Diagnostic[] = [];
  if (!/(?<![:=!<>])=(?!=)/u.test(text)) return found;
  const sides = module.rules.flatMap((one) => {
    const { rule, by } = originOf(one);
    return unificationsIn(rule).map(([left, right]) => ({ from: left.end + by, to: right.start + by }));
  });
  for (const { from, to } of sides) {
    const between = text.slice(from, to);
    const at = between.indexOf("=");
    if (at < 0 || between.includes("#")) continue;
    const range = { start: from + at, end: from + at + 1 };
    found.push({
      file,
      range,
      severity: "hint",
      code: "rw_unification",
      message: "`=` unifies; `:=` assigns, `==` compares",
      fixes: [":=", "=="].map((newText) => ({ title: `Use \`${newText}\``, edits: [{ range, newText }] })),
    });
  }
  return found;
});

/** Both sides of every `=` in a rule; a rule that an edit leaves alone has the same origin. */
const unificationsIn = oncePer((rule: Rule): readonly (readonly [Node, Node])[] => {
  const found: [Node, Node][] = [];
  walk(rule, (node) => {
    const { infix, args } = node as Infix;
    const [left, right] = node.kind === "call" && infix === "=" && args.length === 2 ? args : [];
    if (left !== undefined && right !== undefined) found.push([left, right]);
  });
  return found;
});
