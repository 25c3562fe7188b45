// The role service from outside: bounds, reasons, histories, dry runs, and what is held now.
import { afterAll, beforeAll, expect, test } from "vitest";
import { type TestRms, testRms } from "../rms.test-helper.ts";

let rms: TestRms;
const base = "/api/v1/domains/orders";
const members = `${base}/roles/clerk/members`;
const day = 86_400_000;
const at = (days: number): string => new Date(Date.now() + days * day).toISOString();

beforeAll(async () => {
  rms = await testRms();
  await rms.call("POST", "/api/v1/domains", { id: "orders" });
  await rms.call("PUT", `${base}/roles/clerk`, {
    title: "Clerk",
    owner: "ann",
    risk: "low",
    responsibilities: [{ action: "approve", resource: "orders/*", constraints: { max: { amount: 100 } } }],
  });
});
afterAll(() => rms.stop());

const events = async (): Promise<number> => (await rms.rms.store.audit.head())?.seq ?? 0;

test("a role comes back as it was set; the same again writes nothing", async () => {
  const { body } = await rms.call("GET", `${base}/roles/clerk`);
  expect(body).toMatchObject({ id: "clerk", owner: "ann", risk: "low", includes: [], memberCount: 0 });
  const before = await events();
  const { id: _id, memberCount: _memberCount, ...same } = body;
  expect((await rms.call("PUT", `${base}/roles/clerk`, same)).status).toBe(200);
  expect(await events()).toBe(before);
});

test("a dry run of a change tells both sides and changes nothing", async () => {
  const before = await events();
  const role = await rms.call("PUT", `${base}/roles/chief?dryRun=true`, { includes: ["clerk"] });
  expect([role.status, role.body]).toMatchObject([200, { dryRun: true, diff: { before: null, after: { id: "chief" } } }]);
  const member = await rms.call("PUT", `${members}/ann?dryRun=true`, { validUntil: at(1) });
  expect([member.status, member.body]).toMatchObject([200, { dryRun: true, diff: { before: null, after: { subject: "ann" } } }]);
  const suspended = await rms.call("POST", `${base}/subjects/ann/suspend?dryRun=true`, {});
  expect(suspended.body).toMatchObject({ dryRun: true, diff: { before: { suspended: false }, after: { suspended: true } } });
  const gone = await rms.call("DELETE", `${base}/roles/clerk?dryRun=true`);
  expect([gone.status, gone.body]).toMatchObject([200, { dryRun: true, diff: { before: { id: "clerk" }, after: null } }]);
  expect(await events()).toBe(before);
  expect((await rms.call("GET", `${base}/roles/chief`)).status).toBe(404);
  expect((await rms.call("GET", `${base}/roles/clerk`)).status).toBe(200);
  expect((await rms.call("PUT", `${members}/ann?dryRun=yes`, {})).status).toBe(422);
});

test("a membership in the past needs a reason", async () => {
  expect((await rms.call("PUT", `${members}/late`, { validFrom: at(-10) })).status).toBe(422);
  expect((await rms.call("PUT", `${members}/late`, { validFrom: at(-10), reason: "forgotten" })).status).toBe(201);
  const batch = `${members}:batch`;
  const type = { "content-type": "application/x-ndjson" };
  const line = JSON.stringify({ subject: "later", validFrom: at(-10) });
  expect((await rms.call("POST", batch, line, type)).status).toBe(422);
  expect((await rms.call("POST", `${batch}?reason=import`, line, type)).body["changed"]).toBe(1);
});

test.each([
  [{ validUntil: "tomorrow" }],
  [{ validUntil: "2030-02-30T00:00:00Z" }],
  [{ validUntil: "2030-01-01" }],
  [{ validUntil: "2030-01-01T00:00:00" }],
  [{ validUntil: 1 }],
  [{ validUntill: at(1) }],
  [{ validFrom: at(2), validUntil: at(1) }],
  [[]],
])("bounds that are none are refused: %j", async (body) => {
  const before = await events();
  expect((await rms.call("PUT", `${members}/ann`, body)).status).toBe(422);
  expect(await events()).toBe(before);
});

