// Glob patterns.
import { arrayOf, BOOLEAN, NULL, STRING, union } from "../types/type.ts";
import { arg, type BuiltinRow } from "./builtin.ts";

export const glob: readonly BuiltinRow[] = [
  {
    name: "glob.match",
    description: "Matches a text against a glob pattern; `*` does not cross the delimiters, `**` does.",
    args: [arg("pattern", STRING), arg("delimiters", union(NULL, arrayOf(STRING))), arg("match", STRING)],
    result: arg("result", BOOLEAN),
    where: "runtime",
  },
  {
    name: "glob.quote_meta",
    description: "Escapes the characters that mean something in a glob pattern.",
    args: [arg("pattern", STRING)],
    result: arg("output", STRING),
    where: "host",
  },
];
