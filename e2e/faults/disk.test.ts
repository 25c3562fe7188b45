// A disk that fills up: changes are refused with 507 and change nothing, reads and sidecars go on, and space makes all well again.

import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { eventually, finish, freePort } from "../programs/run.ts";
import { adminToken } from "../sidecar/rms-process.ts";
import { type SmallDisk, smallDisk } from "./small-disk.ts";

const domain = "/api/v1/domains/shop";
const policy = `${domain}/policies/main`;
const bundle = "/opa/v1/bundles/shop/main/dev";
const folder = mkdtempSync(join(tmpdir(), "rms-disk-"));
const data = join(folder, "disk", "data");
const backup = join(folder, "disk", "backup");
let disk: SmallDisk;
let rms: { readonly url: string; readonly log: () => string; readonly stop: () => Promise<number | null> };

beforeAll(async () => {
  disk = await smallDisk(join(folder, "disk"), 24 * 1024 * 1024);
  rms = await serve();
  expect((await call("POST", "/api/v1/domains", { id: "shop" })).status).toBe(201);
  expect((await call("POST", `${domain}/policies`, { id: "main", entrypoints: ["shop/allow"] })).status).toBe(201);
  expect((await call("PUT", `${domain}/roles/seller`, {})).status).toBeLessThan(300);
  expect((await publish("1.0.0")).status).toBe(201);
  expect((await call("PUT", `${policy}/channels/dev`, { version: "1.0.0" })).status).toBe(201);
});

afterAll(async () => {
  await rms?.stop();
  disk?.close();
  rmSync(folder, { recursive: true, force: true });
});

async function serve(): Promise<typeof rms> {
  const tokenFile = join(folder, "admin-token");
  writeFileSync(tokenFile, adminToken, { mode: 0o600 });
  const port = await freePort();
  const child = disk.start(["serve", "--listen", `127.0.0.1:${port}`, "--data", data, "--admin-token-file", tokenFile]);
  let log = "";
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk: Buffer) => (log += chunk.toString()));
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  const url = `http://127.0.0.1:${port}`;
  await eventually(async () => {
    if (child.exitCode !== null) throw new Error(`RMS ended: ${log}`);
    return (await fetch(`${url}/healthz`)).ok || undefined;
  });
  return {
    url,
    log: () => log,
    stop: () => {
      child.kill("SIGTERM");
      return ended;
    },
  };
}

async function call(method: string, path: string, body?: unknown): Promise<{ readonly status: number; readonly body: unknown }> {
  const raw = body instanceof Uint8Array;
  const answer = await fetch(rms.url + path, {
    method,
    headers: {
      authorization: `Bearer ${adminToken}`,
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...(raw ? { "content-encoding": "gzip" } : {}),
    },
    ...(body === undefined ? {} : { body: raw ? Buffer.from(body) : JSON.stringify(body) }),
  });
  return { status: answer.status, body: await answer.json() };
}

function publish(version: string): ReturnType<typeof call> {
  const noise = Array.from({ length: 2000 }, () => Math.random().toString(36));
  const files = {
    "shop.rego": `package shop\n\ndefault allow := false\n\nversion := "${version}"\n`,
    "data.json": JSON.stringify({ shop: { noise } }),
  };
  return call("POST", `${policy}/versions`, { version, files, message: "" });
}

/** One change of every kind; names and statuses. */
async function changes(round: number): Promise<ReadonlyMap<string, number>> {
  const logs = Array.from({ length: 50 }, (_, n) => ({
    decision_id: `${round}-${n}`,
    bundles: { "shop/main": {} },
    input: { text: "x".repeat(2000) },
  }));
  const status = { labels: { instance: `i-${round}` }, bundles: { "shop/main": { active_revision: "x" } } };
  const outcomes = new Map<string, number>();
  for (const [name, change] of [
    ["publish", () => publish(`2.${round}.0`)],
    ["member", () => call("PUT", `${domain}/roles/seller/members/user-${round}`, {})],
    ["move", () => call("PUT", `${policy}/channels/c${round}`, { version: "1.0.0" })],
    [
      "token",
      () => call("POST", "/api/v1/tokens", { kind: "user", subject: "x", domains: ["shop"], scopes: ["read"], ttlSeconds: 60 }),
    ],
    ["rotation", () => call("POST", "/api/v1/keys/rotate", { reason: "full" })],
    ["domain", () => call("POST", "/api/v1/domains", { id: `d${round}` })],
    ["status", () => call("POST", "/opa/v1/status", status)],
    ["logs", () => call("POST", "/opa/v1/logs", gzipSync(JSON.stringify(logs)))],
  ] as const) {
    const { status: code, body } = await change();
    if (code >= 500) expect(body, name).toMatchObject({ type: "urn:rms:disk-full", status: 507 });
    outcomes.set(name, code);
  }
  return outcomes;
}

