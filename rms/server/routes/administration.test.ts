// Tokens, health and metrics from outside: who may make and see what, and what nobody may see.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Answered, type TestRms, testRms } from "../rms.test-helper.ts";

let rms: TestRms;
let owner: { readonly authorization: string };
const main = "/api/v1/domains/orders/policies/main";

const as = (token: unknown): { readonly authorization: string } => ({ authorization: `Bearer ${String(token)}` });

beforeAll(async () => {
  rms = await testRms();
  for (const id of ["orders", "billing"]) {
    await rms.call("POST", "/api/v1/domains", { id });
    for (const policy of ["main", "second"]) await rms.call("POST", `/api/v1/domains/${id}/policies`, { id: policy });
    const files = { "main.rego": `package ${id}\n\ndefault allow := false\n` };
    await rms.call("POST", `/api/v1/domains/${id}/policies/main/versions`, { version: "1.0.0", files });
    await rms.call("PUT", `/api/v1/domains/${id}/policies/main/channels/prod`, { version: "1.0.0" });
  }
  owner = as(await rms.token(["domain:admin"], ["orders"], "olga"));
});
afterAll(() => rms.stop());

const sidecar = (more: object): object => ({
  kind: "sidecar",
  subject: "app",
  scopes: ["bundle:read", "telemetry:write"],
  ...more,
});

test("a token that is replayed by its key is the same, and its text lies nowhere in the store", async () => {
  const wanted = sidecar({ domains: ["orders"], ttlSeconds: 60 });
  const key = { "idempotency-key": "one token" };
  const first = await rms.call("POST", "/api/v1/tokens", wanted, key);
  const again = await rms.call("POST", "/api/v1/tokens", wanted, key);
  expect([first.status, again.body, again.headers.get("idempotency-replayed")]).toEqual([201, first.body, "true"]);
  const folder = rms.folder;
  for (const file of ["rms.db", "rms.db-wal"])
    expect(readFileSync(join(folder, file)).includes(String(first.body["token"])), file).toBe(false);
});

test.each([
  ["for another domain", { domains: ["billing"] }, 403],
  ["for every domain", { domains: ["*"] }, 403],
  ["for no domain", { domains: [] }, 403],
  ["with more scopes", { domains: ["orders"], scopes: ["read"] }, 403],
  ["of a person", { kind: "user", domains: ["orders"] }, 403],
  ["for ever", { domains: ["orders"], ttlSeconds: 31_536_001 }, 422],
  ["of no kind", { kind: "robot", domains: ["orders"] }, 422],
  ["with a scope that is none", { domains: ["orders"], scopes: ["root"] }, 422],
  ["of the own domain", { domains: ["orders"] }, 201],
  ["with what a sidecar has", { domains: ["orders"], scopes: undefined }, 201],
  ["that may do nothing", { domains: ["orders"], scopes: [] }, 422],
])("an owner asks for a token %s", async (_, more, status) => {
  expect((await rms.call("POST", "/api/v1/tokens", sidecar(more), owner)).status).toBe(status);
});

test.each(["source:hr", "campaign:3", "operator:root", "break-glass:root"])(
  "no token acts as %s, whom the audit log knows",
  async (subject) => {
    const { status, body } = await rms.call("POST", "/api/v1/tokens", sidecar({ domains: ["orders"], subject }));
    expect([status, body["detail"]]).toEqual([422, `No token is for ${subject}: RMS itself is named so in the audit log.`]);
  },
);

test("an administrator's token is for domains that there are: another one would wait for a domain of that name", async () => {
  const made = await rms.call("POST", "/api/v1/tokens", sidecar({ domains: ["orders", "odrers"] }));
  expect([made.status, made.body["detail"]]).toEqual([422, "There is no domain odrers."]);
  expect((await rms.call("POST", "/api/v1/tokens", sidecar({ domains: ["*"] }))).status).toBe(201);
});

test("an owner reads the own domain, its access and its part of the audit log, by the one scope", async () => {
  const domains = await rms.call("GET", "/api/v1/domains", undefined, owner);
  expect((domains.body["items"] as readonly { readonly id: string }[]).map(({ id }) => id)).toEqual(["orders"]);
  expect((await rms.call("GET", "/api/v1/access?domain=orders&action=x", undefined, owner)).status).toBe(200);
  expect((await rms.call("GET", "/api/v1/access?domain=billing&action=x", undefined, owner)).status).toBe(404);
  const { status, text } = await rms.call("GET", "/api/v1/audit", undefined, owner);
  expect([status, text.includes("billing")]).toEqual([200, false]);
});

