import { expect, test } from "vitest";
import { checkModules } from "#analysis/rego/check.ts";
import { parseModule } from "#grammars/rego/parse.ts";
import { numberTests } from "./test-cases.ts";
import { runTests } from "./test-runner.ts";

/** Each test with its outcome and those of its cases. */
function outcomes(text: string): readonly string[] {
  const checked = checkModules([parseModule(text, { file: "p_test.rego" })], { printing: true });
  return runTests(checked, { data: "{}", now: () => 0n }).tests.map(({ name, outcome, cases = [] }) =>
    [name, outcome, ...cases.map((one) => `${one.name}=${one.passed}`)].join(" "),
  );
}

test("cases fail where what stands behind them is undefined, also if the rule index knows that before", () => {
  const text = `package p_test

test_mock[name] if {
	some name in ["a", "b"]
	count(name) == 1 with input.x as data.nowhere
}

test_input[name] if {
	some name in ["a", "b"]
	input.role == name
}

test_known[name] if {
	some name in ["a", "b"]
	name < "b"
}
`;
  expect(outcomes(text)).toEqual([
    "test_mock fail a=false b=false",
    "test_input fail a=false b=false",
    "test_known fail a=true b=false",
  ]);
});

test("a test is named by a ref, too", () => {
  const text = `package p_test

foo.test_a if 1 == 1
foo.bar.test_b if 1 == 2
foo.todo_test_c if 1 == 2
foo["test_d"] if 1 == 1
test_e.x if 1 == 1
foo.test_f[name] if {
	some name, v in {"a": 1, "b": 2}
	v == 1
}
foo.test_a if 1 == 2
foo[x].test_g if some x in ["a"]
foo.test_h.x if 1 == 2
`;
  expect(outcomes(text)).toEqual([
    "foo.test_a pass",
    "foo.bar.test_b fail",
    "foo.todo_test_c skip",
    "foo.test_d pass",
    "test_e fail",
    "foo.test_f fail a=true b=false",
    "foo.test_h fail",
  ]);
  const numbered = numberTests([parseModule(text, { file: "p_test.rego" })]);
  const checked = checkModules(numbered, { printing: true });
  const { tests } = runTests(checked, { data: "{}", now: () => 0n });
  expect(tests.filter(({ name }) => name.includes("test_a")).map(({ name, outcome }) => `${name} ${outcome}`)).toEqual([
    "foo.test_a pass",
    'foo["test_a#01"] fail',
  ]);
});

test("an entry that is written without a body is a table, whatever it is", () => {
  expect(outcomes("package p_test\n\nfoo.test_a := false\nfoo.test_b := null\ntest_c.x := true\ntest_d.x := 1\n")).toEqual([
    "foo.test_a pass",
    "foo.test_b fail",
    "test_c pass x=true",
    "test_d fail x=false",
  ]);
});

test("skipped tests have no numbers", () => {
  const modules = numberTests([
    parseModule("package p_test\n\ntodo_test_a if false\ntodo_test_a if true\n", { file: "p_test.rego" }),
  ]);
  const { tests } = runTests(checkModules(modules), { data: "{}", now: () => 0n });
  expect(tests.map(({ name, outcome, row }) => `${name} ${outcome} ${row}`)).toEqual([
    "todo_test_a skip 3",
    "todo_test_a skip 4",
  ]);
});
