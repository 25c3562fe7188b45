// `x not in xs`: Rego negates the whole condition, so `not` stands before it.
import type { Token } from "#grammars/rego/tokens.ts";
import { endOf, type FaultKind, insertion } from "./fault.ts";

export const notIn: FaultKind = ({ parsed: { text, tokens }, token, before }) => {
  const word = [token, before].find((one) => one?.image === "not" && tokens[one.index + 1]?.image === "in");
  if (word === undefined || word.newlineBefore) return [];
  const operand = operandBefore(tokens, word.index);
  if (operand === undefined) return [];
  const left = text.slice(operand.startOffset, word.startOffset).trimEnd();
  return [
    {
      range: { start: word.startOffset, end: endOf(tokens[word.index + 1]!) },
      message: `Rego has no \`not in\`: \`not\` stands before the whole condition, \`not ${left} in …\``,
      title: "Move `not` to the front",
      repair: [
        insertion(operand.startOffset, "not "),
        { range: { start: word.startOffset, end: tokens[word.index + 1]!.startOffset }, newText: "" },
      ],
    },
  ];
};

/** The first token of the value that ends before a token: `input` of `input.roles[0] not`. */
function operandBefore(tokens: readonly Token[], end: number): Token | undefined {
  let at = end - 1;
  for (;;) {
    const one = tokens[at];
    if (one === undefined) return undefined;
    if (/^[)\]}]$/u.test(one.image)) {
      if (one.match < 0) return undefined;
      at = one.match;
      const opener = tokens[at]!;
      // A bracket that touches the name before it belongs to that name.
      if (!opener.adjacent || opener.image === "{") return opener;
      at -= 1;
    } else if (tokens[at - 1]?.image === ".") at -= 2;
    else return one;
  }
}
