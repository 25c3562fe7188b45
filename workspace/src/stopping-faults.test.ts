// What stops a project before anything is decided by it: the files of a project in, the lines of the terminal out.
import { expect, test } from "vitest";
import { memoryHost } from "./host.ts";
import { faultLine, stoppingFaults } from "./stopping-faults.ts";
import { openProject } from "./workspace.ts";

const policy = { "/p/p.rego": "package p\n\ndefault allow := false\n", "/p/inputs/a.conf": "x = 1\n" };

async function faults(others: Readonly<Record<string, string | Uint8Array>>): Promise<readonly string[]> {
  const project = await openProject(memoryHost({ ...policy, ...others }), "/p");
  return stoppingFaults(project).map((found) => faultLine(project, found));
}

test.each([
  ["nothing", "entrypoints = [p/allow]\n", []],
  ["a value of the wrong shape", "# ours\nroots = 17\n", ["rw.conf:2: `roots` must be a list of folders"]],
  ["a bracket too many", "a = 1\n}\n", ["rw.conf:2: `}` closes nothing: no bracket is open here"]],
  ["a roles file that is not there", "a = 1\nroles = gone.conf\n", ["rw.conf:2: the roles file gone.conf is not there"]],
  [
    "an overlay that is not there",
    "profiles {\n  uat { overlays = [inputs/a.conf, gone.conf] }\n}\n",
    ["rw.conf:2: the overlay gone.conf of the profile uat is not there"],
  ],
  [
    "a capabilities file that is not there",
    "capabilities = gone.json\n",
    ["rw.conf:1: the capabilities file gone.json is not there"],
  ],
])("%s in rw.conf", async (_, config, told) => {
  expect(await faults({ "/p/rw.conf": config })).toEqual(told);
});

test("what is wrong with rw.conf is told before what is wrong with policies", async () => {
  const told = await faults({ "/p/rw.conf": "roots = 17\n", "/p/q.rego": "package q\n\np := x\n" });
  expect(told).toEqual(["rw.conf:1: `roots` must be a list of folders", "q.rego:3: var x is unsafe"]);
});

test("a policy whose bytes are no UTF-8 is not left out unseen", async () => {
  const latin = Uint8Array.from([..."package q\n\np := `\xe9`\n"].map((character) => character.charCodeAt(0)));
  expect(await faults({ "/p/q.rego": latin })).toEqual([expect.stringMatching(/^q\.rego:3: .*UTF-8/u)]);
});
