// A bracket that is missing its partner: told from indentation and from the brackets around.
import type { Token } from "#grammars/rego/tokens.ts";
import {
  type Broken,
  closerOf,
  endOf,
  type FaultKind,
  indentOf,
  insertion,
  lineEnd,
  nameOfOpener,
  openerOf,
  rangeOf,
  rowOf,
  type Suspicion,
} from "./fault.ts";

/** Open brackets, and places to close one, that are tried: a text of nothing but brackets has too many. */
const mostOpeners = 20;
const mostPlaces = 60;
const bracketNames = new Set(["LParen", "LBracket", "LBrace", "RParen", "RBracket", "RBrace"]);

interface Missing {
  readonly opener: Token;
  /** The token where it shows. */
  readonly found: Token | undefined;
}

export const missingCloser: FaultKind = (broken) => {
  const { text, tokens } = broken.parsed;
  const found: Suspicion[] = [];
  for (const { opener, found: shown } of unclosed(tokens, text).slice(0, mostOpeners)) {
    const closer = closerOf.get(opener.image)!;
    const last = shown === undefined ? tokens.at(-1)! : tokens[shown.index - 1]!;
    const hasContent = opener.index + 1 < tokens.length && !tokens[opener.index + 1]!.newlineBefore;
    const sameLine = closer !== "}" || hasContent;
    const range = sameLine ? { start: opener.startOffset, end: lineEnd(text, opener.startOffset) } : rangeOf(opener);
    const message = `missing \`${closer}\`: ${nameOfOpener(opener, text)}${closer === "}" ? " opened here" : ""} is not closed`;
    const related = shown === undefined ? [] : [{ range: rangeOf(shown), message: "what follows is outside again" }];
    // What is chosen is missing too: only the reader knows it.
    if (closer === "]" && opener.adjacent && last === opener)
      found.push({ range, message, related, repair: [insertion(endOf(opener), `name${closer}`)] });
    for (const place of closingPlaces(broken, opener, last).slice(0, mostPlaces)) {
      const alone = closer === "}" && !hasContent && place === endOf(last);
      const newText = alone ? `\n${indentOf(text, opener.startOffset)}${closer}` : closer;
      const title = alone ? `Insert \`${closer}\` after line ${rowOf(text, place)}` : `Insert \`${closer}\``;
      found.push({ range, message, related, title, repair: [insertion(place, newText)] });
    }
  }
  return found;
};

/** Openers without a closer, the most likely first. */
function unclosed(tokens: readonly Token[], text: string): readonly Missing[] {
  const missing: Missing[] = [];
  const open: Token[] = [];
  const column = (token: Token): number => indentOf(text, token.startOffset).length;
  for (const token of tokens) {
    const isCloser = openerOf.has(token.image) && bracketNames.has(token.tokenType.name);
    const isOpener = closerOf.has(token.image) && bracketNames.has(token.tokenType.name);
    const starts = token.newlineBefore;
    if (starts && !isCloser && token.index > 0) {
      for (let top = open.at(-1); top !== undefined && column(token) <= column(top); top = open.at(-1)) {
        missing.push({ opener: top, found: token });
        open.pop();
      }
    }
    if (isOpener) open.push(token);
    else if (isCloser) {
      const deeper = open.findLast(
        (one) => one.image === openerOf.get(token.image) && (!starts || column(one) === column(token)),
      );
      const partner = deeper ?? open.findLast((one) => one.image === openerOf.get(token.image));
      if (partner === undefined) continue;
      while (open.length > 0 && open.at(-1) !== partner) missing.push({ opener: open.pop()!, found: token });
      open.pop();
    }
  }
  while (open.length > 0) missing.push({ opener: open.pop()!, found: undefined });
  return missing;
}

/** Where the closer may have stood: behind what follows the opener on its line, or behind all of its content. */
function closingPlaces({ parsed: { text, tokens } }: Broken, opener: Token, last: Token): readonly number[] {
  const places = new Set<number>();
  const end = lineEnd(text, opener.startOffset);
  if (opener.image !== "{") {
    // What a call gives is compared, hardly ever what it is given.
    const compared = opener.image === "(" && opener.adjacent ? beforeComparison(tokens, opener, end) : undefined;
    if (compared !== undefined) places.add(compared);
    places.add(endOf(last));
    // Before what cannot stand inside: a keyword, an operator that compares, the brace of a body.
    for (let at = opener.index + 1; at < tokens.length && tokens[at]!.startOffset < end; at++) {
      const token = tokens[at]!;
      if (/^(?:if|:=|==|contains|with|in|\{|\]|\)|\})$/u.test(token.image) || !token.newlineBefore)
        places.add(endOf(tokens[at - 1]!));
    }
    const lastOnLine = tokens.findLast((one) => one.startOffset < end)!;
    places.add(endOf(lastOnLine));
  } else {
    places.add(endOf(last));
    for (let at = opener.index + 1; at < tokens.length && tokens[at]!.startOffset < end; at++) places.add(endOf(tokens[at]!));
  }
  // Nothing was inside.
  places.add(endOf(opener));
  return [...places];
}

