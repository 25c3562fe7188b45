// A backslash in a string that starts no escape: the two characters, with the escapes that there are.
import type { FaultKind, Suspicion } from "./fault.ts";

const known = '`\\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX`';

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
  const escaped = body.replaceAll(/\\(["\\/bfnrt]|u[0-9A-Fa-f]{4})|\\/gu, (all) => (all.length > 1 ? all : "\\\\"));
  const whole = { start: from, end: from + body.length };
  const suspicion: Suspicion = {
    range: { start: at, end: at + Math.max(first[0].length, 2) },
    message: `illegal escape \`${first[0]}\`; known: ${known}`,
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
