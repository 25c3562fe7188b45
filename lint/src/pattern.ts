// Regular expressions in the options of rules, written for Go.
import { isGoRegex } from "./go-regex.ts";

const compiled = new Map<string, RegExp | undefined>();

/** True when the text has a match of the pattern; a pattern that cannot be read matches nothing. */
export function matchesPattern(text: string, pattern: string): boolean {
  if (!compiled.has(pattern)) compiled.set(pattern, isGoRegex(pattern) ? compile(pattern) : undefined);
  return compiled.get(pattern)?.test(text) ?? false;
}

/** Undefined for what JavaScript has no words for: flags that turn greed around. */
function compile(pattern: string): RegExp | undefined {
  const source = translated(pattern);
  try {
    return source === undefined ? undefined : new RegExp(source, "u");
  } catch {
    return undefined;
  }
}

/** Quoted text, an escape, a bracket, the beginning of a group or flags, what else has a meaning, any other character. */
const piece =
  /\\Q(.*?)(?:\\E|$)|\\(?:x\{[0-9a-fA-F]+\}|[pP](?:\{[^}]*\}|.)|.)|\[\^?\]?(?:\[:\^?\w+:\]|\\(?:x\{[0-9a-fA-F]+\}|[pP](?:\{[^}]*\}|.)|.)|[^\]\\])*\]|\(\?([imsU]*)(?:-([imsU]+))?([:)])|\(\?P?<|./gsu;

/** In JavaScript flags have a group of their own: one that ends with each alternative, and begins again behind it. */
function translated(pattern: string): string | undefined {
  /** What was opened for flags in each group that is open. */
  const opened: string[] = [""];
  let source = "";
  const close = (): string => ")".repeat(opened.at(-1)!.split("(").length - 1);
  for (const [text, quoted, on, off, end] of pattern.matchAll(piece)) {
    if (quoted !== undefined) source += [...quoted].map(literal).join("");
    else if (end !== undefined) {
      if (`${on}${off ?? ""}`.includes("U")) return undefined;
      const start = off === undefined && on === "" ? "(?:" : `(?${on}${off === undefined ? "" : `-${off}`}:`;
      source += start;
      if (end === ":") opened.push("");
      else opened.push(opened.pop()! + start);
    } else if (text.startsWith("(")) {
      source += text === "(" ? "(" : "(?<";
      opened.push("");
    } else if (text === ")") {
      source += `${close()})`;
      opened.pop();
    } else if (text === "|") source += `${close()}|${opened.at(-1)}`;
    else if (text.startsWith("[")) source += bracketed(text);
    else source += text.startsWith("\\") ? escaped(text) : text;
  }
  return source + close();
}

/** By its number a sign may stand everywhere, whether it needs to be escaped or not. */
function literal(character: string): string {
  return `\\u{${character.codePointAt(0)!.toString(16)}}`;
}

function escaped(text: string): string {
  if (text === "\\A") return "(?<![^])";
  if (text === "\\z") return "(?![^])";
  if (text === "\\a") return "\\x07";
  if (text.startsWith("\\x{")) return `\\u${text.slice(2)}`;
  if (/^\\p/iu.test(text)) return unicodeClass(text);
  return /\w$/u.test(text) && text !== "\\_" ? text : literal(text.slice(1));
}

/** `\pL`, `\p{^Lu}`, `\p{Greek}`: categories have one letter or two, all else is a script. */
function unicodeClass(text: string): string {
  const [, letter, not, name] = /^\\([pP])\{?(\^?)([^}]*)\}?$/u.exec(text) as unknown as [string, string, string, string];
  const side = (letter === "P") === (not === "") ? "P" : "p";
  return `\\${side}{${name.length > 2 && name !== "Any" ? `Script=${name}` : name}}`;
}

const inBrackets = /\[:(\^?)(\w+):\]|\\(?:x\{[0-9a-fA-F]+\}|[pP](?:\{[^}]*\}|.)|.)/gsu;

/** A bracket that comes first is one of the characters. */
function bracketed(text: string): string {
  const [, start = "", first = "", rest = ""] = /^(\[\^?)(\]?)(.*)$/su.exec(text)!;
  const members = rest.replace(inBrackets, (one, not: string | undefined, name: string | undefined) =>
    name === undefined ? escaped(one) : posixClass(name, not === "^"),
  );
  return `${start}${first === "" ? "" : "\\]"}${members}`;
}

/** The characters of each class as ranges of ASCII. */
const classes: Readonly<Record<string, readonly (readonly [number, number])[]>> = {
  alnum: [
    [0x30, 0x39],
    [0x41, 0x5a],
    [0x61, 0x7a],
  ],
  alpha: [
    [0x41, 0x5a],
    [0x61, 0x7a],
  ],
  ascii: [[0x00, 0x7f]],
  blank: [
    [0x09, 0x09],
    [0x20, 0x20],
  ],
  cntrl: [
    [0x00, 0x1f],
    [0x7f, 0x7f],
  ],
  digit: [[0x30, 0x39]],
  graph: [[0x21, 0x7e]],
  lower: [[0x61, 0x7a]],
  print: [[0x20, 0x7e]],
  punct: [
    [0x21, 0x2f],
    [0x3a, 0x40],
    [0x5b, 0x60],
    [0x7b, 0x7e],
  ],
  space: [
    [0x09, 0x0d],
    [0x20, 0x20],
  ],
  upper: [[0x41, 0x5a]],
  word: [
    [0x30, 0x39],
    [0x41, 0x5a],
    [0x5f, 0x5f],
    [0x61, 0x7a],
  ],
  xdigit: [
    [0x30, 0x39],
    [0x41, 0x46],
    [0x61, 0x66],
  ],
};

function posixClass(name: string, isNegated: boolean): string {
  const ranges = classes[name] ?? [];
  return (isNegated ? gapsOf(ranges) : ranges)
    .map(([low, high]) => `\\u{${low.toString(16)}}-\\u{${high.toString(16)}}`)
    .join("");
}

/** All other characters. */
function gapsOf(ranges: readonly (readonly [number, number])[]): readonly (readonly [number, number])[] {
  const starts = [0, ...ranges.map(([, high]) => high + 1)];
  const ends = [...ranges.map(([low]) => low - 1), 0x10_ffff];
  return starts.map((start, at) => [start, ends[at]!] as const).filter(([start, end]) => start <= end);
}
