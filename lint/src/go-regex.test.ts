// What Go's regexp reads, and what not, as opa says it.
import { expect, test } from "vitest";
import { isGoRegex } from "./go-regex.ts";

test.each([
  "",
  "a|",
  "[]a]",
  "[^]a-]",
  "[[:alpha:]_-]",
  "[[:]",
  "]{}",
  "a{,3}",
  "a{2,}?",
  "(a{10}){100}",
  "(?i)a(?i)*",
  "(?P<n>a)(?<m>b)(?-s:c)",
  "\\p{Lu}\\pL\\P{^Greek}",
  "\\Qa(b\\E+",
  "\\x{10ffff}\\x41\\12\\_",
  "\\A\\b\\z",
])("%s is one", (pattern) => expect(isGoRegex(pattern)).toBe(true));

test.each([
  "(",
  "a)",
  "[a",
  "[z-a]",
  "[[:letter:]]",
  "*a",
  "a**",
  "a{3,2}",
  "a{1001}",
  "(a{101}){10}",
  "a|*",
  "(?=a)",
  "(?<=a)",
  "(?i-:a)",
  "(?P<>a)",
  "\\p{Nothing}",
  "\\p$",
  "\\1",
  "\\Z",
  "\\x{110000}",
  "a\\",
])("%s is none", (pattern) => expect(isGoRegex(pattern)).toBe(false));
