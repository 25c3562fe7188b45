// What traces tell of the rule index: how many rules it admits, and whether the first one that holds settles the value. As `opa eval --explain full` tells it.
import { expect, test } from "vitest";
import { rw } from "./run-in-memory.test-helper.ts";

async function indexed(policy: string, input: string): Promise<readonly string[]> {
  const files = { "/w/p.rego": `package p\n${policy}`, "/w/i.json": input };
  const { out } = await rw(files, "eval", "-d", "p.rego", "-i", "i.json", "-f", "pretty", "--explain", "full", "data.p");
  return [...out.matchAll(/ Index (.*)$/gmu)].map(([, said = ""]) => said);
}

const functions = `
f(false, x) := 1 if input.a == 1
f(true, x) := 2 if x == 2
f(_, x) := 3 if { y := x; input.b[y] }
f([x], z) := 4
f(x, "k") := 5
f(x, z) := 6 if data.q.w == x
f(x, z) := 7 if input.zz[_]
f(x, z) := 8 if { some y in x; y == input.c }
f(x, z) := 9
f(x, z) := 10 if glob.match("a*", [], x)
f(x, z) := 11 if startswith(input.s, "a")
`;

test.each([
  ["{}", "data.p.f (matched 7 rules)"],
  ['{"a": 1}', "data.p.f (matched 8 rules)"],
  ['{"c": 1, "zz": [1]}', "data.p.f (matched 8 rules)"],
  ['{"s": "ab"}', "data.p.f (matched 8 rules)"],
])("functions that nobody calls: any argument will do, documents must fit: %s", async (input, said) => {
  expect(await indexed(functions, input)).toEqual([said]);
});

test.each([
  ['r["a"] if true\nr[x] if { x := input }', "data.p.r (matched 2 rules)"],
  ['r["a"] if true\nr[x] if { input.q == 1; x := input }', "data.p.r (matched 1 rule, early exit)"],
  ['r["a"] := 2 if true\nr["a"] := 2 if true\nr[x] if { input.q == 1; x := input }', "data.p.r (matched 2 rules, early exit)"],
  ['r["a"] := 2\nr[x] if { input.q == 1; x := input }', "data.p.r (matched 1 rule)"],
  ['r contains "a" if true', "data.p.r (matched 1 rule)"],
])("%s", async (policy, said) => {
  expect(await indexed(policy, "{}")).toEqual([said]);
});
