// `rw check --schema` and schemas that refer to files: read below the working folder and the folder of schemas, nowhere else.
import { expect, test } from "vitest";
import { rw } from "./run-in-memory.test-helper.ts";

const user = '{"type": "object", "properties": {"name": {"type": "string"}}}';

async function told(reference: string, schemas = "schemas"): Promise<string> {
  const input = JSON.stringify({ properties: { user: { $ref: reference } } });
  const files = {
    "/w/p.rego": "package p\n\n# METADATA\n# schemas:\n# - input: schema.input\nallow if input.user.nmae\n",
    "/w/schemas/input.json": input,
    "/w/parts/user.json": user,
    "/s/schemas/input.json": input,
    "/s/schemas/user.json": user,
    "/s/user.json": user,
  };
  return (await rw(files, "check", "--schema", schemas, "p.rego")).err;
}

test("a file of the working folder or of the schemas is read", async () => {
  expect(await told("file:///w/parts/user.json")).toContain("undefined ref: input.user.nmae");
  expect(await told("file:///s/schemas/user.json", "/s/schemas")).toContain("undefined ref: input.user.nmae");
});

test("a file elsewhere is not", async () => {
  for (const reference of ["file:///s/user.json", "file:///w/../s/user.json"])
    expect(await told(reference)).toContain("remote reference loading disabled: file:///s/user.json");
});
