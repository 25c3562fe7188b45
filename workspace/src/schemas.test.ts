// Schemas of a project: which files they are, what checking makes of them, how an edit of one counts.
import { expect, test } from "vitest";
import { memoryHost } from "./host.ts";
import type { Project } from "./project.ts";
import { bufferFile } from "./source-file.ts";
import { openProject } from "./workspace.ts";

const schema = '{"type": "object", "properties": {"name": {"type": "string"}}}';
const policy = "package p\n\n# METADATA\n# schemas:\n# - input: schema.input\nallow if input.nmae\n";
const told = (project: Project): readonly string[] =>
  [...project.compileDiagnostics, ...project.configuration.schemaProblems].map(({ message }) => message);

test("the folder `schemas` is used without a setting, and its `input.json` is no sample", async () => {
  const project = await openProject(memoryHost({ "/p/p.rego": policy, "/p/schemas/input.json": schema }), "/p");
  expect(told(project)).toEqual(["undefined ref: input.nmae"]);
  expect(project.inputs.samples).toEqual([]);
});

test("a schema may have the name of a keyword", async () => {
  const named = policy.replace("schema.input", 'schema["package"]');
  const project = await openProject(memoryHost({ "/p/p.rego": named, "/p/schemas/package.json": schema }), "/p");
  expect(told(project)).toEqual(["undefined ref: input.nmae"]);
});

test("without schemas nothing is said", async () => {
  expect(told(await openProject(memoryHost({ "/p/p.rego": policy }), "/p"))).toEqual([]);
});

test("a setting names one schema of the input, or a folder", async () => {
  const files = { "/p/p.rego": "package p\n\nallow if input.nmae\n", "/p/a/b.json": schema };
  const open = (setting: string): Promise<Project> => openProject(memoryHost(files), "/p", { schema: setting });
  expect(told(await open("a/b.json"))).toEqual(["undefined ref: input.nmae"]);
  expect(told(await open("${workspaceFolder}/a"))).toEqual([]);
  expect(told(await open("b.json"))).toEqual(["the schema b.json is not there"]);
});

test("an edit of a schema counts at once; one that is torn admits anything", async () => {
  const project = await openProject(memoryHost({ "/p/p.rego": policy, "/p/schemas/input.json": schema }), "/p");
  expect(told(project)).toHaveLength(1);
  const path = "/p/schemas/input.json";
  expect(told(project.withFile(path, bufferFile(path, schema.replace("name", "nmae"), 2)))).toEqual([]);
  expect(told(project.withFile(path, bufferFile(path, "{", 3)))).toEqual(["not JSON: Expected property name or '}'"]);
});
