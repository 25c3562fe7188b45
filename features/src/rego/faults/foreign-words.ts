// Words of other languages that Rego says differently: `elif`, `function`, `let`, `then` and their kin.
import type { QuickFix, TextEdit } from "#grammars/diagnostic.ts";
import type { Token } from "#grammars/rego/tokens.ts";
import { endOf, type FaultKind, rangeOf } from "./fault.ts";
import { loopAs, returnedInHead } from "./foreign-blocks.ts";

interface Word {
  readonly message: string;
  readonly title?: string;
  readonly repair?: (word: Token, text: string, tokens: readonly Token[]) => readonly TextEdit[] | undefined;
  /** True when the repair says one of several things that may be meant. */
  readonly guess?: boolean;
  readonly more?: (word: Token, text: string, tokens: readonly Token[]) => readonly QuickFix[];
}

/** The word and the blanks behind it taken out. */
const removed = (word: Token, text: string): readonly TextEdit[] => {
  const end = endOf(word);
  const blanks = /^[ \t]*/u.exec(text.slice(end))![0].length;
  return [{ range: { start: word.startOffset, end: end + blanks }, newText: "" }];
};

const noVariables = (word: string): Word => ({
  message: `Rego has no \`${word}\`: \`:=\` declares a variable`,
  title: `Remove \`${word}\``,
  repair: (token, text) => {
    const after = endOf(token);
    const assign = /^[^\n;:=]*?(=)(?!=)/u.exec(text.slice(after));
    const place = assign === null ? undefined : after + assign[0].length - 1;
    return [
      ...removed(token, text),
      ...(place === undefined ? [] : [{ range: { start: place, end: place + 1 }, newText: ":=" }]),
    ];
  },
});

const noFunctions = (word: string): Word => ({
  message: `Rego has no \`${word}\`: a function is a rule with arguments, \`f(x) := value if …\``,
  title: `Remove \`${word}\``,
  repair: removed,
});

/** A loop may ask for one of them, or for all: the reader says which. */
const loop = (word: string): Word => ({
  message: `Rego has no \`${word}\`: write \`some x in collection\`, or \`every x in collection { … }\``,
  title: "Use `some … in`",
  repair: (token, text, tokens) => loopAs("some", token, text, tokens),
  guess: true,
  more: (token, text, tokens) => {
    const edits = loopAs("every", token, text, tokens);
    return edits === undefined ? [] : [{ title: "Use `every … in`", edits }];
  },
});

/** `x if y then 1` is `x := 1 if y`; nothing where the head has a value, or the value does not end with the line. */
function valueBeforeIf(word: Token, text: string): readonly TextEdit[] | undefined {
  const start = text.lastIndexOf("\n", word.startOffset) + 1;
  const head = /^[A-Za-z_][\w.]*(?:\([^()\n]*\))?(?= if )/u.exec(text.slice(start, word.startOffset));
  const behind = /^[ \t]+([^\n#{]*[^\s#{])[ \t]*(?=\r?\n|$)/u.exec(text.slice(endOf(word)));
  const before = /[ \t]*$/u.exec(text.slice(start, word.startOffset))!;
  if (head === null || behind === null || /\belse\b/u.test(behind[1]!)) return undefined;
  const place = start + head[0].length;
  return [
    { range: { start: place, end: place }, newText: ` := ${behind[1]!}` },
    { range: { start: start + before.index, end: endOf(word) + behind[0].length }, newText: "" },
  ];
}

const words: ReadonlyMap<string, Word> = new Map<string, Word>([
  [
    "elif",
    {
      message: "Rego has no `elif`: write `else := value if …`",
      title: "Use `else if`",
      repair: (word) => [{ range: rangeOf(word), newText: "else if" }],
    },
  ],
  [
    "elseif",
    {
      message: "Rego has no `elseif`: write `else := value if …`",
      title: "Use `else if`",
      repair: (word) => [{ range: rangeOf(word), newText: "else if" }],
    },
  ],
  ["fn", noFunctions("fn")],
  [
    "then",
    {
      message: "Rego has no `then`: what follows `if` is the condition, the value stands before it, `x := value if …`",
      title: "Put the value before `if`",
      repair: valueBeforeIf,
    },
  ],
  ["function", noFunctions("function")],
  ["func", noFunctions("func")],
  ["def", noFunctions("def")],
  ["let", noVariables("let")],
  ["var", noVariables("var")],
  ["const", noVariables("const")],
  [
    "return",
    {
      message: "Rego has no `return`: the value stands in the head, `f(x) := value if …`",
      title: "Put the value into the head",
      repair: returnedInHead,
    },
  ],
  ["for", loop("for")],
  ["foreach", loop("foreach")],
  ["while", { message: "Rego has no loops: write `some x in collection`, or `every x in collection { … }`" }],
]);

function startOfStatement(tokens: readonly Token[], last: number): number {
  let at = Math.min(last, tokens.length - 1);
  while (at > 0 && !tokens[at]!.newlineBefore) at -= 1;
  return at;
}

export const foreignWords: FaultKind = ({ parsed: { text, tokens }, token }) => {
  const last = token?.index ?? tokens.length;
  const start = startOfStatement(tokens, last);
  const then = tokens.findLastIndex((one, at) => at > start && at < last && one.image === "then" && !one.adjacent);
  for (const at of [...(then < 0 ? [] : [then]), last, last - 1, start]) {
    const found = tokens[at];
    const word = found?.tokenType.name === "Identifier" ? words.get(found.image) : undefined;
    if (found === undefined || word === undefined) continue;
    // At the start of the statement, far before the complaint, only the words of definitions are surely foreign.
    if (at < last - 1 && at !== then && !/^(?:function|func|fn|def)$/u.test(found.image)) continue;
    const { message, title, repair, guess, more } = word;
    const edits = repair?.(found, text, tokens);
    if (title === undefined || edits === undefined) return [{ range: rangeOf(found), message, certain: true }];
    const others = { ...(guess === true ? { guess } : {}), ...(more === undefined ? {} : { more: more(found, text, tokens) }) };
    return [{ range: rangeOf(found), message, title, repair: edits, ...others, certain: true }];
  }
  return [];
};
