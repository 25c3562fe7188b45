import { expect, test } from "vitest";
import { checkModules } from "#analysis/rego/check.ts";
import { compile } from "#compiler/compile.ts";
import { parseModule } from "#grammars/rego/parse.ts";
import { coverageOf, coverageRequest, markHeads } from "./coverage.ts";
import { createInstance } from "./instance.ts";
import { Tracer, traceRequest } from "./trace.ts";
import { explained, failureLines, traceLines } from "./trace-text.ts";

const policy = `package p

allow if {
	input.role == "admin"
}

allow if {
	some group in input.groups
	trusted(group)
}

trusted(group) if {
	n := count(group)
	n > 3
}
`;

function traced(input: string, text = policy): Tracer {
  const checked = markHeads(checkModules([parseModule(text, { file: "p.rego" })]));
  const { module } = compile(checked, { entrypoints: ["p/allow"], ...traceRequest });
  const tracer = new Tracer(checked, module!);
  const instance = createInstance(module!, {
    now: () => 0n,
    onStep: tracer.onStep,
    builtins: { "internal.test_case": () => true },
  });
  tracer.attach(instance);
  instance.evaluate("p/allow", input);
  tracer.finish();
  return tracer;
}

test("failures are shown with what the variables were; a rule that the index leaves out is not tried", () => {
  const { events } = traced('{"role": "user", "groups": ["ab"]}');
  expect(traceLines("data.p.allow = _", explained("fails", events), { values: true }).join("\n")).toBe(
    `query:1       Enter data.p.allow = _             {}
p.rego:7      | Enter data.p.allow               {}
p.rego:12     | | Enter data.p.trusted           {}
p.rego:14     | | | Fail gt(n, 3)                {n: 2}
p.rego:9      | | Fail data.p.trusted(group)     {group: "ab"}`,
  );
});

test("the expression that failed last is shown with its variables below it", () => {
  const text = "package p\n\nallow if {\n\tsome u in input.users\n\tmost := 3\n\tu.age < most\n}\n";
  const { events } = traced('{"users": [{"age": 7}]}', text);
  expect(failureLines(events, () => text)).toEqual([
    "p.rego:6:",
    "  \tu.age < most",
    "  \t|       |",
    "  \t|       3",
    "  \tu.age: 7",
    '  \tu: {"age": 7}',
  ]);
});

test("an evaluation that holds has no failure behind it", () => {
  const { events } = traced('{"role": "admin"}');
  expect(traceLines("q", events, { values: false }).slice(1)).toEqual([
    "p.rego:3     | Enter data.p.allow",
    'p.rego:4     | | Eval input.role = "admin"',
    "p.rego:3     | | Exit data.p.allow",
  ]);
});

test("the operands of an `or` are tried one after the other", () => {
  const either = `package p

import future.keywords.or

allow if {
	{ input.x == 1 } or { input.y == 2; input.z }
}
`;
  const lines = (input: string): readonly string[] => traceLines("q", traced(input, either).events, { values: false }).slice(1);
  expect(lines('{"y": 2}')).toEqual([
    "p.rego:5     | Enter data.p.allow",
    "p.rego:6     | | Eval { input.x = 1 } or { input.y = 2; input.z }",
    "p.rego:6     | | Eval input.x = 1",
    "p.rego:6     | | Fail input.x = 1",
    "p.rego:6     | | Eval input.y = 2",
    "p.rego:6     | | Eval input.z",
    "p.rego:6     | | Fail input.z",
    "p.rego:6     | | Fail { input.x = 1 } or { input.y = 2; input.z }",
  ]);
  expect(lines('{"x": 1}').slice(2)).toEqual(["p.rego:6     | | Eval input.x = 1", "p.rego:5     | | Exit data.p.allow"]);
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

test("an expression that is tried again in a loop is told again", () => {
  const text = 'package p\n\nallow if {\n\tsome role in input.roles\n\trole == "admin"\n}\n';
  const { events } = traced('{"roles": ["dev", "admin", "ops"]}', text);
  expect(traceLines("q", events, { values: true }).slice(2)).toEqual([
    "p.rego:4     | | Eval role = input.roles[__local0__]     {}",
    'p.rego:5     | | Eval role = "admin"                     {role: "dev"}',
    'p.rego:5     | | Fail role = "admin"                     {role: "dev"}',
    'p.rego:5     | | Eval role = "admin"                     {role: "admin"}',
    "p.rego:3     | | Exit data.p.allow                       {}",
  ]);
});

test("a branch of one expression is told once", () => {
  const text = "package p\n\nallow := 1 if input.a\nelse := 2 if input.b\n";
  const { events } = traced('{"a": false, "b": true}', text);
  expect(traceLines("q", events, { values: false }).slice(1)).toEqual([
    "p.rego:3     | Enter data.p.allow",
    "p.rego:3     | | Eval input.a",
    "p.rego:3     | | Fail input.a",
    "p.rego:4     | Enter data.p.allow",
    "p.rego:4     | | Eval input.b",
    "p.rego:4     | | Exit data.p.allow",
  ]);
});
