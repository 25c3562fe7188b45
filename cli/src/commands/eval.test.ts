// `rw eval`: what is said first where several things are wrong, as OPA says it.
import { expect, test } from "vitest";
import { rw } from "../run-in-memory.test-helper.ts";

test.each([
  [
    "p",
    "invalid entrypoint data.p: to create optimized support module, the entrypoint ref must have at least two components in addition to the 'data' root",
  ],
  ["p/r", "undefined entrypoint data.p.r"],
])("an entrypoint for what is to be optimised must be a decision: %s", async (entrypoint, said) => {
  const { code, err } = await rw(
    { "/w/p.rego": "package p\n\nq := 1\n" },
    "eval",
    "-d",
    "p.rego",
    "-O",
    "1",
    "-e",
    entrypoint,
    "1",
  );
  expect([code, err]).toEqual([2, `${said}\n`]);
});

test("coverage counts the heads of rules beside an explanation too", async () => {
  const policy = { "/w/d.rego": 'package d\n\np if input.x == 1\n\nq if p with input as {"x": 1}\n' };
  const covered = async (...flags: string[]): Promise<unknown> => {
    const { out } = await rw(policy, "eval", "-d", "d.rego", "--coverage", ...flags, "data.d");
    return JSON.parse(out).coverage.coverage;
  };
  expect([await covered(), await covered("--explain", "full"), await covered("--profile")]).toEqual([100, 100, 100]);
});

const files = { "/w/broken.json": "{", "/w/list.json": "[]" };

test("an empty query is refused before anything is loaded", async () => {
  const { code, out } = await rw(files, "eval", "-d", "broken.json", "");
  expect([code, JSON.parse(out).errors[0].message]).toEqual([2, "cannot evaluate empty query"]);
});

test("but what is to be optimised is loaded before, and its faults are a text", async () => {
  const { code, out, err } = await rw(files, "eval", "-d", "broken.json", "-d", "list.json", "-O", "1", "");
  const said = "broken.json: unexpected EOF\nlist.json: document must be of type object";
  expect([code, out, err]).toEqual([2, "", `load error: 2 errors occurred during loading:\n${said}\n`]);
});

test("coverage warns of what conflicts when OPA does not stop at the first rule that holds", async () => {
  const policy = `package p

f(x) := 1 if x > 0
f(x) := 2 if x > 1
r if {
	some x in [1, 2]
	f(x) == 1
}
`;
  const { code, err } = await rw({ "/w/p.rego": policy }, "eval", "-d", "p.rego", "--coverage", "data.p.r");
  const conflict = "function data.p.f produced conflicting values for the same inputs:\n  1 at p.rego:3\n  2 at p.rego:4";
  expect([code, err]).toEqual([
    0,
    `warning: coverage pass with early exit disabled failed: p.rego:4: eval_conflict_error: ${conflict}\n`,
  ]);
});
