// Hooks through the API: what is audited is told in order and signed, comes again until it is taken, and only where the operator lets it.
import { createHmac } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { httpsServer, type TestServer } from "../../sources/https-server.test-helper.ts";
import { appendAudit } from "../../store/audit-log.ts";
import { type TestRms, testRms } from "../rms.test-helper.ts";

const bank = "/api/v1/domains/bank";
let rms: TestRms;
let receiver: TestServer;
let status = 204;
/** Before an answer is given. */
let pause: () => Promise<void>;
let answer: (response: ServerResponse) => void;
let now = Date.parse("2026-03-02T12:00:00Z");
const texts: string[] = [];
const got: { readonly id: string; readonly signed: boolean; readonly actions: readonly string[] }[] = [];

async function receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = Buffer.concat(await request.toArray()).toString();
  const { "webhook-id": id = "", "webhook-timestamp": at, "webhook-signature": signature } = request.headers;
  const expected = createHmac("sha256", "a key")
    .update(`${String(id)}.${String(at)}.${body}`)
    .digest("base64");
  texts.push(body);
  const { events } = JSON.parse(body) as { readonly events: readonly { readonly action: string }[] };
  got.push({ id: String(id), signed: signature === `v1,${expected}`, actions: events.map(({ action }) => action) });
  await pause();
  response.statusCode = status;
  answer(response);
}

beforeAll(async () => {
  process.env["TEST_HOOK_KEY"] = "a key";
  receiver = await httpsServer((request, response) => void receive(request, response));
});
afterAll(async () => {
  await rms.stop();
  receiver.stop();
});
beforeEach(async () => {
  await rms?.stop();
  [status, got.length, texts.length] = [204, 0, 0];
  pause = () => Promise.resolve();
  answer = (response) => void response.end();
  now = Date.parse("2026-03-02T12:00:00Z");
  rms = await testRms({}, () => new Date(now), [
    { domain: "bank", host: receiver.host, ca: receiver.ca, secrets: ["env:TEST_HOOK_KEY"] },
  ]);
  await rms.call("POST", "/api/v1/domains", { id: "bank" });
  await rms.call("POST", "/api/v1/domains", { id: "shop" });
  await rms.call("PUT", `${bank}/roles/clerk`, {});
});

const settings = (more: object = {}): object => ({
  url: `https://${receiver.host}/iam`,
  secret: "env:TEST_HOOK_KEY",
  ...more,
});
const put = (more: object = {}, id = "iam", domain = bank) => rms.call("PUT", `${domain}/hooks/${id}`, settings(more));
const member = (subject: string) => rms.call("PUT", `${bank}/roles/clerk/members/${subject}`, { reason: "hired" });
async function tell(): Promise<void> {
  await rms.rms.hooks.beginDue();
  await rms.rms.hooks.settled();
}

test("what happens from now on is told once, signed", async () => {
  const { status: made, body } = await put();
  expect([made, body]).toMatchObject([201, { hook: "iam", secret: "env:TEST_HOOK_KEY", by: "tester" }]);
  const before = Number(body["told"]);
  await member("ann");
  await rms.call("DELETE", `${bank}/roles/clerk/members/ann?reason=left`);
  await tell();
  await tell();
  const told = before + 3;
  expect(got).toEqual([
    {
      id: expect.stringMatching(`^bank\\.iam\\.${before + 1}-${told}\\.[0-9a-f]{16}$`),
      signed: true,
      actions: ["hook.put", "member.put", "member.delete"],
    },
  ]);
  expect((await rms.call("GET", `${bank}/hooks`)).body["items"]).toMatchObject([{ hook: "iam", told }]);
});

test("only the actions that are asked for, and nothing of other domains", async () => {
  await put({ actions: ["member.*", "role.delete"] });
  await rms.call("PUT", "/api/v1/domains/shop/roles/clerk", {});
  await rms.call("PUT", `${bank}/roles/lead`, {});
  await tell();
  expect(got).toEqual([]);
  await member("ann");
  await rms.call("DELETE", `${bank}/roles/lead`);
  await tell();
  expect(got.map(({ actions }) => actions)).toEqual([["member.put", "role.delete"]]);
});

test("what is not taken comes again as it was, later and later, and then what came meanwhile", async () => {
  await put({ actions: ["member.put"] });
  await member("ann");
  status = 503;
  await tell();
  await member("bob");
  await tell();
  expect(got).toHaveLength(1);
  const failing = async (): Promise<unknown> => (await rms.call("GET", `${bank}/hooks/iam`)).body["failing"];
  const host = receiver.host;
  expect(await failing()).toEqual({ misses: 1, message: `${host} answers with status 503`, next: "2026-03-02T12:00:10.000Z" });
  now += 10_000;
  await tell();
  expect(await failing()).toMatchObject({ misses: 2, next: "2026-03-02T12:00:30.000Z" });
  status = 200;
  now += 20_000;
  await tell();
  await tell();
  expect(await failing()).toBeUndefined();
  expect(got.map(({ id }) => id)).toEqual([got[0]?.id, got[0]?.id, got[0]?.id, got[3]?.id]);
  expect(got[3]?.id).not.toBe(got[0]?.id);
  expect(got.every(({ signed }) => signed)).toBe(true);
});

