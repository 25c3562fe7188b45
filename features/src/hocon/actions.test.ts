// Quick fixes of HOCON: title and the text after them.
import { expect, test } from "vitest";
import { diagnosticsOf } from "../diagnostics.ts";
import { apply, dedent, open } from "../fixture.test-helper.ts";
import { hoconActions } from "./actions.ts";

async function fixes(text: string): Promise<Record<string, string>> {
  const { project, file } = await open(`#- inputs/a.conf\n${dedent(text)}`);
  const findings = diagnosticsOf(project, () => 0).byFile.get(file.path) ?? [];
  const actions = hoconActions(project, file, { start: 0, end: file.text.length }, findings);
  return Object.fromEntries(
    actions.map(({ title, edits }) => [
      title,
      apply(
        project,
        edits.map((edit) => ({ file: file.path, ...edit })),
      ),
    ]),
  );
}

test("a path without a value: nearby name, optional, definition", async () => {
  expect(await fixes("region = eu\na = ${regoin}\n")).toEqual({
    "Use `region`": "region = eu\na = ${region}\n",
    "Make the substitution optional": "region = eu\na = ${?regoin}\n",
    "Define `regoin`": 'region = eu\na = ${regoin}\nregoin = ""\n',
  });
});

test("values and texts without effect", async () => {
  expect(await fixes("a = 1\na = 2\n")).toEqual({ "Remove the value without effect": "a = 2\n" });
  expect(await fixes("a = [1] x\n")).toEqual({ "Remove the text without effect": "a = [1] \n" });
});

test("an include that finds nothing by its extension, a number of more than 64 bits", async () => {
  expect((await fixes('include "z.hocon"\n'))["Include without the extension"]).toBe('include "z"\n');
  expect((await fixes("a = 9223372036854775808\n"))["Quote the number: it is a string anyway"]).toBe(
    'a = "9223372036854775808"\n',
  );
});

test("an open quote is closed", async () => {
  expect((await fixes('a = "abc\nb = 1\n'))['Insert closing `"`']).toBe('a = "abc"\nb = 1\n');
});
