// Which replacements by `with` need functions of their own.
import { expect, test } from "vitest";
import { checkModules } from "#analysis/rego/check.ts";
import { parseModule } from "#grammars/rego/parse.ts";
import { planModules } from "./plan.ts";

function functionsOf(body: string): readonly string[] {
  const text = `package p\n\nallow if roles[input.user]\n\nroles := data.roles\n\nresult if {\n\tallow\n\t${body}\n}\n`;
  const checked = checkModules([parseModule(text, { file: "p.rego" })]);
  expect(checked.diagnostics).toEqual([]);
  return planModules(checked, { entrypoints: ["p/result"] })
    .plan.funcs.map(({ name }) => name)
    .sort();
}

const once = ["g0.data.p.allow", "g0.data.p.result", "g0.data.p.roles"];

test("replaced input and base documents share the functions of the policy", () => {
  expect(functionsOf('allow with input as {"user": "alice"}')).toEqual(once);
  expect(functionsOf('allow with data.roles as {"alice"}')).toEqual(once);
  expect(functionsOf('allow with data.roles.deeper as 1 with data.users as {"bob"}')).toEqual(once);
});

test("a replaced rule, or a package around it, needs functions of its own", () => {
  const own = ["g0.data.p.allow", "g0.data.p.result", "g0.data.p.roles", "g1.data.p.allow"];
  expect(functionsOf('allow with data.p.roles as {"alice"}')).toEqual(own);
  expect(functionsOf('allow with data.p.roles as {"alice"} with data.p.roles as {"bob"}')).toEqual(own);
});

test("replacements that lead back to themselves need finitely many functions", () => {
  const text = `package p

f(x) := x

h(x) := x

doc := x if {
	x := inner with h as input.x
}

inner := f(h(1))

result := x if {
	x := inner with f as data.p.doc
}
`;
  const checked = checkModules([parseModule(text, { file: "p.rego" })]);
  expect(checked.diagnostics).toEqual([]);
  const { funcs } = planModules(checked, { entrypoints: ["p/result"] }).plan;
  expect(funcs.length).toBeLessThan(10);
});
