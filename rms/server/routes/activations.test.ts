// Which sidecar runs what: reports find their policy, instances have a state and a history, channels tell how far their change has come.
import { afterAll, beforeAll, expect, test } from "vitest";
import { thinRuns } from "../housekeeping.ts";
import { type TestRms, testRms } from "../rms.test-helper.ts";

let rms: TestRms;
let sidecar: { readonly authorization: string };
let clock = Date.parse("2026-03-02T12:00:00Z");
const main = "/api/v1/domains/orders/policies/main";

beforeAll(async () => {
  rms = await testRms({}, () => new Date(clock));
  for (const id of ["orders", "billing"]) {
    await rms.call("POST", "/api/v1/domains", { id });
    await rms.call("POST", `/api/v1/domains/${id}/policies`, { id: "main" });
    for (const version of ["1.0.0", "2.0.0"]) {
      const files = { "main.rego": `package ${id}\n\ndefault allow := false\n\nversion := "${version}"\n` };
      await rms.call("POST", `/api/v1/domains/${id}/policies/main/versions`, { version, files });
    }
    await rms.call("PUT", `/api/v1/domains/${id}/policies/main/channels/prod`, { version: "1.0.0" });
  }
  sidecar = { authorization: `Bearer ${await rms.token(["bundle:read", "telemetry:write"], ["orders"])}` };
});
afterAll(() => rms.stop());

interface Item {
  readonly instance: string;
  readonly state: string;
  readonly revision: string;
  readonly lagSeconds?: number;
}

const activations = async (query = ""): Promise<readonly Item[]> =>
  (await rms.call("GET", `${main}/activations${query}`)).body["items"] as readonly Item[];

async function report(bundle: string, revision: string, labels: object, more: object = {}): Promise<void> {
  const body = { labels, bundles: { [bundle]: { name: bundle, active_revision: revision, ...more } } };
  expect((await rms.call("POST", "/opa/v1/status", body, sidecar)).status).toBe(200);
}

test("a report is found by the bundle's name, its revision or the labels, and never in a foreign domain", async () => {
  const revision = String((await rms.call("GET", `${main}/channels/prod`)).body["revision"]);
  await report("orders/main", revision, { instance: "by-name", channel: "prod" });
  await report("authz", revision, { instance: "by-revision" });
  await report("authz", "", { instance: "by-label", domain: "orders", policy: "main" });
  await report("billing/main", "billing/main@1.0.0+s1.t1", { instance: "spy", domain: "billing", policy: "main" });
  expect((await activations()).map(({ instance }) => instance)).toEqual(["by-label", "by-name", "by-revision"]);
  const foreign = await rms.call("GET", "/api/v1/domains/billing/policies/main/activations");
  expect(foreign.body["items"]).toEqual([]);
});

test("an instance is active, lagging, failed or gone; pages and counts are of what the filter leaves", async () => {
  const old = String((await rms.call("GET", `${main}/channels/prod`)).body["revision"]);
  await rms.call("PUT", "/api/v1/domains/orders/roles/clerk", {});
  const revision = String((await rms.call("GET", `${main}/channels/prod`)).body["revision"]);
  await rms.call("GET", "/opa/v1/bundles/orders/main/prod");
  await report("orders/main", revision, { instance: "fresh", channel: "prod" });
  await report("orders/main", old, { instance: "slow", channel: "prod" });
  await report("orders/main", old, { instance: "broken", channel: "prod" }, { code: "bundle_error", message: "bad signature" });
  const byName = new Map((await activations("?channel=prod")).map((item) => [item.instance, item]));
  expect(byName.get("fresh")).toMatchObject({ state: "active", revision });
  expect(byName.get("slow")).toMatchObject({ state: "lagging", lagSeconds: expect.any(Number) });
  expect(byName.get("broken")).toMatchObject({ state: "failed", error: "bad signature" });
  const ended = 'request failed: Get "https://rms.example/opa/v1/bundles/orders/main/prod": context canceled';
  await report("orders/main", revision, { instance: "fresh", channel: "prod" }, { code: "bundle_error", message: ended });
  expect(new Map((await activations()).map((item) => [item.instance, item.state])).get("fresh")).toBe("active");
  expect((await activations("?state=lagging&channel=prod")).map(({ instance }) => instance)).toEqual(["by-name", "slow"]);
  const page = await rms.call("GET", `${main}/activations?channel=prod&limit=1`);
  expect(page.body).toMatchObject({ items: [{ instance: "broken" }], counts: { active: 1, lagging: 2, failed: 1 } });
});

