// Schemas of METADATA and settings: where they are declared, what they complete, what they say.
import { expect, test } from "vitest";
import { draw, open } from "../fixture.test-helper.ts";
import { definitionsIn } from "../navigation.ts";
import { completionIn, hoverIn } from "../reading.ts";

const schema = `#- schemas/input.json
{
  "type": "object",
  "properties": {
    "kind": { "type": "string", "description": "What it is", "enum": ["file", "folder"] },
    "owner": { "$ref": "#/definitions/a%20person" }
  },
  "definitions": { "a person": { "type": "object", "properties": { "name": { "type": "string" } } } }
}
`;
const policy = (body: string): string =>
  `#- p.rego\npackage p\n\n# METADATA\n# schemas:\n# - input: schema.input\nallow if ${body}\n${schema}`;

async function labels(text: string): Promise<readonly string[]> {
  const { project, file, offset } = await open(text);
  return completionIn(project, file, offset, { autoImport: false }).items.map(({ label, detail }) => `${label} (${detail})`);
}

test("properties complete, through references too", async () => {
  expect(await labels(policy("input.$0"))).toEqual(["kind (string, by the schema)", "owner (object, by the schema)"]);
  expect(await labels(policy("input.owner.$0"))).toEqual(["name (string, by the schema)"]);
});

test("the values that a schema allows complete where a path is compared", async () => {
  expect((await labels(policy("input.kind == $0"))).slice(0, 2)).toEqual(['"file" (by the schema)', '"folder" (by the schema)']);
  expect(await labels(policy('input.kind == "f$0"'))).toEqual(["file (by the schema)", "folder (by the schema)"]);
  expect(await labels(policy('input.kind in {"file", "$0"'))).toEqual(["file (by the schema)", "folder (by the schema)"]);
  expect(await labels(policy('x == "f$0"'))).toEqual([]);
});

test("the values of samples complete, the most frequent first", async () => {
  const samples = '#- inputs/a.json\n{"kind": "x"}\n#- inputs/b.json\n{"kind": "y"}\n#- inputs/c.json\n{"kind": "y"}\n';
  const text = `#- p.rego\npackage p\n\nallow if input.kind == "$0"\n${samples}`;
  expect(await labels(text)).toEqual(["y (in 2 of 3 samples)", "x (in 1 of 3 samples)"]);
});

test("hover tells type, values and description", async () => {
  const { project, file, offset } = await open(policy("input.ki$0nd"));
  expect(hoverIn(project, file, offset)?.markdown).toContain(
    'By the schema: `string`, one of `"file"`, `"folder"`\n\nWhat it is',
  );
});

test("definitions lead into the schema, and its name to its file", async () => {
  const at = async (text: string): Promise<string> => {
    const { project, file, offset } = await open(text);
    return draw(project, definitionsIn(project, file, offset));
  };
  expect(await at(policy("input.ow$0ner.name"))).toBe('schemas/input.json:5:6 "owner"');
  expect(await at(policy("input.owner.na$0me"))).toBe('schemas/input.json:7:69 "name"');
  expect(await at(policy("input.x").replace("schema.input", "schema.in$0put"))).toBe('schemas/input.json:1:1 ""');
});
