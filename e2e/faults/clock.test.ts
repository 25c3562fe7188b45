// A clock that jumps: what is served carries a stamp of the clock of now, nothing is lost, and nothing is thrown away.
import { gunzipSync } from "node:zlib";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readTar } from "#bundles/tar.ts";
import { type TestRms, testRms } from "../../rms/server/rms.test-helper.ts";
import { eventually } from "../programs/run.ts";

const domain = "/api/v1/domains/shop";
const policy = `${domain}/policies/main`;
const bundle = "/opa/v1/bundles/shop/main/dev";
const minute = 60_000;
const day = 24 * 60 * minute;
let rms: TestRms;
/** Milliseconds that RMS's clock is ahead. */
let ahead = 0;

beforeEach(async () => {
  ahead = 0;
  rms = await testRms(undefined, () => new Date(Date.now() + ahead));
  await rms.call("POST", "/api/v1/domains", { id: "shop" });
  await rms.call("POST", `${domain}/policies`, { id: "main", entrypoints: ["shop/allow"] });
  await rms.call("PUT", `${domain}/roles/seller`, {});
  const files = { "shop.rego": "package shop\n\ndefault allow := false\n" };
  expect((await rms.call("POST", `${policy}/versions`, { version: "1.0.0", files })).status).toBe(201);
  expect((await rms.call("PUT", `${policy}/channels/dev`, { version: "1.0.0" })).status).toBe(201);
});

afterEach(async () => {
  await rms.stop();
});

interface Served {
  readonly status: number;
  readonly tag: string;
  /** Seconds from RMS's now to the stamp's times. */
  readonly asOf: number;
  readonly freshUntil: number;
}

async function served(headers: Readonly<Record<string, string>> = {}): Promise<Served> {
  const answer = await fetch(rms.url + bundle, { headers: { authorization: `Bearer ${rms.admin}`, ...headers } });
  const bytes = new Uint8Array(await answer.arrayBuffer());
  const tag = answer.headers.get("etag") ?? "";
  if (answer.status !== 200) return { status: answer.status, tag, asOf: Number.NaN, freshUntil: Number.NaN };
  const archive = readTar(gunzipSync(bytes));
  const data = "files" in archive ? archive.files.find((file) => file.name === "data.json") : undefined;
  const { rms: document } = JSON.parse(new TextDecoder().decode(data?.bytes)) as {
    rms: { stamp: { as_of_s: number; fresh_until_s: number } };
  };
  const now = (Date.now() + ahead) / 1000;
  return { status: 200, tag, asOf: document.stamp.as_of_s - now, freshUntil: document.stamp.fresh_until_s - now };
}

test.each([
  ["forward", 40 * minute],
  ["a day back", -day],
  ["forward a little", 6 * minute],
])("after a jump %s the next poll gets a stamp of the new now, under a new ETag", async (_, jump) => {
  const before = await served();
  expect(before).toMatchObject({ status: 200 });
  ahead = jump;
  const after = await served({ "if-none-match": before.tag });
  expect(after.status).toBe(200);
  expect(after.tag).not.toBe(before.tag);
  expect(Math.abs(after.asOf)).toBeLessThan(5);
  expect(after.freshUntil).toBeGreaterThan(800);
  ahead = 0;
  const back = await served({ "if-none-match": `${before.tag}, ${after.tag}` });
  expect(back.status).toBe(200);
  expect([before.tag, after.tag]).not.toContain(back.tag);
  expect(Math.abs(back.asOf)).toBeLessThan(5);
});

test("a long poll that waits during the jump gets the new stamp with the next sweep", async () => {
  const before = await served();
  const waiting = served({ "if-none-match": before.tag, prefer: "modes=snapshot;wait=30" });
  await new Promise((wait) => setTimeout(wait, 300));
  ahead = -day;
  const after = await waiting;
  expect(after).toMatchObject({ status: 200 });
  expect(Math.abs(after.asOf)).toBeLessThan(8);
});

test("changes under a clock that went back are kept in their order", async () => {
  ahead = 30 * minute;
  await rms.call("PUT", `${domain}/roles/seller/members/ann`, {});
  ahead = -day;
  await rms.call("DELETE", `${domain}/roles/seller/members/ann`, {});
  await rms.call("PUT", `${domain}/roles/seller/members/ann`, { reason: "again" });
  await rms.call("PUT", `${domain}/roles/seller/members/bob`, {});
  ahead = 0;
  const { items } = (await rms.call("GET", `${domain}/roles/seller/members`)).body as { items: { subject: string }[] };
  expect(items.map((item) => item.subject)).toEqual(["ann", "bob"]);
  expect((await rms.call("POST", "/api/v1/audit/verify")).body).toMatchObject({ ok: true });
});

test("a clock that jumps years ahead throws no decision logs away", { timeout: 60_000 }, async () => {
  const event = { decision_id: "d1", bundles: { "shop/main": {} }, timestamp: new Date().toISOString() };
  await rms.call("POST", "/opa/v1/logs", [event]);
  const kept = async (): Promise<number> => (await rms.rms.store.decisions.list("shop", { limit: 10 })).length;
  expect(await kept()).toBe(1);
  ahead = 3 * 365 * day;
  await eventually(async () => rms.log.some((line) => line.includes("the clock jumped")) || undefined);
  expect(await kept()).toBe(1);
});
