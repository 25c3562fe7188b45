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
  const staying = bodyOf(file, expr)?.find((one) => one !== expr && !others.has(one));
  return staying === undefined ? undefined : { title, edits: [edit(file, expr, staying.start < expr.start)] };
}

/** Of two semicolons the one goes that is on the side of what stays: so all of `others` can go together. */
function edit({ text }: LintFile, { start, end }: Expr, isBehind: boolean): TextEdit {
  const rowStart = text.lastIndexOf("\n", start - 1) + 1;
  const [behind, lineBreak] = /^[ \t]*(?:;[ \t]*)?(\r?\n)?/u.exec(text.slice(end))!;
  const isAlone = lineBreak !== undefined && text.slice(rowStart, start).trim() === "";
  if (isAlone) return { range: { start: rowStart, end: end + behind.length }, newText: "" };
  const [before] = /[ \t]*;[ \t]*$/u.exec(text.slice(rowStart, start)) ?? [""];
  if (isBehind) return { range: { start: start - before.length, end }, newText: "" };
  const semicolon = behind.includes(";") ? behind.length - (lineBreak?.length ?? 0) : 0;
  return { range: { start, end: end + semicolon }, newText: "" };
}
