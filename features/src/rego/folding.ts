// What can be folded: clause groups, rules, bodies, collections, comprehensions, comment blocks, imports, regions.

import type { Body, Comment, Expr, Module, Range, Rule, Term } from "#grammars/rego/ast.ts";
import { operandsOf } from "#grammars/rego/nodes.ts";
import { LineIndex } from "#grammars/text/lines.ts";

export interface Fold {
  readonly range: Range;
  readonly kind: "comment" | "imports" | "region" | undefined;
}

/** Every range over more than one line that is worth folding. */
export function foldsOf(module: Module, text: string): readonly Fold[] {
  const folds: Fold[] = [];
  const add = (range: Range, kind?: Fold["kind"]) => {
    if (text.slice(range.start, range.end).includes("\n")) folds.push({ range: { start: range.start, end: range.end }, kind });
  };
  const [firstImport] = module.imports;
  if (firstImport !== undefined) add({ start: firstImport.start, end: module.imports.at(-1)!.end }, "imports");
  for (const block of commentBlocks(module.comments, text)) add(block, "comment");
  for (const region of regions(module.comments, text)) add(region, "region");
  for (const group of clauseGroups(module.rules, text)) add(group);
  for (const rule of module.rules) foldRule(rule, text, add);
  return unique(folds, text);
}

/** One fold for the same lines. */
function unique(folds: readonly Fold[], text: string): readonly Fold[] {
  const lines = new LineIndex(text);
  const seen = new Set<string>();
  return folds.filter(({ range }) => {
    const key = `${lines.lineOf(range.start)}:${lines.lineOf(range.end)}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

/** Comments on adjacent lines that stand alone. */
export function commentBlocks(comments: readonly Comment[], text: string): readonly Range[] {
  const blocks: { start: number; end: number }[] = [];
  for (const comment of comments) {
    const lineStart = text.lastIndexOf("\n", comment.start - 1) + 1;
    if (text.slice(lineStart, comment.start).trim() !== "") continue;
    const last = blocks.at(-1);
    const between = last === undefined ? "" : text.slice(last.end, comment.start);
    if (last !== undefined && between.trim() === "" && between.split("\n").length === 2) last.end = comment.end;
    else blocks.push({ start: comment.start, end: comment.end });
  }
  return blocks;
}

function regions(comments: readonly Comment[], text: string): readonly Range[] {
  const open: number[] = [];
  const found: Range[] = [];
  for (const comment of comments) {
    const words = text.slice(comment.start + 1, comment.end).trim();
    if (/^region\b/u.test(words)) open.push(comment.start);
    else if (/^endregion\b/u.test(words)) {
      const start = open.pop();
      if (start !== undefined) found.push({ start, end: comment.end });
    }
  }
  return found;
}

/** Adjacent clauses of one rule. */
function clauseGroups(rules: readonly Rule[], text: string): readonly Range[] {
  const name = (rule: Rule) => text.slice(rule.head.reference.start, rule.head.reference.end);
  const groups: Range[] = [];
  let from = 0;
  for (let at = 1; at <= rules.length; at++) {
    if (at < rules.length && name(rules[at]!) === name(rules[from]!)) continue;
    if (at - from > 1) groups.push({ start: rules[from]!.start, end: rules[at - 1]!.end });
    from = at;
  }
  return groups;
}

function foldRule(rule: Rule, text: string, add: (range: Range) => void): void {
  for (let branch: Rule | undefined = rule; branch !== undefined; branch = branch.else) foldBranch(branch, text, add);
}

function foldBranch(rule: Rule, text: string, add: (range: Range) => void): void {
  add(rule);
  for (const term of [...(rule.head.args ?? []), rule.head.key, rule.head.value]) if (term !== undefined) foldTerm(term, add);
  const [first] = rule.body ?? [];
  // Below a head of several lines the body folds alone.
  if (first !== undefined && text.slice(rule.start, rule.head.end).includes("\n"))
    add({ start: rule.head.end, end: rule.else === undefined ? rule.end : rule.body!.at(-1)!.end });
  foldBody(rule.body ?? [], add);
}

function foldBody(body: Body, add: (range: Range) => void): void {
  for (const expr of body) foldExpr(expr, add);
}

function foldExpr(expr: Expr, add: (range: Range) => void): void {
  const inner = expr.body;
  switch (inner.kind) {
    case "some":
      for (const symbol of inner.symbols) foldTerm(symbol, add);
      break;
    case "every":
      add(inner);
      foldTerm(inner.domain, add);
      foldBody(inner.body, add);
      break;
    case "notBody":
      add(inner);
      foldBody(inner.body, add);
      break;
    case "logical":
      foldBody(inner.left, add);
      foldBody(inner.right, add);
      break;
    default:
      foldTerm(inner, add);
  }
  for (const { value } of expr.with) foldTerm(value, add);
}

function foldTerm(term: Term, add: (range: Range) => void): void {
  switch (term.kind) {
    case "array":
    case "set":
      add(term);
      for (const item of term.items) foldTerm(item, add);
      break;
    case "object":
      add(term);
      for (const { key, value } of term.entries) {
        foldTerm(key, add);
        foldTerm(value, add);
      }
      break;
    case "arrayComprehension":
    case "setComprehension":
    case "objectComprehension":
      add(term);
      foldBody(term.body, add);
      break;
    case "call":
      if (term.infix === undefined) add(term);
      for (const arg of operandsOf(term)) foldTerm(arg, add);
      break;
    case "ref":
      for (const part of term.parts) foldTerm(part, add);
      break;
    case "string":
      if (term.raw === true) add(term);
      break;
    case "templateString":
      add(term);
      break;
    default:
      break;
  }
}
