// Go's quoted strings and characters as texts.

const named: Readonly<Record<string, string>> = {
  a: "\u0007",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\u000b",
  "\\": "\\",
};

/** Undefined for escapes that Go refuses. */
export function unquote(source: string): string | undefined {
  const quote = source[0]!;
  const inner = source.slice(1, -1);
  if (quote === "`") return inner.replaceAll("\r", "");
  let out = "";
  for (let at = 0; at < inner.length; ) {
    if (inner[at] !== "\\") {
      out += inner[at++];
      continue;
    }
    const rest = inner.slice(at + 1);
    const numbered = /^(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{3}))/u.exec(rest);
    const letter = rest[0] ?? "";
    if (numbered !== null) {
      const [all, byte, short, long, octal] = numbered;
      const code = Number.parseInt(byte ?? short ?? long ?? octal!, octal === undefined ? 16 : 8);
      const isByte = byte !== undefined || octal !== undefined;
      if (code > (isByte ? 0xff : 0x10ffff) || (!isByte && code >= 0xd800 && code <= 0xdfff)) return undefined;
      out += isByte && code > 0x7f ? String.fromCharCode(0xdc00 + code) : String.fromCodePoint(code);
      at += 1 + all.length;
    } else {
      const char = letter === quote ? quote : named[letter];
      if (char === undefined) return undefined;
      out += char;
      at += 2;
    }
  }
  return out;
}
