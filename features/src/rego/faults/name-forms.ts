// How names, arguments and assignments are written: no hyphens, parentheses around arguments, `:=` in one piece.
import type { TextEdit } from "#grammars/diagnostic.ts";
import { type FaultKind, insertion, type Suspicion } from "./fault.ts";

export const hyphenatedName: FaultKind = ({ parsed: { text, tokens }, token, before }) => {
  const at = [token, before].find((one) => one?.tokenType.name === "Minus");
  const left = at === undefined ? undefined : tokens[at.index - 1];
  const right = at === undefined ? undefined : tokens[at.index + 1];
  const touches =
    left?.tokenType.name === "Identifier" &&
    at?.startOffset === left.startOffset + left.image.length &&
    right?.startOffset === at.startOffset + 1;
  if (!touches) return [];
  const lineStart = text.lastIndexOf("\n", left.startOffset - 1) + 1;
  const written = /^[\w.-]+/u.exec(text.slice(left.startOffset))![0];
  const name = written.split(".")[0]!;
  const range = { start: left.startOffset, end: left.startOffset + name.length };
  const inPath = /^\s*(?:package|import)\s/u.test(text.slice(lineStart, left.startOffset));
  const underscored: TextEdit = { range, newText: name.replaceAll("-", "_") };
  const message = `a name has no hyphen: \`${name}\``;
  const found: Suspicion = { range, message, title: `Use \`${underscored.newText}\``, repair: [underscored], certain: true };
  const dot = text[left.startOffset - 1] === "." ? left.startOffset - 1 : undefined;
  if (!inPath || dot === undefined) return inPath || left.newlineBefore ? [found] : [];
  const bracketed = [{ range: { start: dot, end: range.end }, newText: `["${name}"]` }];
  return [
    {
      ...found,
      title: `Use \`["${name}"]\``,
      repair: bracketed,
      more: [{ title: `Use \`${underscored.newText}\``, edits: [underscored] }],
    },
  ];
};

/** `f x := x`: the arguments of a function stand in parentheses. */
export const bareArgument: FaultKind = ({ parsed: { tokens }, error }) => {
  const first = tokens.findIndex((one) => one.startOffset >= error.range.start);
  const [name, argument, next] = [tokens[first], tokens[first + 1], tokens[first + 2]];
  const startsLine = name !== undefined && (name.index === 0 || name.newlineBefore);
  const isName = (one: typeof name): boolean => one?.tokenType.name === "Identifier";
  if (!startsLine || name === undefined || argument === undefined || !isName(name) || !isName(argument) || argument.newlineBefore)
    return [];
  if (next === undefined || next.newlineBefore || !/^(?::=|=|if)$/u.test(next.image)) return [];
  const end = argument.startOffset + argument.image.length;
  return [
    {
      range: { start: name.startOffset, end },
      message: `the arguments of a function stand in parentheses: \`${name.image}(${argument.image})\``,
      title: "Insert the parentheses",
      repair: [
        { range: { start: name.startOffset + name.image.length, end: argument.startOffset }, newText: "(" },
        insertion(end, ")"),
      ],
    },
  ];
};

/** `x : 1` and `x : = 1`: a colon alone assigns nothing. */
export const loneColon: FaultKind = ({ parsed: { text, tokens }, token, before, opener }) => {
  const colon = [token, before].find((one) => one?.image === ":");
  if (
    colon === undefined ||
    (opener !== undefined && opener.image !== "{") ||
    (opener !== undefined && !colonInBody(text, colon.startOffset))
  )
    return [];
  const end = colon.startOffset + /^:\s*=?/u.exec(text.slice(colon.startOffset))![0].trimEnd().length;
  const range = { start: colon.startOffset, end };
  const next = tokens.find(({ startOffset }) => startOffset >= end);
  return [
    {
      range,
      message: "`:=` assigns: a colon alone stands between the key and the value of an object",
      title: "Use `:=`",
      repair: [{ range, newText: ":=" }],
      certain: next === undefined || next.newlineBefore === true,
    },
  ];
};

/** True for a colon behind a name that starts its line, as in a body. */
function colonInBody(text: string, at: number): boolean {
  return /^\s*[A-Za-z_]\w*\s*$/u.test(text.slice(text.lastIndexOf("\n", at - 1) + 1, at));
}
