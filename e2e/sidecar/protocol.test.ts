// What passes between a real OPA and RMS: conditional long polls, bundles that somebody changed on the way, status and decision logs.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type TestRms, testRms } from "../../rms/server/rms.test-helper.ts";
import { eventually } from "../programs/run.ts";
import { launch, type Sidecar, startSidecar } from "./opa-process.ts";
import { type Between, edited, repacked, startProxy } from "./proxy.ts";

const domain = "/api/v1/domains/shop";
const policy = `${domain}/policies/main`;
const address = "/opa/v1/bundles/shop/main/dev";
const folder = mkdtempSync(join(tmpdir(), "protocol-"));
let rms: TestRms;
let proxy: Between;
let sidecar: Sidecar;
let number = 0;

beforeAll(async () => {
  rms = await testRms();
  await rms.call("POST", "/api/v1/domains", { id: "shop" });
  await rms.call("POST", `${domain}/policies`, { id: "main", entrypoints: ["shop/allow"] });
  await rms.call("PUT", `${domain}/roles/seller`, { responsibilities: [{ action: "sell", resource: "goods/*" }] });
  await publish();
  proxy = await startProxy(rms.url);
  sidecar = await startSidecar({ url: proxy.url, folder, call: rms.call }, "shop", "main", "dev");
});

beforeEach(() => {
  proxy.change = undefined;
});

