// What the editor tells of policies and of the linter configuration, and what can be done about it.
import { expect, test } from "vitest";
import { finish } from "#grammars/text/steps.ts";
import { apply, draw, open } from "../fixture.test-helper.ts";
import { lintActions } from "./lint-actions.ts";
import { lintOf, lintSteps } from "./linting.ts";

test("what is wrong in the configuration is told where it is written", async () => {
  const { project } = await open(`#- .regal/config.yaml
rules:
  bugs:
    todo-comment: {level: ignore}
  style:
    to-do-comment: {level: ignore}
capabilities:
  from:
    version: v9.9.9
ignore: {}
ignore: {files: []}
#- p.rego
package p
`);
  const found = [...finish(lintSteps(project)).values()].flat().filter(({ code }) => code === "rw_lint_config");
  expect(draw(project, found)).toBe(`.regal/config.yaml:10:1 "ignore"
.regal/config.yaml:3:5 "todo-comment"
.regal/config.yaml:5:5 "to-do-comment"
.regal/config.yaml:7:3 "from"`);
  expect(found.map(({ message }) => message)).toEqual([
    "ignore is there already, in line 9: only this one holds",
    "no lint rule is called to-do-comment",
    "rules.bugs.todo-comment changes nothing: todo-comment is in the category style",
    "there is no release v9.9.9 of OPA",
  ]);
});

test("what is wrong in rw.conf is told there, and a rule is switched off where it was switched on", async () => {
  const conf = "lint.rules { style.line-length.level = warning, style.prefer-snake-cases.level = error }\n";
  const { project, file } = await open(`#- p.rego\npackage p\n\naBar := 1\n#- rw.conf\n${conf}`);
  const told = finish(lintSteps(project)).get("/p/rw.conf");
  expect(told?.map(({ message }) => message)).toEqual(["no lint rule is called prefer-snake-cases"]);
  const found = lintOf(project, file).find(({ code }) => code === "prefer-snake-case")!;
  const action = lintActions(project, file, found).find(({ title }) => title === "Ignore this rule in rw.conf")!;
  const text = apply(
    project,
    action.edits.map((edit) => ({ file: file.path, ...edit })),
  );
  expect(text).toBe(`${conf}lint.rules.style.prefer-snake-case.level = ignore\n`);
  const mended = await open(`#- p.rego\npackage p\n\naBar := 1\n#- rw.conf\n${text}`);
  expect(lintOf(mended.project, mended.file)).toEqual([]);
});

test.each(["line-length", "line-length, opa-fmt"])("a directive that is there, %s, gets the rule", async (rules) => {
  const { project, file } = await open(`#- p.rego\npackage p\n\n# regal ignore:${rules}\nfooBar := 1\n`);
  const found = lintOf(project, file).find(({ code }) => code === "prefer-snake-case")!;
  const [action] = lintActions(project, file, found);
  expect(action?.title).toBe("Ignore prefer-snake-case on this line");
  const edits = action!.edits.map((edit) => ({ file: file.path, ...edit }));
  expect(apply(project, edits)).toContain(`\n\n# regal ignore:${rules},prefer-snake-case\nfooBar := 1\n`);
});

test.each([
  ["\nfooBar := 1\n", "\n# regal ignore:prefer-snake-case\nfooBar := 1\n"],
  ["\n# METADATA\n# title: bar\nfooBar := 1\n", "\n# METADATA\n# title: bar\nfooBar := 1 # regal ignore:prefer-snake-case\n"],
  ["\nfooBar := 1 # regal ignore:opa-fmt\n", "\nfooBar := 1 # regal ignore:opa-fmt,prefer-snake-case\n"],
])("a directive keeps METADATA whole: %j", async (rule, ignored) => {
  const { project, file } = await open(`#- p.rego\npackage p\n${rule}`);
  const finding = lintOf(project, file).find(({ code }) => code === "prefer-snake-case")!;
  const edits = lintActions(project, file, finding)[0]!.edits.map((edit) => ({ file: file.path, ...edit }));
  const after = apply(project, edits);
  expect(after).toContain(`package p\n${ignored}`);
  const next = await open(after.startsWith("#-") ? after : `#- p.rego\n${after}`);
  expect(lintOf(next.project, next.file).map(({ code }) => code)).not.toContain("prefer-snake-case");
});
