import { expect, test } from "vitest";
import { formatModule } from "./format.ts";
import { parseModule } from "./parse.ts";

function format(text: string): string | undefined {
  return formatModule(parseModule(text, { file: "a.rego" }));
}

test("rules are set apart, constants of neighbouring rows are not", () => {
  expect(format("package a\np:=1\nq:=2\nr if{ x:=1;x>0 }\n")).toBe(
    "package a\n\np := 1\nq := 2\n\nr if {\n\tx := 1\n\tx > 0\n}\n",
  );
});

test("collections break where the author broke them", () => {
  expect(format('package a\np := [1,2,\n3]\nq := {"a":1}')).toBe('package a\n\np := [\n\t1, 2,\n\t3,\n]\n\nq := {"a": 1}\n');
});

test("comments stay with their rows", () => {
  expect(format("package a # one\n\n# two\np := 1 # three\n\n# four\n")).toBe(
    "package a # one\n\n# two\np := 1 # three\n\n# four\n",
  );
});

test("a module with errors is left alone; formatting twice changes nothing", () => {
  expect(format("package a\np :=")).toBeUndefined();
  const once = format("package a\nimport data.z\nimport data.b\np if not a with input as 1\nelse := {x|some x in [1]}")!;
  expect(format(once)).toBe(once);
});

test("what cannot be valid in v0 and v1 at once is not written for both", () => {
  const both = (text: string) => formatModule(parseModule(text, { file: "a.rego", version: "v0" }), { both: true });
  expect(both("package a\nin.x := 1\n")).toBe('package a\n\nimport rego.v1\n\nin["x"] := 1\n');
  expect(both("package a\nin := 1\n")).toBeUndefined();
  expect(both("package a\nimport data.a.b\nimport input.b\n")).toBeUndefined();
  expect(formatModule(parseModule('package a\np := $"{input.x}"\n', { file: "a.rego" }), { both: true })).toBeUndefined();
});
