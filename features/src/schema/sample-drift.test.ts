// Samples are held against the schema that is named for them, at the key that is otherwise.
import { expect, test } from "vitest";
import { finish } from "#grammars/text/steps.ts";
import { dedent, draw, open } from "../fixture.test-helper.ts";
import { sampleDrift } from "./sample-drift.ts";

const schema = JSON.stringify({
  type: "object",
  properties: {
    user: { type: "object", properties: { role: { enum: ["clerk", "boss"] } } },
    items: { items: { type: "string" } },
  },
  required: ["user"],
});

/** The findings, each with its place. */
async function drift(files: string): Promise<readonly string[]> {
  const { project } = await open(
    dedent(`
    #- rw.conf
    schemas { "inputs/**" = schemas/input.json }
    #- schemas/input.json
    ${schema}
    ${files}
  `),
  );
  return finish(sampleDrift(project)).map((one) => `${draw(project, [one])}: ${one.message}`);
}

test("a value that the schema does not allow, at its key; what is as it says has none", async () => {
  expect(
    await drift('#- inputs/a.conf\n    user { role = guest }\n    #- inputs/b.json\n    {"user": {"role": "boss"}}'),
  ).toEqual([
    'inputs/a.conf:1:8 "role": the schema of this input says: user.role: user.role must be one of the following: "clerk", "boss"',
  ]);
});

test("elements are told at their list, and what is missing at the first key", async () => {
  expect(await drift('#- inputs/a.json\n    {"items": ["a", 7]}')).toEqual([
    'inputs/a.json:1:2 "\\"items\\"": the schema of this input says: user is required',
    'inputs/a.json:1:2 "\\"items\\"": the schema of this input says: items.1: Invalid type. Expected: string, given: integer',
  ]);
});

test("other files, and samples without a schema, are left alone", async () => {
  const { project } = await open("#- inputs/a.json\n{}\n");
  expect(finish(sampleDrift(project))).toEqual([]);
});
