// Questions to a published version, and the samples and includes that they are asked with.
import { afterAll, beforeAll, expect, test } from "vitest";
import { type TestRms, testRms } from "../rms.test-helper.ts";

const policy = `package orders

default allow := false

allow if {
	input.amount <= data.orders.limit
	rms_ok
}

echo := format_int(input.n, 10)

rms_ok if data.rms.rbac.user_has_role(input.user, "clerk")

loops if count([1 | some a in numbers.range(1, 100000); some b in numbers.range(1, 100000); a * b == -1]) > 0
`;
const main = "/api/v1/domains/orders/policies/main";
let rms: TestRms;

beforeAll(async () => {
  rms = await testRms();
  await rms.call("POST", "/api/v1/domains", { id: "orders" });
  await rms.call("POST", "/api/v1/domains/orders/policies", { id: "main", entrypoints: ["orders/allow"] });
  const files = { "main.rego": policy, "data.json": '{"orders": {"limit": 100}}' };
  expect((await rms.call("POST", `${main}/versions`, { version: "1.0.0", files })).status).toBe(201);
  await rms.call("PUT", `${main}/channels/prod`, { version: "1.0.0", reason: "first" });
  await rms.call("PUT", "/api/v1/domains/orders/roles/clerk", {});
  await rms.call("PUT", "/api/v1/domains/orders/roles/clerk/members/ann", {});
});
afterAll(() => rms.stop());

test("a channel decides for JSON, with the members of now", async () => {
  const ask = (user: string) => rms.call("POST", `${main}/decide`, { channel: "prod", input: { user, amount: 10 } });
  const ann = await ask("ann");
  expect(ann.body).toMatchObject({ result: true, fresh: true, basis: { version: "1.0.0" } });
  expect(ann.body["revision"]).toMatch(/^orders\/main@1\.0\.0\+s\d+\.t\d+$/);
  expect((await ask("bob")).body["result"]).toBe(false);
});

test("the same question as HOCON with a server-side include, by POST, by GET and as the body itself", async () => {
  const put = await rms.call("PUT", "/api/v1/domains/orders/includes/people/ann.conf", { text: "user = ann" });
  expect(put.status).toBe(201);
  const hocon = 'include "people/ann.conf"\namount = 50\namount = ${amount}0';
  expect((await rms.call("POST", `${main}/decide`, { version: "1.0.0", hocon })).body["result"]).toBe(false);
  const get = `${main}/decide?${new URLSearchParams({ channel: "prod", hocon: 'include "people/ann.conf", amount = 50' })}`;
  expect((await rms.call("GET", get)).body["result"]).toBe(true);
  const posted = await rms.call("POST", `${main}/decide?channel=prod`, 'include "people/ann.conf", amount = 5', {
    "content-type": "application/hocon",
  });
  expect(posted.body["result"]).toBe(true);
});

test.each([
  ['include file("/etc/passwd")\na = 1', "refused"],
  ['include url("http://127.0.0.1:1/")\na = 1', "refused"],
  ["a = ${b}", "b"],
])("HOCON that RMS does not resolve is refused with its place: %s", async (hocon, words) => {
  const answer = await rms.call("POST", `${main}/decide`, { channel: "prod", hocon });
  expect(answer.status).toBe(422);
  expect((answer.body["errors"] as unknown[])[0]).toMatchObject({ row: 1, message: expect.stringContaining(words) });
});

test("a text that nests without an end is refused in bounded time, and others are answered meanwhile", async () => {
  const asked = rms.call("POST", `${main}/decide`, { channel: "prod", hocon: "a{".repeat(100_000) });
  const started = performance.now();
  await rms.call("GET", "/healthz");
  expect(performance.now() - started).toBeLessThan(1000);
  const { status, text } = await asked;
  expect([status, text.length < 10_000]).toEqual([422, true]);
});

