// `rw eval --why`: the tree of a rule and what would make it true, as text and as JSON.
import { expect, test } from "vitest";
import { rw } from "./run-in-memory.test-helper.ts";

const files = {
  "/w/p/p.rego": 'package p\n\ndefault allow := false\n\nallow if {\n\tinput.role == "boss"\n\tinput.amount < data.limit\n}\n',
  "/w/p/data.json": '{"limit": 100}',
  "/w/in.conf": "role = clerk\namount = 5\n",
  "/w/boss.json": '{"role": "boss", "amount": 5}',
};

test("as text", async () => {
  const { code, out, err } = await rw(files, "eval", "--why", "-f", "pretty", "-d", "p", "-i", "in.conf", "data.p.allow");
  expect([code, err]).toEqual([0, ""]);
  expect(out).toBe(`p.allow = false

p.allow
  ✓ p.rego:3 default
  ✗ p.rego:5 — left out by the rule index
    ✗ input.role == "boss" — input.role is "clerk"
    ○ input.amount < data.limit

What would make it true:
  input.role: "clerk" → "boss"
`);
});

test("as JSON", async () => {
  const { out } = await rw(files, "eval", "--why", "-d", "p", "-i", "in.conf", "data.p.allow");
  const told = JSON.parse(out);
  expect(told).toMatchObject({ query: "data.p.allow", value: false });
  expect(told.why[0].children[1].children[0]).toEqual({
    kind: "expression",
    mark: "failed",
    label: 'input.role == "boss"',
    detail: 'input.role is "clerk"',
    first_failure: true,
    location: { file: "/w/p/p.rego", row: 6, col: 2 },
    children: [],
  });
  expect(told.would_make_it_true).toEqual([
    [{ kind: "set", path: ["role"], value: "boss", name: "input.role", before: "clerk" }],
  ]);
});

test("a rule that is true needs nothing", async () => {
  const { out } = await rw(files, "eval", "--why", "-f", "pretty", "-d", "p", "-i", "boss.json", "data.p.allow");
  expect(out).toMatch(/^p\.allow = true\n/u);
  expect(out).not.toContain("What would");
});

test.each([
  [["data.p.allow == true"], "a rule is named by its path, as data.authz.allow\n"],
  [["-f", "raw", "data.p.allow"], "--why has the formats pretty and json"],
])("%j", async (words, fault) => {
  const { code, err } = await rw(files, "eval", "--why", "-d", "p", ...words);
  expect(code).not.toBe(0);
  expect(err).toContain(fault);
});
