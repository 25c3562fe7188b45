// Growing a selection: word, term, reference step by step, expression, body, rule, clauses of the rule, file.
import type { Module, Range, Ref, Rule } from "#grammars/rego/ast.ts";
import { commentBlocks } from "./folding.ts";
import { type Node, nodesAt } from "./tree.ts";

/** The ranges around an offset, the smallest first, each containing the one before. */
export function selectionAt(module: Module, text: string, offset: number): readonly Range[] {
  const ranges: Range[] = [];
  const add = (range: Range) => {
    if (range.start > offset || offset > range.end) return;
    const last = ranges.at(-1);
    if (last !== undefined && (range.start > last.start || range.end < last.end)) return;
    if (last !== undefined && range.start === last.start && range.end === last.end) return;
    ranges.push({ start: range.start, end: range.end });
  };
  const word = wordAt(text, offset);
  if (word !== undefined) add(word);
  for (const range of commentsAt(module, text, offset)) add(range);
  const path = [...nodesAt(module, offset)].reverse();
  for (const [at, node] of path.entries()) {
    if (node.kind === "module") continue;
    if (node.kind === "ref") for (const step of refSteps(node, offset)) add(step);
    if (node.kind === "string" && node.end - node.start > 2) add({ start: node.start + 1, end: node.end - 1 });
    const body = bodyBetween(node, path[at - 1]);
    if (body !== undefined) add(body);
    add(node);
    if (node.kind === "rule") add(clauses(module, node, text));
  }
  add({ start: 0, end: text.length });
  return ranges;
}

/** The text of a comment, the comment, and the block it belongs to. */
function commentsAt(module: Module, text: string, offset: number): readonly Range[] {
  const comment = module.comments.find(({ start, end }) => start < offset && offset <= end);
  if (comment === undefined) return [];
  const blanks = /^#[ \t]*/u.exec(text.slice(comment.start, comment.end))![0].length;
  const block = commentBlocks(module.comments, text).find(({ start, end }) => start <= comment.start && comment.end <= end);
  return [{ start: comment.start + blanks, end: comment.end }, comment, ...(block === undefined ? [] : [block])];
}

function wordAt(text: string, offset: number): Range | undefined {
  let start = offset;
  let end = offset;
  while (start > 0 && /\w/u.test(text[start - 1]!)) start -= 1;
  while (end < text.length && /\w/u.test(text[end]!)) end += 1;
  return end > start ? { start, end } : undefined;
}

/** `a`, `a.b`, `a.b[c]` up to the part at the offset and then further. */
function refSteps(node: Ref, offset: number): readonly Range[] {
  return node.parts.filter((part) => part.end >= offset).map((part) => ({ start: node.start, end: part.end }));
}

/** The whole body when the selection came from one expression of several. */
function bodyBetween(node: Node, child: Node | undefined): Range | undefined {
  const body = "body" in node && node.kind !== "expr" ? (node.body ?? []) : [];
  return body.some((one) => one === child) ? { start: body[0]!.start, end: body.at(-1)!.end } : undefined;
}

function clauses(module: Module, rule: Rule, text: string): Range {
  const name = (other: Rule) => text.slice(other.head.reference.start, other.head.reference.end);
  const at = module.rules.indexOf(rule);
  if (at < 0) return rule;
  let from = at;
  let to = at;
  while (from > 0 && name(module.rules[from - 1]!) === name(rule)) from -= 1;
  while (to + 1 < module.rules.length && name(module.rules[to + 1]!) === name(rule)) to += 1;
  return { start: module.rules[from]!.start, end: module.rules[to]!.end };
}
