// Channels from outside: moves, rollbacks, pins, dry runs, and changes that come at once.
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readTar } from "#bundles/tar.ts";
import { type Answered, type TestRms, testRms } from "../rms.test-helper.ts";

let rms: TestRms;
const main = "/api/v1/domains/orders/policies/main";
const prod = `${main}/channels/prod`;
const text = (limit: number): string =>
  `package orders\n\ndefault allow := false\n\nallow if {\n\tinput.amount < ${limit}\n\tdata.rms.rbac.user_has_role(input.user, "clerk")\n}\n`;

beforeAll(async () => {
  rms = await testRms();
  await rms.call("POST", "/api/v1/domains", { id: "orders" });
  await rms.call("POST", "/api/v1/domains/orders/policies", { id: "main", entrypoints: ["orders/allow"] });
  for (const [version, limit] of [
    ["1.0.0", 10],
    ["1.1.0", 100],
  ] as const)
    await rms.call("POST", `${main}/versions`, { version, files: { "main.rego": text(limit) } });
  await rms.call("PUT", "/api/v1/domains/orders/roles/clerk", {});
});
afterAll(() => rms.stop());

const events = async (): Promise<number> => (await rms.rms.store.audit.head())?.seq ?? 0;
const put = (version: string, headers = {}, query = ""): Promise<Answered> =>
  rms.call("PUT", `${prod}${query}`, { version, reason: "test" }, headers);

/** The users in the bundle that a sidecar gets. */
async function users(): Promise<readonly string[]> {
  const answer = await fetch(`${rms.url}/opa/v1/bundles/orders/main/prod`, { headers: { authorization: `Bearer ${rms.admin}` } });
  const read = readTar(gunzipSync(Buffer.from(await answer.arrayBuffer())));
  const file = "files" in read ? read.files.find(({ name }) => name === "data.json") : undefined;
  const data = JSON.parse(new TextDecoder().decode(file?.bytes)) as { rms: { data: { users: object } } };
  return Object.keys(data.rms.data.users);
}

test("a dry run tells what a move would be, and moves nothing", async () => {
  const before = await events();
  const dry = await put("1.0.0", {}, "?dryRun=true");
  expect([dry.status, dry.body]).toMatchObject([
    200,
    { version: "1.0.0", seq: 1, dryRun: true, diff: { before: null, after: { version: "1.0.0" } } },
  ]);
  expect((await rms.call("GET", prod)).status).toBe(404);
  expect(await events()).toBe(before);
});

test("a first move is 201, the next 200; the tag is the sequence number", async () => {
  const first = await put("1.0.0", { "if-match": '"0"' });
  expect([first.status, first.headers.get("etag"), first.body["seq"]]).toEqual([201, '"1"', 1]);
  const next = await put("1.1.0", { "if-match": '"1"' });
  expect([next.status, next.headers.get("etag")]).toEqual([200, '"2"']);
  expect((await rms.call("GET", prod, undefined, { "if-none-match": '"2"' })).status).toBe(304);
});

test.each([
  [412, { version: "1.0.0" }, { "if-match": '"1"' }],
  [422, { version: "9.9.9" }, {}],
  [422, { version: "1.0.0", dataset: "copy" }, {}],
  [422, { version: 1 }, {}],
  [422, {}, {}],
  [422, { version: "1.0.0", reasn: "typo" }, {}],
])("%i for a move that cannot be: %j", async (status, body, headers) => {
  const before = await events();
  expect((await rms.call("PUT", prod, body, headers)).status).toBe(status);
  expect([await events(), (await rms.call("GET", prod)).body["version"]]).toEqual([before, "1.1.0"]);
});

test("whoever means another state of the channel is told so first, whatever the act would say to the state of now", async () => {
  const base = `${main}/channels/order`;
  await rms.call("PUT", base, { version: "1.0.0" });
  for (const [act, body, state] of [
    ["/rollback", {}, 409],
    ["/rollback", { toSeq: 77 }, 409],
    ["/unpin", {}, 409],
    ["", { version: "9.9.9" }, 422],
  ] as const) {
    const method = act === "" ? "PUT" : "POST";
    expect([act, (await rms.call(method, base + act, body, { "if-match": '"9"' })).status]).toEqual([act, 412]);
    expect([act, (await rms.call(method, base + act, body, { "if-match": '"1"' })).status]).toEqual([act, state]);
  }
});

test("of many conditional moves at once one wins, and the others are told so", async () => {
  const tag = (await rms.call("GET", prod)).headers.get("etag")!;
  const moves = await Promise.all(Array.from({ length: 8 }, () => put("1.0.0", { "if-match": tag })));
  expect(moves.map(({ status }) => status).sort()).toEqual([200, ...Array<number>(7).fill(412)]);
  await put("1.1.0");
});