const rollout = async (channel: string): Promise<Readonly<Record<string, unknown>>> => {
  const { body } = await rms.call("GET", `${main}/activations?channel=${channel}`);
  const [one] = body["channels"] as readonly Readonly<Record<string, unknown>>[];
  return one ?? {};
};

/** Moves the channel; gives what it serves from then on. */
async function move(channel: string, version: string): Promise<string> {
  return String((await rms.call("PUT", `${main}/channels/${channel}`, { version })).body["revision"]);
}

test("a channel is rolling until every living instance runs what it serves; how long they took is told", async () => {
  const first = await move("test", "1.0.0");
  expect(await rollout("test")).toEqual({
    channel: "test",
    revision: first,
    state: "idle",
    since: new Date(clock).toISOString(),
    counts: {},
  });
  for (const instance of ["t1", "t2", "t3"]) await report("orders/main", first, { instance, channel: "test" });
  expect(await rollout("test")).toMatchObject({ state: "active", counts: { active: 3 }, p50Seconds: 0, p95Seconds: 0 });
  const second = await move("test", "2.0.0");
  expect(await rollout("test")).toMatchObject({ revision: second, state: "rolling", counts: { lagging: 3 } });
  for (const [instance, after] of [["t1", 50] as const, ["t2", 1450] as const]) {
    clock += after;
    await report("orders/main", second, { instance, channel: "test" });
  }
  // A report that says the same again does not begin a run.
  clock += 5000;
  await report("orders/main", second, { instance: "t1", channel: "test" });
  expect(await rollout("test")).toMatchObject({ state: "rolling", p50Seconds: 0.05, p95Seconds: 1.5 });
  await report("orders/main", first, { instance: "t3", channel: "test" }, { code: "bundle_error", message: "bad signature" });
  expect(await rollout("test")).toMatchObject({ state: "failed", counts: { active: 2, failed: 1 } });
  await report("orders/main", second, { instance: "t3", channel: "test" });
  expect(await rollout("test")).toMatchObject({ state: "active", counts: { active: 3 }, p50Seconds: 1.5, p95Seconds: 6.5 });
  const metrics = (await rms.call("GET", "/metrics")).text;
  expect(metrics).toMatch(/^rms_activation_seconds_count [1-9]/m);
  expect(metrics).toMatch(/^rms_activation_failures_total [1-9]/m);
  expect(metrics).toMatch(/^rms_instances\{state="lagging"\} \d/m);
  expect(rms.log.filter((line) => line.includes("refuses its bundle") && line.includes("bad signature")).length).toBeGreaterThan(
    0,
  );
});

test("a rollback to a build of before begins a roll of its own", async () => {
  clock += 60_000;
  await rms.call("POST", `${main}/channels/test/rollback`, {});
  expect(await rollout("test")).toMatchObject({ state: "rolling", since: new Date(clock).toISOString() });
  clock += 3000;
  expect((await activations("?channel=test"))[0]).toMatchObject({ state: "lagging", lagSeconds: 3 });
});

test("an instance tells what it ran since when, restamps of yesterday left out", async () => {
  const path = `${main}/activations/${encodeURIComponent("pod/1")}`;
  expect((await rms.call("GET", path)).status).toBe(404);
  const at: string[] = [];
  for (const revision of ["orders/main@1.0.0+s1.t1", "orders/main@1.0.0+s1.t2", "orders/main@2.0.0+s1.t3"]) {
    at.push(new Date(clock).toISOString());
    await report("orders/main", revision, { instance: "pod/1" });
    clock += 1000;
  }
  const history = async (): Promise<unknown> => (await rms.call("GET", path)).body["history"];
  expect((await rms.call("GET", path)).body).toMatchObject({ instance: "pod/1", revision: "orders/main@2.0.0+s1.t3" });
  expect(await history()).toEqual([
    { revision: "orders/main@2.0.0+s1.t3", at: at[2] },
    { revision: "orders/main@1.0.0+s1.t2", at: at[1] },
    { revision: "orders/main@1.0.0+s1.t1", at: at[0] },
  ]);
  await thinRuns({ ...rms.rms, now: () => new Date(clock + 86_400_000) });
  expect(await history()).toEqual([
    { revision: "orders/main@2.0.0+s1.t3", at: at[2] },
    { revision: "orders/main@1.0.0+s1.t1", at: at[0] },
  ]);
});
