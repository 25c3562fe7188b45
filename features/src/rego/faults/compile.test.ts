// What is said of keys that a document does not have: the explanation, and the text at the place.
import { expect, test } from "vitest";
import { checkModules } from "#analysis/rego/check.ts";
import { open } from "../../fixture.test-helper.ts";
import { explainCompile } from "./compile.ts";

async function explained(body: string): Promise<string> {
  const { project, file } = await open(`package p\n\n${body}\n`);
  const { diagnostics } = checkModules([project.parsed(file)]);
  const { range, explanation } = explainCompile(project, diagnostics[0]!);
  return `${file.text.slice(range.start, range.end)}: ${explanation}`;
}

test.each([
  ['o := {"name": 1}\n\nq := o.nam', "nam: there is no `nam`: did you mean `name`?"],
  ["o := {1: 2, 30: 4}\n\nq := o[5]", "5: there is no `5`, only 1, 30"],
  ["q if {\n\tx := [7]\n\tx[1]\n}", "1: there is no `1`"],
  ["o := {true: 1, null: 2}\n\nq := o[1.50]", "1.50: there is no `1.50`, only null, true"],
])("%j", async (body, expected) => {
  expect(await explained(body)).toBe(expected);
});
