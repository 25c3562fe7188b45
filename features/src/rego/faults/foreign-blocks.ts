// Loops and returned values of other languages, rewritten: `for x in xs { … }`, `return x`.
import type { TextEdit } from "#grammars/diagnostic.ts";
import type { Token } from "#grammars/rego/tokens.ts";
import { closerOf, closerOfOpener, endOf, openerOf } from "./fault.ts";

/** `[x for x in xs if y]`, `for x in xs`, `for x in xs { … }`; undefined for loops that count. */
export function loopAs(
  word: "some" | "every",
  token: Token,
  text: string,
  tokens: readonly Token[],
): readonly TextEdit[] | undefined {
  const at = tokens.indexOf(token);
  const behind = /^(?:for|foreach)[ \t]*(\()?[ \t]*((?:[A-Za-z_]\w*)(?:[ \t]*,[ \t]*[A-Za-z_]\w*)?)[ \t]+in\b[ \t]*/u.exec(
    text.slice(token.startOffset),
  );
  if (at < 1 || behind === null) return undefined;
  const [found, wrapped, names = ""] = behind;
  const within = openerAround(tokens, at);
  const isComprehension = wrapped === undefined && within !== undefined && tokens[within]!.image !== "(" && !token.newlineBefore;
  const start = { start: token.startOffset, end: token.startOffset + found.length };
  if (isComprehension && tokens[at - 1]!.image !== "{" && tokens[at - 1]!.image !== ";") {
    if (word === "every") return undefined;
    const condition = tokens.find((one, index) => index > at && one.image === "if" && openerAround(tokens, index) === within);
    const edits = [{ range: start, newText: `| some ${names} in ` }];
    if (condition === undefined) return edits;
    const blanks = /[ \t]*$/u.exec(text.slice(0, condition.startOffset))![0].length;
    return [...edits, { range: { start: condition.startOffset - blanks, end: endOf(condition) }, newText: ";" }];
  }
  const brace = blockBehind(tokens, at, wrapped !== undefined);
  if (word === "every" && brace === undefined) return undefined;
  const edits: TextEdit[] = [{ range: start, newText: `${word} ${names} in ` }];
  if (wrapped !== undefined) {
    const close = closerOfOpener(tokens, at + 1);
    if (close === undefined) return undefined;
    const end = endOf(tokens[close]!);
    // Before a block a blank stays.
    edits.push({ range: { start: tokens[close]!.startOffset, end }, newText: /^\s/u.test(text.slice(end)) ? "" : " " });
  }
  if (word === "every" || brace === undefined) return edits;
  const close = closerOfOpener(tokens, brace);
  if (close === undefined) return undefined;
  return [...edits, ...withoutBraces(text, tokens[brace]!, tokens[close]!)];
}

/** The conditions of a block among those around it. */
function withoutBraces(text: string, opener: Token, closer: Token): readonly TextEdit[] {
  const isLine = !text.slice(opener.startOffset, closer.startOffset).includes("\n");
  const before = /[ \t]*$/u.exec(text.slice(0, opener.startOffset))![0].length;
  const lineBefore = /\n?[ \t]*$/u.exec(text.slice(0, closer.startOffset))![0].length;
  const after = isLine ? /^[ \t]*/u.exec(text.slice(endOf(opener)))![0].length : 0;
  return [
    { range: { start: opener.startOffset - before, end: endOf(opener) + after }, newText: isLine ? "; " : "" },
    { range: { start: closer.startOffset - lineBefore, end: endOf(closer) }, newText: "" },
  ];
}

/** The brace of a block on the loop's own line. */
function blockBehind(tokens: readonly Token[], at: number, wrapped: boolean): number | undefined {
  if (wrapped) {
    const close = closerOfOpener(tokens, at + 1);
    return close !== undefined && tokens[close + 1]?.image === "{" ? close + 1 : undefined;
  }
  for (let index = at + 1; index < tokens.length && !tokens[index]!.newlineBefore; index++) {
    const { image } = tokens[index]!;
    if (image === "{" && !/^(?:in|\(|\[|,)$/u.test(tokens[index - 1]!.image)) return index;
    if (closerOf.has(image)) index = closerOfOpener(tokens, index) ?? tokens.length;
  }
  return undefined;
}

/**
 * `f(x) if { y := x; return y }` is `f(x) := y if { y := x }`, when that is the last condition and the head has no value; a body that holds
 * nothing else goes with it.
 */
export function returnedInHead(word: Token, text: string, tokens: readonly Token[]): readonly TextEdit[] | undefined {
  const at = tokens.indexOf(word);
  const opener = openerAround(tokens, at);
  if (opener === undefined || tokens[opener]!.image !== "{") return undefined;
  const close = closerOfOpener(tokens, opener);
  if (close === undefined || openerAround(tokens, opener) !== undefined) return undefined;
  if (tokens[close + 1] !== undefined && !tokens[close + 1]!.newlineBefore) return undefined;
  const value = tokens.slice(at + 1, close);
  if (value.length === 0 || value.some((one, index) => (index > 0 && one.newlineBefore) || one.image === ";")) return undefined;
  if (tokens.some((one, index) => index > opener && index < close && one !== word && one.image === "return")) return undefined;
  const hasIf = tokens[opener - 1]?.image === "if";
  const head = hasIf ? opener - 2 : opener - 1;
  const first = tokens.findLastIndex(
    (one, index) => index <= head && one.newlineBefore && openerAround(tokens, index) === undefined,
  );
  if (head < 0 || tokens.slice(Math.max(first, 0), head + 1).some(({ image }) => /^(?::=|=|contains|else|if)$/u.test(image)))
    return undefined;
  const behindHead = endOf(tokens[head]!);
  const shown = text.slice(value[0]!.startOffset, endOf(value.at(-1)!));
  if (at === opener + 1) return [{ range: { start: behindHead, end: endOf(tokens[close]!) }, newText: ` := ${shown}` }];
  const before = /\s*;?\s*$/u.exec(text.slice(0, word.startOffset))![0].length;
  return [
    { range: { start: behindHead, end: behindHead }, newText: ` := ${shown}${hasIf ? "" : " if"}` },
    { range: { start: word.startOffset - before, end: endOf(value.at(-1)!) }, newText: "" },
  ];
}

/** The index of the bracket that is open at a token. */
function openerAround(tokens: readonly Token[], at: number): number | undefined {
  let depth = 0;
  for (let index = at - 1; index >= 0; index--) {
    const { image } = tokens[index]!;
    if (openerOf.has(image)) depth += 1;
    if (closerOf.has(image) && depth-- === 0) return index;
  }
  return undefined;
}
