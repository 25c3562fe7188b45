// `rw diff --people` against a server of its own: who gains and who loses before anything is published.
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { repository, rmsServer } from "../rms-server.test-helper.ts";

const { project, rw } = rmsServer("rw-people-", ({ project }) => {
  cpSync(join(repository, "examples/orders"), project, { recursive: true });
  return [];
});
const policyFile = join(project, "policy/orders.rego");
let before: string;

beforeAll(async () => {
  before = readFileSync(policyFile, "utf8");
  expect((await rw("publish", ".", "--create", "--channel", "dev")).code).toBe(0);
  expect((await rw("roles", "apply")).code).toBe(0);
});

test("nothing changed: nobody gains, nobody loses", async () => {
  const { code, out } = await rw("diff", "dev", "--people", "--fail");
  expect([code, out.split("\n").slice(0, 2)]).toEqual([
    0,
    ["orders/main@1.0.0 → the project, orders/allow", "nobody gains, nobody loses"],
  ]);
  expect(out).toMatch(/ {2}all \d+ people in \d+ requests, each by themselves\n/);
});

test("a door left open is told by name, for strangers too, and as Markdown", async () => {
  writeFileSync(policyFile, `${before}\nallow if input.action == "approve"\n`);
  const { code, out } = await rw("diff", "dev", "--people", "--fail");
  expect(code).toBe(1);
  expect(out).toMatch(/\n\d+ (?:person|people) gains?, nobody loses; anybody may now: /);
  expect(out).toMatch(/\n {2}gains {2}ann \(order-manager\): manager-on-sunday\.conf/);
  const { out: markdown } = await rw("diff", "dev", "--people", "--format", "markdown");
  expect(markdown).toMatch(
    /\n\*\*.* nobody loses;.*\*\*\n\n\| \| person \| roles \| requests \|\n\|---\|---\|---\|---\|\n\| gains \| /,
  );
  const json = JSON.parse((await rw("diff", "dev", "--people", "--json")).out);
  expect(json).toMatchObject({ channel: "dev", against: "1.0.0", lost: { people: 0 } });
});

/** No sample and no test notices it: none of them is a clerk with so large an order. */
const clerksMayMore = `
allow if {
	rbac.user_has_role(input.user, "order-clerk")
	in_time_window
	input.order.amount == 10000
}
`;

test("a publish tells who gains and who loses before anything is sent", async () => {
  writeFileSync(policyFile, `${before}${clerksMayMore}`);
  const { code, out } = await rw("publish", ".", "--dry-run");
  expect([code, out.endsWith("\nnothing was published\n")]).toEqual([0, true]);
  expect(out).toMatch(/\n✓ diff {7}0 of \d+ decisions change .*\n✓ impact {5}1 person gains, nobody loses .*\n/);
  expect(out).toMatch(/\n {4}gains {2}bob \(order-clerk\): manager-large-order\.conf\n/);
  expect(out).toMatch(/\n {4}all \d+ people in \d+ requests, each by themselves\n/);
});

test("a version takes the project's place, and what is not there is said", async () => {
  writeFileSync(policyFile, `${before}\nadded := 1\n`);
  expect((await rw("publish", ".", "--no-channel", "--version", "1.0.1")).code).toBe(0);
  expect((await rw("diff", "dev", "1.0.1", "--people")).out).toContain("orders/main@1.0.0 → 1.0.1, orders/allow\n");
  expect((await rw("diff", "dev", "9.9.9", "--people")).err).toContain("orders/main has no channel dev, or no version 9.9.9");
  expect((await rw("diff", "1.0.0", "--people")).err).toContain("name the channel first");
});
