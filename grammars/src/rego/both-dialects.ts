// What a module must keep to so that one text can be valid in v0 and in v1, beyond what its own dialect asks.
import { keywordsOf } from "./keywords.ts";
import { partsOf } from "./nodes.ts";
import type { ParsedModule } from "./parse.ts";
import { TemplateStart } from "./tokens.ts";

/** False for what no rewriting cures: template strings (not in v0), rules named like keywords of v1, two imports of one name (not in v1). */
export function fitsBothDialects({ module, tokens }: ParsedModule): boolean {
  if (tokens.some(({ tokenType }) => tokenType === TemplateStart)) return false;
  for (const { head } of module.rules) {
    const [first, ...rest] = partsOf(head.reference);
    if (rest.length === 0 && first?.kind === "var" && keywordsOf.v1.has(first.name)) return false;
  }
  const names = new Set<string>();
  for (const { path, alias } of module.imports) {
    const parts = partsOf(path);
    const [root] = parts;
    if (root?.kind === "var" && (root.name === "future" || root.name === "rego")) continue;
    const last = alias ?? parts.at(-1)!;
    const name = last.kind === "var" ? last.name : last.kind === "string" ? last.value : "";
    if (names.has(name)) return false;
    names.add(name);
  }
  return true;
}
