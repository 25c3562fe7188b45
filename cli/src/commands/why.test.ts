// `rw why` over real folders.
import { expect, test } from "vitest";
import { runsOnDisk } from "../run-on-disk.test-helper.ts";

const rw = runsOnDisk("rw why-");

const files = {
  "rw.conf": "inputs.base = base.conf\nprofiles { prod { env { LIMIT = 7 } } }\n",
  "base.conf": "amount = ${?LIMIT}\n",
  "p/p.rego": 'package p\n\ndefault allow := false\n\nallow if {\n\tinput.role == "boss"\n\tinput.amount < data.p.limit\n}\n',
  "p/data.json": '{"limit": 5}',
  "inputs/clerk.conf": "role = clerk\namount = 1\n",
  "inputs/boss.json": '{"role": "boss"}',
};

test("of a rule in the project of a folder", async () => {
  const { code, out, err } = await rw(files, ["why", "data.p.allow", "-i", "<cwd>/inputs/clerk.conf"]);
  expect([code, err]).toEqual([0, ""]);
  expect(out).toBe(`p.allow = false

p.allow
  ✓ p/p.rego:3 default
  ✗ p/p.rego:5 — left out by the rule index
    ✗ input.role == "boss" — input.role is "clerk"
    ○ input.amount < data.p.limit

What would make it true:
  input.role: "clerk" → "boss"
`);
});

test("of what flags load, and as JSON", async () => {
  const { out } = await rw(files, ["why", "data.p.allow", "-d", "<cwd>/p", "-i", "<cwd>/inputs/boss.json", "-f", "json"]);
  expect(JSON.parse(out)).toMatchObject({ query: "data.p.allow", value: false });
});

test("with the document below the input, in a profile", async () => {
  const { out } = await rw(files, ["why", "data.p.allow", ".", "-i", "<cwd>/inputs/boss.json", "--input-profile", "prod"]);
  expect(out).toContain('✗ input.amount < data.p.limit — input.amount is "7"');
});

test("misuse is told with the usage", async () => {
  expect(await rw(files, ["why"])).toMatchObject({ code: 1, out: "" });
  expect((await rw(files, ["why", "data.p.allow", ".", "-d", "p"])).err).toContain("not both");
  expect(await rw(files, ["why", "allow"])).toMatchObject({ code: 2, err: "a rule is named by its path, as data.authz.allow\n" });
  expect((await rw(files, ["why", "data.p.allow", "nowhere"])).err).toBe("nowhere is no folder\n");
});
