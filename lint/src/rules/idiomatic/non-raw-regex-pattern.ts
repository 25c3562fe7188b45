// `regex.match("\\d", x)`: in quotes, backslashes have to be doubled.
import type { StringTerm } from "#grammars/rego/ast.ts";
import { patternsIn } from "../../regex-patterns.ts";
import { type Found, fileRule } from "../../rule.ts";

export const nonRawRegexPattern = fileRule({
  name: "non-raw-regex-pattern",
  category: "idiomatic",
  description: "Use raw strings for regex patterns",
  check: (file) =>
    patternsIn(file)
      .filter(({ raw }) => raw !== true)
      .map(withFix),
});

/** No fix for what a raw string cannot hold, or only over several lines. */
function withFix({ start, end, value }: StringTerm): Found {
  const range = { start, end };
  if (/[`\u0000-\u001f]/u.test(value)) return { range };
  return { range, fix: { title: 'Replace " with ` in regex pattern', edits: [{ range, newText: `\`${value}\`` }] } };
}
