// Documents that take seconds to read: offered as samples, read by nobody who types.
import { expect, test } from "vitest";
import { memoryHost } from "./host.ts";
import { openProject, Workspace } from "./workspace.ts";

const large = `items = [\n${"  { name = x }\n".repeat(140_000)}]\n`;
const files = {
  "/p/p.rego": "package p\n\nallow if input.items\n",
  "/p/inputs/large.conf": large,
  "/p/inputs/small.conf": 'include "large.conf"\nuser = ann\n',
  "/p/data.yaml": `numbers:\n${"- 123456\n".repeat(120_000)}`,
};

async function project() {
  const workspace = new Workspace(memoryHost(files));
  await workspace.setFolders(["/p"]);
  return workspace.project("/p");
}

test("a large sample is offered, and says why it has no value", async () => {
  const { inputs, largeDocuments, files: read } = await project();
  expect(inputs.samples.map(({ name }) => name)).toEqual(["large.conf", "small.conf"]);
  expect(largeDocuments.map(({ path }) => path)).toEqual(["/p/inputs/large.conf"]);
  expect(read.has("/p/inputs/large.conf")).toBe(false);
  const held = await project();
  expect(held.inputs.resolve(held.inputs.samples[0]!.file)).toMatchObject({
    json: undefined,
    problems: ["large.conf has 2.1 MB: documents of more than 2 MB are not read while typing, `rw eval --input` reads them"],
  });
});

test("who includes a large document is told so; data is read whatever its size", async () => {
  const held = await project();
  expect(held.inputs.resolve(held.inputs.samples[1]!.file).problems.join()).toMatch(/large\.conf has 2\.1 MB/u);
  expect(held.data.json.length).toBeGreaterThan(800_000);
});

test("a large document that becomes small again is read", async () => {
  const held = await project();
  const small = { ...held.inputs.samples[0]!.file, text: "items = [1]\n" };
  expect(held.withFile(small.path, small).inputs.json({ ...held.inputs.samples[0]!, file: small })).toBe('{"items":[1]}');
});

test("the command line and a publish read it", async () => {
  const opened = await openProject(memoryHost(files), "/p");
  expect(opened.inputs.json(opened.inputs.samples[0]!)?.length).toBeGreaterThan(1_000_000);
  const { complete } = await project();
  expect(complete.inputs.json(complete.inputs.samples[0]!)?.length).toBeGreaterThan(1_000_000);
});
