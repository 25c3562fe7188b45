// `rw diff --people` against a server of its own: who gains and who loses before anything is published.
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { repository, rmsServer, token } from "../rms-server.test-helper.ts";

const { project, folder, url, rw } = rmsServer("rw-people-", ({ project }) => {
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
    ["orders/main@1.0.0 → the project, orders/allow, orders/decision", "nobody gains, nobody loses"],
  ]);
  expect(out).toMatch(/ {2}all \d+ people in \d+ requests by 2 entrypoints, each by themselves\n/);
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
  expect(out).toMatch(/\n {4}gains {2}bob \(order-clerk\): manager-large-order\.conf \(orders\/allow, orders\/decision\)\n/);
  expect(out).toMatch(/\n {4}all \d+ people in \d+ requests by 2 entrypoints, each by themselves\n/);
});

test("a version takes the project's place, and what is not there is said", async () => {
  writeFileSync(policyFile, `${before}\nadded := 1\n`);
  expect((await rw("publish", ".", "--no-channel", "--version", "1.0.1")).code).toBe(0);
  expect((await rw("diff", "dev", "1.0.1", "--people")).out).toContain(
    "orders/main@1.0.0 → 1.0.1, orders/allow, orders/decision\n",
  );
  expect((await rw("diff", "dev", "9.9.9", "--people")).err).toContain("orders/main has no channel dev, or no version 9.9.9");
  expect((await rw("diff", "1.0.0", "--people")).err).toContain("name the channel first");
});

/** The API, by the administrator. */
async function api(method: string, path: string, body: unknown): Promise<Record<string, string>> {
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const answer = await fetch(`${url()}/api/v1${path}`, { method, headers, body: JSON.stringify(body) });
  return (await answer.json()) as Record<string, string>;
}

test("where more gain than the gate allows, the version waits; somebody else sees them, approves, and the channel moves", async () => {
  await api("PATCH", "/domains/orders/policies/main", { gates: { impact: { channel: "dev", gain: { people: 0 } } } });
  const bob = await api("POST", "/tokens", {
    kind: "user",
    subject: "bob",
    domains: ["orders"],
    scopes: ["read", "channel:write"],
  });
  writeFileSync(join(folder, "bob"), bob["token"] ?? "");
  const asBob = ["--token-file", join(folder, "bob")];
  writeFileSync(policyFile, `${before}${clerksMayMore}`);
  const why = "1 person gains by orders/allow, orders/decision, and none may: bob (order-clerk)";
  const ahead = await rw("publish", ".", "--version", "2.0.0", "--dry-run");
  expect([ahead.code, ahead.out]).toEqual([
    0,
    expect.stringMatching(
      /\n○ publish {4}2\.0\.0, where 1\.1\.0 \(minor: 1 person gains, nobody loses\) is next; it will wait until somebody else approves it\n {4}against dev, 1 person gains .*\nnothing was published\n$/,
    ),
  ]);
  const published = await rw("publish", ".", "--version", "2.0.0");
  expect([published.code, published.out]).toEqual([
    0,
    expect.stringContaining(
      `\n    against dev, ${why}; somebody else must approve it, with a reason\n– channel    2.0.0 waits until`,
    ),
  ]);
  expect((await rw("versions")).out).toMatch(/PEOPLE +MESSAGE\n2\.0\.0 +awaiting approval .*1 gain, 0 lose \(dev 1\.0\.0\)/);
  const dry = await rw("approve", "2.0.0", "--dry-run", ...asBob);
  expect([dry.code, dry.out]).toEqual([0, expect.stringContaining(`\n  more than the gate impact allows: ${why}`)]);
  const bare = await rw("approve", "2.0.0", ...asBob);
  expect([bare.code, bare.err]).toEqual([1, expect.stringContaining("say why (reason).")]);
  const approved = await rw("approve", "2.0.0", "-m", "asked for by the desk", ...asBob);
  expect([approved.code, approved.out]).toEqual([
    0,
    expect.stringMatching(
      /\n {2}gains {2}bob \(order-clerk\): .*\norders\/main@2\.0\.0 is approved: a channel can move to it\n$/s,
    ),
  ]);
  expect((await rw("promote", "dev", "2.0.0")).code).toBe(0);
});

test("a gate that refuses is told by rw publish, and nothing is stored", async () => {
  const gates = { impact: { channel: "dev", lose: { people: 0 }, otherwise: "refuse" } };
  await api("PATCH", "/domains/orders/policies/main", { gates });
  writeFileSync(policyFile, before);
  const ahead = await rw("publish", ".", "--version", "2.1.0", "--dry-run");
  expect([ahead.code, ahead.err]).toEqual([1, expect.stringContaining("1 person loses")]);
  const { code, err } = await rw("publish", ".", "--version", "2.1.0");
  expect([code, err]).toEqual([
    1,
    "error: against dev, 1 person loses by orders/allow, orders/decision, and none may: bob (order-clerk); the gate impact of the policy refuses that\n",
  ]);
  expect((await rw("versions")).out).not.toContain("2.1.0");
});
