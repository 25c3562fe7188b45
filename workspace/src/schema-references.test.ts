// Schemas that refer to files: the schema with them in it, and what checking makes of it.
import { expect, test } from "vitest";
import { memoryHost } from "./host.ts";
import { withReferredFiles } from "./schema-references.ts";
import { openProject } from "./workspace.ts";

const files: Readonly<Record<string, unknown>> = {
  "/s/user.json": { properties: { boss: { $ref: "user.json" }, at: { $ref: "a%20b.json#/definitions/place" } } },
  "/s/a b.json": { id: "place", definitions: { place: { type: "string" } } },
};
const read = (path: string): unknown => files[path];

test("files are put among the definitions with those that they refer to, each once", () => {
  const schema = { definitions: { x: {} }, $ref: "file:///s/user.json" };
  expect(withReferredFiles(schema, read)).toEqual({
    $ref: "file:///s/user.json",
    definitions: {
      x: {},
      "file:///s/user.json": { ...(files["/s/user.json"] as object), $id: "file:///s/user.json" },
      "file:///s/a%20b.json": { definitions: { place: { type: "string" } }, $id: "file:///s/a%20b.json" },
    },
  });
});

test("what cannot be read, and all other references, stay as they are", () => {
  for (const reference of ["file:///s/none.json", "file:///s/%zz", "http://e.com/x.json", "#/definitions/x", "user.json"])
    expect(withReferredFiles({ $ref: reference }, read)).toEqual({ $ref: reference });
});

test("a schema of a project refers to others of its folder, and to no other file", async () => {
  const open = async (reference: string): Promise<readonly string[]> => {
    const project = await openProject(
      memoryHost({
        "/p/p.rego": "package p\n\n# METADATA\n# schemas:\n# - input: schema.input\nallow if input.user.nmae\n",
        "/p/schemas/input.json": JSON.stringify({ type: "object", properties: { user: { $ref: reference } } }),
        "/p/schemas/user.json": '{"type": "object", "properties": {"name": {"type": "string"}}}',
        "/p/other.json": "{}",
      }),
      "/p",
    );
    return project.compileDiagnostics.map(({ message }) => message);
  };
  expect(await open("file:///p/schemas/user.json")).toEqual(["undefined ref: input.user.nmae"]);
  expect(await open("file:///p/other.json")).toEqual([
    "unable to compile the schema: remote reference loading disabled: file:///p/other.json",
  ]);
});
