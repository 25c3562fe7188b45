// Sample inputs as policies get them: merged onto the base document that `rw.conf` names, overlaid by a profile, converted.
import { expect, test } from "vitest";
import { memoryHost } from "./host.ts";
import type { Project } from "./project.ts";
import { bufferFile } from "./source-file.ts";
import { openProject, Workspace } from "./workspace.ts";

async function input(files: Record<string, string>, profile?: string): Promise<string> {
  const project = await openProject(memoryHost(files), "/p");
  const { json, problems } = project.inputs.resolve(project.inputs.samples[0]!.file, profile);
  const complaints = [...project.configuration.diagnostics, ...project.inputs.diagnostics].map(({ message }) => message);
  return json ?? [...new Set([...problems, ...complaints])].join("\n");
}

test("an input is merged onto the named base document; nothing is found by its name", async () => {
  const files = {
    "/p/application.conf": "region = eu\norder.limit = 9",
    "/p/inputs/a.conf": 'order.id = "1"\nlabel = ${?region}',
  };
  expect(await input(files)).toBe('{"order":{"id":"1"}}');
  expect(await input({ ...files, "/p/rw.conf": 'inputs.base = "application.conf"' })).toBe(
    '{"region":"eu","order":{"limit":9,"id":"1"},"label":"eu"}',
  );
});

test("JSON and YAML inputs are merged and overlaid in the same way", async () => {
  const conf = { "/p/rw.conf": 'inputs.base = base.conf\nprofiles.uat.overlays = ["uat.conf"]', "/p/base.conf": "a = 1\nb = 2" };
  expect(await input({ ...conf, "/p/inputs/a.json": '{"b": 3}' })).toBe('{"a":1,"b":3}');
  expect(await input({ ...conf, "/p/inputs/a.yaml": "b: 3\n", "/p/uat.conf": "b = 4" }, "uat")).toBe('{"a":1,"b":4}');
});

test("durations and sizes of the listed paths become integers", async () => {
  const conf = { "/p/rw.conf": 'inputs.convert { "order.window" = duration, "file.size" = size }' };
  expect(await input({ ...conf, "/p/inputs/a.conf": "order.window = 1.5s\nfile.size = 10K\nother = 3m" })).toBe(
    '{"order":{"window":1500000000},"file":{"size":10240},"other":"3m"}',
  );
  expect(await input({ ...conf, "/p/inputs/a.conf": "order.window = soon" })).toContain(
    "`order.window` is to be read as a duration",
  );
});

test("a wrong conversion or a base that is not there is said", async () => {
  const sample = { "/p/inputs/a.conf": "a = ${x}" };
  expect(await input({ ...sample, "/p/rw.conf": "inputs { base = gone.conf, convert.a = weight }" })).toContain(
    "the base document gone.conf (`inputs.base`) is not there",
  );
  expect(await input({ ...sample, "/p/rw.conf": "inputs { base = gone.conf, convert.a = weight }" })).toContain(
    "`inputs.convert.a` must be `duration` or `size`",
  );
});

test("an include with an extension is read in the syntax of the file that includes it, `file(…)` in its own", async () => {
  const files = { "/p/inputs/a.conf": 'include "../x.json"', "/p/x.json": "# comment\nb = 1" };
  expect(await input(files)).toBe('{"b":1}');
  expect(await input({ ...files, "/p/inputs/a.conf": 'include file("x.json")' })).not.toBe('{"b":1}');
});

test("the real environment stands below the variables of a profile, where it is given", async () => {
  const files = { "/p/inputs/a.conf": "a = ${?A}\nb = ${?B}", "/p/rw.conf": "profiles.uat.env.A = simulated" };
  const project = await openProject(memoryHost(files), "/p", { environment: { A: "real", B: "real" } });
  expect(project.inputs.json(project.inputs.samples[0]!, "uat")).toBe('{"a":"simulated","b":"real"}');
});

