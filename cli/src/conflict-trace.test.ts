// Traces of evaluations that end in a conflict: OPA tells of its way back, and of the rule that it evaluates again for all of its values.
// The expected ones are those of `opa eval --explain full`.
import { expect, test } from "vitest";
import { rw } from "./run-in-memory.test-helper.ts";

const policy = `package p

a := x if {
	x := input.xs[_]
}

m if {
	x := a
	x == 3
}

h if {
	a
}

e if {
	every i in input.xs { a == i }
}

d := {i: v | some i in [1, 1]; v := input.xs[_]}

s contains i if {
	some i in input.xs
	not a == 7
}
`;

const trace = async (rule: string, ...flags: readonly string[]): Promise<string> => {
  const files = { "/w/p.rego": policy, "/w/i.json": '{"xs": [1, 2]}' };
  const { out } = await rw(
    files,
    "eval",
    "-d",
    "p.rego",
    "-i",
    "i.json",
    "-f",
    "pretty",
    ...flags,
    rule === "" ? "data.p" : `data.p.${rule}`,
  );
  return out;
};

test.each([
  [
    "a rule goes on with its first value before it looks for others",
    "m",
    `
query:1      Enter data.p.m = _
query:1      | Eval data.p.m = _
query:1      | Index data.p.m (matched 1 rule, early exit)
p.rego:7     | Enter data.p.m
p.rego:8     | | Eval x = data.p.a
p.rego:8     | | Index data.p.a (matched 1 rule)
p.rego:3     | | Enter data.p.a
p.rego:4     | | | Eval x = input.xs[_]
p.rego:3     | | | Exit data.p.a
p.rego:9     | | Eval x = 3
p.rego:9     | | Fail x = 3
p.rego:8     | | Redo x = data.p.a
p.rego:3     | | Redo data.p.a
p.rego:4     | | | Redo x = input.xs[_]
p.rego:3     | | | Exit data.p.a
p.rego:4     | | | Redo x = input.xs[_]
p.rego:3     | | Enter data.p.a
p.rego:4     | | | Eval x = input.xs[_]
p.rego:3     | | | Exit data.p.a
p.rego:3     | | Redo data.p.a
p.rego:4     | | | Redo x = input.xs[_]
p.rego:3     | | | Exit data.p.a
p.rego:4     | | | Redo x = input.xs[_]
`,
  ],
  [
    "a rule with an early exit inside a rule",
    "h",
    `
query:1       Enter data.p.h = _
query:1       | Eval data.p.h = _
query:1       | Index data.p.h (matched 1 rule, early exit)
p.rego:12     | Enter data.p.h
p.rego:13     | | Eval data.p.a
p.rego:13     | | Index data.p.a (matched 1 rule)
p.rego:3      | | Enter data.p.a
p.rego:4      | | | Eval x = input.xs[_]
p.rego:3      | | | Exit data.p.a
p.rego:12     | | Exit data.p.h early
query:1       | Exit data.p.h = _
query:1       Redo data.p.h = _
query:1       | Redo data.p.h = _
p.rego:12     | Redo data.p.h
p.rego:13     | | Redo data.p.a
p.rego:4      | | | Redo x = input.xs[_]
p.rego:3      | | | Exit data.p.a
p.rego:4      | | | Redo x = input.xs[_]
p.rego:3      | | Enter data.p.a
p.rego:4      | | | Eval x = input.xs[_]
p.rego:3      | | | Exit data.p.a
p.rego:3      | | Redo data.p.a
p.rego:4      | | | Redo x = input.xs[_]
p.rego:3      | | | Exit data.p.a
p.rego:4      | | | Redo x = input.xs[_]
`,
  ],
  [
    "an every",
    "e",
    `
query:1       Enter data.p.e = _
query:1       | Eval data.p.e = _
query:1       | Index data.p.e (matched 1 rule, early exit)
p.rego:16     | Enter data.p.e
p.rego:17     | | Eval __local11__ = input.xs
p.rego:17     | | Eval every i in __local11__ { data.p.a = i }
p.rego:17     | | Enter every i in __local11__ { data.p.a = i }
p.rego:17     | | | Eval __local11__[__local2__] = i
p.rego:17     | | | Enter data.p.a = i
p.rego:17     | | | | Eval data.p.a = i
p.rego:17     | | | | Index data.p.a (matched 1 rule)
p.rego:3      | | | | Enter data.p.a
p.rego:4      | | | | | Eval x = input.xs[_]
p.rego:3      | | | | | Exit data.p.a
p.rego:17     | | | | Exit data.p.a = i early
p.rego:17     | | | Redo data.p.a = i
p.rego:17     | | | | Redo data.p.a = i
p.rego:4      | | | | | Redo x = input.xs[_]
p.rego:3      | | | | | Exit data.p.a
p.rego:4      | | | | | Redo x = input.xs[_]
p.rego:3      | | | | Enter data.p.a
p.rego:4      | | | | | Eval x = input.xs[_]
p.rego:3      | | | | | Exit data.p.a
p.rego:3      | | | | Redo data.p.a
p.rego:4      | | | | | Redo x = input.xs[_]
p.rego:3      | | | | | Exit data.p.a
p.rego:4      | | | | | Redo x = input.xs[_]
p.rego:17     | | | Redo every i in __local11__ { data.p.a = i }
p.rego:17     | | | Redo __local11__[__local2__] = i
p.rego:17     | | Redo __local11__ = input.xs
`,
  ],
  [
    "keys of an object",
    "d",
    `
query:1       Enter data.p.d = _
query:1       | Eval data.p.d = _
query:1       | Index data.p.d (matched 1 rule)
p.rego:20     | Enter data.p.d
p.rego:20     | | Eval __local13__ = {i: v | __local12__ = [1, 1]; i = __local12__[__local4__]; v = input.xs[_]}
p.rego:20     | | Enter __local12__ = [1, 1]; i = __local12__[__local4__]; v = input.xs[_]
p.rego:20     | | | Eval __local12__ = [1, 1]
p.rego:20     | | | Eval i = __local12__[__local4__]
p.rego:20     | | | Eval v = input.xs[_]
p.rego:20     | | | Exit __local12__ = [1, 1]; i = __local12__[__local4__]; v = input.xs[_]
p.rego:20     | | Redo __local12__ = [1, 1]; i = __local12__[__local4__]; v = input.xs[_]
p.rego:20     | | | Redo v = input.xs[_]
p.rego:20     | | | Exit __local12__ = [1, 1]; i = __local12__[__local4__]; v = input.xs[_]
p.rego:20     | | Redo __local12__ = [1, 1]; i = __local12__[__local4__]; v = input.xs[_]
p.rego:20     | | | Redo v = input.xs[_]
p.rego:20     | | | Redo i = __local12__[__local4__]
p.rego:20     | | | Redo __local12__ = [1, 1]
`,
  ],
])("%s", async (_, rule, expected) => {
  expect(`\n${await trace(rule, "--explain", "full")}`).toBe(expected);
});

test("a profile counts it all", async () => {
  const rows = [...(await trace("m", "--profile")).matchAll(/│ (\d+) +│ (\d+) +│ (\d+) +│ (\S+) +│$/gmu)];
  expect(rows.map(([, evals, redos, exprs, place]) => `${place} ${evals} ${redos} ${exprs}`).toSorted()).toEqual([
    "data.p.m 1 0 1",
    "p.rego:4 2 4 1",
    "p.rego:8 1 1 1",
    "p.rego:9 1 0 1",
  ]);
});

test("coverage ends there too", async () => {
  const { coverage } = JSON.parse(await trace("", "--coverage", "-f", "json"));
  const { covered } = coverage.files["p.rego"] as { readonly covered: readonly { readonly start: { readonly row: number } }[] };
  expect([...new Set(covered.map(({ start }) => start.row))]).toEqual([3, 4]);
});
