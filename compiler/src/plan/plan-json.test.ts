import { expect, test } from "vitest";
import { checkModules } from "#analysis/rego/check.ts";
import { parseModule } from "#grammars/rego/parse.ts";
import { planModules } from "./plan.ts";
import { planToJson } from "./plan-json.ts";

test("a plan has OPA's shape: statements with type and place, operands by kind", () => {
  const checked = checkModules([parseModule('package p\n\na if input.x == "y"\n', { file: "p.rego" })]);
  const { plan } = planModules(checked, { entrypoints: ["p/a"] });
  const json = planToJson(plan, () => ({ type: "function" })) as {
    readonly static: { readonly files: unknown; readonly strings: readonly { readonly value: string }[] };
    readonly plans: { readonly plans: readonly { readonly name: string }[] };
    readonly funcs: { readonly funcs: readonly { readonly name: string; readonly path: unknown; readonly blocks: unknown }[] };
  };
  expect(json.static.files).toEqual([{ value: "p.rego" }]);
  expect(json.plans.plans.map(({ name }) => name)).toEqual(["p/a"]);
  expect(json.funcs.funcs).toMatchObject([{ name: "g0.data.p.a", path: ["g0", "p", "a"] }]);
  const text = JSON.stringify(json.funcs);
  const x = json.static.strings.findIndex(({ value }) => value === "x");
  expect(text).toContain(
    `{"type":"DotStmt","stmt":{"source":{"type":"local","value":0},"key":{"type":"string_index","value":${x}},"target":`,
  );
  expect(text).toContain('"file":0,"col":6,"row":3,"end_col":20,"end_row":3}');
});
