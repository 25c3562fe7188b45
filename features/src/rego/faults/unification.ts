// `x = 1` in a body: legal, but `:=` or `==` says what is meant.
import type { Diagnostic } from "#grammars/diagnostic.ts";
import { oncePer } from "#grammars/once-per.ts";
import type { ParsedModule } from "#grammars/rego/parse.ts";
import { type Node, walk } from "../tree.ts";

type Infix = Node & { readonly infix?: string; readonly args: readonly Node[] };

/** A hint at every `=` between terms in the bodies of a v1 module. */
export function unificationHints(parsed: ParsedModule): readonly Diagnostic[] {
  if (parsed.module.version === "v0" || parsed.diagnostics.length > 0) return [];
  return hintsIn(parsed);
}

const hintsIn = oncePer((parsed: ParsedModule): readonly Diagnostic[] => {
  const found: Diagnostic[] = [];
  walk(parsed.module, (node) => {
    const { infix, args } = node as Infix;
    if (node.kind !== "call" || infix !== "=" || args.length !== 2) return;
    const between = parsed.text.slice(args[0]!.end, args[1]!.start);
    const at = between.indexOf("=");
    if (at < 0 || between.includes("#")) return;
    const range = { start: args[0]!.end + at, end: args[0]!.end + at + 1 };
    found.push({
      file: parsed.file,
      range,
      severity: "hint",
      code: "rw_unification",
      message: "`=` unifies; `:=` assigns, `==` compares",
      fixes: [":=", "=="].map((newText) => ({ title: `Use \`${newText}\``, edits: [{ range, newText }] })),
    });
  });
  return found;
});
