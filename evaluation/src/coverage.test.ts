import { expect, test } from "vitest";
import { checkModules } from "#analysis/rego/check.ts";
import { type CompileRequest, compile } from "#compiler/compile.ts";
import { parseModule } from "#grammars/rego/parse.ts";
import { coverageKinds, coverageOf, coverageRequest, markHeads } from "./coverage.ts";
import { CoverageRuns } from "./coverage-runs.ts";
import { createInstance } from "./instance.ts";

/** Each range by its first row: `+` reached, `-` not reached, with the reasons. As `opa eval --coverage` gives it. */
function drawn(text: string, input: string, version: "v0" | "v1" = "v1"): string {
  const checked = markHeads(checkModules([parseModule(text, { file: "p.rego", version })]));
  const runs = new CoverageRuns(checked, coverageKinds, (request: Partial<CompileRequest>) => {
    const module = compile(checked, { entrypoints: ["p"], ...request }).module!;
    return { module, instance: createInstance(module, { now: () => 0n, builtins: { "internal.test_case": () => true } }) };
  });
  runs.repeat((instance) => instance.evaluate("p", input));
  const { covered = [], not_covered = [] } = runs.report()?.files["p.rego"] ?? {};
  const lines = text.split("\n");
  return [...covered.map((one) => ["+", one] as const), ...not_covered.map((one) => ["-", one] as const)]
    .sort(([, a], [, b]) => a.start.row - b.start.row || a.start.col - b.start.col)
    .map(([sign, { start, end, kinds = [] }]) => {
      const line = lines[start.row - 1]!.slice(start.col - 1, end.row === start.row ? end.col - 1 : undefined);
      return [sign, line, ...kinds].join(" ");
    })
    .join("\n");
}

test("what the rule index passes over is not reached, and says so", () => {
  const text = `package p

default allow := false

allow if input.x == "a"

deny contains "kind" if {
	n := count("abc")
	input.kind != "b"
	n > 4
}
`;
  expect(drawn(text, '{"x": "c"}')).toBe(`+ default
+ allow := false
- allow
- input.x == "a" index_excluded
- deny contains "kind"
- n := count("abc") index_excluded
- input.kind != "b"
- n > 4`);
});

test("a default that is evaluated is reached where its value stands, not at its word; what a rule has gone through was reached", () => {
  const text = `package p

default a := [1 | true]

default b := 2

default c := [3 | true]

c := 4

d.e.f := 1
d[x].g := 2 if { x := "h" }
i := d.e
`;
  expect(drawn(text, "{}")).toBe(`- default
+ a := [1 | true]
+ [1 | true]
+ true
+ default
+ b := 2
- default
- c := [3 | true]
- true
+ c := 4
+ 4
+ d.e.f := 1
+ 1
+ d[x].g := 2
+ x := "h"
+ i := d.e
+ d.e`);
});

test("the body of an else without braces has the place of what is left of the chain", () => {
  const text = `package p

x := 0 if input.x == 0
else := 1 if input.x == 1
else := 2

y := 0 if input.x == 0 else := 1 if input.x == 1 else := 2 if input.x == 2
`;
  expect(drawn(text, '{"x": 1}')).toBe(`- x := 0
- input.x == 0 index_excluded
+ else := 1
+ else := 1 if input.x == 1
- y := 0
- input.x == 0 index_excluded
+ else := 1
+ else := 1 if input.x == 1 else := 2 if input.x == 2`);
});

test("bodies and elements behind the first success are left out by early exits", () => {
  const text = `package p

allow if input.x > 1

allow if {
	some y in input.ys
	y > 1
}
`;
  expect(drawn(text, '{"x": 2, "ys": [1]}')).toBe(`+ allow
+ input.x
+ input.x > 1
- allow
- y > 1 early_exit`);
});

test("each of several bodies of one head is a rule", () => {
  const text = `package p

q[x] {
	x := 1
	input.z == 1
} {
	x := 2
	input.z == 3
}
`;
  expect(drawn(text, '{"z": 3}', "v0")).toBe(`- q[x]
- x := 1 index_excluded
- input.z == 1 index_excluded
+ {
+ x := 2
+ input.z == 3`);
});

test("coverage names ranges and lines", () => {
  const checked = markHeads(checkModules([parseModule("package p\n\na := 1\n\nb if input.x\n", { file: "p.rego" })]));
  const { module } = compile(checked, { entrypoints: ["p/a"], ...coverageRequest() });
  const instance = createInstance(module!, { now: () => 0n, builtins: { "internal.test_case": () => true } });
  instance.evaluate("p/a", undefined);
  const place = (row: number, col: number) => ({ row, col });
  expect(coverageOf(checked, { module: module!, counts: instance.counts() })).toEqual({
    files: {
      "p.rego": {
        covered: [
          { start: place(3, 1), end: place(3, 7) },
          { start: place(3, 6), end: place(3, 7) },
        ],
        not_covered: [
          { start: place(5, 1), end: place(5, 2) },
          { start: place(5, 6), end: place(5, 13) },
        ],
        covered_lines: 1,
        not_covered_lines: 1,
        coverage: 50,
      },
    },
    covered_lines: 1,
    not_covered_lines: 1,
    coverage: 50,
  });
});
