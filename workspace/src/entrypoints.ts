// Which rules of a project are its decisions.
import { headName } from "#analysis/rego/tree/refs.ts";
import { oncePer } from "#grammars/once-per.ts";
import type { Module, Rule } from "#grammars/rego/ast.ts";
import type { ParsedModule } from "#grammars/rego/parse.ts";
import { rulePath } from "./config.ts";
import { packageOf } from "./scope.ts";

const usualNames = new Set(["allow", "deny", "violation", "decision"]);

/** Paths below `data`, as `data.storage.allow`: those that are named, else those that the policies offer. */
export function findEntrypoints(named: readonly string[], policies: () => readonly ParsedModule[]): readonly string[] {
  if (named.length > 0) return named.map(rulePath);
  const offered = policies().map(offeredBy);
  const marked = new Set(offered.flatMap((one) => one.marked));
  return [...(marked.size > 0 ? marked : new Set(offered.flatMap((one) => one.usual)))];
}

/** The decisions of one module: those that are marked, and those of the usual names. */
const offeredBy = oncePer((parsed: ParsedModule): { readonly marked: readonly string[]; readonly usual: readonly string[] } => {
  const { module, text } = parsed;
  const marked: string[] = [];
  const usual: string[] = [];
  const prefix = packageOf(parsed);
  if (module.package === undefined || prefix.endsWith("_test")) return { marked, usual };
  for (const rule of module.rules) {
    const name = headName(rule.head);
    if (name === "" || rule.head.args !== undefined) continue;
    if (isMarked(module, text, rule)) marked.push(`${prefix}.${name}`);
    if (usualNames.has(name)) usual.push(`${prefix}.${name}`);
  }
  return { marked, usual };
});

/** True when the comment lines right above the rule are METADATA with `entrypoint: true`. */
function isMarked(module: Module, text: string, rule: Rule): boolean {
  let end = rule.start;
  let marked = false;
  for (const comment of [...module.comments].reverse()) {
    if (comment.start >= end) continue;
    if (text.slice(comment.end, end).trim() !== "" || text.slice(comment.end, end).split("\n").length !== 2) break;
    if (/^#\s*entrypoint:\s*true\s*$/u.test(text.slice(comment.start, comment.end).trim())) marked = true;
    if (/^#\s*METADATA\s*$/u.test(text.slice(comment.start, comment.end).trim())) return marked;
    end = comment.start;
  }
  return false;
}
