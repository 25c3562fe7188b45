// Indexes and counts: OPA takes them as they are spelled, `1.0` but not `1e0`.
import { expect, test } from "vitest";
import { checkModules } from "#analysis/rego/check.ts";
import { compile } from "#compiler/compile.ts";
import { parseModule } from "#grammars/rego/parse.ts";
import { createInstance } from "./instance.ts";

function kept(term: string): string {
  const text = `package p\n\nr := [k | some k in input; _ := ${term}]\n`;
  const { module } = compile(checkModules([parseModule(text, { file: "p.rego" })]), { entrypoints: ["p/r"] });
  const outcome = createInstance(module!, { now: () => 0n }).evaluate("p/r", "[1, 1.0, 1e0, 10e-1, 1.00000000000000000000, 1.5]");
  return outcome.kind === "result" ? outcome.text : outcome.error.message;
}

test.each([
  "[7, 8][k]",
  'substring("abc", k, 1)',
  'strings.split_n("a,b", ",", k)',
  'regex.find_n("a", "aa", k)',
  "array.slice([7, 8], 0, k)",
  'json.patch([7, 8], [{"op": "remove", "path": [k]}])',
  "time.add_date(0, k, 0, 0)",
])("%s", (term) => {
  expect(kept(term)).toBe('[{"result":[1,1.0]}]');
});

test("bits take any spelling", () => {
  expect(kept("bits.lsh(1, k)")).toBe('[{"result":[1,1.0,1e0,10e-1,1.00000000000000000000]}]');
});

function value(term: string): string {
  const checked = checkModules([
    parseModule(`package p\n\nr := ${term.replaceAll(/[0-9.e]+/g, (n) => `to_number("${n}")`)}\n`, { file: "p.rego" }),
  ]);
  const { module } = compile(checked, { entrypoints: ["p/r"] });
  const outcome = createInstance(module!, { now: () => 0n }).evaluate("p/r", "{}");
  return outcome.kind === "result" ? outcome.text : outcome.error.message;
}

test.each([
  ["1800000000 * 1000000000", "1800000000000000000"],
  ["0 - 1800000000 * 1000000000", "-1800000000000000000"],
  ["3037000500 * 3037000500", "9223372037000250000"],
  ["4294967296 * 4294967296", "18446744073709551616"],
  ["1800000000000000000 < 1800000001 * 1000000000", "true"],
  ["0 - 1800000000000000000 < 0 - 1800000001 * 1000000000", "false"],
  ["1800000000000000000 == 18e17", "true"],
  ["1800000000000000000 < 1800000000000000000.5", "true"],
  ["9999999999999999999 < 10000000000000000000", "true"],
  ["12345678901234567899 < 12345678901234567890", "false"],
])("%s is %s, beyond the 60 bits of an inline integer", (term, expected) => {
  expect(value(term)).toBe(`[{"result":${expected}}]`);
});

function asked(term: string): string {
  const { module } = compile(checkModules([parseModule(`package p\n\nr := ${term}\n`, { file: "p.rego" })]), {
    entrypoints: ["p/r"],
  });
  const outcome = createInstance(module!, { now: () => 0n }).evaluate("p/r", "{}");
  return outcome.kind === "result" ? outcome.text : outcome.error.message;
}

test.each([
  ['to_number("1_000") + 1', "1001"],
  ['to_number("1_0e1_0") + 1', "100000000001"],
  ['[1] == [to_number("0_1")]', "true"],
  ['to_number("-0x1.8p1") * 2', "-6"],
  ['to_number("0x_1fp-4") + 0', "1.9375"],
  ['to_number("0x1p-50000") + 1', "1"],
  ['to_number("0x1p1023") > 1e307', "true"],
  ['time.format(to_number("1_0"))', '"1970-01-01T00:00:00.00000001Z"'],
  ['sprintf("%v %d %d", [to_number("1_0"), to_number("1_0"), to_number("0x1p2")])', '"1_0 %!d(string=1_0) %!d(string=0x1p2)"'],
])("%s, spelled as only to_number reads it, is %s", (term, expected) => {
  expect(asked(term)).toBe(`[{"result":${expected}}]`);
});

test.each(['substring("abcdefghijklm", N, 1)', "[0, 1, 2][N]", "array.slice([1, 2], 0, N)"])("%s takes no 0_1", (term) => {
  expect(asked(term.replace("N", 'to_number("0_1")'))).toBe("[]");
});