const tagOf = async (): Promise<string | null> => {
  const answer = await fetch(rms.url + bundle, { headers: { authorization: `Bearer ${adminToken}` } });
  expect(answer.status).toBe(200);
  expect((await answer.arrayBuffer()).byteLength).toBeGreaterThan(1000);
  return answer.headers.get("etag");
};

test("whatever space is left, a change is whole or refused with 507, and reads go on", { timeout: 120_000 }, async () => {
  const lefts = [0, 4096, 16_384, 40_960, 65_536, 131_072, 262_144, 524_288];
  const tag = await tagOf();
  const outcomes: ReadonlyMap<string, number>[] = [];
  for (const [round, left] of lefts.entries()) {
    disk.fill(left);
    outcomes.push(await changes(round));
    expect((await call("GET", `${policy}/versions/1.0.0`)).status).toBe(200);
    await tagOf();
  }
  expect([...(outcomes[0]?.values() ?? [])]).toContain(507);
  expect(tag).not.toBeNull();
  disk.free();
  for (const [round, outcome] of outcomes.entries()) {
    const version = await call("GET", `${policy}/versions/2.${round}.0`);
    expect(version.status, `publish ${round}`).toBe(outcome.get("publish") === 201 ? 200 : 404);
    expect((await call("GET", `${policy}/channels/c${round}`)).status).toBe(outcome.get("move") === 201 ? 200 : 404);
    expect((await call("GET", `/api/v1/domains/d${round}`)).status).toBe(outcome.get("domain") === 201 ? 200 : 404);
  }
  const { body } = await call("GET", `${domain}/roles/seller/members?limit=200`);
  const members = new Set((body as { items: { subject: string }[] }).items.map((item) => item.subject));
  for (const [round, outcome] of outcomes.entries()) expect(members.has(`user-${round}`)).toBe(outcome.get("member") !== 507);
  for (const status of (await changes(100)).values()) expect(status).toBeLessThan(300);
  expect((await call("POST", "/api/v1/audit/verify")).body).toMatchObject({ ok: true });
  const verdict = await finish(disk.start(["verify", "--data", data]), 60_000);
  expect(verdict.code, verdict.out + verdict.err).toBe(0);
});

test("a restart on a full disk serves what is there, or says that the disk is full; with space it serves", async () => {
  disk.fill(0);
  expect(await rms.stop()).toBe(0);
  const port = await freePort();
  const child = disk.start(["serve", "--listen", `127.0.0.1:${port}`, "--data", data]);
  child.stdout?.on("data", (chunk: Buffer) => {
    if (chunk.includes("RMS listens")) child.kill("SIGTERM");
  });
  const { code, out, err } = await finish(child, 60_000);
  if (code === 1) expect(err).toMatch(/the disk is full/);
  else expect(out).toContain("RMS listens");
  disk.free();
  rms = await serve();
  await tagOf();
  expect((await publish("3.0.0")).status).toBe(201);
});

test("a backup that does not fit says so and leaves no half of one", async () => {
  disk.fill(100_000);
  const outcome = await finish(disk.start(["backup", "--data", data, "--to", backup]), 60_000);
  expect(outcome.code).toBe(1);
  expect(outcome.err).toMatch(/the disk is full/);
  expect(existsSync(join(disk.path, "backup"))).toBe(false);
  expect(existsSync(join(disk.path, "backup.unfinished"))).toBe(false);
  disk.free();
  expect((await finish(disk.start(["backup", "--data", data, "--to", backup]), 60_000)).code).toBe(0);
});
