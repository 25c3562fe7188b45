// `rw new`: which files come where, and what stops it before anything is written.
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { runsOnDisk } from "../run-on-disk.test-helper.ts";

const run = runsOnDisk("rw new ü-");

test("a decision comes with its test, a sample and what is expected; the project's folder holds the samples", async () => {
  const here = await run({}, ["new", "decision", "orders.approval"]);
  expect({ code: here.code, out: here.out }).toEqual({
    code: 0,
    out: "orders/approval/approval.rego\norders/approval/approval_test.rego\ninputs/approval-admin.conf\ninputs/approval-admin.expected.json\n",
  });
  const below = await run({ "shop/rw.conf": "" }, ["new", "decision", "cart", "shop/policy"]);
  expect(below.out).toBe(
    "shop/policy/cart/cart.rego\nshop/policy/cart/cart_test.rego\nshop/inputs/cart-admin.conf\nshop/inputs/cart-admin.expected.json\n",
  );
  expect(existsSync(join(below.cwd, "shop/policy/cart/cart_test.rego"))).toBe(true);
});

test("nothing is written where a file is there, or the name cannot be", async () => {
  const taken = await run({ "a/a_test.rego": "package a_test\n" }, ["new", "decision", "a"]);
  expect(taken).toMatchObject({ code: 1, out: "", err: "error: a/a_test.rego is there already: nothing was written\n" });
  expect(readdirSync(taken.cwd)).toEqual(["a"]);
  const names = [
    ["decision", "a.if", '"if" is a keyword of Rego: choose another name'],
    ["library", "a-b", '"a-b" is no name of a package: letters, digits and _, with dots between'],
    ["sample", "../a", '"../a" is no name of a sample: letters, digits, - and _'],
  ] as const;
  for (const [kind, name, fault] of names)
    expect(await run({}, ["new", kind, name])).toMatchObject({ code: 1, err: `error: ${fault}\n` });
});

test.each([[["new"]], [["new", "policy", "a"]], [["new", "data"]], [["new", "data", "a", ".", "b"]]])(
  "%s is refused",
  async (words) => {
    const { code, err } = await run({}, words);
    expect(code).toBe(1);
    expect(err).toMatch(/^Error: say what is new \(decision, library, test, data, sample\) and its name\nUsage:/u);
  },
);