afterAll(async () => {
  await sidecar?.stop();
  proxy?.close();
  await rms?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Publishes the next version and moves the channel to it. */
async function publish(): Promise<string> {
  const version = `1.${number++}.0`;
  const text = `package shop\n\ndefault allow := false\n\nallow if data.rms.rbac.user_has_responsibility(input.user, "sell", "goods/1")\n\nversion := "${version}"\n`;
  expect((await rms.call("POST", `${policy}/versions`, { version, files: { "a.rego": text } })).status).toBe(201);
  expect((await rms.call("PUT", `${policy}/channels/dev`, { version })).status).toBeLessThan(300);
  return version;
}

const running = (): Promise<unknown> => sidecar.decide("shop/version", {});
const runs = (version: string): Promise<true> => eventually(async () => (await running()) === version || undefined);

interface Instance {
  readonly instance: string;
  readonly revision: string;
  readonly state: string;
  readonly error?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly opaVersion: string;
}

async function instances(): Promise<readonly Instance[]> {
  return (await rms.call("GET", `${policy}/activations`)).body["items"] as readonly Instance[];
}

test("OPA asks with its last ETag and waits; an answer without a change comes as 304, one with a change at once", async () => {
  const version = await publish();
  await runs(version);
  const polls = proxy.seen.filter(({ path }) => path === address);
  expect(polls.at(-1)?.headers).toMatchObject({ "accept-encoding": "gzip", prefer: "modes=snapshot,delta;wait=30" });
  const before = polls.length;
  await publish();
  await runs(`1.${number - 1}.0`);
  const after = proxy.seen.filter(({ path }) => path === address);
  expect(after.length - before).toBeLessThanOrEqual(3);
  expect(after.at(-1)?.headers["if-none-match"]).toMatch(/^"[0-9a-f]{32}\.shop\.main\.dev\.\d+"$/);
});

test("the forms of a conditional request", async () => {
  const get = (headers: Readonly<Record<string, string>> = {}, method = "GET"): Promise<Response> =>
    fetch(rms.url + address, { method, headers: { authorization: `Bearer ${rms.admin}`, ...headers } });
  const first = await get();
  const tag = first.headers.get("etag") ?? "";
  expect(first.headers.get("content-type")).toBe("application/gzip");
  expect(first.headers.get("content-encoding")).toBeNull();
  expect(first.headers.get("x-rms-revision")).toMatch(/^shop\/main@1\.\d+\.0\+s\d+\.t\d+$/);
  const waited = await get({ prefer: "modes=snapshot,delta;wait=1" });
  expect(waited.headers.get("content-type")).toBe("application/vnd.openpolicyagent.bundles");
  for (const known of [tag, `"x", ${tag}`, `W/${tag}`, "*", `${tag},"y"`]) {
    const answer = await get({ "if-none-match": known });
    expect(answer.status, known).toBe(304);
    expect(answer.headers.get("etag"), known).toBe(tag);
    expect((await answer.arrayBuffer()).byteLength).toBe(0);
  }
  for (const known of ['"x"', tag.slice(1, -1), ""]) expect((await get({ "if-none-match": known })).status, known).toBe(200);
  for (const prefer of ["wait=0", "wait=-1", "wait=x", "respond-async", "modes=delta"])
    expect((await get({ "if-none-match": tag, prefer })).status, prefer).toBe(304);
  const started = performance.now();
  expect((await get({ "if-none-match": tag, prefer: "modes=snapshot;wait=1" })).status).toBe(304);
  expect(performance.now() - started).toBeGreaterThan(950);
  const head = await get({}, "HEAD");
  expect([head.status, head.headers.get("etag"), (await head.arrayBuffer()).byteLength]).toEqual([200, tag, 0]);
  expect(Number(head.headers.get("content-length"))).toBe((await first.arrayBuffer()).byteLength);
});

test("no two addresses and no two moves share an ETag, though they serve the same build", async () => {
  const version = `1.${number - 1}.0`;
  const tagOf = async (selector: string): Promise<string | null> =>
    (
      await fetch(`${rms.url}/opa/v1/bundles/shop/main/${selector}`, { headers: { authorization: `Bearer ${rms.admin}` } })
    ).headers.get("etag");
  await rms.call("PUT", `${policy}/channels/prod`, { version });
  const tags = [await tagOf("dev"), await tagOf("prod"), await tagOf(version)];
  await publish();
  tags.push(await tagOf("dev"));
  await rms.call("POST", `${policy}/channels/dev/rollback`, {});
  tags.push(await tagOf("dev"));
  expect(new Set(tags).size).toBe(5);
  // The sidecar may follow the moves late, and ran that version before them: one that it never ran tells that it has caught up.
  await runs(await publish());
});

const tampering: readonly (readonly [string, (bundle: Uint8Array) => Uint8Array, RegExp])[] = [
  [
    "another policy",
    (bundle) => edited(bundle, "a.rego", (text) => text.replace("allow := false", "allow := true")),
    /a\.rego: digest mismatch/,
  ],
  [
    "other data",
    (bundle) => edited(bundle, "data.json", (text) => text.replace('"users":{', '"users":{"eve":["seller"],')),
    /data\.json: digest mismatch/,
  ],
  [
    "a later stamp",
    (bundle) => edited(bundle, "data.json", (text) => text.replace(/"fresh_until_s":\d+/, '"fresh_until_s":9999999999')),
    /data\.json: digest mismatch/,
  ],
  [
    "another manifest",
    (bundle) => edited(bundle, ".manifest", (text) => text.replace('"roots":[', '"roots":["system",')),
    /\.manifest: digest mismatch/,
  ],
  [
    "one file more",
    (bundle) => repacked(bundle, (files) => [...files, { name: "b.rego", bytes: new TextEncoder().encode("package shop.b\n") }]),
    /b\.rego not included in bundle signature/,
  ],
  [
    "one file less",
    (bundle) => repacked(bundle, (files) => files.filter(({ name }) => name !== "rms/ldap.rego")),
    /rms\/ldap\.rego\] specified in bundle signatures but not found/,
  ],
  [
    "no signature",
    (bundle) => repacked(bundle, (files) => files.filter(({ name }) => name !== ".signatures.json")),
    /missing \.signatures\.json/,
  ],
  ["half of it", (bundle) => bundle.subarray(0, bundle.length >> 1), /unexpected EOF/],
  ["nothing", () => new Uint8Array(), /EOF/],
];

test.each(tampering)("%s on the way: OPA keeps the last good bundle, and RMS shows why", async (_, change, why) => {
  const before = await running();
  proxy.change = change;
  const version = await publish();
  const failed = await eventually(async () => (await instances()).find(({ error }) => error !== undefined && why.test(error)));
  expect(failed).toMatchObject({ instance: "test-1", state: "failed" });
  expect(failed.revision).toMatch(new RegExp(`^shop/main@${String(before).replaceAll(".", "\\.")}\\+`));
  expect(await running()).toBe(before);
  proxy.change = undefined;
  await runs(version);
  await eventually(async () =>
    (await instances()).find(({ state, revision }) => state === "active" && revision.includes(version)),
  );
});

test("the bundle of another domain is refused by its scope, though its signature is good", async () => {
  await rms.call("POST", "/api/v1/domains", { id: "bank" });
  await rms.call("POST", "/api/v1/domains/bank/policies", { id: "main", entrypoints: ["bank/allow"] });
  const files = { "a.rego": "package bank\n\ndefault allow := true\n" };
  await rms.call("POST", "/api/v1/domains/bank/policies/main/versions", { version: "1.0.0", files });
  const foreign = await fetch(`${rms.url}/opa/v1/bundles/bank/main/1.0.0`, { headers: { authorization: `Bearer ${rms.admin}` } });
  const bytes = new Uint8Array(await foreign.arrayBuffer());
  const before = await running();
  proxy.change = () => bytes;
  await publish();
  await eventually(async () => (await instances()).find(({ error }) => error?.includes("scope mismatch")));
  expect(await running()).toBe(before);
  proxy.change = undefined;
  await runs(`1.${number - 1}.0`);
});

test("two instances on one policy, one pinned to a version, are listed with what they run", async () => {
  const pinned = "1.0.0";
  const other = await launch({
    ...sidecar.settings,
    RMS_VERSION: pinned,
    RMS_INSTANCE: "test-2",
    RMS_STATE_DIR: join(folder, "second"),
  });
  expect(await other.decide("shop/version", {})).toBe(pinned);
  await publish();
  await runs(`1.${number - 1}.0`);
  expect(await other.decide("shop/version", {})).toBe(pinned);
  const listed = await eventually(async () => {
    const all = await instances();
    return all.length === 2 && all.every(({ state, revision }) => state === "active" && revision !== "") ? all : undefined;
  });
  expect(listed.map(({ instance, labels, opaVersion }) => [instance, labels["channel"], opaVersion])).toEqual([
    ["test-1", "dev", "1.22.2"],
    ["test-2", pinned, "1.22.2"],
  ]);
  const filtered = await rms.call("GET", `${policy}/activations?channel=dev`);
  expect((filtered.body["items"] as readonly Instance[]).map(({ instance }) => instance)).toEqual(["test-1"]);
  await other.stop();
});

test("a member who leaves loses the right at once, and the change is in OPA's data", async () => {
  await rms.call("PUT", `${domain}/roles/seller/members/${encodeURIComponent("cn=ann/ou=x, O'Neil")}`, {});
  const user = "cn=ann/ou=x, O'Neil";
  await eventually(async () => (await sidecar.decide("shop/allow", { user })) === true || undefined);
  await rms.call("POST", `${domain}/subjects/${encodeURIComponent(user)}/suspend`, {});
  await eventually(async () => (await sidecar.decide("shop/allow", { user })) === false || undefined);
});

const logged = async (): Promise<readonly Readonly<Record<string, unknown>>[]> =>
  (await rms.rms.store.decisions.list("shop", { limit: 100_000 })).map(
    ({ event }) => JSON.parse(event) as Record<string, unknown>,
  );

test("OPA's decision logs arrive, each decision once, without the sidecar's token", async () => {
  await sidecar.decide("shop/allow", { user: "marked-user" });
  const event = await eventually(
    async () => (await logged()).find((one) => JSON.stringify(one["input"]).includes("marked-user")),
    30_000,
  );
  expect(event).toMatchObject({ path: "shop/allow", result: false, labels: { instance: "test-1", domain: "shop" } });
  expect(JSON.stringify(await logged())).not.toContain("rms_");
});

async function post(path: string, body: Uint8Array | string, headers: Readonly<Record<string, string>> = {}): Promise<number> {
  const answer = await fetch(rms.url + path, {
    method: "POST",
    headers: { authorization: `Bearer ${rms.admin}`, "content-type": "application/json", ...headers },
    body: typeof body === "string" ? body : Buffer.from(body),
  });
  await answer.arrayBuffer();
  return answer.status;
}

/** How many events are there that no sidecar sent: those of a real one come when they like. */
const posted = async (): Promise<number> =>
  (await logged()).filter(({ labels }) => (labels as { instance?: string } | undefined)?.instance !== "test-1").length;

test("decision logs in large batches, again, and broken: taken once, never refused for ever", async () => {
  const before = await posted();
  const batch = Array.from({ length: 20_000 }, (_, n) => ({
    decision_id: `batch-${n}`,
    bundles: { "shop/main": { revision: "r" } },
    input: { text: `${n}`.padEnd(300, "x") },
    timestamp: "2026-03-02T12:00:00Z",
  }));
  const packed = gzipSync(JSON.stringify(batch));
  const gzip = { "content-encoding": "gzip" };
  expect(await post("/opa/v1/logs", packed, gzip)).toBe(200);
  expect(await post("/opa/v1/logs/some/partition", packed, gzip)).toBe(200);
  expect((await posted()) - before).toBe(20_000);
  const poison = [
    null,
    1,
    "x",
    [],
    {},
    { decision_id: 7 },
    { decision_id: "" },
    { decision_id: "foreign", bundles: { "bank2/main": {} } },
  ];
  expect(await post("/opa/v1/logs", JSON.stringify(poison))).toBe(200);
  expect((await posted()) - before).toBe(20_000);
  expect(await post("/opa/v1/logs", gzipSync("not json"), gzip)).toBe(400);
  expect(await post("/opa/v1/logs", "not gzip", gzip)).toBe(400);
  // A bomb: 200 MB of blanks in some 200 KB.
  expect(await post("/opa/v1/logs", gzipSync(Buffer.alloc(200_000_000, " ")), gzip)).toBe(413);
  for (const odd of ["[]", "{}", '{"bundles": 7, "labels": []}', '{"bundles": {"shop/main": null}, "labels": {"instance": 7}}'])
    expect(await post("/opa/v1/status", odd), odd).toBe(200);
});
