// Comments and strings of several lines are those that the lexer finds, in any text.
import { expect, test } from "vitest";
import { random } from "../../../fuzz/random.ts";
import { finish } from "../text/steps.ts";
import { lexSteps } from "./lexer.ts";
import { marksSteps } from "./marks.ts";
import { RawString, TemplateText } from "./tokens.ts";

function asLexed(text: string): ReturnType<typeof marks> {
  const { tokens, comments } = finish(lexSteps(text, "v1"));
  const strings = tokens.filter(({ tokenType }) => tokenType === RawString || tokenType === TemplateText);
  const isOpen = strings.some(({ tokenType, image }) => tokenType === RawString && (image.length < 2 || !image.endsWith("`")));
  const long = strings.filter(({ image }) => image.includes("\n"));
  return {
    comments,
    strings: isOpen ? [] : long.map(({ startOffset, image }) => ({ start: startOffset, end: startOffset + image.length })),
  };
}

const marks = (text: string) => finish(marksSteps(text));

test("comments and strings of several lines", () => {
  const text = 'package p # one\n\nr := `a\n# no comment`\n\nt := $`x\n{input["}"]}\n` # two\n';
  const { comments, strings } = marks(text);
  expect(comments.map((one) => one.text)).toEqual([" one", " two"]);
  expect(strings.map(({ start, end }) => text.slice(start, end))).toEqual(["`a\n# no comment`", "x\n", "\n"]);
});

test("20,000 random texts", () => {
  const pieces = [
    '"',
    "`",
    "#",
    '$"',
    "$`",
    "{",
    "}",
    "[",
    "]",
    "(",
    ")",
    "\\",
    "\n",
    "\r\n",
    "a",
    " ",
    "1.5e",
    ":=",
    "$",
    "😀",
    "\uFEFF",
  ];
  const { below, pick } = random(7);
  for (let round = 0; round < 20_000; round++) {
    const text = Array.from({ length: below(24) }, () => pick(pieces)).join("");
    expect(marks(text), JSON.stringify(text)).toEqual(asLexed(text));
  }
});