test("an owner sees and revokes the sidecars of the own domain, and nobody else's", async () => {
  const make = async (domain: string): Promise<string> =>
    String((await rms.call("POST", "/api/v1/tokens", sidecar({ domains: [domain] }))).body["id"]);
  const [own, foreign] = [await make("orders"), await make("billing")];
  const list = await rms.call("GET", "/api/v1/tokens", undefined, owner);
  const ids = (list.body["items"] as readonly { readonly id: string; readonly domains: unknown }[]).map(({ id }) => id);
  expect([ids.includes(own), ids.includes(foreign), list.text.includes("billing")]).toEqual([true, false, false]);
  expect((await rms.call("DELETE", `/api/v1/tokens/${foreign}`, undefined, owner)).status).toBe(404);
  expect((await rms.call("DELETE", `/api/v1/tokens/${own}`, undefined, owner)).status).toBe(204);
  expect((await rms.call("DELETE", `/api/v1/tokens/${own}`, undefined, owner)).status).toBe(404);
});

test("a sidecar's token is for its policies and for nothing of the management API", async () => {
  const wanted = sidecar({ domains: ["orders"], policies: ["second"] });
  const narrow = as((await rms.call("POST", "/api/v1/tokens", wanted)).body["token"]);
  const wide = as((await rms.call("POST", "/api/v1/tokens", sidecar({ domains: ["orders"] }))).body["token"]);
  const bundle = "/opa/v1/bundles/orders/main/prod";
  expect((await rms.call("GET", bundle, undefined, wide)).status).toBe(200);
  expect((await rms.call("GET", bundle, undefined, narrow)).status).toBe(404);
  expect((await rms.call("GET", "/opa/v1/bundles/billing/main/prod", undefined, wide)).status).toBe(404);
  expect((await rms.call("GET", main, undefined, wide)).status).toBe(403);
  expect((await rms.call("PUT", `${main}/channels/prod`, { version: "1.0.0" }, wide)).status).toBe(403);
  expect((await rms.call("GET", "/api/v1/domains/billing", undefined, wide)).status).toBe(404);
});

test("what waits for an approval is approved by another person, once", async () => {
  await rms.call("PATCH", main, { gates: { approval: true } });
  const files = { "main.rego": "package orders\n\ndefault allow := true\n" };
  const [ann, bob] = [
    as(await rms.token(["publish", "channel:write"], ["orders"], "ann")),
    as(await rms.token(["publish", "channel:write"], ["orders"], "bob")),
  ];
  const publish = (version: string): Promise<Answered> => rms.call("POST", `${main}/versions`, { version, files }, ann);
  const act = (version: string, what: string, who: object): Promise<Answered> =>
    rms.call("POST", `${main}/versions/${version}/${what}`, { reason: "seen" }, { ...who });
  expect((await publish("2.0.0")).body["state"]).toBe("awaiting_approval");
  expect((await act("2.0.0", "approve", ann)).status).toBe(403);
  expect((await act("2.0.0", "reject", ann)).status).toBe(403);
  expect((await act("2.0.0", "approve", bob)).body["state"]).toBe("published");
  expect((await act("2.0.0", "approve", bob)).body["state"]).toBe("published");
  expect((await act("2.0.0", "approve", ann)).status).toBe(403);
  expect((await act("2.0.0", "reject", bob)).status).toBe(409);
  expect((await rms.call("PUT", `${main}/channels/prod`, { version: "2.0.0" })).status).toBe(200);
  await publish("2.1.0");
  expect((await act("2.1.0", "reject", bob)).body["state"]).toBe("rejected");
  expect((await act("2.1.0", "approve", bob)).status).toBe(409);
  await publish("2.2.0");
  expect((await act("2.2.0", "withdraw", ann)).body["state"]).toBe("withdrawn");
  for (const version of ["2.1.0", "2.2.0"])
    expect((await rms.call("PUT", `${main}/channels/prod`, { version })).status, version).toBe(409);
  await rms.call("PATCH", main, { gates: {} });
});

test("where two must approve, one person counts once and the author never", async () => {
  await rms.call("PATCH", main, { gates: { approvals: 2 } });
  const scopes = ["publish", "channel:write"];
  const [ann, bob, carl] = [
    as(await rms.token(scopes, ["orders"], "ann")),
    as(await rms.token(scopes, ["orders"], "bob")),
    as(await rms.token(scopes, ["orders"], "carl")),
  ];
  const files = { "main.rego": "package orders\n\ndefault allow := true\n" };
  await rms.call("POST", `${main}/versions`, { version: "3.0.0", files }, ann);
  const approve = (who: object): Promise<Answered> =>
    rms.call("POST", `${main}/versions/3.0.0/approve`, { reason: "seen" }, { ...who });
  for (const answer of [await approve(bob), await approve(bob)])
    expect(answer.body).toMatchObject({ state: "awaiting_approval", approvedBy: ["bob"] });
  expect((await approve(ann)).status).toBe(403);
  expect((await rms.call("PUT", `${main}/channels/prod`, { version: "3.0.0" })).status).toBe(409);
  expect((await approve(carl)).body).toMatchObject({ state: "published", approvedBy: ["bob", "carl"] });
  const events = await rms.call("GET", "/api/v1/audit?object=orders/main@3.0.0");
  const acts = (events.body["items"] as readonly { action: string; actor: string }[]).map(
    ({ action, actor }) => `${actor} ${action}`,
  );
  expect(acts).toEqual(["carl version.approve", "bob version.approve", "ann version.publish"]);
  expect((await rms.call("PATCH", main, { gates: { approvals: 3 } })).status).toBe(422);
  await rms.call("PATCH", main, { gates: {} });
});