test("a class path include counts from the roots that rw.conf names, and is refused without one", async () => {
  const files = { "/p/inputs/a.conf": 'include classpath("base")', "/p/conf/base.conf": "b = 1" };
  expect(await input(files)).toContain("no folder is a class path root here: name one as `inputs.classpath` in rw.conf");
  expect(await input({ ...files, "/p/rw.conf": "inputs.classpath = [conf]" })).toBe('{"b":1}');
});

test("a sample keeps its value over edits that it does not read, and takes those of its includes", async () => {
  const project = await openProject(
    memoryHost({
      "/p/p.rego": "package p\n",
      "/p/inputs/a.conf": 'include "shared/base.conf"\nx = ${limit}\n',
      "/p/inputs/b.conf": "y = 1\n",
      "/p/inputs/shared/base.conf": "limit = 5\n",
    }),
    "/p",
  );
  const resolved = (of: Project, path: string) => of.inputs.resolveHocon(of.files.get(path)!);
  const typed = project.withFile("/p/p.rego", bufferFile("/p/p.rego", "package p\n\nr := 1\n", 2));
  expect(resolved(typed, "/p/inputs/a.conf")).toBe(resolved(project, "/p/inputs/a.conf"));
  const wider = typed.withFile("/p/inputs/shared/base.conf", bufferFile("/p/inputs/shared/base.conf", "limit = 6\n", 2));
  expect(resolved(wider, "/p/inputs/a.conf").json).toBe('{"limit":6,"x":6}');
  expect(resolved(wider, "/p/inputs/b.conf")).toBe(resolved(project, "/p/inputs/b.conf"));
});

test("an open document leaves substitutions to those that include it, however they are written, and hundreds of thousands of words are soon read", async () => {
  const complaints = async (other: string): Promise<readonly string[]> => {
    const workspace = new Workspace(memoryHost({ "/p/other.conf": other }));
    await workspace.setFolders(["/p"]);
    workspace.setBuffer("/p/parts.conf", "a = ${nope.x}\n", 1);
    return workspace
      .project("/p")
      .inputs.diagnostics.filter(({ file }) => file === "/p/parts.conf")
      .map(({ code }) => code);
  };
  for (const form of ['include "parts"', 'include required("parts.conf")', 'include required( file("lib/parts.conf"))'])
    expect(await complaints(form)).toEqual([]);
  const started = performance.now();
  expect(await complaints(`a = ${"include ".repeat(100_000)}`)).toEqual(["hocon_unresolved"]);
  expect(performance.now() - started).toBeLessThan(10_000);
});

test("an include that leads out of the workspace is refused, in the words of the command line, with what to do", async () => {
  const asked = async (statement: string, folders: readonly string[], more: Record<string, string> = {}) => {
    const text = `${statement}\na = 1`;
    const workspace = new Workspace(memoryHost({ "/p/inputs/a.conf": text, "/q/shared.conf": "b = 2", ...more }));
    await workspace.setFolders(folders);
    const { json, problems } = workspace.project("/p").inputs.resolve(workspace.file("/p/inputs/a.conf")!);
    return json ?? problems.join("\n");
  };
  const refused = (path: string): string =>
    `the include of ${path} is refused: the file is outside the folders that includes may read: add its folder to the workspace, or copy it into one that is there`;
  expect(await asked('include "../../q/shared"', ["/p"])).toBe(refused("/q/shared.conf"));
  expect(await asked('include file("/q/shared.conf")', ["/p"])).toBe(refused("/q/shared.conf"));
  expect(await asked('include required(file("../q/none.conf"))', ["/p"])).toBe(refused("../q/none.conf"));
  expect(await asked('include url("file:///q/shared.conf")', ["/p"])).toBe(refused("/q/shared.conf"));
  // With its folder it is read; inside the workspace it is missing or there, and a class path root says where it is.
  expect(await asked('include "../../q/shared"', ["/p", "/q"])).toBe('{"b":2,"a":1}');
  expect(await asked('include "../../q/none"', ["/p", "/q"])).toBe('{"a":1}');
  const roots = { "/p/rw.conf": 'inputs.classpath = ["common"]', "/p/common/shared.conf": "c = 3" };
  expect(await asked('include "/shared.conf"', ["/p"], roots)).toBe('{"c":3,"a":1}');
});
