// Early exit: which rules get it, and where the exits stand.
import { describe, expect, test } from "vitest";
import { checkModules } from "#analysis/rego/check.ts";
import { parseModule } from "#grammars/rego/parse.ts";
import { compile } from "../compile.ts";
import { run } from "../wasm/module-runner.test-helper.ts";

describe("early exit", () => {
  test("a loop in an else branch: the chain's value still reaches the rule", () => {
    const policy = `package t

r(n) if {
	count(n) == 0
} else if {
	some x in n
	x == 1
} else if {
	some x in n
	x == 2
}

out := [n | some n in [[], [1, 1], [3, 2], [4]]; r(n)]
`;
    const { module } = compile(checkModules([parseModule(policy, { file: "t.rego" })]), { entrypoints: ["t/out"] });
    expect(run(module!).evaluate("t/out")).toBe('{{"result": [[], [1, 1], [3, 2]]}}');
  });

  test("a constant beside the result of a call: both rules run", () => {
    const policy = "package t\n\nr := 1 if input.on\n\nr := abs(x) if some x in input.numbers\n";
    const { module } = compile(checkModules([parseModule(policy, { file: "t.rego" })]), { entrypoints: ["t/r"] });
    const runner = run(module!);
    expect(runner.evaluate("t/r", '{"on": true, "numbers": [1, -1]}')).toBe('{{"result": 1}}');
    expect(() => runner.evaluate("t/r", '{"on": true, "numbers": [2]}')).toThrow("var assignment conflict");
  });
});