test("each domain of a token is told of it, and of no other domain", async () => {
  await put({ actions: ["token.*"] });
  const wanted = { kind: "sidecar", subject: "app", domains: ["shop", "bank"] };
  const { body } = await rms.call("POST", "/api/v1/tokens", wanted);
  await rms.call("DELETE", `/api/v1/tokens/${String(body["id"])}`);
  await tell();
  expect(got.map(({ actions }) => actions)).toEqual([["token.create", "token.delete"]]);
  expect(texts.join()).not.toContain("shop");
});

/** Many events at one moment: RMS itself looks for something to tell every two seconds. */
const happens = (count: number, detail: object = {}): Promise<void> =>
  rms.rms.store.transaction(async (tx) => {
    const event = {
      actor: "eve",
      action: "campaign.decide",
      domain: "bank",
      object: "bank/campaigns/1",
      requestId: "",
      reason: "",
    };
    for (let one = 0; one < count; one++) await appendAudit(tx, { ...event, detail }, new Date(now));
  });

test("a hundred events are a message", async () => {
  await put({ actions: ["campaign.*"] });
  await happens(130);
  for (let look = 0; look < 3; look++) await tell();
  expect(got.map(({ actions }) => actions.length)).toEqual([100, 30]);
});

test("events of much text are several messages", async () => {
  await put({ actions: ["campaign.*"] });
  await happens(3, { subjects: Array.from({ length: 1000 }, () => "x".repeat(200)) });
  await happens(1, { subjects: ["x".repeat(1_000_000)] });
  for (let look = 0; look < 4; look++) await tell();
  expect(got.map(({ actions }) => actions.length)).toEqual([2, 1, 1]);
});

test("a message is taken by its status, whatever else is answered", async () => {
  await put();
  answer = (response) => {
    response.setHeader("content-encoding", "gzip");
    response.write("without an end");
  };
  status = 200;
  expect((await rms.call("POST", `${bank}/hooks/iam/test`)).body).toEqual({ hook: "iam", taken: true });
});

test("a clock that was ahead silences nobody", async () => {
  await put();
  [status, now] = [503, now + 10 * 365 * 86_400_000];
  await tell();
  [status, now] = [204, now - 10 * 365 * 86_400_000];
  await tell();
  expect(got).toHaveLength(2);
});

test("how a message of other settings ended says nothing of these", async () => {
  await put();
  status = 503;
  let go: () => void = () => undefined;
  pause = () => new Promise((done) => (go = done));
  await rms.rms.hooks.beginDue();
  await expect.poll(() => got.length).toBe(1);
  await rms.call("DELETE", `${bank}/hooks/iam`);
  const { body: made } = await put({ actions: ["member.put"] });
  go();
  await rms.rms.hooks.settled();
  const { failing, told } = (await rms.call("GET", `${bank}/hooks/iam`)).body;
  expect([failing, Number(told) >= Number(made["told"])]).toEqual([undefined, true]);
});

test("one domain's slow receivers leave others their turn", async () => {
  for (let hook = 0; hook < 6; hook++) await put({}, `h${hook}`);
  let go: () => void = () => undefined;
  const gone = new Promise<void>((done) => (go = done));
  pause = () => gone;
  await rms.rms.hooks.beginDue();
  await expect.poll(() => got.length).toBe(2);
  go();
  for (let look = 0; look < 3; look++) await tell();
  expect(new Set(got.map(({ id }) => id.split(".")[1])).size).toBe(6);
});

test("a test message says whether it would be taken", async () => {
  await put();
  expect((await rms.call("POST", `${bank}/hooks/iam/test`)).body).toEqual({ hook: "iam", taken: true });
  status = 404;
  const { body } = await rms.call("POST", `${bank}/hooks/iam/test`);
  expect(body).toEqual({ hook: "iam", taken: false, message: `${receiver.host} answers with status 404` });
  expect(got.map(({ id, actions }) => [id, actions])).toEqual([
    ["bank.iam.test", []],
    ["bank.iam.test", []],
  ]);
});

test("only where the operator lets it, by who answers for the domain, until it is removed", async () => {
  const said = async (more: object, domain = bank): Promise<unknown> => (await put(more, "iam", domain)).body["detail"];
  expect(await said({ url: "https://other.example/" })).toContain("the operator lets bank read nothing from other.example:443");
  expect(await said({ secret: "env:PATH" })).toContain("the operator lets nobody send env:PATH");
  expect(await said({ url: `http://${receiver.host}/` })).toContain("the address is no https: one");
  expect(await said({ url: `https://:word@${receiver.host}/` })).toContain("must have no user, no password and no #");
  expect(await said({}, "/api/v1/domains/shop")).toContain("the operator lets shop read nothing");
  await put();
  const authorization = `Bearer ${await rms.token(["read", "roles:write"], ["bank"])}`;
  expect((await rms.call("GET", `${bank}/hooks`, undefined, { authorization })).status).toBe(403);
  expect((await rms.call("DELETE", `${bank}/hooks/iam`)).status).toBe(204);
  await member("ann");
  await tell();
  expect(got).toEqual([]);
});
