// Sets and objects that a body writes out are gone through as they are written, as OPA's interpreter does: constants first, equal members each.
import { expect, test } from "vitest";
import { checkModules } from "#analysis/rego/check.ts";
import { compile } from "#compiler/compile.ts";
import { parseModule } from "#grammars/rego/parse.ts";
import { createInstance } from "./instance.ts";

const known = `z := "z"

also_z := "z"

n := 1

fa := false
`;

function result(term: string): string {
  const text = `package p\n\nr := ${term}\n\n${known}`;
  const { module } = compile(checkModules([parseModule(text, { file: "p.rego" })]), { entrypoints: ["p/r"] });
  const outcome = createInstance(module!, { now: () => 0n }).evaluate("p/r", '{"a": 1, "s": "xyz"}');
  return outcome.kind === "result" ? outcome.text.slice('[{"result":'.length, -2) : outcome.error.message;
}

test.each([
  ['[x | some x in {z, also_z, "y"}]', '["y","z","z"]'],
  ['[x | x := {n, "a", fa}[_]]', '["a",false,1]'],
  ['[x | s := {n, "a", fa}; t := s; count(t) > 0; t[x]]', '["a",1]'],
  ["[k | some k, _ in {z: 1, 5: 2, fa: 3}]", '[5,false,"z"]'],
  ["[k | {z: 1, also_z: 2, 5: 3}[k]]", '[5,"z","z"]'],
  ['[x | some x in {[n], [fa], ["q"]}]', '[["q"],[false],[1]]'],
  ['[[x, y] | some x, y in {n, "a", fa}]', '[["a","a"],[false,false],[1,1]]'],
  ['[x | o := {"a": {input.s, "a", input.a}}; o.a[x]]', '["a",1,"xyz"]'],
  ['[x | some x in ({input.s, "a", input.a} | {3})]', '[1,3,"a","xyz"]'],
  ["[x | s := {y | y := {n, fa}[_]}; some x in s]", "[false,1]"],
  ["[s | some x in [1]; s := {x, 1.0}]", "[[1.0]]"],
  ["[o | some x in [1]; o := {x: 3, 1.0: 2}]", '[{"1.0":3}]'],
  ["[o | some y in [1.0]; some x in [1]; o := {y: 2, x: 3}]", '[{"1.0":3}]'],
  ["{x | some x in {z, also_z}}", '["z"]'],
  ["count({z, also_z})", "1"],
  ['[o["z"] | o := {z: 1, "z": 2}]', "[2]"],
  ['[v | o := {z: {"a": 1}, "z": {"b": 2}}; v := o.z[_]]', "[2]"],
  ["{k: v | some k, v in {z: 1, also_z: 2}}", '{"z":2}'],
  ['{z: 1, "z": 2}', '{"z":1}'],
])("%s", (term, expected) => {
  expect(result(term)).toBe(expected);
});

const rules = `
h := {"z", input.a, "b", input.s}
f(s) := [x | some x in s]
g(s) := s
u contains h
v[1] := h
`;

// Who asks a rule first, or calls a function with a set, goes through the members as they are written.
test.each([
  ["[x | some x in h]", '["b","z",1,"xyz"]'],
  ["f(h)", '["b","z",1,"xyz"]'],
  ['f({"z", input.a})', '["z",1]'],
  ['[x | some x in g({"z", input.a})]', '["z",1]'],
  ["[y | some n in [1, 2]; y := f(h)]", '[["b","z",1,"xyz"],["b","z",1,"xyz"]]'],
  ["[[x | some x in h], [x | some x in h]]", '[["b","z",1,"xyz"],[1,"b","xyz","z"]]'],
  ['[x | some x in g(g({"z", input.a}))]', '[1,"z"]'],
  ["[x | some s in u; some x in s]", '[1,"b","xyz","z"]'],
  ["[x | some x in v[1]]", '["b","z",1,"xyz"]'],
  ["[x | some s in [s | s := h]; some x in s]", '[1,"b","xyz","z"]'],
  ['[x | some x in object.get({}, "a", h)]', '[1,"b","xyz","z"]'],
  ['[count(h), h == {1, "b", "z", "xyz"}, json.marshal(h)]', '[4,true,"[1,\\"b\\",\\"xyz\\",\\"z\\"]"]'],
])("%s of rules and functions", (term, expected) => {
  expect(result(`${term}\n${rules}`)).toBe(expected);
});
