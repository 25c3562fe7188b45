// rego.parse_module: the errors of the text it is given, in the words of OPA's library.
import { expect, test } from "vitest";
import { seededRandom } from "../random.ts";
import { BuiltinFailure } from "./builtin.ts";
import { rego } from "./rego.ts";

function failureOf(file: string, text: string): BuiltinFailure {
  const context = { now: 0n, random: seededRandom(1), cache: new Map(), print: () => {}, ports: {} };
  try {
    rego["rego.parse_module"]?.([file, text], context);
  } catch (error) {
    if (error instanceof BuiltinFailure) return error;
  }
  throw new Error("the text was read");
}

test("a syntax error shows its line and is the failure's cause", () => {
  const failure = failureOf("f.rego", "package a\np if {\n\t  q := 1 2\n}");
  expect(failure.message).toBe(
    "1 error occurred: f.rego:3: rego_parse_error: unexpected number token: expected \\n or ; or }\n\t  q := 1 2\n\t         ^",
  );
  expect(failure.causes).toMatchObject([{ code: "rego_parse_error", place: { file: "f.rego", row: 3, col: 11 } }]);
});

test("a text without a name is placed by row and column", () => {
  expect(failureOf("", "package a\np if {").message).toMatch(/^1 error occurred: 2:6: rego_parse_error: unexpected eof token\n/);
});

test("several errors stand below their count, an empty module by itself", () => {
  const error = "rego_parse_error: `contains` keyword is required for partial set rules";
  expect(failureOf("f.rego", "package a\np[1]\nq[2]").message).toBe(`2 errors occurred:\nf.rego:2: ${error}\nf.rego:3: ${error}`);
  expect(failureOf("f.rego", "# no rule").message).toBe("f.rego:0: rego_parse_error: empty module");
});
