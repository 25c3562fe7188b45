import { expect, test } from "vitest";
import { checkModules } from "#analysis/rego/check.ts";
import { compile } from "#compiler/compile.ts";
import { parseModule } from "#grammars/rego/parse.ts";
import { courseRequest } from "./course.ts";
import { Explained } from "./explanation-text.ts";
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
  const checked = checkModules([parseModule(policy, { file: "p.rego" })]);
  const { module } = compile(checked, { entrypoints: ["p"], ...courseRequest });
  let clock = 0;
  const profiler = new Profiler(module!, new Explained(checked, module!.files), () => clock++);
  const instance = createInstance(module!, { now: () => 0n, onMark: profiler.onMark });
  instance.evaluate("p", '{"roles": ["dev", "ops", "admin"]}');
  const rows = profiler.report(["file", "line"], 0);
  expect(rows.map(({ location, num_eval, num_redo }) => `${location.file}:${location.row} ${num_eval} ${num_redo}`)).toEqual([
    "p.rego:9 1 3",
    "p.rego:5 3 1",
    "p.rego:4 1 3",
    ":1 1 1",
  ]);
  expect(profiler.report(["num_eval"], 1).map(({ location }) => location.row)).toEqual([5]);
});

test("a row is placed at what was tried there first", () => {
  const text = "package p\n\nx := [y | y := input] if { input }\n";
  const checked = checkModules([parseModule(text, { file: "p.rego" })]);
  const { module } = compile(checked, { entrypoints: ["p"], ...courseRequest });
  const profiler = new Profiler(module!, new Explained(checked, module!.files), () => 0);
  createInstance(module!, { now: () => 0n, onMark: profiler.onMark }).evaluate("p", "1");
  expect(profiler.report(["file", "line"], 0).map(({ location }) => `${location.row}:${location.col}`)).toEqual(["3:28", "1:1"]);
});

test("what calls in holes of template strings became stands nowhere", () => {
  const text = 'package p\n\nx := $"{input + 1}"\n';
  const checked = checkModules([parseModule(text, { file: "p.rego" })]);
  const { module } = compile(checked, { entrypoints: ["p"], ...courseRequest });
  const profiler = new Profiler(module!, new Explained(checked, module!.files), () => 0);
  createInstance(module!, { now: () => 0n, onMark: profiler.onMark }).evaluate("p", "1");
  const rows = profiler.report(["file", "line"], 0);
  expect(rows.map(({ location: { file, row, col } }) => `${file}:${row}:${col}`)).toEqual(["p.rego:3:9", ":1:1", ":0:0"]);
});
