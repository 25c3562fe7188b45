import { expect, test } from "vitest";
import { checkModules } from "#analysis/rego/check.ts";
import { parseModule } from "#grammars/rego/parse.ts";
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
