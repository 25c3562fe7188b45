// Modules whose tests announce their cases.
import { expect, test } from "vitest";
import { checkModules } from "#analysis/rego/check.ts";
import { parseModule } from "#grammars/rego/parse.ts";
import { announceCases } from "./test-cases.ts";
import { compileTests } from "./test-runner.ts";

test("what an edit leaves alone stays the same object, with cases or not", () => {
  const texts = {
    "a.rego": "package a\n\nallow if input.x\n",
    "a_test.rego": "package a_test\n\ntest_x[n] if some n in [1, 2]\n",
  };
  const checked = checkModules(Object.entries(texts).map(([file, text]) => parseModule(text, { file })));
  const [plain, cases] = announceCases(checked).modules;
  expect(plain).toBe(checked.modules[0]);
  expect(cases?.module.rules[0]?.body).toHaveLength(checked.modules[1]!.module.rules[0]!.body!.length + 1);
  const again = announceCases({ ...checked, modules: [...checked.modules] });
  expect(again.modules[1]).toBe(cases);
});

test.each([
  ["looked up", "tc.note"],
  ["made by calls", 'concat("", [lower(tc.note)])'],
  ["a template", '$"{tc.note}"'],
])("a case whose name is %s is told even when what follows fails", (_, key) => {
  const source = `package a_test

test_sum[${key}] if {
	some tc in [{"note": "one", "x": 1}, {"note": "two", "x": 2}]
	y := tc.x + 1
	y == 2
}
`;
  const checked = checkModules([parseModule(source, { file: "a_test.rego" })]);
  const { tests, run } = compileTests(checked, { data: "{}", now: () => 0n });
  const { outcome, cases } = run(tests[0]!);
  expect([outcome, cases]).toEqual([
    "fail",
    [
      { name: "one", passed: true },
      { name: "two", passed: false },
    ],
  ]);
});
