// Regular expressions.
import { arrayOf, BOOLEAN, NUMBER, STRING } from "../types/type.ts";
import { arg, type BuiltinRow, unnamed } from "./builtin.ts";

export const regex: readonly BuiltinRow[] = [
  {
    name: "re_match",
    description: "Matches a text against a regular expression (v0 only; use `regex.match`).",
    args: [unnamed(STRING), unnamed(STRING)],
    result: unnamed(BOOLEAN),
    where: "runtime",
    deprecated: true,
  },
  {
    name: "regex.find_all_string_submatch_n",
    description: "The matches with their groups, at most `number` of them (-1 for all).",
    args: [arg("pattern", STRING), arg("value", STRING), arg("number", NUMBER)],
    result: arg("output", arrayOf(arrayOf(STRING))),
    where: "runtime",
  },
  {
    name: "regex.find_n",
    description: "The texts that match, at most `number` of them (-1 for all).",
    args: [arg("pattern", STRING), arg("value", STRING), arg("number", NUMBER)],
    result: arg("output", arrayOf(STRING)),
    where: "host",
  },
  {
    name: "regex.globs_match",
    description: "True when two glob-like patterns have a text in common.",
    args: [arg("glob1", STRING), arg("glob2", STRING)],
    result: arg("result", BOOLEAN),
    where: "host",
  },
  {
    name: "regex.is_valid",
    description: "True when the pattern is a valid regular expression.",
    args: [arg("pattern", STRING)],
    result: arg("result", BOOLEAN),
    where: "runtime",
  },
  {
    name: "regex.match",
    description: "True when the pattern matches somewhere in the value.",
    args: [arg("pattern", STRING), arg("value", STRING)],
    result: arg("result", BOOLEAN),
    where: "runtime",
  },
  {
    name: "regex.replace",
    description: "Replaces the parts of `s` that match the pattern; `$1` stands for the first group.",
    args: [arg("s", STRING), arg("pattern", STRING), arg("value", STRING)],
    result: arg("output", STRING),
    where: "host",
  },
  {
    name: "regex.split",
    description: "Splits the value where the pattern matches.",
    args: [arg("pattern", STRING), arg("value", STRING)],
    result: arg("output", arrayOf(STRING)),
    where: "host",
  },
  {
    name: "regex.template_match",
    description: "Matches a value against a template with regular expressions between delimiters.",
    args: [arg("template", STRING), arg("value", STRING), arg("delimiter_start", STRING), arg("delimiter_end", STRING)],
    result: arg("result", BOOLEAN),
    where: "host",
  },
];
