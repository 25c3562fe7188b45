// Rule heads as Rego v0 wrote them: without `if`, without `contains`.
import type { TextEdit } from "#grammars/diagnostic.ts";
import type { Rule } from "#grammars/rego/ast.ts";
import type { ParsedModule } from "#grammars/rego/parse.ts";
import { type FaultKind, insertion } from "./fault.ts";

export const missingIf: FaultKind = ({ parsed, error }) => {
  const required = /^`(if|contains)` keyword is required/u.exec(error.message)?.[1];
  if (required === undefined) return [];
  const rule = ruleAt(parsed, error.range.start);
  if (rule === undefined) return [];
  const { text } = parsed;
  // `} elif {` reads like a rule of that name.
  if (/^(?:elif|elseif)\b/u.test(text.slice(rule.start))) return [];
  // And so does `if x then {`, where that is not the first word of its line.
  if (/^then\b/u.test(text.slice(rule.start)) && /[^\s][ \t]+$/u.test(text.slice(0, rule.start))) return [];
  const brace = rule.body?.[0] === undefined ? rule.end : text.lastIndexOf("{", rule.body[0].start);
  const head = { start: rule.start, end: rule.start + text.slice(rule.start, brace).trimEnd().length };
  const partial = partialSet(parsed, rule);
  if (partial !== undefined) {
    const message = `a partial set rule is written \`${partial} if\``;
    return [{ range: head, message, title: "Rewrite with `contains`", repair: modernised(parsed, rule), certain: true }];
  }
  const message = "`if` is required before a rule body (Rego v1)";
  return [{ range: head, message, title: "Add `if`", repair: modernised(parsed, rule), certain: true }];
};

function ruleAt({ module }: ParsedModule, offset: number): Rule | undefined {
  for (const rule of module.rules) {
    for (let one: Rule | undefined = rule; one !== undefined; one = one.else) if (one.start === offset) return one;
  }
  return undefined;
}

/** `deny contains msg` for a head `deny[msg]` without a value. */
function partialSet({ text }: ParsedModule, { head }: Rule): string | undefined {
  if (head.key === undefined || head.value !== undefined || head.contains === undefined) return undefined;
  const key = text.slice(head.key.start, head.key.end);
  const written = text.slice(head.start, head.end);
  const bracket = written.indexOf("[");
  return bracket < 0 ? undefined : `${written.slice(0, bracket)} contains ${key}`;
}

/** The edits that write one rule as v1 wants it. */
function modernised(parsed: ParsedModule, rule: Rule): readonly TextEdit[] {
  const { text } = parsed;
  const edits: TextEdit[] = [];
  const partial = partialSet(parsed, rule);
  const bodyStart = rule.body?.[0]?.start;
  const brace = bodyStart === undefined ? -1 : text.lastIndexOf("{", bodyStart);
  if (partial !== undefined) {
    const end = brace < 0 ? rule.head.end : rule.start + text.slice(rule.start, brace).trimEnd().length;
    edits.push({ range: { start: rule.head.start, end }, newText: brace < 0 ? partial : `${partial} if` });
    return edits;
  }
  for (let one: Rule | undefined = rule; one !== undefined; one = one.else) {
    const first = one.body?.[0]?.start;
    const open = first === undefined ? -1 : text.lastIndexOf("{", first);
    if (open > one.start && !/\bif\s*$/u.test(text.slice(one.start, open))) edits.push(insertion(open, "if "));
  }
  return edits;
}

/** The edits that write every rule of a file as v1 wants it. */
export function migrationOf(parsed: ParsedModule): readonly TextEdit[] {
  const wanted = parsed.diagnostics.filter((found) => /^`(?:if|contains)` keyword is required/u.test(found.message));
  const starts = new Set(wanted.map((found) => found.range.start));
  return parsed.module.rules.filter((rule) => hasStart(rule, starts)).flatMap((rule) => modernised(parsed, rule));
}

function hasStart(rule: Rule, starts: ReadonlySet<number>): boolean {
  for (let one: Rule | undefined = rule; one !== undefined; one = one.else) if (starts.has(one.start)) return true;
  return false;
}
