// Why a project cannot be evaluated is told as its author sees it in the text.
import { expect, test } from "vitest";
import { open } from "../../fixture.test-helper.ts";
import { shownProblem } from "./shown.ts";

async function problemOf(text: string): Promise<string | undefined> {
  const { project } = await open(text);
  const { failure } = project.compilation;
  return failure && shownProblem(project, failure);
}

test("a bracket that is not closed is told where it opened, not where reading ended", async () => {
  expect(await problemOf("package p\n\nallow if {\n\tinput.a\n\nother contains 1 if input.b\n")).toBe(
    "the policies have errors: policy.rego:3: missing `}`: the body opened here is not closed",
  );
});

test("an error of the compile stages is told as it is", async () => {
  expect(await problemOf("package p\n\nallow if nope(1)\n")).toBe(
    "the policies have errors: policy.rego:3: undefined function nope",
  );
});
