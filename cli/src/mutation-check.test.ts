// `rw test --mutate`: policies with their tests → the conditions whose change no test notices.
import { expect, test } from "vitest";
import { rw } from "./run-in-memory.test-helper.ts";

const policy = `package p

default allow := false

allow if {
	input.role in {"admin", "clerk"}
	not input.suspended
	input.amount <= 100
}

deny contains "late" if input.hour > 18
`;

const suite = (...cases: readonly string[]): string =>
  `package p_test\n\nimport data.p\n\n${cases.map((body, at) => `test_${at} if ${body}\n`).join("\n")}`;

const clerk = { role: "clerk", suspended: false, amount: 100 };
const allows = (input: object): string => `p.allow with input as ${JSON.stringify(input)}`;
const denies = (input: object): string => `p.allow == false with input as ${JSON.stringify(input)}`;

const mutate = (tests: string, ...flags: readonly string[]) =>
  rw({ "/w/p.rego": policy, "/w/p_test.rego": tests }, "test", "p.rego", "p_test.rego", "--mutate", ...flags);

test("a condition that no test needs, one that none turns around and one that none reaches", async () => {
  const { code, out } = await mutate(suite(allows(clerk), denies({ ...clerk, amount: 101 })));
  expect(out.split("\n")).toEqual([
    'p.rego:6:2: input.role in {"admin", "clerk"}: no test fails without it',
    "p.rego:7:2: not input.suspended: no test fails without it",
    "p.rego:11:25: input.hour > 18: no test reaches it",
    "2 of 5 conditions are tested (40.0 %)",
    "",
  ]);
  expect(code).toBe(0);
});

test("tests that know every condition leave nothing to tell", async () => {
  const tests = suite(
    ...[
      allows(clerk),
      denies({ ...clerk, role: "guest" }),
      denies({ ...clerk, suspended: true }),
      denies({ ...clerk, amount: 101 }),
    ],
    'p.deny == {"late"} with input as {"hour": 19}',
    'p.deny == set() with input as {"hour": 18}',
  );
  expect((await mutate(tests)).out).toBe("5 of 5 conditions are tested (100.0 %)\n");
});

test("JSON for programs; a threshold of conditions", async () => {
  const tests = suite(allows(clerk), denies({ ...clerk, amount: 101 }));
  const { code, out, err } = await mutate(tests, "--format", "json", "--threshold", "80");
  const { conditions, unnoticed } = JSON.parse(out);
  expect(conditions).toBe(5);
  expect(unnoticed[1]).toEqual({ file: "p.rego", row: 7, col: 2, condition: "not input.suspended", change: "dropped" });
  expect({ code, err }).toEqual({ code: 2, err: "threshold not met: 40.00 % of the conditions are tested instead of 80.00 %\n" });
});

test("a default, and a condition that can be turned around where it is missed", async () => {
  const files = {
    "/w/q.rego":
      "package q\n\ndefault open := true\n\nopen := false if input.closed\n\nboth if {\n\tinput.a == input.b\n\tinput.a != input.b\n}\n",
    "/w/q_test.rego":
      'package q_test\n\nimport data.q\n\ntest_closed if not q.open with input as {"closed": true}\n\ntest_both if not q.both with input as {"a": 1, "b": 1}\n',
  };
  const { out } = await rw(files, "test", "q.rego", "q_test.rego", "--mutate");
  expect(out.split("\n")).toEqual([
    "q.rego:3:17: true: no test fails when it is false",
    "q.rego:5:18: input.closed: no test fails without it",
    "q.rego:8:2: input.a == input.b: no test fails without it",
    "2 of 5 conditions are tested (40.0 %)",
    "",
  ]);
});

test("it needs tests that pass, and says what it does not go with", async () => {
  const failing = await mutate(suite(denies(clerk)));
  expect(failing.code).toBe(2);
  expect(failing.err).toBe("tests that fail notice nothing: --mutate needs tests that pass\n");
  expect((await mutate("package t", "--coverage")).err).toMatch(/^Error: --mutate and --coverage do not go together\n/u);
  expect((await mutate("package t", "--format", "junit")).err).toMatch(/^Error: --mutate has no report in the format junit\n/u);
});