test("of many conditional changes of a role at once one wins", async () => {
  const role = "/api/v1/domains/orders/roles/clerk";
  const tag = (await rms.call("GET", role)).headers.get("etag")!;
  const changes = await Promise.all(
    Array.from({ length: 8 }, (_, n) => rms.call("PUT", role, { title: `Clerk ${n}` }, { "if-match": tag })),
  );
  expect(changes.map(({ status }) => status).sort()).toEqual([200, ...Array<number>(7).fill(412)]);
});

test("a rollback goes to the last different version, or to a sequence number; replayed by its key it happens once", async () => {
  await put("1.0.0");
  await put("1.1.0");
  const seq = Number((await rms.call("GET", prod)).body["seq"]);
  const key = { "idempotency-key": "rollback 1" };
  const back = await rms.call("POST", `${prod}/rollback`, { reason: "bad" }, key);
  expect([back.status, back.body["version"], back.body["seq"]]).toEqual([200, "1.0.0", seq + 1]);
  const again = await rms.call("POST", `${prod}/rollback`, { reason: "bad" }, key);
  expect([again.headers.get("idempotency-replayed"), again.headers.get("etag")]).toEqual(["true", back.headers.get("etag")]);
  expect(again.body).toEqual(back.body);
  expect((await rms.call("POST", `${prod}/rollback`, { reason: "other" }, key)).status).toBe(422);
  expect((await rms.call("POST", `${prod}/rollback`, { toSeq: seq, reason: "forth" })).body["version"]).toBe("1.1.0");
  expect((await rms.call("POST", `${prod}/rollback`, { toSeq: 999 })).status).toBe(409);
  expect((await rms.call("POST", `${prod}/rollback`, { toSeq: "1" })).status).toBe(422);
});

test("a dry run keeps no answer for its key, which the real act may use", async () => {
  const key = { "idempotency-key": "rollback 2" };
  const seq = (await rms.call("GET", prod)).body["seq"];
  const back = `${prod}/rollback`;
  expect((await rms.call("POST", `${back}?dryRun=true`, { reason: "try" }, key)).body["dryRun"]).toBe(true);
  expect((await rms.call("GET", prod)).body["seq"]).toBe(seq);
  expect((await rms.call("POST", back, { reason: "try" }, key)).status).toBe(200);
  await put("1.1.0");
});

test("a pinned channel serves its data whatever changes, decides by them, and follows again when it is unpinned", async () => {
  const members = "/api/v1/domains/orders/roles/clerk/members";
  await rms.call("PUT", `${members}/ann`, { reason: "new" });
  expect(await users()).toEqual(["ann"]);
  const pinned = await rms.call("POST", `${prod}/pin`, { reason: "incident" });
  expect([pinned.status, pinned.body["pinned"]]).toMatchObject([200, { snapshot: expect.any(Number) }]);
  await rms.call("PUT", `${members}/eve`, { reason: "bad import" });
  expect(await users()).toEqual(["ann"]);
  const ask = (user: string): Promise<Answered> =>
    rms.call("POST", `${main}/decide`, { channel: "prod", input: { user, amount: 1 } });
  expect([(await ask("ann")).body["result"], (await ask("eve")).body["result"]]).toEqual([true, false]);
  expect((await ask("ann")).body["revision"]).toBe(pinned.body["revision"]);
  const free = await rms.call("POST", `${prod}/unpin`, { reason: "mended" });
  expect([free.status, "pinned" in free.body]).toEqual([200, false]);
  expect(await users()).toEqual(["ann", "eve"]);
  expect((await ask("eve")).body["result"]).toBe(true);
  expect((await rms.call("POST", `${prod}/unpin`)).status).toBe(409);
});

test("a rollback with data serves the people of then, for as long as they are fresh", async () => {
  await rms.call("PUT", "/api/v1/domains/orders/roles/clerk/members/mallory", { reason: "bad import" });
  await put("1.0.0");
  await rms.call("DELETE", "/api/v1/domains/orders/roles/clerk/members/ann");
  expect(await users()).toEqual(["eve", "mallory"]);
  const back = await rms.call("POST", `${prod}/rollback`, { withData: true, reason: "as it was" });
  expect([back.status, back.body["version"], back.body["pinned"]]).toMatchObject([
    200,
    "1.1.0",
    { until: expect.stringMatching(/^\d{4}-/) },
  ]);
  expect(await users()).toContain("ann");
  await put("1.0.0");
  expect(await users()).toEqual(["eve", "mallory"]);
});

test("a retired domain moves nothing any more, also not back", async () => {
  await rms.call("POST", "/api/v1/domains/orders/retire", { reason: "over" });
  const tries: readonly [string, string, unknown][] = [
    ["PUT", prod, { version: "1.1.0" }],
    ["POST", `${prod}/rollback`, {}],
    ["POST", `${prod}/pin`, {}],
    ["POST", `${main}/versions`, { version: "2.0.0", files: { "main.rego": text(1) } }],
    ["PUT", "/api/v1/domains/orders/roles/late", {}],
    ["POST", "/api/v1/domains/orders/policies", { id: "late" }],
  ];
  for (const [method, path, body] of tries) expect((await rms.call(method, path, body)).status, path).toBe(409);
});
