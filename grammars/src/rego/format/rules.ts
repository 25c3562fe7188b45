// Rules as they are formatted: head, body, `else` branches, and which of them stand together.
import { trimStart } from "../../text/white-space.ts";
import type { Head, Rule, Term } from "../ast.ts";
import { isRuleKey, partsOf } from "../nodes.ts";
import { printTerm } from "../print-terms.ts";
import { isSetTerm, isTrue, markUnionLead, writeBody, writeExpr } from "./bodies.ts";
import { rowsInside } from "./brackets.ts";
import { writeList } from "./collections.ts";
import type { Formatting } from "./formatting.ts";
import { writeRefParts, writeTerm } from "./terms.ts";

export function writeRules(f: Formatting, rules: readonly Rule[]): void {
  rules.forEach((rule, i) => {
    const next = rules[i + 1];
    f.guarded(() => f.w.insertComments(f.row(rule.start)));
    f.repeats = rule.chained || next?.chained ? "head" : rule.else !== undefined ? "arguments" : "nothing";
    f.guarded(() => writeRule(f, rule));
    const grouped =
      next !== undefined && isOneLiner(f, rule) && isOneLiner(f, next) && f.row(next.start) === f.row(rule.start) + 1;
    if (!grouped) f.w.blankLine();
  });
}

function isOneLiner(f: Formatting, rule: Rule): boolean {
  if ((rule.body?.length ?? 1) > 1 || rule.default || rule.else !== undefined) return false;
  const only = rule.body?.[0];
  if (only !== undefined && isSetTerm(only)) return false;
  return f.ifWord && (f.containsWord || !isPartialSet(rule.head));
}

function writeRule(f: Formatting, rule: Rule): void {
  writeBranch(f, rule, false);
  for (let at = rule; at.else !== undefined; at = at.else) {
    startElse(f, at, at.else);
    writeBranch(f, at.else, true);
  }
}

function writeBranch(f: Formatting, rule: Rule, isElse: boolean): void {
  const { w } = f;
  if (!isElse) w.startLine();
  if (rule.default) w.write("default ");
  const body = rule.body ?? [];
  const constant = (body.length === 0 || isTrue(body)) && rule.else === undefined;
  w.commentOnFinalLine = constant;
  const clash = f.guarded(() => writeHead(f, rule, isElse, constant));
  if (body.length === 0 || constant) {
    w.endLine();
    return;
  }
  w.commentOnFinalLine = true;
  const usesIf = f.ifWord && (f.containsWord || !isPartialSet(rule.head));
  const first = body[0]!;
  // All places of what stands behind the `if` of an `else` without braces are the branch's.
  const placed = (write: () => void): void => (isElse && first.start === rule.start ? f.standingAt(rule, write) : write());
  if (usesIf) {
    w.write(" if");
    const headEnd = rule.chained ? f.row(rule.end) : f.row(rule.head.end);
    if (body.length === 1 && f.row(first.start) === headEnd && !isSetTerm(first)) {
      w.write(" ");
      f.guarded(() => placed(() => writeExpr(f, first)));
      w.endLine();
      return;
    }
  }
  if (clash && w.hasComments) w.write(" { ");
  else {
    w.write(" {");
    w.endLine();
  }
  if (usesIf && !isElse) markUnionLead(f, first);
  w.level++;
  f.guarded(() => placed(() => writeBody(f, body)));
  w.insertComments(closingRow(f, rule, isElse), true);
  w.level--;
  w.startLine();
  w.write("}");
}

/** The row of the brace that closes a rule's first body. */
function closingRow(f: Formatting, rule: Rule, isElse: boolean): number {
  const text = f.source(rule);
  const skip = isElse ? "" : (rule.head.args?.length ?? 0) > 0 ? "()" : hasKey(rule) ? "[]" : "";
  const rows = rowsInside(text, "{", "}", skip);
  return rows < 0 ? -1 : f.row(rule.start) + rows;
}

function startElse(f: Formatting, rule: Rule, branch: Rule): void {
  const { w } = f;
  const row = f.row(branch.start);
  const inline = row > f.row(rule.start) && !trimStart(f.lines.lineText(row)).startsWith("else");
  const commentAbove = w.commentAbove(row);
  if (!commentAbove && inline) w.write(" ");
  else {
    w.blankLine();
    w.startLine();
  }
  w.insertComments(row, true);
  if (commentAbove && !inline) w.startLine();
}

