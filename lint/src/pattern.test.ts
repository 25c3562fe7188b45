// Patterns that Go reads, over texts.
import { expect, test } from "vitest";
import { matchesPattern } from "./pattern.ts";

test.each([
  ["^[a-z_]+$", "is_admin", true],
  ["^[a-z_]+$", "isAdmin", false],
  ["(?i)^todo", "TODO", true],
  ["\\Aacme\\z", "acme", true],
  ["\\Aacme\\z", "acme.authz", false],
  ["^[[:alpha:]]+$", "isAdmin", true],
  ["^[[:lower:][:digit:]_]+$", "isAdmin", false],
  ["^(?P<team>\\w+)\\.", "acme.authz", true],
  ["^acme\\-authz\\:\\_x$", "acme-authz:_x", true],
  ["\\\\\\d", "\\1", true],
  ["(?!x)", "y", false],
  ["(", "(", false],
])("%s over %s: %s", (pattern, text, matches) => {
  expect(matchesPattern(text, pattern)).toBe(matches);
});
