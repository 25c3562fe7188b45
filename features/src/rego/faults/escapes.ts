// A backslash in a string that starts no escape: the two characters, with the escapes that there are.
import { type FaultKind, insertion, type Suspicion } from "./fault.ts";

const known = '`\\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX`';

/** `"\u12"`: OPA loses the end of such a string. */
export const shortEscape: FaultKind = ({ parsed: { text }, error }) => {
  if (!error.message.startsWith("non-terminated string")) return [];
  const { start } = error.range;
  const string = /^\$?"(?:[^"\\\n]|\\.)*"/u.exec(text.slice(start))?.[0];
  const bad = string === undefined ? null : /\\u(?![0-9A-Fa-f]{4})[0-9A-Fa-f]{0,3}/u.exec(string);
  if (bad === null) return [];
  const at = start + bad.index;
  return [
    {
      range: { start: at, end: at + bad[0].length },
      message: `illegal escape \`${bad[0]}\`: \`\\u\` needs four hexadecimal digits`,
      title: "Escape the backslash",
      repair: [insertion(at, "\\")],
    },
  ];
};

export const illegalEscape: FaultKind = ({ parsed: { text, tokens }, error }) => {
  if (!error.message.startsWith("illegal escape sequence")) return [];
  const token = tokens.find(
    (one) => one.startOffset <= error.range.start && error.range.start < one.startOffset + one.image.length,
  );
  const from = token?.startOffset ?? error.range.start;
  const body = text.slice(from, token === undefined ? error.range.end : from + token.image.length);
  const bad = [...body.matchAll(/\\(?:(["\\/bfnrt]|u[0-9A-Fa-f]{4})|([\s\S]?))/gu)].filter((match) => match[1] === undefined);
  const [first] = bad;
  if (first === undefined) return [];
  const at = from + first.index;
  const isCut = /^\\\s*$/u.test(first[0]);
  const escaped = body.replaceAll(/\\(["\\/bfnrt]|u[0-9A-Fa-f]{4})|\\/gu, (all) => (all.length > 1 ? all : "\\\\"));
  const whole = { start: from, end: from + body.length };
  const suspicion: Suspicion = {
    range: isCut ? { start: at, end: at + 1 } : { start: at, end: at + Math.max(first[0].length, 2) },
    message: isCut ? `an escape is not finished; known: ${known}` : `illegal escape \`${first[0]}\`; known: ${known}`,
    title: "Escape the backslash",
    repair: [{ range: whole, newText: escaped }],
    certain: true,
  };
  const inner = body.slice(1, -1);
  const asRaw = body.startsWith('"') && body.endsWith('"') && !inner.includes("`") && bad.length === inner.split("\\").length - 1;
  return [
    asRaw ? { ...suspicion, more: [{ title: "Use raw string", edits: [{ range: whole, newText: `\`${inner}\`` }] }] } : suspicion,
  ];
};
