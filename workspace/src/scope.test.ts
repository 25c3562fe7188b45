// Looking around an edit finds what looking at everything finds, and nothing that is not there.
import { expect, test } from "vitest";
import { memoryHost } from "./host.ts";
import { openProject } from "./workspace.ts";

const chain = (last: string) => ({
  "/p/a.rego": "package a\n\nimport data.b\n\nx := b.f(1)\n\ny if b.names[_] == 1\n",
  "/p/b.rego": "package b\n\nimport data.c\n\nf(n) := c.g(n) + 1\n\nnames contains c.list[_].k\n",
  "/p/c.rego":
    'package c\n\nimport data.d\n\ng(n) := d.h(n)\n\nlist := [{"k": d.consts.one}]\n\np[x] := d.h(x) if some x in [1]\n',
  "/p/d.rego": `package d\n\n${last}\n\nconsts := {"one": 1}\n\ndefault fallback(_) := 1\n\nfallback(n) := n if n > 1\n`,
});

async function findings(files: Record<string, string>, path: string): Promise<readonly [string, string]> {
  const project = await openProject(memoryHost(files), "/p");
  const draw = (found: readonly { file: string; message: string }[]) =>
    found.map((one) => `${one.file} ${one.message}`).join("\n");
  const around = project.checkAround(path);
  const everything = project.compileDiagnostics.filter((one) => around.has(one.file));
  return [draw([...around.values()].flat()), draw(everything)];
}

test.each(["/p/a.rego", "/p/b.rego", "/p/c.rego", "/p/d.rego"])("no finding around %s where there is none", async (path) => {
  expect(await findings(chain("h(n) := n"), path)).toEqual(["", ""]);
});

test("a function that goes away is missed by those that call it", async () => {
  const [around, everything] = await findings(chain("other(n) := n"), "/p/d.rego");
  expect(around).toContain("/p/c.rego undefined function data.d.h");
  expect(around).toBe(everything);
});

test("only what an entrypoint leads to is compiled, and a fault elsewhere does not stop it", async () => {
  const project = await openProject(
    memoryHost({ ...chain("h(n) := n"), "/p/broken.rego": "package broken\n\nx := nope(1)\n" }),
    "/p",
  );
  expect("module" in project.compiled(["a/x"])).toBe(true);
  expect(project.compiled(["broken/x"])).toEqual({ problem: "the policies have errors" });
});
