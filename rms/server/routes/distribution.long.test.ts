// What sidecars send, in whatever shape: reports find their policy, and what cannot be kept never comes back for ever.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readTar } from "#bundles/tar.ts";
import { verifyStore } from "../../store/verify.ts";
import { removeOrphans } from "../housekeeping.ts";
import { type TestRms, testRms } from "../rms.test-helper.ts";
import { verifyBuilds } from "../verify-builds.ts";

let rms: TestRms;
let sidecar: { readonly authorization: string };

beforeAll(async () => {
  rms = await testRms();
  for (const id of ["orders", "billing"]) {
    await rms.call("POST", "/api/v1/domains", { id });
    await rms.call("POST", `/api/v1/domains/${id}/policies`, { id: "main" });
    const files = { "main.rego": `package ${id}\n\ndefault allow := false\n` };
    await rms.call("POST", `/api/v1/domains/${id}/policies/main/versions`, { version: "1.0.0", files });
    await rms.call("PUT", `/api/v1/domains/${id}/policies/main/channels/prod`, { version: "1.0.0" });
  }
  sidecar = { authorization: `Bearer ${await rms.token(["bundle:read", "telemetry:write"], ["orders"])}` };
});
afterAll(() => rms.stop());

test("a chunk of decisions is taken whole, and what is poison in it is counted", async () => {
  let deep: unknown = 1;
  for (let level = 0; level < 5000; level++) deep = [deep];
  const good = { decision_id: "good", timestamp: "2026-01-01T00:00:00Z", bundles: { "orders/main": { revision: "r" } } };
  const chunk = [
    good,
    good,
    null,
    7,
    { decision_id: 1 },
    { decision_id: "deep", input: deep },
    { decision_id: "half", input: "\ud800" },
  ];
  const body = gzipSync(JSON.stringify(chunk));
  const packed = { ...sidecar, "content-type": "application/json", "content-encoding": "gzip" };
  expect((await rms.call("POST", "/opa/v1/logs", body, packed)).status).toBe(200);
  const kept = await rms.rms.store.decisions.list("orders", { limit: 10 });
  expect(kept.map(({ id }) => id)).toEqual(["good"]);
  const { text } = await rms.call("GET", "/metrics");
  expect(text).toMatch(/^rms_decision_log_refused_total 5$/m);
});

test("above a domain's quota of the day one decision in a hundred is kept, the same ones whenever they come", async () => {
  await rms.call("PATCH", "/api/v1/domains/orders", { logQuotaPerDay: 20 });
  const send = (from: number, to: number) => {
    const timestamp = new Date().toISOString();
    const events = Array.from({ length: to - from }, (_, n) => ({ decision_id: `many-${from + n}`, timestamp, bundles: good }));
    return rms.call("POST", "/opa/v1/logs", events, sidecar);
  };
  const good = { "orders/main": { revision: "r" } };
  await send(0, 1000);
  const kept = async (): Promise<number> => (await rms.rms.store.decisions.list("orders", { limit: 2000 })).length;
  const first = await kept();
  expect(first).toBeGreaterThan(22);
  expect(first).toBeLessThan(60);
  await send(20, 1000);
  expect(await kept()).toBe(first);
  expect((await rms.call("GET", "/metrics")).text).toMatch(/^rms_decision_log_sampled_total \d+$/m);
  await rms.call("PATCH", "/api/v1/domains/orders", { logQuotaPerDay: 1_000_000 });
});

test.each<[number, string, Readonly<Record<string, string>>, Uint8Array]>([
  [
    200,
    "in several members",
    { "content-encoding": "gzip" },
    Buffer.concat([gzipSync("["), gzipSync(event("two")), gzipSync("]")]),
  ],
  [200, "with the name in capitals", { "content-encoding": "GZIP" }, gzipSync(`[${event("capitals")}]`)],
  [200, "whose header was lost on the way", {}, gzipSync(`[${event("lost")}]`)],
  [200, "not packed", {}, Buffer.from(`[${event("plain")}]`)],
  [200, "without events", { "content-encoding": "gzip" }, gzipSync("[]")],
  [400, "that is no gzip", { "content-encoding": "gzip" }, Buffer.from(`[${event("refused")}]`)],
  [400, "that is cut off", { "content-encoding": "gzip" }, gzipSync(`[${event("refused")}]`).subarray(0, 30)],
  [413, "above 64 MiB unpacked", { "content-encoding": "gzip" }, gzipSync(Buffer.alloc(64 * 1024 * 1024 + 1, " "))],
  [415, "packed otherwise", { "content-encoding": "br" }, Buffer.from("x")],
])("%i for a chunk of decisions %s", async (status, _what, headers, body) => {
  const json = { ...sidecar, "content-type": "application/json" };
  expect((await rms.call("POST", "/opa/v1/logs", body, { ...json, ...headers })).status).toBe(status);
});

