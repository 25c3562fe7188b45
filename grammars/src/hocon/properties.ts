// Java properties files, read into the same tree as HOCON: every line a field with a string value.
import { lineAt } from "./lines.ts";
import type { TokenList } from "./tokens.ts";
import type { FieldNode, ParsedHocon } from "./tree.ts";

const ESCAPES: Readonly<Record<string, string>> = { t: "\t", n: "\n", r: "\r", f: "\f" };

interface Unescaped {
  readonly text: string;
  readonly badEscape: number | undefined;
}

/** Parses a text as `java.util.Properties` does. Keys split at every dot; empty elements stay. */
export function parseProperties(text: string, file: string): ParsedHocon {
  const fields: FieldNode[] = [];
  let at = 0;
  let bad: number | undefined;
  while (at < text.length) {
    at = skip(text, at, " \t\f\r\n");
    if (at >= text.length) break;
    if (text[at] === "#" || text[at] === "!") {
      at = lineEnd(text, at);
      continue;
    }
    const keyStart = at;
    const keyEnd = scan(text, at, (char) => char === "=" || char === ":" || char === " " || char === "\t" || char === "\f");
    let valueStart = skipInLine(text, keyEnd);
    if (text[valueStart] === "=" || text[valueStart] === ":") valueStart = skipInLine(text, valueStart + 1);
    const valueEnd = scan(text, valueStart, () => false);
    const key = decode(text, keyStart, keyEnd);
    const value = decode(text, valueStart, valueEnd);
    bad ??= key.badEscape ?? value.badEscape;
    fields.push({
      kind: "field",
      start: keyStart,
      end: valueEnd,
      key: { kind: "key", start: keyStart, end: keyEnd, path: key.text.split(".") },
      separator: "=",
      value: { kind: "string", start: valueStart, end: valueEnd, text: value.text },
    });
    at = valueEnd;
  }
  const tokens: TokenList = {
    count: 2,
    kinds: new Uint8Array([18, 0]),
    starts: new Int32Array([0, text.length]),
    problems: [],
  };
  const body = { kind: "object", start: 0, end: text.length, members: fields, closed: false } as const;
  const message = "`\\u` needs four hexadecimal digits";
  return {
    file,
    text,
    syntax: "properties",
    tree: { kind: "root", start: 0, end: text.length, body, braced: false },
    tokens,
    diagnostics:
      bad === undefined
        ? []
        : [{ file, range: { start: bad, end: bad + 2 }, severity: "error", code: "hocon_illegal_escape", message }],
    problems: [],
    broken: bad !== undefined,
    exact: undefined,
    firstError: bad === undefined ? undefined : { kind: "Parse", offset: bad, line: lineAt(text, bad), message },
    late: [],
  };
}

function skip(text: string, at: number, chars: string): number {
  while (at < text.length && chars.includes(text[at]!)) at++;
  return at;
}

/** Skips blanks, and line ends that a backslash joins. */
function skipInLine(text: string, at: number): number {
  for (;;) {
    at = skip(text, at, " \t\f");
    const joined = continuation(text, at);
    if (joined === at) return at;
    at = joined;
  }
}

/** The place after a backslash, its line end and the blanks of the next line; `at` itself when there is none. */
function continuation(text: string, at: number): number {
  if (text[at] !== "\\") return at;
  if (text[at + 1] === "\r" && text[at + 2] === "\n") return skip(text, at + 3, " \t\f");
  if (text[at + 1] === "\n" || text[at + 1] === "\r") return skip(text, at + 2, " \t\f");
  return at;
}

function lineEnd(text: string, at: number): number {
  while (at < text.length && text[at] !== "\n" && text[at] !== "\r") at++;
  return at;
}

function scan(text: string, at: number, stops: (char: string) => boolean): number {
  while (at < text.length && text[at] !== "\n" && text[at] !== "\r" && !stops(text[at]!)) {
    if (text[at] === "\\") {
      const joined = continuation(text, at);
      at = joined === at ? Math.min(at + 2, text.length) : joined;
    } else {
      at++;
    }
  }
  return at;
}

function decode(text: string, start: number, end: number): Unescaped {
  const raw = text.slice(start, end);
  if (!raw.includes("\\")) return { text: raw, badEscape: undefined };
  let out = "";
  let badEscape: number | undefined;
  for (let at = start; at < end; ) {
    if (text[at] !== "\\") {
      out += text[at++];
      continue;
    }
    const joined = continuation(text, at);
    if (joined !== at) {
      at = joined;
      continue;
    }
    const letter = text[at + 1] ?? "";
    if (letter === "u") {
      const digits = text.slice(at + 2, at + 6);
      if (/^[0-9a-fA-F]{4}$/.test(digits)) out += String.fromCharCode(Number.parseInt(digits, 16));
      else badEscape ??= at;
      at += 6;
      continue;
    }
    if (at + 1 < end) out += ESCAPES[letter] ?? letter;
    at += 2;
  }
  return { text: out, badEscape };
}
