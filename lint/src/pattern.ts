// Regular expressions in the options of rules, written for Go.
import { isGoRegex } from "./go-regex.ts";

const compiled = new Map<string, RegExp | undefined>();

/** True when the text has a match of the pattern; a pattern that cannot be read matches nothing. */
export function matchesPattern(text: string, pattern: string): boolean {
  if (!compiled.has(pattern)) compiled.set(pattern, isGoRegex(pattern) ? compile(pattern) : undefined);
  return compiled.get(pattern)?.test(text) ?? false;
}

/** Flags stand in front in Go, `(?i)`; elsewhere in a pattern nobody needs them for a name. */
function compile(pattern: string): RegExp | undefined {
  const [front = "", flags = ""] = /^\(\?([ims]+)\)/u.exec(pattern) ?? [];
  const source = pattern.slice(front.length).replace(goOnly, replaced);
  try {
    return new RegExp(source, `${flags}u`);
  } catch {
    return undefined;
  }
}

/** What JavaScript writes in another way, or refuses. */
const goOnly = /\\.|\(\?P<|\[:\w+:\]/gsu;

const classes: Readonly<Record<string, string>> = {
  "[:alnum:]": "0-9A-Za-z",
  "[:alpha:]": "A-Za-z",
  "[:digit:]": "0-9",
  "[:lower:]": "a-z",
  "[:punct:]": "!-\\/:-@\\[-`\\{-~",
  "[:space:]": "\\t\\n\\v\\f\\r ",
  "[:upper:]": "A-Z",
  "[:word:]": "0-9A-Za-z_",
  "[:xdigit:]": "0-9A-Fa-f",
};

function replaced(piece: string): string {
  if (piece === "\\A") return "(?<![^])";
  if (piece === "\\z") return "(?![^])";
  if (piece === "(?P<") return "(?<";
  if (piece.startsWith("[:")) return classes[piece] ?? piece;
  // By its number a sign may be escaped everywhere, whether it needs that or not.
  return /\w$/u.test(piece) && piece !== "\\_" ? piece : `\\u{${piece.codePointAt(1)!.toString(16)}}`;
}