test("what was taken is kept, however it was packed", async () => {
  const kept = (await rms.rms.store.decisions.list("orders", { limit: 5000 })).map(({ id }) => id);
  expect(kept.filter((id) => id.startsWith("sent-")).sort()).toEqual(["sent-capitals", "sent-lost", "sent-plain", "sent-two"]);
});

function event(id: string): string {
  return JSON.stringify({
    decision_id: `sent-${id}`,
    timestamp: "2026-01-01T00:00:00Z",
    bundles: { "orders/main": { revision: "r" } },
  });
}

test("a bundle with an unknown word in its query is refused: a typo must not bring the data along", async () => {
  expect((await rms.call("GET", "/opa/v1/bundles/orders/main/prod?data=nine", undefined, sidecar)).status).toBe(422);
});

test("what is served is what its rows give, and a row that was changed is found out", async () => {
  const source = { ...rms.rms, folder: rms.folder };
  await bundleFiles();
  const sound = await verifyBuilds(source);
  expect(sound).toMatchObject({ faults: [], skipped: 0 });
  expect(sound.rebuilt).toBeGreaterThan(0);
  const other = { version: source.library.version, files: [] };
  expect((await verifyBuilds({ ...source, library: other })).faults[0]).toContain("its rows give");
});

test("files that no row names go after a day, and nothing else", async () => {
  const orphan = rms.rms.blobs.put(new TextEncoder().encode("never recorded"));
  const late = { ...rms.rms, now: () => new Date(Date.now() + 2 * 86_400_000) };
  await removeOrphans(rms.rms);
  expect(rms.rms.blobs.has(orphan)).toBe(true);
  await removeOrphans(late);
  expect(rms.rms.blobs.has(orphan)).toBe(false);
  expect((await verifyStore(rms.rms.store, rms.rms.blobs)).faults).toEqual([]);
});

async function bundleFiles(query = ""): Promise<ReadonlyMap<string, string>> {
  const answer = await fetch(`${rms.url}/opa/v1/bundles/orders/main/prod${query}`, { headers: sidecar });
  expect(answer.status).toBe(200);
  const read = readTar(gunzipSync(Buffer.from(await answer.arrayBuffer())));
  return new Map("files" in read ? read.files.map(({ name, bytes }) => [name, new TextDecoder().decode(bytes)]) : []);
}

test("without data the bundle is policy only, and leaves their place to another bundle", async () => {
  const files = await bundleFiles("?data=none");
  expect(files.get("data.json")).toBe("{}");
  expect(JSON.parse(files.get(".manifest") ?? "")).toMatchObject({
    revision: "orders/main@1.0.0",
    roots: expect.arrayContaining(["orders", "rms/rbac"]),
  });
  expect(JSON.parse((await bundleFiles()).get(".manifest") ?? "")).toMatchObject({ roots: ["orders", "rms"] });
});

test("with the owner's consent the bundle owns the package that masks decision logs", async () => {
  const policies = "/api/v1/domains/orders/policies";
  await rms.call("POST", policies, { id: "masked", gates: { systemLog: true } });
  const files = { "main.rego": "package orders\n", "log.rego": 'package system.log\n\nmask contains "/input/iban"\n' };
  expect((await rms.call("POST", `${policies}/masked/versions`, { version: "1.0.0", files })).status).toBe(201);
  await rms.call("PUT", `${policies}/masked/channels/prod`, { version: "1.0.0" });
  const answer = await fetch(`${rms.url}/opa/v1/bundles/orders/masked/prod`, { headers: sidecar });
  const read = readTar(gunzipSync(Buffer.from(await answer.arrayBuffer())));
  const manifest = "files" in read ? read.files.find(({ name }) => name === ".manifest") : undefined;
  expect(JSON.parse(new TextDecoder().decode(manifest?.bytes))).toMatchObject({ roots: ["orders", "rms", "system/log"] });
});

