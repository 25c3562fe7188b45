// The schema of the samples of a project: where it is written, what names it, when there is none.
import { expect, test } from "vitest";
import { dedent, open } from "../fixture.test-helper.ts";
import { projectSchema } from "./project-schema.ts";

const made = async (text: string) => projectSchema((await open(dedent(text))).project);

test("it is made from all samples in all profiles, and named in rw.conf", async () => {
  const schema = await made(`
    #- rw.conf
    entrypoints = [p/allow]
    profiles { eu { env.REGION = eu } }
    #- inputs/a.conf
    region = 7
    region = \${?REGION}
    timeout = 10s
    #- inputs/b.json
    {"region": "us", "timeout": "5 m"}
  `);
  expect(schema).toMatchObject({
    file: "/p/schemas/input.json",
    before: undefined,
    inputs: 3,
    config: { file: "/p/rw.conf", newText: 'schemas."inputs/**" = schemas/input.json\n' },
  });
  expect("text" in schema && JSON.parse(schema.text)).toEqual({
    $schema: "http://json-schema.org/draft-07/schema#",
    type: "object",
    properties: { region: { type: ["integer", "string"] }, timeout: { type: "string", format: "hocon-duration" } },
    required: ["region", "timeout"],
  });
});

test("the file that rw.conf names is brought up to date; what was written for readers stays", async () => {
  const schema = await made(`
    #- rw.conf
    schemas { "inputs/**" = own/request.json }
    #- own/request.json
    {"title": "A request", "type": "object", "properties": {"user": {"type": "integer", "description": "who asks"}}, "required": ["user", "gone"]}
    #- inputs/a.json
    {"user": "ann"}
  `);
  expect(schema).toMatchObject({ file: "/p/own/request.json", config: undefined });
  expect("text" in schema && JSON.parse(schema.text)).toEqual({
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "A request",
    type: "object",
    properties: { user: { type: "string", description: "who asks" } },
    required: ["user"],
  });
});

test("samples of several kinds have no schema, and are named", async () => {
  const samples = "#- inputs/a.json\n    {}\n    #- inputs/b.json\n    []\n    #- inputs/c.json\n    {}\n";
  expect(await made(`\n    ${samples}`)).toEqual({
    problem: "the samples are not of one kind: object in a.json, c.json; array in b.json",
  });
  expect(await made("\n    #- p.rego\n    package p\n")).toEqual({ problem: "this project has no samples" });
});
