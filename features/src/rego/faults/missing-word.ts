// A word or operator that is missing between two tokens: the first that makes the statement read again.
import type { Token } from "#grammars/rego/tokens.ts";
import { endOf, type FaultKind, gap, insertion, rangeOf, type Suspicion } from "./fault.ts";

const candidates = ["if", ":=", "in", "==", "contains", "as", ".", "some x in", ";"] as const;

export const missingWord: FaultKind = ({ parsed: { text, tokens }, token }) => {
  const found: Suspicion[] = [];
  const last = token?.index ?? tokens.length;
  for (const at of [last, last - 1, last - 2]) {
    const previous = tokens[at - 1];
    if (previous === undefined || at < 1) continue;
    const next = tokens[at];
    if (next?.newlineBefore === true || wantsTerm(previous)) continue;
    for (const word of wordsBehind(text, tokens, at, next)) {
      const newText = word === "." ? "." : ` ${word}`;
      found.push({
        range: next === undefined ? { start: previous.startOffset, end: endOf(previous) } : gapOrToken(previous, next, text),
        message: `missing \`${word}\` after \`${previous.image}\``,
        title: `Insert \`${word}\``,
        repair: [insertion(endOf(previous), newText)],
      });
    }
  }
  return found;
};

/** What may be missing behind the token before an index, the likeliest first. */
function wordsBehind(text: string, tokens: readonly Token[], at: number, next: Token | undefined): readonly string[] {
  const before = expressionBefore(tokens, at);
  // What is compared or assigned already is complete, and nothing negated declares.
  if (before.some(({ image }) => /^(?::=|[=!<>]=?|==|in)$/u.test(image)))
    return candidates.filter((word) => !/^(?::=|in|==)$/u.test(word));
  const isNegated = before[0]?.image === "not";
  const words = isNegated || isRefOfBody(text, tokens, at - 1) ? comparisonsFirst(next) : candidates;
  const likely = isNegated ? words.filter((word) => !/^(?::=|some x in)$/u.test(word)) : words;
  // The first letter of `in`, with which the line ends so far.
  const isBegun =
    next?.image === "i" && tokens[at + 1]?.newlineBefore !== false && indentedOrBehind(text, tokens[at - 1]!.startOffset);
  return isBegun ? ["in", ...likely.filter((word) => word !== "in")] : likely;
}