/** Where an opener would be closed before the first comparison that stands in it alone, on its line. */
function beforeComparison(tokens: readonly Token[], opener: Token, end: number): number | undefined {
  let depth = 0;
  for (let at = opener.index + 1; at < tokens.length && tokens[at]!.startOffset < end; at++) {
    const token = tokens[at]!;
    if (closerOf.has(token.image)) depth++;
    else if (openerOf.has(token.image)) depth--;
    if (depth < 0) return undefined;
    if (depth === 0 && at > opener.index + 1 && /^(?:[=!]=|[<>]=?)$/u.test(token.image)) return endOf(tokens[at - 1]!);
  }
  return undefined;
}

/** `[1, 2)`: one bracket written for another. */
export const wrongCloser: FaultKind = ({ token, opener }) => {
  const wanted = opener === undefined ? undefined : closerOf.get(opener.image);
  if (token === undefined || wanted === undefined || !openerOf.has(token.image) || token.image === wanted) return [];
  return [
    {
      range: rangeOf(token),
      message: `\`${token.image}\` where \`${wanted}\` is meant`,
      related: [{ range: rangeOf(opener!), message: `\`${opener!.image}\` opens here` }],
      title: `Use \`${wanted}\``,
      repair: [{ range: rangeOf(token), newText: wanted }],
    },
  ];
};

/** The text, or a bracket around, ends where a bracket holds nothing yet, or not enough: `x[`, `{ f( }`. */
export const openAtEnd: FaultKind = ({ parsed: { text, tokens }, token, opener, error }) => {
  if (opener === undefined) return [];
  const isLast = token === undefined && error.message.startsWith("unexpected eof");
  if (!isLast && !(token !== undefined && openerOf.get(token.image) !== opener.image && closesOne(tokens, token))) return [];
  const closer = closerOf.get(opener.image)!;
  const range = { start: opener.startOffset, end: lineEnd(text, opener.startOffset) };
  return [{ range, message: `missing \`${closer}\`: ${nameOfOpener(opener, text)} opened here is not closed`, certain: true }];
};

/** True for a closer with a partner among the brackets that are open there. */
function closesOne(tokens: readonly Token[], token: Token): boolean {
  const open: string[] = [];
  for (let at = 0; at < token.index; at++) {
    const { image, tokenType } = tokens[at]!;
    if (!bracketNames.has(tokenType.name)) continue;
    if (closerOf.has(image)) open.push(image);
    else if (open.at(-1) === openerOf.get(image)) open.pop();
  }
  return open.includes(openerOf.get(token.image) ?? "");
}

export const missingOpener: FaultKind = ({ parsed: { text, tokens }, token, before }) => {
  const opener = token === undefined ? undefined : openerOf.get(token.image);
  if (token === undefined || opener === undefined || closesOne(tokens, token)) return [];
  const found: Suspicion[] = [];
  if (token.image === "}") {
    // The line above with the same indentation, whose next line is indented further, had the brace at its end.
    const wanted = indentOf(text, token.startOffset);
    for (let at = token.index - 1; at > 0; at--) {
      const one = tokens[at]!;
      const next = tokens[at + 1]!;
      if (
        !next.newlineBefore ||
        indentOf(text, one.startOffset) !== wanted ||
        indentOf(text, next.startOffset).length <= wanted.length
      )
        continue;
      if (closerOf.has(one.image)) continue;
      const place = endOf(one);
      const lineStart = text.lastIndexOf("\n", place - 1) + 1 + wanted.length;
      found.push({
        range: { start: lineStart, end: place },
        message: "missing `{`: the `}` below closes nothing",
        related: [{ range: rangeOf(token), message: "this `}` has no partner" }],
        title: "Insert `{`",
        repair: [insertion(place, " {")],
      });
      break;
    }
  }
  const lineStart = text.lastIndexOf("\n", token.startOffset - 1) + 1;
  const removal: Suspicion = {
    range: rangeOf(token),
    message: `this \`${token.image}\` closes nothing${before === undefined ? "" : ": no bracket is open here"}`,
    title: `Remove \`${token.image}\``,
    repair: [{ range: rangeOf(token), newText: "" }],
  };
  if (/^[\s)\]}]*$/u.test(text.slice(lineStart, token.startOffset))) found.push(removal);
  for (let at = token.index - 1; at >= 0 && tokens[at]!.startOffset >= lineStart; at--) {
    const one = tokens[at]!;
    // What a bracket holds begins with no closing one.
    if (openerOf.has(one.image)) continue;
    found.push({
      range: { start: one.startOffset, end: endOf(token) },
      message: `missing \`${opener}\`: the \`${token.image}\` closes nothing`,
      title: `Insert \`${opener}\``,
      repair: [insertion(one.startOffset, opener)],
      more: [{ title: removal.title!, edits: removal.repair! }],
      // Behind its like it may as well be one too many.
      guess: before?.image === token.image,
    });
  }
  found.push(removal);
  return found;
};
