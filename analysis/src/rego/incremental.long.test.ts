// Checking again after edits gives what a first check gives.
import { expect, test } from "vitest";
import { parseModule } from "#grammars/rego/parse.ts";
import { finish } from "#grammars/text/steps.ts";
import { checkModules } from "./check.ts";
import { differenceAfterEdits } from "./incremental.test-helper.ts";
import { IncrementalCheck } from "./incremental.ts";
import { RunningCheck } from "./running-check.ts";

const parse = (file: string, text: string) => parseModule(text, { file, allStatements: true });

/** Checks both ways after every version of the files, and gives the codes and messages of the last one. */
function check(...versions: readonly Readonly<Record<string, string>>[]): readonly string[] {
  const kept = new IncrementalCheck({ printing: true });
  const known = new Map<string, ReturnType<typeof parse>>();
  let last: readonly string[] = [];
  for (const version of versions) {
    const modules = Object.entries(version).map(([file, text]) => {
      const before = known.get(file);
      const parsed = before?.text === text ? before : parse(file, text);
      known.set(file, parsed);
      return parsed;
    });
    const again = kept.check(modules);
    const first = checkModules(
      Object.entries(version).map(([file, text]) => parse(file, text)),
      { printing: true },
    );
    expect(again.diagnostics).toEqual(first.diagnostics);
    expect(again.complete).toBe(first.complete);
    last = again.diagnostics.map(({ file, message }) => `${file}: ${message}`);
  }
  return last;
}

test("a function that gets another number of arguments is told where it is called", () => {
  const caller = "package b\n\nimport data.a\n\nq := a.f(1)\n";
  expect(check({ a: "package a\n\nf(x) := x\n", b: caller }, { a: "package a\n\nf(x, y) := x + y\n", b: caller })).toEqual([
    "b: function data.a.f has arity 2, got 1 argument",
  ]);
});

test("a rule whose type changes is told where it does not fit any more, through rules between them", () => {
  const middle = "package b\n\nq := data.a.p\n";
  const end = 'package c\n\nr if data.b.q == "x"\n';
  expect(check({ a: 'package a\n\np := "x"\n', b: middle, c: end }, { a: "package a\n\np := 1\n", b: middle, c: end })).toEqual([
    "c: match error",
  ]);
});

test("a rule that reads one of two rules of a document sees what was known of the other at its turn", () => {
  const reader = "package a\n\nbad if data.c.obj.k == {1}";
  const byKey = "package c\n\nobj[input.u] := 0";
  const both = `${byKey}\n\nobj["a"] := input.v`;
  expect(check({ "a.rego": reader, "c.rego": byKey }, { "a.rego": reader, "c.rego": both })).toEqual(["a.rego: match error"]);
  const first = reader.replace("bad", "other := data.c.obj.a\n\nbad");
  expect(check({ "a.rego": reader, "c.rego": both }, { "a.rego": first, "c.rego": both })).toEqual([]);
});

test("a new rule gives a name of the same package another meaning", () => {
  const user = "package a\n\nq := count(xs)\n";
  expect(check({ a: "package a\n", b: user })).toEqual(["b: var xs is unsafe"]);
  expect(check({ a: "package a\n", b: user }, { a: "package a\n\nxs := [1]\n", b: user })).toEqual([]);
});

test("a package comes where another file has a rule, and goes", () => {
  const rule = "package a\n\nb := 1\n";
  const inside = "package a.b\n";
  const conflict = "a: package a.b conflicts with rule b defined at a:3";
  expect(check({ a: rule })).toEqual([]);
  expect(check({ a: rule }, { a: rule, b: inside })).toEqual([conflict]);
  expect(check({ a: rule, b: inside }, { a: rule, b: `${inside}\np := 1\n` })).toContain(conflict);
  expect(check({ a: rule, b: inside }, { a: rule, b: "package c\n" })).toEqual([]);
  expect(check({ a: "package a\n", b: inside }, { a: rule, b: inside })).toEqual([conflict]);
});

test("a cycle through another file comes and goes", () => {
  const b = "package b\n\nq if data.a.p\n";
  const cycle = { a: "package a\n\np if data.b.q\n", b };
  expect(check({ a: "package a\n\np if input.x\n", b }, cycle)).toEqual([
    "a: rule data.a.p is recursive: data.a.p -> data.b.q -> data.a.p",
    "b: rule data.b.q is recursive: data.b.q -> data.a.p -> data.b.q",
  ]);
  expect(check({ a: "package a\n\np if input.x\n", b }, cycle, { a: "package a\n\np if input.y\n", b })).toEqual([]);
});

test("a file that comes or goes takes its conflicts with it", () => {
  const a = "package a\n\np := 1\n";
  expect(check({ a }, { a, b: "package a\n\np contains 2\n" })).toEqual(["a: conflicting rules data.a.p found"]);
  expect(check({ a, b: "package a\n\np contains 2\n" }, { a })).toEqual([]);
});

test("a conflict stays when rules come below a path that only begins with the same letters", () => {
  const a = "package a\n\nb := 1\n";
  const b = "package a.b\n\nr := 1\n";
  const conflicts = [
    "a: package a.b conflicts with rule b defined at a:3",
    "a: rule data.a.b conflicts with:\n  rule data.a.b.r at b:3",
  ];
  expect(check({ a, b }, { a, b, c: "package a.bc\n\nz := 1\n" })).toEqual(conflicts);
});

test("a rule with an object as key is filed as at first when it is looked at again for a change elsewhere", () => {
  const a = 'package a\n\nobj[{"k": 1}] := data.b.x\n\np := missing(1)\n';
  const c = "package a\n\np := 1\n\ndefault obj := false\n";
  const [before, after] = ["package b\n\nx := 1\n", "package b\n\nx(y) := y\n"];
  expect(check({ a, b: before, c }, { a, b: after, c })).toEqual(["a: conflicting rules data.a.obj found"]);
});

test("a check that failed says why each time it is asked", () => {
  const running = new RunningCheck(function* () {
    yield;
    throw new Error("a stage broke");
  });
  for (let asked = 0; asked < 2; asked++) expect(() => finish(running.steps())).toThrow("a stage broke");
});

test("what a failing stage hides comes back when it passes", () => {
  const b = 'package b\n\nq := 1 + "x"\n';
  expect(check({ a: "package a\n\np := y\n", b })).toEqual(["a: var y is unsafe"]);
  expect(check({ a: "package a\n\np := y\n", b }, { a: "package a\n\np := 2\n", b })).toEqual(["b: plus: invalid argument(s)"]);
});

test.each([
  ["wild", false],
  ["tame", true],
])("random edits of %s projects end with what a fresh check finds", (_, tame) => {
  for (let seed = 1; seed <= Number(process.env["SEEDS"] ?? 8); seed++)
    expect(differenceAfterEdits(seed, 40, tame)).toBeUndefined();
});
