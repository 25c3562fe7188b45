// `a || b` as Rego says it, where only one thing can be meant: `x in {1, 2}` for values of one ref, else a rule for each condition.
import type { TextEdit } from "#grammars/diagnostic.ts";
import type { Token } from "#grammars/rego/tokens.ts";
import { closerOf, closerOfOpener, endOf, insertion, openerOf } from "./fault.ts";

export interface Alternatives {
  readonly title: string;
  readonly repair: readonly TextEdit[];
}

/** More rules than these are not written for one condition. */
const mostRules = 6;

/** What mends the condition of a rule that `||` or `or` joins at an offset; undefined where it is nested in something else, or a value. */
export function alternativesAt(text: string, tokens: readonly Token[], place: number): Alternatives | undefined {
  const at = tokens.findIndex((token) => token.startOffset >= place);
  const rule = at < 0 ? undefined : ruleAround(tokens, at);
  if (rule === undefined) return undefined;
  const { first, last, body } = rule;
  const run = conditionAround(tokens, at, body);
  if (run === undefined) return undefined;
  const operands = operandsOf(text, tokens, run);
  if (operands === undefined) return undefined;
  const { from, to } = run;
  const condition = { start: tokens[from]!.startOffset, end: endOf(tokens[to]!) };
  const member = membership(operands);
  if (member !== undefined) return { title: "Use `in`", repair: [{ range: condition, newText: member }] };
  const { startOffset: start } = tokens[first]!;
  const end = endOf(tokens[last]!);
  // An `else` would be that of the last rule alone.
  if (operands.length > mostRules || tokens[last + 1]?.image === "else") return undefined;
  const [one = "", ...others] = operands;
  const before = text.slice(start, condition.start);
  const after = text.slice(condition.end, end);
  const between = /\n/u.test(before + after) ? "\n\n" : "\n";
  const rules = others.map((other) => `${between}${before}${other}${after}`).join("");
  return { title: "Write a rule for each condition", repair: [{ range: condition, newText: one }, insertion(end, rules)] };
}

/** Tokens by their indexes, the last included. */
interface Run {
  readonly from: number;
  readonly to: number;
}

interface RuleRun {
  readonly first: number;
  readonly last: number;
  /** What stands behind `if`, without braces. */
  readonly body: Run;
}

/** The rule that a token lies in the body of, when `if` has one body and nothing follows it. */
function ruleAround(tokens: readonly Token[], at: number): RuleRun | undefined {
  const depths: number[] = [];
  let depth = 0;
  for (const { image } of tokens) {
    if (openerOf.has(image)) depth -= 1;
    depths.push(depth);
    if (closerOf.has(image)) depth += 1;
  }
  const startsRule = (index: number): boolean => depths[index] === 0 && (index === 0 || tokens[index]!.newlineBefore);
  const first = tokens.findLastIndex((_, index) => index <= at && startsRule(index));
  const next = tokens.findIndex((_, index) => index > at && startsRule(index) && tokens[index]!.image !== "}");
  const last = (next < 0 ? tokens.length : next) - 1;
  const word = tokens.findIndex(({ image }, index) => index > first && index < at && depths[index] === 0 && image === "if");
  if (first < 0 || word < 0) return undefined;
  if (tokens[word + 1]?.image === "{" && depths[last] === 0 && tokens[last]?.image === "}") {
    const closed = depths.findIndex((one, index) => index > word + 1 && one === 0);
    return closed === last ? { first, last, body: { from: word + 2, to: last - 1 } } : undefined;
  }
  return { first, last, body: { from: word + 1, to: last } };
}

/** The condition of a body that a token lies in; of one in parentheses all of it. */
function conditionAround(tokens: readonly Token[], at: number, { from: start, to: end }: Run): Run | undefined {
  let from = start;
  let depth = 0;
  let inside = 0;
  let to = end;
  for (let index = start; index <= end; index++) {
    const { image, newlineBefore } = tokens[index]!;
    if (openerOf.has(image)) depth -= 1;
    if (depth === 0 && index > start && (newlineBefore || image === ";") && !openerOf.has(image)) {
      if (index > at) {
        to = index - 1;
        break;
      }
      from = image === ";" ? index + 1 : index;
    }
    if (index === at) inside = depth;
    if (closerOf.has(image)) depth += 1;
  }
  const isWrapped = inside === 1 && tokens[from]?.image === "(" && !tokens[from]!.adjacent && closerOfOpener(tokens, from) === to;
  return inside === 0 || isWrapped ? { from, to } : undefined;
}

/** What `||` and `or` join; undefined where something else binds it, such as `&&`, a value that is assigned, or `with`. */
function operandsOf(text: string, tokens: readonly Token[], { from, to }: Run): readonly string[] | undefined {
  const wrapped = closerOfOpener(tokens, from) === to && tokens[from]!.image === "(";
  const [first, last] = wrapped ? [from + 1, to - 1] : [from, to];
  const operands: string[] = [];
  let depth = 0;
  let begin = first;
  const add = (end: number): boolean => {
    if (end < begin) return false;
    operands.push(text.slice(tokens[begin]!.startOffset, endOf(tokens[end]!)));
    return true;
  };
  for (let index = first; index <= last; index++) {
    const { image } = tokens[index]!;
    if (openerOf.has(image)) depth -= 1;
    if (depth === 0) {
      if (/^(?::=|=|&|and|else|with|some|every|contains|if)$/u.test(image)) return undefined;
      const isBar = image === "|" && tokens[index + 1]?.image === "|" && tokens[index + 1]!.adjacent;
      if (isBar || image === "or") {
        if (!add(index - 1)) return undefined;
        if (isBar) index += 1;
        begin = index + 1;
      } else if (image === "|") return undefined;
    }
    if (closerOf.has(image)) depth += 1;
  }
  return add(last) && operands.length > 1 ? operands : undefined;
}

/** `x in {1, 2}` for `x == 1 || x == 2`. */
function membership(operands: readonly string[]): string | undefined {
  const compared = operands.map((one) =>
    /^([A-Za-z_][\w.]*(?:\[[^\]]*\])*)\s*==\s*("(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?|true|false|null)$/u.exec(one),
  );
  const [name] = compared.map((found) => found?.[1]);
  if (name === undefined || compared.some((found) => found?.[1] !== name)) return undefined;
  return `${name} in {${compared.map((found) => found![2]).join(", ")}}`;
}