/** The tokens of the condition before an index, what stands in brackets aside. */
function expressionBefore(tokens: readonly Token[], at: number): readonly Token[] {
  const before: Token[] = [];
  let depth = 0;
  for (let index = at - 1; index >= 0; index--) {
    const token = tokens[index]!;
    if (/^[)\]}]$/u.test(token.image)) depth += 1;
    else if (/^[([{]$/u.test(token.image) && depth-- === 0) break;
    else if (depth === 0 && /^(?:;|\||if|,)$/u.test(token.image)) break;
    else if (depth === 0) before.push(token);
    if (depth === 0 && token.newlineBefore) break;
  }
  return before.reverse();
}

/** A ref cannot be assigned to: it is compared, or looked for where a collection is written out. */
function comparisonsFirst(next: Token | undefined): readonly string[] {
  const first = next !== undefined && /^[[{]$/u.test(next.image) ? ["in", "=="] : ["==", "in"];
  return ["if", ...first, ...candidates.filter((word) => !/^(?:if|in|:=|==)$/u.test(word))];
}

/** True when the token at an index ends a ref of several parts that does not begin its line, as a rule's head would. */
function isRefOfBody(text: string, tokens: readonly Token[], last: number): boolean {
  let at = last;
  while (at > 0 && tokens[at]!.adjacent) at -= 1;
  return at < last && /^[.[]$/u.test(tokens[at + 1]!.image) && indentedOrBehind(text, tokens[at]!.startOffset);
}

const indentedOrBehind = (text: string, offset: number): boolean => offset > 0 && text[offset - 1] !== "\n";

/** `allow wi`: the beginning of a keyword that ends its line so far. */
export const begunWord: FaultKind = ({ parsed: { text, tokens }, token, before }) => {
  if (token === undefined || before === undefined || token.newlineBefore || token.adjacent || wantsTerm(before)) return [];
  if (tokens[token.index + 1]?.newlineBefore === false && !/^[)\]}]$/u.test(tokens[token.index + 1]!.image)) return [];
  const keyword = ["with", ...(before.image === "}" ? ["else"] : [])].find(
    (one) => one.startsWith(token.image) && one !== token.image,
  );
  const isBehindCondition =
    keyword === "else" || /\bif\b/u.test(lineBefore(text, token)) || /^[ \t]/u.test(lineBefore(text, token));
  if (keyword === undefined || !isBehindCondition) return [];
  return [{ range: rangeOf(token), message: `unexpected \`${token.image}\`: did you mean \`${keyword}\`?`, certain: true }];
};

const lineBefore = (text: string, { startOffset }: Token): string =>
  text.slice(text.lastIndexOf("\n", startOffset) + 1, startOffset);

const enders = /^(?:Identifier|NumberLiteral|StringLiteral|RawString|TemplateEnd|R(?:Paren|Bracket|Brace)|true|false|null)$/u;

/** True for a token that a term must follow: an operator, an opening bracket, a keyword. */
function wantsTerm(token: Token): boolean {
  return !enders.test(token.tokenType.name) || (token.image === "contains" && token.index > 0 && !token.newlineBefore);
}

function gapOrToken(previous: Token, next: Token, text: string): { start: number; end: number } {
  const range = gap(previous, next, text);
  return range.end > range.start ? range : { start: previous.startOffset, end: endOf(next) };
}

/** A name, value or expression is missing behind a token that needs one. */
export const missingTerm: FaultKind = ({ parsed: { tokens }, token }) => {
  const found: Suspicion[] = [];
  const last = token?.index ?? tokens.length;
  for (const at of [last + 1, last, last - 1]) {
    const previous = tokens[at - 1];
    const next = tokens[at];
    const isCloser = next !== undefined && /^[)\]}]$/u.test(next.image) && previous?.image === ",";
    const startsLine = next !== undefined && (next.newlineBefore || previous === undefined) && !isCloser;
    if (startsLine && (previous === undefined || /^[[({,]$/u.test(previous.image) || !wantsTerm(previous))) {
      const what = next.image === ":" ? "a key" : "a name";
      found.push({
        range: { start: next.startOffset, end: endOf(next) },
        message: `${what} is missing before \`${next.image}\``,
        repair: [insertion(next.startOffset, next.image === ":" ? '"name"' : "name ")],
      });
    }
    if (previous === undefined || !wantsTerm(previous) || (startsLine && /^[[({,]$/u.test(previous.image))) continue;
    if (previous.image === "import") {
      const repair = [insertion(endOf(previous), " data.name ")];
      found.push({
        range: { start: previous.startOffset, end: endOf(previous) },
        message: "a path is missing after `import`",
        repair,
      });
      continue;
    }
    if (previous.image === "with") {
      const repair = [insertion(endOf(previous), next?.image === "as" ? " input" : " input as name ")];
      found.push({ range: rangeOf(previous), message: "a target is missing after `with`: `with input as value`", repair });
      continue;
    }
    const what =
      previous.image === "." || previous.image === "default"
        ? "a name"
        : previous.image === ","
          ? "an item"
          : previous.image === ";"
            ? "a condition"
            : "a value";
    found.push({
      range: { start: previous.startOffset, end: endOf(previous) },
      message: `${what} is missing after \`${previous.image}\``,
      repair: [insertion(endOf(previous), previous.image === "." ? "name" : isDefault(tokens, at) ? " 0 " : " name ")],
      // Nothing but a name can follow a dot, and a keyword or operator that ends its line has to go on.
      certain: (previous.image === "." && next?.adjacent !== true) || (at === last && isCutOff(previous, next)),
    });
  }
  return found;
};

/** True where a line ends with a word or an operator, and a bracket closes what it stands in. */
function isCutOff(previous: Token, next: Token | undefined): boolean {
  return next !== undefined && /^[)\]}]$/u.test(next.image) && /^(?:in|:=|[=!<>]?=|[-+*/%<>])$/u.test(previous.image);
}

/** True in a default rule, whose value is a constant. */
function isDefault(tokens: readonly Token[], at: number): boolean {
  let first = Math.min(at, tokens.length) - 1;
  while (first > 0 && !tokens[first]!.newlineBefore) first -= 1;
  return tokens[first]?.image === "default" && at - first > 2;
}

/** `x with input` without a value. */
export const missingAs: FaultKind = ({ parsed: { tokens }, token, error }) => {
  const last = tokens[(token?.index ?? tokens.length) - 1];
  if (last === undefined || !error.message.endsWith("expected as keyword")) return [];
  const repair = [insertion(endOf(last), " as name ")];
  return [{ range: rangeOf(last), message: `\`as\` and a value are missing after \`with ${last.image}\``, repair }];
};

/** A token too many. */
export const strayToken: FaultKind = ({ token, before }) =>
  [token, before].flatMap((one): Suspicion[] =>
    one === undefined
      ? []
      : [
          {
            range: { start: one.startOffset, end: endOf(one) },
            message: `unexpected \`${one.image}\``,
            title: `Remove \`${one.image}\``,
            guess: true,
            repair: [{ range: { start: one.startOffset, end: endOf(one) }, newText: "" }],
          },
        ],
  );
