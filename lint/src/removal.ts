// Takes expressions out of bodies: the fix of what says nothing.
import type { QuickFix, TextEdit } from "#grammars/diagnostic.ts";
import type { Body, Expr } from "#grammars/rego/ast.ts";
import type { LintFile } from "./lint-file.ts";

/** The body that an expression stands in; undefined for an operand and for a hole of a template string. */
export function bodyOf(file: LintFile, expr: Expr): Body | undefined {
  const above = file.parent(expr);
  if (above === undefined) return file.branchOf(expr).body;
  return "body" in above && Array.isArray(above.body) ? above.body : undefined;
}

/** Removes an expression, with its row where it has one for itself; undefined where nothing but `others` would stay in the body. */
export function removalOf(file: LintFile, expr: Expr, title: string, others: ReadonlySet<Expr>): QuickFix | undefined {
  const stays = bodyOf(file, expr)?.some((one) => one !== expr && !others.has(one)) ?? false;
  return stays ? { title, edits: [edit(file, expr)] } : undefined;
}

function edit({ text }: LintFile, { start, end }: Expr): TextEdit {
  const before = /(?:^|\n)[ \t]*$/u.exec(text.slice(text.lastIndexOf("\n", start - 1) + 1, start));
  const [behind] = /^[ \t]*(?:;[ \t]*)?/u.exec(text.slice(end, text.indexOf("\n", end) + 1))!;
  const to = end + behind.length;
  if (before !== null && text[to] === "\n") return { range: { start: start - before[0].length, end: to + 1 }, newText: "" };
  if (behind.includes(";")) return { range: { start, end: to }, newText: "" };
  // The last one of a row takes the semicolon before it along.
  const [semicolon] = /(?:[ \t]*;)?[ \t]*$/u.exec(text.slice(0, start))!;
  return { range: { start: semicolon.includes(";") ? start - semicolon.length : start, end }, newText: "" };
}
