// What begins a rule and cannot: a keyword as its name, a name alone, a stray word behind it, a condition, two rules on one line.
import type { Token } from "#grammars/rego/tokens.ts";
import { endOf, type FaultKind, rangeOf, type Suspicion } from "./fault.ts";

/** `if := 1`, `some x in xs` outside of a body. */
export const keywordAsName: FaultKind = ({ token, error }) => {
  if (token === undefined) return [];
  const word = token.image;
  const message = / keyword cannot be used for rule name/u.test(error.message)
    ? `\`${word}\` is a keyword: a rule needs another name`
    : / declarations cannot be used for rule head/u.test(error.message)
      ? `\`${word}\` stands in the body of a rule: \`name if { ${word} … }\``
      : undefined;
  return message === undefined ? [] : [{ range: rangeOf(token), message, certain: true }];
};

/** `allow cont`. */
export const wordBehindName: FaultKind = ({ parsed: { tokens }, token, error }) => {
  const word = tokens[(token?.index ?? tokens.length) + 1];
  if (token === undefined || word === undefined || !isFirst(token) || !/^(?:var|ref) cannot be used/u.test(error.message))
    return [];
  if (word.newlineBefore || word.adjacent || word.tokenType.name !== "Identifier") return [];
  const meant = ["if", "contains"].find((keyword) => keyword.startsWith(word.image));
  const advice = meant === undefined ? "`:=`, `if` or `contains` follows the name of a rule" : `did you mean \`${meant}\`?`;
  return [{ range: rangeOf(word), message: `unexpected \`${word.image}\` after \`${token.image}\`: ${advice}`, certain: true }];
};

/** `default allow := fals`. */
export const variableInDefault: FaultKind = ({ parsed: { text, tokens }, error }) => {
  if (!error.message.startsWith("illegal default rule (value cannot contain var)")) return [];
  const operator = tokens.find(({ image, startOffset }) => /^:?=$/u.test(image) && startOffset > error.range.start);
  const name = tokens.find((one) => one.tokenType.name === "Identifier" && operator !== undefined && one.index > operator.index);
  if (name === undefined || text.slice(endOf(name)).startsWith(".")) return [];
  const meant = ["true", "false", "null"].find((constant) => constant.startsWith(name.image.toLowerCase()));
  const guess = meant === undefined ? "" : `; did you mean \`${meant}\`?`;
  return [{ range: rangeOf(name), message: `${error.message}: \`${name.image}\` is no constant${guess}`, certain: true }];
};

/** `f() := 1`. */
export const noArguments: FaultKind = ({ parsed: { tokens }, token, error }) => {
  const [opener, closer] = token === undefined ? [] : tokens.slice(token.index + 1);
  if (token === undefined || opener === undefined || closer?.image !== ")" || !error.message.startsWith("rule argument list"))
    return [];
  const message = `a function takes at least one argument: \`${token.image}(x)\``;
  return [{ range: { start: opener.startOffset, end: endOf(closer) }, message, certain: true }];
};

const isFirst = ({ newlineBefore, index }: Token): boolean => newlineBefore === true || index === 0;

/** `allow` alone on its line. */
export const nameAlone: FaultKind = ({ parsed: { tokens }, token, error }) => {
  const isPartial = error.message.startsWith("`contains` keyword is required");
  if (token === undefined || !(isPartial || /^(?:var|ref) cannot be used for rule name/u.test(error.message))) return [];
  let last = token;
  for (let next = tokens[last.index + 1]; next !== undefined && !next.newlineBefore; next = tokens[next.index + 1]) {
    if (!/^(?:Identifier|Dot)$/u.test(next.tokenType.name) || !next.adjacent) return [];
    last = next;
  }
  // Behind something on its line it is no name.
  if (!isFirst(token) || (isPartial && last === token)) return [];
  const name = tokens
    .slice(token.index, last.index + 1)
    .map(({ image }) => image)
    .join("");
  const message = `\`${name}\` needs a value or a body: \`${name} := value\`, \`${name} if { … }\``;
  return [{ range: { start: token.startOffset, end: endOf(last) }, message, certain: true }];
};

/** `x == 1` where a rule is meant. */
export const conditionAsRule: FaultKind = ({ parsed: { tokens }, token, error }) => {
  const operator = tokens[(token?.index ?? 0) + 1];
  if (token === undefined || operator === undefined || !error.message.startsWith("rule name conflicts with built-in")) return [];
  if (operator.tokenType.name === "Equal") {
    const repair = [{ range: rangeOf(operator), newText: ":=" }];
    const message = "`==` compares: a rule is given its value with `:=`";
    return [{ range: rangeOf(operator), message, title: "Use `:=`", repair }];
  }
  if (!/^(?:NotEqual|Less|LessEqual|Greater|GreaterEqual)$/u.test(operator.tokenType.name)) return [];
  const message = "a condition stands in the body of a rule: `name if { … }`";
  return [{ range: rangeOf(operator), message, certain: true }];
};

/** `x := 1; y := 2`, `x := 1;`. */
export const rulesOnOneLine: FaultKind = ({ parsed: { text, tokens }, token, before, opener, error }) => {
  if (opener !== undefined) return [];
  const isSeveral = error.message.startsWith("multiple expressions cannot be used for rule head");
  const from = isSeveral ? (token?.index ?? 0) : undefined;
  const semicolon =
    from === undefined
      ? [token, before].find((one) => one?.image === ";")
      : tokens.slice(from + 1).find((one) => one.image === ";" || one.newlineBefore === true);
  if (semicolon === undefined || semicolon.image !== ";") return [];
  const range = rangeOf(semicolon);
  const next = tokens[semicolon.index + 1];
  const last = next === undefined || next.newlineBefore;
  const blanks = /^[ \t]*/u.exec(text.slice(range.end))![0].length;
  const found: Suspicion = {
    range,
    message: "a rule ends with its line: `;` stands between conditions",
    title: last ? "Remove `;`" : "Put the rules on lines of their own",
    repair: [{ range: { start: range.start, end: range.end + blanks }, newText: last ? "" : "\n" }],
  };
  return [found];
};
