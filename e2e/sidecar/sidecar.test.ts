// A real OPA, started by the kit, enforces what is published to a real RMS, and follows a change.

import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { eventually, examples, finish, root } from "../programs/run.ts";
import { launch, type Sidecar, startSidecar } from "./opa-process.ts";
import { type RmsProcess, startRms } from "./rms-process.ts";

let rms: RmsProcess;
let sidecar: Sidecar;
const files = Object.fromEntries(
  ["policy/storage.rego", "policy/storage_test.rego", "data.json"].map((path) => [
    path,
    readFileSync(join(examples, "storage", path), "utf8"),
  ]),
);
const versions = "/api/v1/domains/storage/policies/main/versions";
const channel = "/api/v1/domains/storage/policies/main/channels/dev";

beforeAll(async () => {
  rms = await startRms();
  expect((await rms.call("POST", "/api/v1/domains", { id: "storage" })).status).toBe(201);
  expect(
    (await rms.call("POST", "/api/v1/domains/storage/policies", { id: "main", entrypoints: ["storage/allow"] })).status,
  ).toBe(201);
  expect((await rms.call("POST", versions, { version: "1.0.0", files, message: "first" })).status).toBe(201);
  expect((await rms.call("PUT", channel, { version: "1.0.0", reason: "first" })).status).toBe(201);
  sidecar = await startSidecar(rms, "storage", "main", "dev");
});

afterAll(async () => {
  await sidecar?.stop();
  await rms?.stop();
});

const question = { client: "client1", bucket: "bucket2", action: "write" };

test("the sidecar decides by the published bundle", async () => {
  expect(await sidecar.decide("storage/allow", { ...question, action: "read" })).toBe(true);
  expect(await sidecar.decide("storage/allow", question)).toBe(false);
});

test("publishing alone changes no sidecar; moving the channel does, at once", async () => {
  const changed = {
    ...files,
    "data.json": files["data.json"]!.replace('"bucket2", "actions": ["read"]', '"bucket2", "actions": ["read", "write"]'),
  };
  expect((await rms.call("POST", versions, { version: "1.1.0", files: changed, message: "client1 writes" })).status).toBe(201);
  await new Promise((wait) => setTimeout(wait, 1500));
  expect(await sidecar.decide("storage/allow", question)).toBe(false);
  const moved = performance.now();
  expect((await rms.call("PUT", channel, { version: "1.1.0", reason: "asked for" }, { "if-match": '"1"' })).status).toBe(200);
  await eventually(async () => ((await sidecar.decide("storage/allow", question)) === true ? true : undefined));
  console.log(`channel move to changed decision: ${(performance.now() - moved).toFixed(0)} ms`);
});

test("a rollback goes back, although the content was served before", async () => {
  const answer = await rms.call("POST", `${channel}/rollback`, { reason: "too much" });
  expect(answer.body).toMatchObject({ version: "1.0.0", seq: 3 });
  await eventually(async () => ((await sidecar.decide("storage/allow", question)) === false ? true : undefined));
});

test("the activation list says what the instance runs", async () => {
  const items = await eventually(async () => {
    const { items } = (await rms.call("GET", "/api/v1/domains/storage/policies/main/activations")).body as {
      items: { instance: string; revision: string; state: string }[];
    };
    return items[0]?.revision.startsWith("storage/main@1.0.0") ? items : undefined;
  });
  expect(items[0]).toMatchObject({ instance: "test-1", state: "active" });
});

test("start.sh refuses values that could change the configuration", async () => {
  for (const [name, value] of [
    ["RMS_DOMAIN", 'a"b'],
    ["RMS_POLICY", "a\nb"],
    ["RMS_VERSION", "../dev"],
    ["RMS_URL", ""],
  ] as const) {
    const env = {
      PATH: process.env["PATH"] ?? "",
      RMS_URL: "http://127.0.0.1:1",
      RMS_DOMAIN: "d",
      RMS_POLICY: "p",
      RMS_VERSION: "dev",
      RMS_TOKEN_FILE: "/dev/null",
      [name]: value,
    };
    const outcome = await finish(spawn(join(root, "rms/sidecar/start.sh"), [], { env }), 60_000);
    expect(outcome.err, name).toContain(name);
    expect(outcome.code, name).toBe(2);
  }
});

test("a wrong token and a foreign domain get nothing", async () => {
  expect((await fetch(`${rms.url}/opa/v1/bundles/storage/main/dev`)).status).toBe(401);
  expect(
    (await fetch(`${rms.url}/api/v1/domains/storage`, { headers: { authorization: "Bearer rms_wrong_token_00000" } })).status,
  ).toBe(401);
  expect((await rms.call("POST", "/api/v1/domains", { id: "orders" })).status).toBe(201);
  const made = await rms.call("POST", "/api/v1/tokens", {
    kind: "sidecar",
    subject: "other",
    domains: ["orders"],
    scopes: ["bundle:read"],
    ttlSeconds: 60,
  });
  const foreign = await fetch(`${rms.url}/opa/v1/bundles/storage/main/dev`, {
    headers: { authorization: `Bearer ${(made.body as { token: string }).token}` },
  });
  expect(foreign.status).toBe(404);
});

test("every act is in the audit log, and the chain holds", async () => {
  const { items } = (await rms.call("GET", "/api/v1/audit?domain=storage&limit=200")).body as { items: { action: string }[] };
  for (const action of ["domain.create", "policy.create", "version.publish", "channel.move", "channel.rollback", "token.create"])
    expect(items.map((item) => item.action)).toContain(action);
  expect((await rms.call("POST", "/api/v1/audit/verify")).body).toMatchObject({ ok: true });
});

test("a restart without RMS decides by the bundle that was kept", async () => {
  await sidecar.stop();
  const offline = await launch({ ...sidecar.settings, RMS_URL: "http://127.0.0.1:9" });
  expect(await offline.decide("storage/allow", { ...question, action: "read" })).toBe(true);
  await offline.stop();
  sidecar = await launch(sidecar.settings);
});

test("a daemon decides for clients that it knows, tells everybody its health, and lets nobody change anything", async () => {
  const clients = join(rms.folder, "clients");
  writeFileSync(clients, "token-of-the-shop\n");
  const daemon = await launch({ ...sidecar.settings, OPA_MODE: "daemon", OPA_CLIENTS_FILE: clients });
  const ask = async (method: string, path: string, token?: string): Promise<number> => {
    const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
    return (await fetch(`${daemon.url}${path}`, { method, headers, ...(method === "PUT" ? { body: "{}" } : {}) })).status;
  };
  const known = "token-of-the-shop";
  expect([await ask("GET", "/health?bundles"), await ask("GET", "/v1/data/rms/rbac/fresh")]).toEqual([200, 200]);
  expect(await ask("POST", "/v1/data/storage/allow", known)).toBe(200);
  const refused = [
    ask("POST", "/v1/data/storage/allow"),
    ask("POST", "/v1/data/storage/allow", "another"),
    ask("GET", "/v1/data", known),
    ask("GET", "/v1/data/rms_clients", known),
    ask("GET", "/v1/policies", known),
    ask("PUT", "/v1/data/free", known),
  ];
  expect(await Promise.all(refused)).toEqual(refused.map(() => 401));
  await daemon.stop();
});
