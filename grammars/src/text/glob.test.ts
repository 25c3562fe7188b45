// Globs of settings against paths.
import { expect, test } from "vitest";
import { matchesGlob } from "./glob.ts";

const inputs = "**/inputs/**/*.{conf,hocon,json,yaml,yml}";

test.each([
  [inputs, "inputs/clerk.conf", true],
  [inputs, "a/b/inputs/c/d/clerk.yml", true],
  [inputs, "inputs/clerk.rego", false],
  [inputs, "myinputs/clerk.conf", false],
  ["**/input.{json,yaml}", "input.json", true],
  ["**/input.{json,yaml}", "a/input.yaml", true],
  ["**/input.{json,yaml}", "a/myinput.yaml", false],
  ["*.rego", "a/b.rego", false],
  ["a?c.[jt]s", "abc.ts", true],
  ["a?c.[!jt]s", "abc.ts", false],
  ["policy/**", "policy/a/b.rego", true],
  ["x{", "x{", true],
])("%s on %s is %s", (pattern, path, expected) => {
  expect(matchesGlob(path, pattern)).toBe(expected);
});
