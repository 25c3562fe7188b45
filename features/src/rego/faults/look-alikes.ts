// Characters that look like ones of Rego and are others: named by their code point, with the one that is meant.
import type { QuickFix, TextEdit } from "#grammars/diagnostic.ts";
import type { FaultKind, Suspicion } from "./fault.ts";

interface LookAlike {
  readonly name: string;
  readonly meant: string;
}

const blanks: Readonly<Record<string, string>> = {
  "\u00A0": "no-break space",
  "\u2002": "en space",
  "\u2003": "em space",
  "\u2007": "figure space",
  "\u2009": "thin space",
  "\u202F": "narrow no-break space",
  "\u3000": "ideographic space",
};
const nothings: Readonly<Record<string, string>> = {
  "\u200B": "zero-width space",
  "\u200C": "zero-width non-joiner",
  "\u200D": "zero-width joiner",
  "\u2060": "word joiner",
  "\uFEFF": "byte order mark",
  "\u00AD": "soft hyphen",
};
const quotes = "“”„‟‘’‚‛«»";
const fullWidth = "（）［］｛｝，：；＝！＜＞＋－＊／％＆｜．";
const halfWidth = "()[]{},:;=!<>+-*/%&|.";
const dashes = "–—−‐‑";

function lookAlike(char: string): LookAlike | undefined {
  if (char in blanks) return { name: blanks[char]!, meant: " " };
  if (char in nothings) return { name: nothings[char]!, meant: "" };
  if (char === "") return undefined;
  if (quotes.includes(char)) return { name: "typographic quote", meant: '"' };
  const at = fullWidth.indexOf(char);
  if (at >= 0)
    return { name: `full-width ${"()[]{}".includes(halfWidth[at]!) ? "bracket" : "character"}`, meant: halfWidth[at]! };
  if (dashes.includes(char)) return { name: "dash", meant: "-" };
  return undefined;
}

const codePoint = (char: string): string => `U+${char.codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0")}`;

/** Every look-alike outside of strings and comments in a stretch of the text. */
function replacements(text: string, from: number, to: number, only?: string): readonly TextEdit[] {
  const edits: TextEdit[] = [];
  const token = /"(?:[^"\\\n]|\\.)*"|`[^`]*`|#[^\n]*|[\s\S]/gu;
  token.lastIndex = from;
  for (let match = token.exec(text); match !== null && match.index < to; match = token.exec(text)) {
    const [char] = match;
    const found = char.length === 1 && (only === undefined || char === only) ? lookAlike(char) : undefined;
    if (found !== undefined) edits.push({ range: { start: match.index, end: match.index + 1 }, newText: found.meant });
  }
  return edits;
}

export const lookAlikes: FaultKind = ({ parsed: { text }, error }) => {
  const lineStart = text.lastIndexOf("\n", error.range.start - 1) + 1;
  const feed = text.indexOf("\n", error.range.start);
  const lineEnd = feed < 0 ? text.length : feed;
  // The complaint may be about the token in front of the character, such as a number.
  const own = lookAlike(text[error.range.start] ?? "") === undefined ? undefined : error.range.start;
  const start = own ?? replacements(text, lineStart, lineEnd)[0]?.range.start;
  const char = start === undefined ? undefined : text[start];
  const found = char === undefined ? undefined : lookAlike(char);
  if (start === undefined || char === undefined || found === undefined) return [];
  const what = `${found.name} (${codePoint(char)})`;
  const meant = found.meant === " " ? "a space" : `\`${found.meant}\``;
  const message = found.name === "typographic quote" || found.meant === "" ? what : `${what} where ${meant} is meant`;
  const title = found.meant === "" ? "Remove" : found.meant === " " ? "Replace" : `Use \`${found.meant}\``;
  const suspicion: Suspicion = {
    range: { start, end: start + 1 },
    message,
    title,
    repair: replacements(text, lineStart, lineEnd),
    certain: true,
  };
  return [suspicion];
};

/** Finds the fix that replaces the look-alike at an offset in the whole text, when it stands there more than once. */
export function replaceAllIn(text: string): (offset: number) => QuickFix | undefined {
  const known = new Map<string, QuickFix | undefined>();
  return (offset) => {
    const char = text[offset];
    if (char === undefined || lookAlike(char) === undefined) return undefined;
    if (!known.has(char)) {
      const edits = replacements(text, 0, text.length, char);
      known.set(char, edits.length > 1 ? { title: "Replace all in file", edits } : undefined);
    }
    return known.get(char);
  };
}
