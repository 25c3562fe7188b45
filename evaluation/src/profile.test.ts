import { expect, test } from "vitest";
import { checkModules } from "#analysis/rego/check.ts";
import { compile } from "#compiler/compile.ts";
import { parseModule } from "#grammars/rego/parse.ts";
import { markHeads } from "./coverage.ts";
import { createInstance } from "./instance.ts";
import { Profiler } from "./profile.ts";

const policy = `package p

allow if {
	some role in input.roles
	role == "admin"
}

roles contains role if {
	some role in input.roles
}
`;

test("rows are those of expressions, not of heads", () => {
  const checked = markHeads(checkModules([parseModule(policy, { file: "p.rego" })]));
  const { module } = compile(checked, { entrypoints: ["p"], watch: "events" });
  let clock = 0;
  const profiler = new Profiler(checked, module!, { text: "", body: [], names: new Map() }, () => clock++);
  const instance = createInstance(module!, {
    now: () => 0n,
    onStep: profiler.onStep,
    builtins: { "internal.test_case": () => true },
  });
  instance.evaluate("p", '{"roles": ["dev", "ops", "admin"]}');
  const rows = profiler.report(["file", "line"], 0);
  expect(rows.map(({ location, num_eval }) => `${location.file}:${location.row} ${num_eval}`)).toEqual([
    "p.rego:9 1",
    "p.rego:5 3",
    "p.rego:4 1",
  ]);
  expect(profiler.report(["num_eval"], 1).map(({ location }) => location.row)).toEqual([5]);
});
