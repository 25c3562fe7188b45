// Documents of rules and data are gone through in OPA's order: the keys of the data, then those of rules alone, each by value.
import { expect, test } from "vitest";
import { checkModules } from "#analysis/rego/check.ts";
import { compile } from "#compiler/compile.ts";
import { parseModule } from "#grammars/rego/parse.ts";
import { createInstance } from "./instance.ts";

/** The value of `data.p.q` beside the given modules and data. */
function q(rule: string, modules: readonly string[], data = "{}"): string {
  const texts = [`package p\n\n${rule}\n`, ...modules];
  const checked = checkModules(
    texts.map((text, at) => parseModule(text, { file: `${at}.rego` })),
    { printing: true },
  );
  expect(checked.diagnostics).toEqual([]);
  const instance = createInstance(compile(checked, { entrypoints: ["p/q"] }).module!, { now: () => 0n });
  expect(instance.setData(data)).toBeUndefined();
  const outcome = instance.evaluate("p/q", "{}", { format: "rego" });
  if (outcome.kind === "error") return outcome.error.message;
  return /^\[?\{\{"result": (.*)\}\}\]?$/.exec(outcome.text)?.[1] ?? "undefined";
}

const keys = "q := [k | data.a[k]]";

test("rules stand in the order of their names, wherever they were written", () => {
  expect(q(keys, ["package a\n\nz := 1\nb := 2\nm contains 3\n", "package a.c\n\nd := 1\n"])).toBe('["b", "c", "m", "z"]');
  expect(q(keys, ["package a\n\nz := 1\nb := 2 if false\nf(x) := x\n"])).toBe('["z"]');
});

test("the keys of the data come first", () => {
  const rules = ["package a\n\nz := 1\nb := 2\n"];
  expect(q(keys, rules, '{"a": {"y": 1, "m": 2}}')).toBe('["m", "y", "b", "z"]');
});

test("a key of both stands where the data has it, and what is below it is gone through in the same way", () => {
  const rules = ["package a\n\nz := 1\n", "package a.m\n\nz := 1\nb := 2\n"];
  const data = '{"a": {"k": {"u": 0}, "m": {"y": 3}, "n": 2}}';
  expect(q(keys, rules, data)).toBe('["k", "m", "n", "z"]');
  expect(q("q := [[k, l] | data.a[k][l]]", rules, data)).toBe('[["k", "u"], ["m", "y"], ["m", "b"], ["m", "z"]]');
  expect(q('q := [l | data.a[k][l]; k == "m"]', rules, data)).toBe('["y", "b", "z"]');
});

test("what follows a key is asked of each", () => {
  const rules = ["package a.x\n\nok if true\n", "package a.w\n\nok if false\n", "package a.v\n\nok if true\n"];
  expect(q("q := [k | data.a[k].ok]", rules)).toBe('["v", "x"]');
  expect(q('q := [v | some k in ["x", "v", "w", "n"]; v := data.a[k].ok]', rules, '{"a": {"n": {"ok": 7}}}')).toBe(
    "[true, true, 7]",
  );
});

test("a function is no document, also where a key leads to it", () => {
  expect(q("q := [k | data.a[k].m.b]", ["package a.m.m\n\nb(x) := x\n\nc := 1\n"])).toBe("[]");
  expect(q('q := [k | some k in ["m"]; data.a[k].m.b]', ["package a.m.m\n\nb(x) := x\n"])).toBe("[]");
});

test("keys of packages, rules and data stand side by side, each with what is at them", () => {
  const rules = ["package a.m\n\nr := {1: 2}\n", "package a.m.sub\n\nk := 3\n", 'package a.n\n\nr["x"] := 4\n\nf(x) := x\n'];
  const data = '{"a": {"m": {"sub": {"d": 5}, "u": {"1": 6}}, "z": {"r": {"y": 8}}}}';
  expect(q("q := [[k, l, v] | v := data.a[k][l]]", rules, data)).toBe(
    '[["m", "sub", {"d": 5, "k": 3}], ["m", "u", {"1": 6}], ["m", "r", {1: 2}], ["z", "r", {"y": 8}], ["n", "r", {"x": 4}]]',
  );
  expect(q("q := [[k, l, n, v] | v := data.a[k][l][n]]", rules, data)).toBe(
    '[["m", "sub", "d", 5], ["m", "sub", "k", 3], ["m", "u", "1", 6], ["m", "r", 1, 2], ["z", "r", "y", 8], ["n", "r", "x", 4]]',
  );
  expect(q("q := [[k, n, v] | v := data.a[k].r[n]]", rules, data)).toBe('[["m", 1, 2], ["z", "y", 8], ["n", "x", 4]]');
  // The path of a document in data is text, a key of a rule's value is not.
  expect(q("q := [[k, l, v] | some n in [1]; v := data.a[k][l][n]]", rules, data)).toBe('[["m", "u", 6], ["m", "r", 2]]');
  expect(q('q := [[k, l, v] | some l in ["r", "u"]; v := data.a[k][l]]', rules, data)).toBe(
    '[["m", "r", {1: 2}], ["z", "r", {"y": 8}], ["n", "r", {"x": 4}], ["m", "u", {"1": 6}]]',
  );
});

test("a package that with puts in place is gone through like data", () => {
  const rules = ["package a.m\n\nr := 1\n", "package a.n\n\nr := 2\n"];
  expect(q('q := x if x := [[k, l, v] | v := data.a[k][l]] with data.a.m as {"s": 3}', rules)).toBe(
    '[["m", "s", 3], ["n", "r", 2]]',
  );
});

const sizeFor = (rule: string, count: number): number => {
  const packages = Array.from({ length: count }, (_, n) => `package a.p${n}\n\nlevel := ${n}\n\nwhy contains "w${n}"\n`);
  const modules = [`package p\n\n${rule}\n`, ...packages].map((text, at) => parseModule(text, { file: `${at}.rego` }));
  return compile(checkModules(modules), { entrypoints: ["p/q"] }).module!.bytes.length;
};

test.each([
  "q contains [x, y, m] if { data.a[x].level == 1; data.a[y].why[m]; x != y; data.b[x] != data.b[y] }",
  "q contains [x, y] if { data.a[x][k] == data.a[y][l]; x != y; k != l }",
  "q contains [x, y] if { data.a[x][k].z == data.a[y][l][_]; x != y; k != l }",
])("what follows a key that goes through packages is planned once: two of them over many packages stay small: %s", (rule) => {
  const [few, many] = [sizeFor(rule, 20), sizeFor(rule, 80)];
  expect(many / few).toBeLessThan(4.5);
});

test("the only package among many rules is gone through, too", () => {
  const rules = Array.from({ length: 9 }, (_, at) => `r${at} := {"u": ${at}}`);
  const modules = [`package a\n\n${rules.join("\n")}\n`, "package a.r9\n\nu := 9\nv := 10\n"];
  expect(q("q := [v | v := data.a[k].u]", modules)).toBe("[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]");
  expect(q("q := [v | v := data.a[k][l]]", modules)).toBe("[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]");
});
