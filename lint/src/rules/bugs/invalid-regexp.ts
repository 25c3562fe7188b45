// `regex.match("[a-z", x)`: a pattern that cannot be read, so that the call is undefined.
import { isGoRegex } from "../../go-regex.ts";
import { patternsIn } from "../../regex-patterns.ts";
import { fileRule } from "../../rule.ts";

export const invalidRegexp = fileRule({
  name: "invalid-regexp",
  category: "bugs",
  description: "Invalid regular expression",
  check: (file) => patternsIn(file).filter(({ value }) => !isGoRegex(value)),
});
