// The value of a quoted string: escapes as the reference decodes them, with the place of each one it refuses.

export interface EscapeProblem {
  readonly start: number;
  readonly end: number;
  readonly message: string;
}

const SIMPLE: Readonly<Record<string, string>> = {
  '"': '"',
  "\\": "\\",
  "/": "/",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
};

/** Reads the four characters after `\u` as Java's `parseInt(…, 16)` does: a leading `+` is accepted. */
function hexCode(digits: string): number | undefined {
  if (!/^(\+[0-9a-fA-F]{3}|[0-9a-fA-F]{4})$/.test(digits)) return undefined;
  return Number.parseInt(digits, 16);
}

/** Decodes the text between two quotes. Refused escapes are kept as written. */
export function decodeString(text: string, start: number, end: number, problems?: EscapeProblem[]): string {
  const raw = text.slice(start, end);
  let slash = raw.indexOf("\\");
  if (slash < 0) return raw;
  let out = "";
  let from = 0;
  while (slash >= 0) {
    out += raw.slice(from, slash);
    const letter = raw[slash + 1];
    let length = 2;
    let value = letter === undefined ? undefined : SIMPLE[letter];
    if (letter === "u") {
      length = Math.min(6, raw.length - slash);
      const code = hexCode(raw.slice(slash + 2, slash + 6));
      if (code !== undefined) value = String.fromCharCode(code);
    }
    if (value === undefined) {
      const shown = raw.slice(slash, slash + length);
      problems?.push({
        start: start + slash,
        end: start + slash + length,
        message: `illegal escape \`${shown}\` in a quoted string; known are \\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX`,
      });
      value = shown;
    }
    out += value;
    from = slash + length;
    slash = raw.indexOf("\\", from);
  }
  return out + raw.slice(from);
}
