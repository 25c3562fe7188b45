// How a text is written in YAML: plain where it stays a text, else in quotes or as a literal block.
import { endsWord, isBreak } from "#grammars/yaml/characters.ts";
import { resolvePlain } from "#grammars/yaml/resolve.ts";

export type ScalarStyle = "plain" | "single" | "double" | "literal";

/** Spellings that older YAML takes for numbers and booleans. */
const base60 = /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$/u;
const oldBoolean = /^(?:[yY]|yes|Yes|YES|on|On|ON|[nN]|no|No|NO|off|Off|OFF)$/u;

export function styleOf(text: string, isKey: boolean): ScalarStyle {
  const facts = analyse(text);
  const wanted = text.includes("\n") ? "literal" : staysText(text) ? "plain" : "double";
  if (wanted === "plain" && facts.plain) return "plain";
  if (wanted === "plain" && facts.single) return "single";
  if (wanted === "literal" && facts.block && !isKey) return "literal";
  return "double";
}

function staysText(text: string): boolean {
  return resolvePlain(text).tag === "!!str" && !base60.test(text) && !oldBoolean.test(text);
}

interface Facts {
  readonly plain: boolean;
  readonly single: boolean;
  readonly block: boolean;
}

function analyse(text: string): Facts {
  const chars = [...text];
  let special = false;
  let tab = false;
  let spaceBreak = false;
  let breakSpace = false;
  let indicator = text.startsWith("---") || text.startsWith("...");
  for (const [at, char] of chars.entries()) {
    const before = chars[at - 1] ?? "";
    const spacedBehind = endsWord(chars[at + 1] ?? "") && !isBreak(chars[at + 1] ?? "");
    if (at === 0 && ("#,[]{}&*!|>'\"%@`".includes(char) || ("?:-".includes(char) && spacedBehind))) indicator = true;
    if (at > 0 && ((char === ":" && spacedBehind) || (char === "#" && endsWord(before)))) indicator = true;
    if (char === "\t") tab = true;
    else if (!isPrintable(char)) special = true;
    if (char === " " && before !== "" && isBreak(before)) breakSpace = true;
    if (isBreak(char) && before === " ") spaceBreak = true;
  }
  const first = chars[0] ?? "";
  const last = chars.at(-1) ?? "";
  const edged = [first, last].some((char) => char === " " || (char !== "" && isBreak(char)));
  const noQuotes = breakSpace || spaceBreak || tab || special;
  return {
    plain: !edged && !noQuotes && !indicator && !chars.some(isBreak),
    single: !noQuotes,
    block: last !== " " && !spaceBreak && !special && chars.length > 0,
  };
}

/** Printable without an escape; characters beyond 16 bits are not. */
function isPrintable(char: string): boolean {
  const code = char.codePointAt(0)!;
  if (code === 0x0a) return true;
  return (code >= 0x20 && code <= 0x7e) || (code >= 0xa0 && code <= 0xfffd && code !== 0xfeff);
}

const escapes: Readonly<Record<number, string>> = {
  0: "0",
  7: "a",
  8: "b",
  9: "t",
  10: "n",
  11: "v",
  12: "f",
  13: "r",
  27: "e",
  34: '"',
  92: "\\",
  133: "N",
  160: "_",
  8232: "L",
  8233: "P",
};

/** Lines of a block stand deeper than `indent` says for the line before. */
export function writeScalar(text: string, style: ScalarStyle, indent: number): string {
  switch (style) {
    case "plain":
      return text;
    case "single":
      return `'${singleQuoted(text, indent)}'`;
    case "double": {
      // The emitter takes every character of a text that begins with a byte order mark for one.
      const shown = text.startsWith("\ufeff") ? () => false : showsItself;
      return `"${[...text].map((char) => (shown(char) ? char : escaped(char))).join("")}"`;
    }
    case "literal":
      return literal(text, Math.max(indent, 2));
  }
}

/** A line break of Unicode inside of quotes is followed by the indentation of its line. */
function singleQuoted(text: string, indent: number): string {
  const quoted = text.replaceAll("'", "''");
  return quoted.replace(/([\u2028\u2029]+)(?=.)/gu, (breaks) => `${breaks}${" ".repeat(Math.max(indent, 2))}`);
}

function showsItself(char: string): boolean {
  return isPrintable(char) && !isBreak(char) && char !== '"' && char !== "\\";
}

function escaped(char: string): string {
  const code = char.codePointAt(0)!;
  const short = escapes[code];
  if (short !== undefined) return `\\${short}`;
  const hex = code.toString(16).toUpperCase();
  return code <= 0xff
    ? `\\x${hex.padStart(2, "0")}`
    : code <= 0xffff
      ? `\\u${hex.padStart(4, "0")}`
      : `\\U${hex.padStart(8, "0")}`;
}

function literal(text: string, indent: number): string {
  const hint = text.startsWith(" ") || isBreak(text[0]!) ? "2" : "";
  const last = text.at(-1)!;
  const before = text.at(-2);
  const chomp = !isBreak(last) ? "-" : before === undefined || isBreak(before) ? "+" : "";
  let out = `|${hint}${chomp}\n`;
  let atStart = true;
  for (const char of text) {
    if (isBreak(char)) {
      out += char;
      atStart = true;
      continue;
    }
    out += atStart ? " ".repeat(indent) + char : char;
    atStart = false;
  }
  return out.endsWith("\n") ? out.slice(0, -1) : out;
}
