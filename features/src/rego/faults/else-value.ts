// `else 2`: a value behind `else` needs an assignment; and an `else` with nothing behind it.
import { endOf, type FaultKind, insertion, rangeOf } from "./fault.ts";

export const elseValue: FaultKind = ({ parsed: { tokens, text }, token }) => {
  const at =
    token === undefined
      ? -1
      : token.image === "else"
        ? token.index
        : tokens[token.index - 1]?.image === "else"
          ? token.index - 1
          : -1;
  const word = tokens[at];
  const value = tokens[at + 1];
  if (word === undefined || value === undefined || value.newlineBefore || /^(?::=|=|\{|if)$/u.test(value.image)) return [];
  return [
    {
      range: { start: word.startOffset, end: endOf(value) },
      message: "`else` needs `:=` before its value",
      title: "Insert `:=`",
      repair: [insertion(endOf(word), text[endOf(word)] === " " ? " :=" : " := ")],
      certain: true,
    },
  ];
};

export const elseAlone: FaultKind = ({ token, before, error }) =>
  before?.image === "else" && token?.newlineBefore !== false && error.message.endsWith("expected else value term or rule body")
    ? [{ range: rangeOf(before), message: "`else` needs a value or a body: `else := value`, `else if { … }`", certain: true }]
    : [];