test("a subject shows what it holds now, and every membership that was recorded", async () => {
  await rms.call("PUT", `${members}/bob`, { validFrom: at(1), reason: "hired" });
  const early = (await rms.call("GET", `${base}/subjects/bob`)).body;
  expect(early).toMatchObject({ roles: [], responsibilities: [], suspended: false, history: [{ role: "clerk" }] });
  await rms.call("PUT", `${members}/bob`, { reason: "sooner" });
  const now = (await rms.call("GET", `${base}/subjects/bob`)).body;
  expect(now).toMatchObject({
    roles: ["clerk"],
    responsibilities: [{ role: "clerk", action: "approve", resource: "orders/*" }],
    history: [
      { role: "clerk", reason: "sooner" },
      { role: "clerk", reason: "hired", recordedTo: expect.any(String) },
    ],
  });
});

test.each(["a/b", "cn=bob,dc=example", "O'Neil", "__proto__", "constructor", "ünï 🎈", "a%2Fb", "?", "#x"])(
  "any text is a subject: %s",
  async (subject) => {
    const path = `${members}/${encodeURIComponent(subject)}`;
    expect((await rms.call("PUT", path, { reason: "any" })).status).toBe(201);
    expect((await rms.call("GET", path)).body["subject"]).toBe(subject);
    const tag = (await rms.call("GET", path)).headers.get("etag")!;
    expect((await rms.call("PUT", path, { validUntil: at(1) }, { "if-match": '"no"' })).status).toBe(412);
    expect((await rms.call("PUT", path, { validUntil: at(1) }, { "if-match": tag })).status).toBe(200);
    expect((await rms.call("GET", `${base}/subjects/${encodeURIComponent(subject)}`)).body["roles"]).toEqual(["clerk"]);
    expect((await rms.call("DELETE", path)).status).toBe(204);
    expect((await rms.call("DELETE", path)).status).toBe(204);
  },
);

test("roles that would include each other, or what is not there, are refused", async () => {
  await rms.call("PUT", `${base}/roles/a`, {});
  await rms.call("PUT", `${base}/roles/b`, { includes: ["a"] });
  for (const [role, includes] of [
    ["a", ["b"]],
    ["a", ["a"]],
    ["a", ["nowhere"]],
  ] as const)
    expect((await rms.call("PUT", `${base}/roles/${role}`, { includes })).status).toBe(422);
  expect((await rms.call("DELETE", `${base}/roles/a`)).status).toBe(422);
});

test("who has access, as a list in pages and as CSV that no spreadsheet runs", async () => {
  await rms.call("PUT", `${members}/${encodeURIComponent('=cmd|"x"!A1')}`, { reason: "hostile" });
  await rms.call("PUT", `${members}/carl`, { reason: "new" });
  const ask = `/api/v1/access?domain=orders&action=approve`;
  const seen: unknown[] = [];
  for (let cursor = ""; ; ) {
    const { body } = await rms.call("GET", `${ask}&limit=1${cursor}`);
    seen.push(...(body["items"] as readonly { subject: string }[]).map(({ subject }) => subject));
    if (body["next"] === undefined) break;
    cursor = `&cursor=${String(body["next"])}`;
  }
  expect(seen).toEqual(['=cmd|"x"!A1', "bob", "carl", "late", "later"]);
  const csv = await rms.call("GET", `${ask}&format=csv`);
  expect(csv.headers.get("content-type")).toContain("text/csv");
  expect(csv.text.split("\r\n").slice(0, 3)).toEqual([
    "subject,role,action,resource,constraints,validUntil",
    `"'=cmd|""x""!A1",clerk,approve,orders/*,"{""max"":{""amount"":100}}",`,
    `bob,clerk,approve,orders/*,"{""max"":{""amount"":100}}",`,
  ]);
});

test("a removal takes its reason in the body or in the query, and nothing else in the body", async () => {
  const reasons = async (): Promise<string | undefined> => (await rms.rms.store.audit.head())?.reason;
  for (const [body, query, reason] of [
    [{ reason: "left" }, "", "left"] as const,
    [undefined, "?reason=moved", "moved"] as const,
    [undefined, "", ""] as const,
  ]) {
    await rms.call("PUT", `${members}/leaver`, {});
    expect((await rms.call("DELETE", `${members}/leaver${query}`, body)).status).toBe(204);
    expect(await reasons()).toBe(reason);
  }
  await rms.call("PUT", `${members}/leaver`, {});
  expect((await rms.call("DELETE", `${members}/leaver`, { raeson: "left" })).status).toBe(422);
  expect((await rms.call("GET", `${members}/leaver`)).status).toBe(200);
});
