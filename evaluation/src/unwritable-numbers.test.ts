// Numbers with a spelling that JSON does not have are numbers for every calculation, and no result: OPA's words for them.
import { expect, test } from "vitest";
import { checkModules } from "#analysis/rego/check.ts";
import { compile } from "#compiler/compile.ts";
import { parseModule } from "#grammars/rego/parse.ts";
import { createInstance, type Instance } from "./instance.ts";

function instanceOf(rule: string): Instance {
  const checked = checkModules([parseModule(`package a\n\n${rule}\n`, { file: "a.rego" })]);
  return createInstance(compile(checked, { entrypoints: ["a/p"] }).module!, { now: () => 0n });
}

test.each([
  ['p := to_number("01")', "01"],
  ['p := {"a": [to_number("-.5"), to_number("5.")]}', "-.5"],
  ['p contains to_number("5.")', "5."],
  ['p := {to_number("+1.0"): 1}', "+1.0"],
  ["p := .5", ".5"],
  ['p := [1, -.25, {"x": .5e3}]', "-.25"],
  ["p := {.5: 1}", ".5"],
])("%s", (rule, number) => {
  const instance = instanceOf(rule);
  for (let round = 0; round < 2; round++)
    expect(instance.evaluate("a/p", undefined)).toMatchObject({
      kind: "error",
      error: { message: `json: invalid number literal "${number}"` },
    });
  expect(instance.evaluate("a/p", undefined, { format: "rego" })).toMatchObject({ kind: "result" });
});

test("they count as what they are", () => {
  const outcome = instanceOf('p := [to_number("08") + 1, to_number("08") == 8, 0.5, 1e5, -0.25, [.5] == [0.5]]').evaluate(
    "a/p",
    undefined,
  );
  expect(outcome).toMatchObject({ text: '[{"result":[9,true,0.5,1e5,-0.25,true]}]' });
});

test.each([
  ['json.marshal({"a": [x]})', 'json: invalid number literal "01"'],
  ["json.marshal({x: .5})", 'json: invalid number literal "01"'],
  ['json.marshal_with_options([x], {"pretty": true})', 'json: invalid number literal "01"'],
  ['yaml.marshal({"a": x})', 'error marshaling into JSON: json: invalid number literal "01"'],
  ["yaml.marshal({x: 1})", 'json: invalid number literal "01"'],
  ['json.match_schema({"a": x}, {"type": "object"})', 'json: invalid number literal "01"'],
  [
    'io.jwt.encode_sign({"alg": "HS256"}, {"a": x}, {"kty": "oct", "k": "c2VjcmV0"})',
    'failed to marshal JWT payload: json: invalid number literal "01"',
  ],
])("%s", (call, message) => {
  const outcome = instanceOf(`p := ${call} if x := to_number("01")`).evaluate("a/p", undefined);
  expect(outcome).toMatchObject({ builtinErrors: [{ message: `${call.slice(0, call.indexOf("("))}: ${message}` }] });
});
