// Texts made safe for HTML, JavaScript and query strings, as text/template does it.
import { encodeBytes } from "../rego-text.ts";

const html: Readonly<Record<string, string>> = {
  "\0": "\ufffd",
  '"': "&#34;",
  "'": "&#39;",
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
};

export function escapeHtml(text: string): string {
  return [...text].map((char) => html[char] ?? char).join("");
}

const js: Readonly<Record<string, string>> = {
  "\\": "\\\\",
  "'": "\\'",
  '"': '\\"',
  "<": "\\u003C",
  ">": "\\u003E",
  "&": "\\u0026",
  "=": "\\u003D",
};

export function escapeJs(text: string): string {
  return [...text]
    .map((char) => {
      const known = js[char];
      if (known !== undefined) return known;
      const code = char.codePointAt(0)!;
      const isPrinted = code >= 0x20 && code !== 0x7f && (code < 0x80 || /[\p{L}\p{M}\p{N}\p{P}\p{S}]/u.test(char));
      return isPrinted ? char : `\\u${code.toString(16).toUpperCase().padStart(4, "0")}`;
    })
    .join("");
}

export function escapeQuery(text: string): string {
  let out = "";
  for (const byte of encodeBytes(text)) {
    const char = String.fromCharCode(byte);
    out += /[A-Za-z0-9\-_.~]/u.test(char) ? char : char === " " ? "+" : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  }
  return out;
}