function writeHead(f: Formatting, rule: Rule, isElse: boolean, constant: boolean): void {
  const { w } = f;
  const { head } = rule;
  const parts = partsOf(head.reference);
  if (isElse) {
    if (!w.inline) w.startLine();
    w.write("else");
  } else {
    const second = parts[1];
    if (parts.length !== 2 || f.refHeads || second === undefined) f.losing(() => writeRefParts(f, parts));
    else if (w.nextCommentRow === f.row(second.start)) {
      const place = rule.chained ? rule : head;
      w.writeUnformatted(f.source(place), f.row(place.end));
      return;
    } else {
      w.write(`${printTerm(parts[0]!)}[${printTerm(second)}]`);
    }
  }
  if (rule.chained) f.standingAt(rule, () => writeHeadTerms(f, rule, isElse, constant));
  else writeHeadTerms(f, rule, isElse, constant);
}

/** A wildcard that is an argument is a variable of its own in every copy of the head. */
function plainWildcard(arg: Term): Term {
  return arg.kind === "var" && arg.name.startsWith("$") ? { ...arg, name: "_" } : arg;
}

/** Arguments, key and value of a head. */
function writeHeadTerms(f: Formatting, rule: Rule, isElse: boolean, constant: boolean): void {
  const { head } = rule;
  if (!isElse) {
    writeArguments(f, head);
    writeKey(f, head);
  }
  if (!writesValue(f, rule, isElse, constant)) return;
  const { value } = head;
  f.w.write(head.assign || f.v1 ? " := " : " = ");
  if (value === undefined) f.w.write("true");
  else f.numbering(f.repeats === "head", () => writeTerm(f, value, isElse ? head : undefined));
}

function writeArguments(f: Formatting, head: Head): void {
  if (head.args === undefined || head.args.length === 0) return;
  f.w.write("(");
  const text = f.source(head);
  const rows = rowsInside(text, "(", ")");
  const enclosing = { row: f.row(head.start), text, closeRow: rows < 0 ? -1 : f.row(head.start) + rows };
  const args = head.args.map(plainWildcard);
  try {
    f.numbering(f.repeats !== "nothing", () => writeList(f, args, enclosing, false));
  } finally {
    f.w.write(")");
  }
}

function writeKey(f: Formatting, { key }: Head): void {
  if (key === undefined) return;
  if (f.containsWord) {
    f.w.write(" contains ");
    writeTerm(f, key);
    return;
  }
  f.w.write("[");
  f.numbering(f.repeats === "head", () => writeTerm(f, key));
  f.w.write("]");
}

/** False where OPA leaves the value out: mostly `true`, which a head has without a word. */
function writesValue(f: Formatting, rule: Rule, isElse: boolean, constant: boolean): boolean {
  const { head, hasIf, body, chained } = rule;
  const { value } = head;
  if (head.key !== undefined) return false;
  if (rule.default) return true;
  const isTrue = value === undefined || (value.kind === "boolean" && value.value);
  const isFunction = (head.args?.length ?? 0) > 0;
  const keyed = !isElse && hasKey(rule);
  const length = partsOf(head.reference).length;
  if (isTrue && !constant && !(keyed && value !== undefined)) return false;
  // The head of a further body has all its places there, and OPA takes a value with the head's own place for one it filled in.
  if (chained && isTrue && (isFunction || !f.v1)) return false;
  if (value !== undefined) return true;
  // The value that OPA fills in for a name of two parts has the head's own place, and is not written but for a constant of v1.
  if (hasIf && length === 2 && (keyed || (!isFunction && !f.v1))) return false;
  return body !== undefined || isElse || !(isFunction || (!f.v1 && length > 2));
}

/** True when OPA takes the second part of a rule's name for its key, too. */
function hasKey({ head, hasIf }: Rule): boolean {
  if (head.key !== undefined) return true;
  const [, key, more] = partsOf(head.reference);
  if (key === undefined || more !== undefined || (head.args?.length ?? 0) > 0) return false;
  return !hasIf || isRuleKey(key);
}

function isPartialSet(head: Head): boolean {
  return head.key !== undefined && head.value === undefined;
}