test("includes go sixteen levels deep, and say where they end", async () => {
  const include = (name: string, text: string) => rms.call("PUT", `/api/v1/domains/orders/includes/deep/${name}.conf`, { text });
  for (let level = 1; level <= 17; level++) await include(`l${level}`, level === 17 ? "end = 1" : `include "l${level + 1}.conf"`);
  const render = (hocon: string) => rms.call("POST", `${main}/decide`, { channel: "prod", hocon });
  expect((await render('include "deep/l2.conf"')).status).toBe(200);
  const { status, body } = await render('include "deep/l1.conf"');
  expect([status, (body["errors"] as unknown[])[0]]).toMatchObject([
    422,
    { file: "deep/l16.conf", row: 1, message: expect.stringContaining("16 levels deep") },
  ]);
});

test("a decision is explained on request: what failed, or every step", async () => {
  const ask = async (explain: unknown): Promise<readonly string[]> => {
    const { body } = await rms.call("POST", `${main}/decide`, { channel: "prod", input: { user: "bob", amount: 10 }, explain });
    return (body["explanation"] ?? []) as readonly string[];
  };
  expect((await ask("fails")).join("\n")).toMatch(/main\.rego:\d+ +\| \| Fail data\.orders\.rms_ok/);
  const full = await ask(true);
  expect(full[0]).toMatch(/^query:1 +Enter data\.orders\.allow/);
  expect(full.length).toBeGreaterThan((await ask("fails")).length);
  expect([await ask("notes"), await ask("off")]).toEqual([[], []]);
  expect((await rms.call("GET", `${main}/decide?channel=prod&explain=fails`)).body["explanation"]).toBeDefined();
  expect((await rms.call("POST", `${main}/decide`, { channel: "prod", explain: "loud" })).status).toBe(422);
});

test("an input's numbers keep their digits", async () => {
  const body = '{"version": "1.0.0", "entrypoint": "orders/echo", "input": {"n": 12345678901234567890123}}';
  expect((await rms.call("POST", `${main}/decide`, body)).body["result"]).toBe("12345678901234567890123");
});

test("a decision that does not end is refused in bounded time", async () => {
  const answer = await rms.call("POST", `${main}/decide`, { channel: "prod", entrypoint: "orders/loops", input: {} });
  expect([answer.status, answer.body["type"]]).toEqual([422, "urn:rms:evaluation"]);
});

test("a sample is kept, rendered with its includes, and removed", async () => {
  const sample = `${main}/samples/big/ann.conf`;
  const text = 'include "people/ann.conf"\namount = 7';
  expect((await rms.call("PUT", sample, text, { "content-type": "application/hocon" })).status).toBe(201);
  expect((await rms.call("GET", sample)).text).toBe(text);
  expect((await rms.call("GET", `${main}/samples`)).body["items"]).toEqual([{ name: "big/ann.conf" }]);
  expect((await rms.call("POST", `${sample}/render`)).body).toEqual({ user: "ann", amount: 7 });
  expect((await rms.call("DELETE", sample)).status).toBe(204);
  expect((await rms.call("GET", sample)).status).toBe(404);
});

test("a frozen domain moves no channel until it is thawed; a changed policy names its entrypoints", async () => {
  expect((await rms.call("POST", "/api/v1/domains/orders/freeze", { reason: "audit" })).body["state"]).toBe("frozen");
  expect((await rms.call("PUT", `${main}/channels/prod`, { version: "1.0.0" })).status).toBe(409);
  expect((await rms.call("POST", "/api/v1/domains/orders/unfreeze")).body["state"]).toBe("active");
  expect((await rms.call("PATCH", main, { entrypoints: ["orders/loops"] })).body["entrypoints"]).toEqual(["orders/loops"]);
  expect((await rms.call("PATCH", "/api/v1/domains/orders", { maxDataAge: 1 })).status).toBe(422);
  expect((await rms.call("PATCH", "/api/v1/domains/orders", { maxDataAge: 60 })).body["maxDataAge"]).toBe(60);
});
