// Modules whose tests announce their cases.
import { expect, test } from "vitest";
import { checkModules } from "#analysis/rego/check.ts";
import { parseModule } from "#grammars/rego/parse.ts";
import { announceCases } from "./test-cases.ts";

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