test("a bundle that was damaged on the disk is made anew, with another tag, and never served", async () => {
  const before = await rms.rms.store.builds.lastServed("orders/main/prod");
  const path = join(rms.folder, "blobs", "sha256", before!.transport.slice(0, 2), before!.transport.slice(2));
  const tag = (await rms.call("GET", "/opa/v1/bundles/orders/main/prod", undefined, sidecar)).headers.get("etag");
  writeFileSync(path, "tampered");
  rms.rms.serving.changed(rms.rms, "orders");
  expect((await bundleFiles()).get("main.rego")).toContain("package orders");
  const after = await rms.rms.store.builds.lastServed("orders/main/prod");
  expect([after?.digest, after?.transport === before?.transport]).toEqual([before?.digest, false]);
  expect((await rms.call("GET", "/opa/v1/bundles/orders/main/prod", undefined, sidecar)).headers.get("etag")).not.toBe(tag);
});

test("a bundle has the type of a long poll only where one was asked for; one tag of many is enough", async () => {
  const bundle = "/opa/v1/bundles/orders/main/prod";
  const plain = await rms.call("GET", bundle, undefined, sidecar);
  expect(plain.headers.get("content-type")).toBe("application/gzip");
  const long = await rms.call("GET", bundle, undefined, { ...sidecar, prefer: "modes=snapshot,delta;wait=1" });
  expect(long.headers.get("content-type")).toBe("application/vnd.openpolicyagent.bundles");
  const tag = plain.headers.get("etag")!;
  const started = performance.now();
  const held = await rms.call("GET", bundle, undefined, { ...sidecar, prefer: "wait=1", "if-none-match": `"x", ${tag}` });
  expect([held.status, held.headers.get("etag"), performance.now() - started > 900]).toEqual([304, tag, true]);
  expect((await rms.call("GET", bundle, undefined, { ...sidecar, accept: "application/gzip" })).status).toBe(200);
});

test("the bundle names the members of a role where the domain wants them: those without an end who are not suspended", async () => {
  const roles = "/api/v1/domains/orders/roles";
  await rms.call("PUT", `${roles}/reader`, { responsibilities: [{ action: "read", resource: "orders/*" }] });
  for (const subject of ["zoe", "ann", "bob"]) await rms.call("PUT", `${roles}/reader/members/${subject}`, {});
  await rms.call("PUT", `${roles}/reader/members/eve`, { validUntil: "2099-01-01T00:00:00Z" });
  await rms.call("POST", "/api/v1/domains/orders/subjects/bob/suspend", {});
  const reader = async (): Promise<unknown> => {
    const answer = await fetch(`${rms.url}/opa/v1/bundles/orders/main/prod`, { headers: sidecar });
    const packed = Buffer.from(await answer.arrayBuffer());
    // The header names neither a time nor a system.
    expect([packed.readUInt32LE(4), packed[9]]).toEqual([0, 255]);
    const read = readTar(gunzipSync(packed));
    const files = "files" in read ? read.files : [];
    const names = files.map(({ name }) => name);
    expect(names.filter((name) => name.endsWith(".rego"))).toEqual(["main.rego", ...names.filter((name) => /^rms\//.test(name))]);
    const data = JSON.parse(new TextDecoder().decode(files.find(({ name }) => name === "data.json")?.bytes)) as {
      readonly rms: { readonly data: { readonly roles: Readonly<Record<string, unknown>> } };
    };
    return data.rms.data.roles["reader"];
  };
  const without = { title: "reader", responsibilities: [{ action: "read", resource: "orders/*" }] };
  expect(await reader()).toEqual(without);
  const changed = await rms.call("PATCH", "/api/v1/domains/orders", { includeMembers: true });
  expect(changed.body["includeMembers"]).toBe(true);
  expect(await reader()).toEqual({ ...without, members: ["ann", "zoe"] });
});
