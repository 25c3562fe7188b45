// The variables that stand for the sides of equations in tests are numbered behind those of all modules, as by OPA.
import { expect, test } from "vitest";
import { checkModules } from "#analysis/rego/check.ts";
import { parseModule } from "#grammars/rego/parse.ts";
import { printBody } from "#grammars/rego/print-terms.ts";
import { withTestValues } from "./test-values.ts";

test("names go on from module to module", () => {
  const texts = {
    "a.rego": "package a\n\nr := count(input.xs) + 1",
    "b_test.rego": "package b\n\ntest_x if input.x == 1\n\ntest_y if {\n  v := input.y\n  every z in v { z.a == 1 }\n}",
    "c_test.rego": "package c\n\ntest_x if data.a.r == input.x",
  };
  const parsed = Object.entries(texts).map(([file, text]) => parseModule(`${text}\n`, { file }));
  const { modules } = withTestValues(checkModules(parsed, { sharedNames: true }));
  expect(modules.flatMap(({ module }) => module.rules.map(({ body = [] }) => printBody(body)))).toMatchInlineSnapshot(`
    [
      "__local6__ = input.xs; count(__local6__, __local3__); plus(__local3__, 1, __local4__)",
      "__local7__ = input.x; __local7__ = 1",
      "__local8__ = input.y; __local0__ = __local8__; __local5__ = __local0__; every __local1__, __local2__ in __local5__ { __local9__ = __local2__.a; __local9__ = 1 }",
      "__local10__ = data.a.r; __local11__ = input.x; __local10__ = __local11__",
    ]
  `);
});
