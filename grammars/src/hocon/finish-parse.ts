// The last step of parsing: problems in document order, and the error that the reference stops at.
import type { Diagnostic } from "../diagnostic.ts";
import { lineAt } from "./lines.ts";
import { significantUpTo, TokenKind, type TokenList, tokenAt, tokenEnd } from "./tokens.ts";
import type { FirstError, LateProblem, ParsedHocon, Root, Syntax, SyntaxProblem } from "./tree.ts";

/** A file with more problems is told about the first. */
export const MOST_DIAGNOSTICS = 1000;

/** A text that was read, with what was met on the way in any order. */
export interface ReadText {
  readonly file: string;
  readonly text: string;
  readonly syntax: Syntax;
  readonly tree: Root;
  readonly tokens: TokenList;
  readonly problems: SyntaxProblem[];
  readonly late: LateProblem[];
}

/** `exact` reads the text as the reference does where that differs: with substitutions that run over line ends. */
export function finishParse(read: ReadText, exact: (() => ParsedHocon) | undefined): ParsedHocon {
  const { file, tree, problems, late } = read;
  problems.sort((a, b) => a.order - b.order);
  late.sort((a, b) => a.start - b.start);
  const diagnostics = problems.map(({ diagnostic }) => diagnostic);
  for (const { message, range } of late) diagnostics.push({ file, range, severity: "error", code: "hocon_bad_path", message });
  if (tree.body.kind === "array") {
    const { start } = tree.body;
    diagnostics.push({
      file,
      range: { start, end: start + 1 },
      severity: "error",
      code: "hocon_root_array",
      message: ROOT_ARRAY,
    });
  }
  if (late.length > 0) diagnostics.sort((a, b) => a.range.start - b.range.start);
  // A text of nothing but faults is not told about each of them.
  diagnostics.length = Math.min(diagnostics.length, MOST_DIAGNOSTICS);
  const own = firstErrorOf(read);
  const exactly = exact !== undefined && hasOpenSubstitution(diagnostics) ? once(exact) : undefined;
  return {
    ...read,
    diagnostics,
    broken: own !== undefined,
    exact: exactly,
    get firstError(): FirstError | undefined {
      if (exactly === undefined) return own;
      const other = exactly();
      return other.firstError ?? other.late[0] ?? own;
    },
  };
}

function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

const ROOT_ARRAY = "the root of a file must be an object, not an array";

function hasOpenSubstitution(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some(({ code }) => code === "hocon_open_substitution");
}

function firstErrorOf({ tree, text, tokens, problems: [first], late: [late] }: ReadText): FirstError | undefined {
  if (first !== undefined) {
    const { kind, at, lexical, diagnostic } = first;
    const line = lexical ? lineAt(text, at) : lineOf(text, tokens, at, diagnostic.code === "hocon_trailing_text");
    return { kind, offset: at, line, message: diagnostic.message };
  }
  if (tree.body.kind !== "array") return undefined;
  const { start } = tree.body;
  return late ?? { kind: "WrongType", offset: start, line: lineAt(text, start), message: ROOT_ARRAY };
}

/**
 * The line that the reference names for an error at `at`. Its brackets and separators have no line of their own: it takes the line of the
 * last token that has one, and adds the line breaks since. Only breaks that it does not read as the end of an element set the line anew.
 */
function lineOf(text: string, tokens: TokenList, at: number, trailing: boolean): number {
  const { kinds, starts } = tokens;
  const own = tokenAt(tokens, at);
  if (hasLine(kinds[own]!)) return lineAt(text, lineStart(tokens, own, at));
  let breaks = 0;
  for (let from = at; ; ) {
    const known = breaks;
    let index = tokenAt(tokens, from);
    while (index > 0 && !hasLine(kinds[index]!)) {
      index--;
      if (kinds[index] !== TokenKind.newline) continue;
      breaks++;
      if ((trailing && breaks === 1) || !endsElement(tokens, index) || endsKey(tokens, index)) return lineAt(text, from) + known;
    }
    if (!hasLine(kinds[index]!)) return lineAt(text, from) + known;
    index = firstOfConcatenation(tokens, index);
    const bracket = bracketBefore(kinds, index);
    if (bracket === undefined) return lineAt(text, lineStart(tokens, index, starts[index]!)) + breaks;
    from = starts[bracket]!;
  }
}

/** The closing bracket that a concatenation goes on behind: there no token sets the line. */
function bracketBefore(kinds: Uint8Array, index: number): number | undefined {
  const before = kinds[index - 1] === TokenKind.whitespace ? index - 2 : index - 1;
  return kinds[before] === TokenKind.closeBrace || kinds[before] === TokenKind.closeBracket ? before : undefined;
}

/** A string of several lines is on its last one. */
function lineStart(tokens: TokenList, index: number, at: number): number {
  return tokens.kinds[index] === TokenKind.tripleString ? tokenEnd(tokens, index) : at;
}

/** The reference gives a concatenation the line of its first token, whatever lines the others swallow. */
function firstOfConcatenation({ kinds }: TokenList, index: number): number {
  let first = index;
  for (let before = index - 1; before >= 0 && (hasLine(kinds[before]!) || kinds[before] === TokenKind.whitespace); before--)
    if (hasLine(kinds[before]!)) first = before;
  return first;
}

/** True for a line break right behind a value or a closing bracket, with nothing but other breaks, blanks and comments between. */
function endsElement({ kinds }: TokenList, newline: number): boolean {
  const kind = kinds[significantUpTo(kinds, newline - 1)];
  return kind !== undefined && (hasLine(kind) || kind === TokenKind.closeBrace || kind === TokenKind.closeBracket);
}

/** True where such a line break is behind a key or an include, which are no elements whose end it is. */
function endsKey(tokens: TokenList, newline: number): boolean {
  const { kinds } = tokens;
  const last = significantUpTo(kinds, newline - 1);
  if (!hasLine(kinds[last]!)) return false;
  const first = firstOfConcatenation(tokens, last);
  const before = kinds[significantUpTo(kinds, first - 1)];
  const isValue = before === TokenKind.colon || before === TokenKind.equals || before === TokenKind.plusEquals;
  return !isValue && bracketBefore(kinds, first) === undefined && !isInArray(kinds, last);
}

function isInArray(kinds: Uint8Array, index: number): boolean {
  let closed = 0;
  for (let at = index; at >= 0; at--) {
    const kind = kinds[at];
    if (kind === TokenKind.closeBrace || kind === TokenKind.closeBracket) closed++;
    else if ((kind === TokenKind.openBrace || kind === TokenKind.openBracket) && closed-- === 0)
      return kind === TokenKind.openBracket;
  }
  return false;
}

function hasLine(kind: number): boolean {
  return kind >= TokenKind.string;
}
