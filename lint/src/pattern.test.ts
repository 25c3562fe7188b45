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
  ["a(?i)b|c", "C", true],
  ["a(?i)b|c", "AB", false],
  ["(?i:b)c", "BC", false],
  ["(a(?i)b)c", "aBC", false],
  ["^\\Qa.b\\E$", "a.b", true],
  ["^\\Qa.b\\E$", "axb", false],
  ["^[]a]+$", "]a", true],
  ["^[[:^alpha:]_]+$", "1_", true],
  ["^\\p{Greek}\\pL$", "αb", true],
  ["^\\x{41}$", "A", true],
  ["(?U)a+", "a", false],
  ["(?!x)", "y", false],
  ["(", "(", false],
])("%s over %s: %s", (pattern, text, matches) => {
  expect(matchesPattern(text, pattern)).toBe(matches);
});
