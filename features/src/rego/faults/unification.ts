// `x = 1` in a body: legal, but `:=` or `==` says what is meant.
import type { Diagnostic } from "#grammars/diagnostic.ts";
import { oncePer } from "#grammars/once-per.ts";
import type { Rule } from "#grammars/rego/ast.ts";
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
  for (const [left, right] of module.rules.flatMap(unificationsIn)) {
    const between = text.slice(left.end, right.start);
    const at = between.indexOf("=");
    if (at < 0 || between.includes("#")) continue;
    const range = { start: left.end + at, end: left.end + at + 1 };
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

/** Both sides of every `=` in a rule; rules that an edit leaves alone stay the same objects. */
const unificationsIn = oncePer((rule: Rule): readonly (readonly [Node, Node])[] => {
  const found: [Node, Node][] = [];
  walk(rule as Node, (node) => {
    const { infix, args } = node as Infix;
    const [left, right] = node.kind === "call" && infix === "=" && args.length === 2 ? args : [];
    if (left !== undefined && right !== undefined) found.push([left, right]);
  });
  return found;
});
