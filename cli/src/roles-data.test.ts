// `rw test` over a project in memory whose policies ask who has which role: the roles file answers, as in the editor.
import { expect, test } from "vitest";
import { parseArguments } from "./command.ts";
import { test as testCommand } from "./commands/test.ts";
import { heardIo } from "./heard-io.test-helper.ts";

const policies = {
  "/w/p.rego": 'package p\n\nallow if data.rms.rbac.user_has_responsibility(input.user, "refund", "shop/eu")\n',
  "/w/p_test.rego": 'package p_test\n\ntest_ann if data.p.allow with input as {"user": "ann"}\n',
};

async function run(others: Readonly<Record<string, string>>): Promise<string> {
  const files: Readonly<Record<string, string>> = { ...policies, ...others };
  const { io, printed } = heardIo({
    cwd: "/w",
    kind: (path) => (path === "/w" ? "folder" : path in files ? "file" : undefined),
    realPath: (path) => path,
    readFile: (path) => new TextEncoder().encode(files[path]),
    list: () => Object.keys(files).map((path) => path.slice("/w/".length)),
  });
  const parsed = parseArguments(testCommand, ["/w"], io);
  if ("error" in parsed) return parsed.error;
  await testCommand.run(parsed.invocation);
  const { out, err } = printed();
  return `${out}${err}`.trim().split("\n").at(-1)!;
}

const roles = 'roles.clerk { responsibilities = [{ action = refund, resource = "shop/eu" }], members = [ann] }\n';

test.each([
  ["the domain in the file", { "/w/rw.conf": "roles = roles.conf\n", "/w/roles.conf": `domain = shop\n${roles}` }, "PASS: 1/1"],
  ["the domain of the project", { "/w/rw.conf": "roles = roles.conf\nrms.domain = shop\n", "/w/roles.conf": roles }, "PASS: 1/1"],
  ["no roles file", { "/w/rw.conf": "rms.domain = shop\n", "/w/roles.conf": roles }, "FAIL: 1/1"],
  [
    "no domain",
    { "/w/rw.conf": "roles = roles.conf\n", "/w/roles.conf": roles },
    "1 error occurred during loading: roles.conf:1: the document does not say whose roles these are: `domain = …` is missing",
  ],
  [
    "a name that is none, at its line",
    { "/w/rw.conf": "roles = roles.conf\nrms.domain = shop\n", "/w/roles.conf": `${roles}roles.lead {\n  titel = Lead\n}\n` },
    '1 error occurred during loading: roles.conf:3: roles.lead has the unknown name "titel"; known are title, risk, includes, responsibilities, members',
  ],
  [
    "a value in a list, at the list",
    {
      "/w/rw.conf": "roles = roles.conf\nrms.domain = shop\n",
      "/w/roles.conf": "roles.a {\n  members = [\n    { subject = x, from = soon },\n    y\n  ]\n}\n",
    },
    "1 error occurred during loading: roles.conf:2: roles.a.members.from must be a time such as 2026-03-02T12:00:00Z",
  ],
  [
    "a file that is not there",
    { "/w/rw.conf": "roles = roles.conf\n" },
    "1 error occurred during loading: /w/rw.conf:1: the roles file roles.conf is not there",
  ],
  ["roles that the data brings", { "/w/rw.conf": "roles = roles.conf\n", "/w/data.json": '{"rms": {}}' }, "FAIL: 1/1"],
])("%s", async (_, files, last) => {
  expect(await run(files)).toBe(last);
});
