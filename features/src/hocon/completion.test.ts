// Completion of HOCON: keys by schema, policies and samples, values, variables.
import { expect, test } from "vitest";
import { dedent, open } from "../fixture.test-helper.ts";
import { hoconCompletion } from "./completion.ts";

const project = `
#- rw.conf
schemas { "inputs/**" = schema.json }
profiles.uat.env.REGION = eu
#- schema.json
{"properties": {"action": {"enum": ["view", "pay"], "description": "What is asked."}, "order": {"$ref": "#/$defs/order"}},
 "required": ["action"], "$defs": {"order": {"properties": {"amount": {"type": "number"}}}}}
#- policy.rego
package p
allow if input.subject.id == "x"
#- inputs/b.conf
action = pay
note = "seen elsewhere"
`;

async function items(sample: string): Promise<string[]> {
  const fixture = await open(`${dedent(project)}#- inputs/a.conf\n${sample}`);
  return hoconCompletion(fixture.project, fixture.file, fixture.offset).items.map(({ label, detail }) => `${label}: ${detail}`);
}

test("keys by the schema first, then those that policies read, then those of other samples", async () => {
  expect(await items("$0")).toEqual([
    "action: any, required by the schema",
    "order: any by the schema",
    "note: string, in 1 of 2 samples",
    "subject: read by policies",
    "include: keyword",
  ]);
  expect(await items("order { am$0 }")).toEqual(["amount: number by the schema"]);
  expect(await items("subject.$0")).toEqual(["id: read by policies"]);
});

test("items of arrays have no keys that are known", async () => {
  expect(await items("order { list = [$0] }")).toEqual([]);
  expect(await items("order { list = [\n  1\n  { $0 }\n] }")).toEqual([]);
  expect(await items("list = [1]\norder { am$0 }")).toEqual(["amount: number by the schema"]);
});

test("values by the schema and of other samples", async () => {
  expect(await items("action = $0")).toEqual(["view: by the schema", "pay: by the schema"]);
  expect(await items("note = $0")).toEqual(['"seen elsewhere": in b.conf']);
});

test("paths and variables in substitutions, nothing in comments", async () => {
  expect(await items("a { b = 1 }\nc = ${$0}")).toEqual(['a: {"b":1}', "a.b: 1", "REGION: variable of the profile uat"]);
  expect(await items("a { b = 1 }\nc = ${a.$0}")).toEqual(["a.b: 1"]);
  expect(await items("# act$0")).toEqual([]);
});

test("a quoted string holds no substitutions", async () => {
  expect(await items('note = "${$0"')).toEqual([]);
  expect(await items("note = ${RE$0")).toContain("REGION: variable of the profile uat");
});

test("files to include: the nearest first, not what belongs to the project", async () => {
  const files = '#- rw.conf\n#- inputs/b.conf\n#- inputs/b.expected.conf\n#- base/c.conf\n#- inputs/a.conf\ninclude "$0"\n';
  const fixture = await open(files);
  const { items: found } = hoconCompletion(fixture.project, fixture.file, fixture.offset);
  expect(found.toSorted((a, b) => a.rank - b.rank).map(({ label }) => label)).toEqual(["b.conf", "../base/c.conf"]);
});
