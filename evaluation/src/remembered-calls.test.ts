// Functions that are asked again with equal arguments: prints tell how often they run. The expected ones are those of OPA.
import { expect, test } from "vitest";
import { checkModules } from "#analysis/rego/check.ts";
import { compile } from "#compiler/compile.ts";
import { parseModule } from "#grammars/rego/parse.ts";
import { createInstance } from "./instance.ts";

const input = '{"xs": [1, 2, 3], "o": {"z": {"y": [1, 2]}}}';

/** The prints of rule `r` of a policy, in one line. */
function printsOf(rules: string): string {
  const module = parseModule(`package p\n\n${rules}\n`, { file: "p.rego" });
  const compiled = compile(checkModules([module], { printing: true }), { entrypoints: ["p/r"] });
  const outcome = createInstance(compiled.module!, { now: () => 0n }).evaluate("p/r", input);
  return outcome.prints.map(({ line }) => line).join(" ");
}

const f = 'f(x) := 1 if print("f", x)';

test.each([
  ["with one document", `r := [f(input.o) | some x in input.xs]\n${f}`, 'f {"z": {"y": [1, 2]}}'],
  ["with values that are made anew", `r := [f([1, {"b": x > 0}]) | some x in input.xs]\n${f}`, 'f [1, {"b": true}]'],
  ["with values that are equal", `r := [f({1, 2}), f({2, 1}), f([1]), f([1.0])]\n${f}`, "f {1, 2} f [1]"],
  ["by another function", `r := [g({"k": 1}), f({"k": 1})]\ng(x) := f(x)\n${f}`, 'f {"k": 1}'],
  [
    "with four arguments",
    'r := [f(1, {2}, [3], x % 2) | some x in input.xs]\nf(a, b, c, d) := 1 if print("f", a, b, c, d)',
    "f 1 {2} [3] 1 f 1 {2} [3] 0",
  ],
  [
    "that is not true",
    'r := [x | some x in input.xs; f({x > 0})]\nf(x) if {\n  print("f", x)\n  x == input.no\n}',
    "f {true} f {true} f {true}",
  ],
  ["behind with", `r := [y | some x in input.xs; y := f({x > 0}) with data.q as 1]\n${f}`, "f {true} f {true} f {true}"],
  ["behind with of a function", `r := [y | some x in input.xs; y := f(x > 0) with floor as 1]\n${f}`, "f true f true f true"],
  [
    "of a rule without a value, where something stands for a function",
    'r if b with floor as 1\nb if {\n  not u\n  not c\n}\nc if u\nu if {\n  print("u")\n  input.no\n}',
    "u",
  ],
  [
    "of keys of a partial rule that is known, where something stands for a function",
    'r if b with floor as 1\nb if {\n  t\n  not s\n}\ns if t[7]\nt contains x if {\n  some x in [1]\n  print("t", x)\n}',
    "t 1",
  ],
  [
    "behind each solution of an expression with with",
    'r := [k | g[k] with data.q as 1]\ng contains k if {\n  some k in [1, 2]\n  u\n}\nu if print("u")',
    "u",
  ],
  [
    "behind each package or rule that an expression with with finds",
    'r := [k | data.p.sub[k] with data.q as 1]\nsub.a contains 1 if u\nsub.b contains 1 if u\nu if print("u")',
    "u u",
  ],
  ["behind with and without", `r := [y | f(1) with floor as 1; y := f(1)]\n${f}`, "f 1 f 1"],
])("%s", (_, rules, prints) => {
  expect(printsOf(rules)).toBe(prints);
});

const h = `h[x].a[y] := 1 if {
  some x in ["u", "v"]
  some y in ["m", "n"]
  print(x, y)
  x == "v"
  y == "m"
}`;

test.each([
  ["g[x]", 'g[x].a := 1 if {\n  some x in ["u", "v"]\n  print(x)\n  x == "v"\n}', "u u v"],
  ["h[x].a", h, "u m u n u m u n v m v n"],
  ["h[x].a.n", h, "u n u n v n v n"],
  ["h[x][_].n", h, "u n u n v n v n"],
  ["h[x][_].m", h, "u m u m v m"],
])("what is not there at the keys of %s is looked for again", (asked, rules, prints) => {
  expect(printsOf(`r := [x | some x in ["u", "u", "v", "v"]; ${asked}]\n${rules}`)).toBe(prints);
});

test.each([
  ["a document", "x"],
  ["a document and more", "x, a, b, c"],
])("functions that each ask the next one twice with %s take no longer for each of them", (_, args) => {
  const rules = Array.from({ length: 40 }, (_, n) => `f${n}(${args}) := f${n + 1}(${args}) + f${n + 1}(${args})`);
  const call = `f0(${args.replace("x", "input").replace(/\b[abc]\b/gu, '"$&"')})`;
  const text = `package p\n\nr := ${call}\n${rules.join("\n")}\nf40(${args}) := 1 if x.o\n`;
  const module = parseModule(text, { file: "p.rego" });
  const compiled = compile(checkModules([module]), { entrypoints: ["p/r"] });
  const outcome = createInstance(compiled.module!, { now: () => 0n }).evaluate("p/r", input);
  expect(outcome).toMatchObject({ text: `[{"result":${2 ** 40}}]` });
});