test("ready while store, blobs and key work; 503 with the name of what does not", async () => {
  expect((await rms.call("GET", "/readyz")).body).toEqual({ ok: true, checks: { store: "ok", blobs: "ok", key: "ok" } });
  const key = await rms.rms.store.keys.inState("active");
  await rms.rms.store.transaction((tx) => tx.keys.setState(key?.kid ?? "", "retired"));
  const broken = await rms.call("GET", "/readyz");
  expect([broken.status, broken.body["detail"]]).toEqual([503, expect.stringContaining("key")]);
  expect((await rms.call("GET", "/healthz")).status).toBe(200);
  await rms.rms.store.transaction((tx) => tx.keys.setState(key?.kid ?? "", "active"));
});

test("metrics name domains only to those who may see all of them", async () => {
  const all = await rms.call("GET", "/metrics");
  expect(all.text).toMatch(/^rms_data_age_seconds\{domain="orders"\} \d+$/m);
  for (const name of ["rms_requests_total", "rms_builds_total", "rms_polls_open", "rms_audit_head", "rms_queue_age_seconds"])
    expect(all.text).toContain(`# TYPE ${name} `);
  for (const authorization of ["", owner.authorization, "Bearer nonsense-token"]) {
    const { status, text } = await rms.call("GET", "/metrics", undefined, { authorization });
    expect([status, text.includes("orders"), text.includes("rms_data_age_seconds_max")]).toEqual([200, false, true]);
  }
});

test("the log names routes, never who or what stands in an address", async () => {
  await rms.call("GET", "/api/v1/domains/orders/subjects/ann.smith%40example.com");
  await rms.call("GET", "/api/v1/nowhere/secret-word");
  const log = rms.log.join("\n");
  expect(log).toContain("/api/v1/domains/:domain/subjects/:subject");
  for (const word of ["ann.smith", "secret-word"]) expect(log).not.toContain(word);
});

test("an audit filter by action leaves the events of that action", async () => {
  const { body } = await rms.call("GET", "/api/v1/audit?domain=orders&action=version.publish");
  const actions = (body["items"] as readonly { action: string }[]).map(({ action }) => action);
  expect(actions.length).toBeGreaterThan(0);
  expect(new Set(actions)).toEqual(new Set(["version.publish"]));
  expect((await rms.call("GET", "/api/v1/audit?action=nothing")).body["items"]).toEqual([]);
});

test("an audit filter takes times of any zone, and refuses what is no cursor", async () => {
  const now = Date.now();
  const zoned = (ms: number): string => encodeURIComponent(new Date(ms + 7_200_000).toISOString().replace("Z", "+02:00"));
  const all = await rms.call("GET", `/api/v1/audit?domain=orders&from=${zoned(now - 3_600_000)}`);
  expect((all.body["items"] as readonly unknown[]).length).toBeGreaterThan(3);
  expect((await rms.call("GET", `/api/v1/audit?domain=orders&to=${zoned(now - 3_600_000)}`)).body["items"]).toEqual([]);
  for (const query of ["from=yesterday", "cursor=1", "limit=500", "actr=ann"])
    expect((await rms.call("GET", `/api/v1/audit?${query}`)).status, query).toBe(422);
  const first = await rms.call("GET", "/api/v1/audit?limit=2");
  const second = await rms.call("GET", `/api/v1/audit?limit=2&cursor=${String(first.body["next"])}`);
  const seqs = [first, second].flatMap(({ body }) => (body["items"] as readonly { seq: number }[]).map(({ seq }) => seq));
  expect(seqs).toEqual([0, 1, 2, 3].map((n) => (seqs[0] ?? 0) - n));
});

test("a token for every domain reads the events of all of them, and not those of RMS itself", async () => {
  const everywhere = { authorization: `Bearer ${await rms.token(["audit:read"], ["*"])}` };
  await rms.call("POST", "/api/v1/keys/rotate", {});
  const domainsOf = async (query = "", headers?: Readonly<Record<string, string>>): Promise<readonly unknown[]> => {
    const { body } = await rms.call("GET", `/api/v1/audit?limit=200${query}`, undefined, headers);
    return [...new Set((body["items"] as readonly { readonly domain: string }[]).map(({ domain }) => domain))].sort();
  };
  const all = await domainsOf();
  expect(all).toContain("");
  expect(await domainsOf("", everywhere)).toEqual(all.filter((domain) => domain !== ""));
  expect(await domainsOf("&domain=orders", everywhere)).toEqual(["orders"]);
});
