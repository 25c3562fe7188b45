// Reviews of movers through the API: opened by a sync, decided by others than the mover, and ended when nobody decides.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { endReviews } from "../housekeeping.ts";
import { type Answered, type TestRms, testRms } from "../rms.test-helper.ts";

const bank = "/api/v1/domains/bank";
const folder = mkdtempSync(join(tmpdir(), "feeds-"));
let rms: TestRms;
let now = Date.parse("2026-03-02T12:00:00Z");

beforeAll(async () => {
  rms = await testRms({}, () => new Date(now), [{ domain: "bank", folder, secrets: [] }]);
  await rms.call("POST", "/api/v1/domains", { id: "bank" });
  for (const role of ["trader", "auditor", "canteen"]) await rms.call("PUT", `${bank}/roles/${role}`, { responsibilities: [] });
});
afterAll(async () => {
  await rms.stop();
  rmSync(folder, { recursive: true });
});

const source = {
  kind: "csv",
  file: "people.csv",
  map: { subject: "id", manager: "boss", attributes: { department: "dept" } },
  rules: [{ attribute: "department", is: "trading", role: "trader" }, { role: "canteen" }],
  grace: 600,
};

async function sync(department: string, boss: string): Promise<Answered> {
  writeFileSync(join(folder, "people.csv"), `id,dept,boss\nann,${department},${boss}\n`);
  now += 1000;
  const answer = await rms.call("POST", `${bank}/sources/hr/sync`, { force: true, reason: "test" });
  expect(answer.body["run"]).toMatchObject({ result: "changed" });
  return answer;
}

/** A source that Ann has come to trading by, and a role that somebody gave her by hand. */
async function trading(settings: object): Promise<void> {
  await rms.call("DELETE", `${bank}/sources/hr?reason=anew`);
  await rms.call("PUT", `${bank}/sources/hr`, { ...source, ...settings });
  await sync("trading", "mia");
  await rms.call("PUT", `${bank}/roles/auditor/members/ann`, { reason: "stands in" });
}

const reviews = async (query = ""): Promise<readonly Readonly<Record<string, unknown>>[]> =>
  (await rms.call("GET", `${bank}/reviews${query}`)).body["items"] as readonly Readonly<Record<string, unknown>>[];
const held = async (): Promise<unknown> =>
  (await rms.rms.store.roles.heldBy("bank", "ann")).map(({ role, until, origin }) => [role, until, origin]);
const decide = async (role: string, decision: string, subject = "eve", scope = "review:write"): Promise<Answered> => {
  const [open] = await reviews("?limit=1");
  const authorization = `Bearer ${await rms.token([scope, "read"], ["bank"], subject)}`;
  return rms.call("POST", `${bank}/reviews/${open?.["review"]}/decide`, { role, decision, reason: "asked" }, { authorization });
};

beforeEach(async () => {
  now = Date.parse("2026-03-02T12:00:00Z");
  await rms.rms.store.transaction(async (tx) => {
    const open = await tx.reviews.openOf("bank", "ann");
    if (open !== undefined) await tx.reviews.close("bank", open.number, 0);
  });
});

test("a move opens a review of what was given by hand and of what the old unit gave, for the new manager", async () => {
  await trading({ review: "end" });
  await sync("risk", "tom");
  expect(await reviews()).toMatchObject([
    {
      review: 1,
      subject: "ann",
      state: "open",
      due: "2026-03-02T12:10:02.000Z",
      from: { department: "trading", manager: "mia" },
      to: { department: "risk", manager: "tom" },
      manager: "tom",
      roles: [{ role: "auditor" }, { role: "trader" }],
    },
  ]);
  const { body } = await rms.call("GET", "/api/v1/audit?domain=bank&action=review.open");
  expect(body["items"]).toMatchObject([{ actor: "source:hr", object: "bank/reviews/1" }]);
});

test("others decide, each role once; the last decision closes the review", async () => {
  await trading({ review: "end" });
  await sync("risk", "tom");
  expect((await decide("auditor", "keep", "ann")).body["type"]).toBe("urn:rms:own-review");
  expect((await decide("auditor", "keep", "eve", "roles:write")).status).toBe(403);
  expect((await decide("canteen", "end")).status).toBe(404);
  expect((await decide("auditor", "end")).body).toMatchObject({
    state: "open",
    roles: [{ role: "auditor", decision: "end", by: "eve", reason: "asked" }, { role: "trader" }],
  });
  expect((await decide("auditor", "keep")).status).toBe(409);
  // What is kept is by hand from then on: no grace ends it, and no sync.
  expect((await decide("trader", "keep")).body).toMatchObject({ state: "closed" });
  expect((await decide("trader", "end")).status).toBe(409);
  expect(await held()).toEqual([
    ["canteen", undefined, "hr"],
    ["trader", undefined, undefined],
  ]);
  const { body } = await rms.call("GET", "/api/v1/audit?domain=bank&action=review.decide");
  expect(body["items"]).toMatchObject([{ actor: "eve", reason: "asked" }, { actor: "eve" }]);
  await rms.call("DELETE", `${bank}/roles/trader/members/ann?reason=done`);
});

test("what nobody decided about in time ends, and the audit log tells; once", async () => {
  await trading({ review: "end" });
  await sync("risk", "tom");
  await endReviews(rms.rms);
  expect((await reviews("?state=open")).length).toBe(1);
  now += 600_000;
  expect(await reviews("?state=overdue&subject=ann")).toMatchObject([{ roles: [{ role: "auditor" }, { role: "trader" }] }]);
  await endReviews(rms.rms);
  await endReviews(rms.rms);
  expect(await reviews("?limit=1")).toMatchObject([
    {
      state: "closed",
      roles: [
        { role: "auditor", decision: "end", by: "source:hr" },
        { role: "trader", decision: "end" },
      ],
    },
  ]);
  expect(await rms.rms.store.roles.member("bank", "auditor", "ann")).toBeUndefined();
  const { body } = await rms.call("GET", "/api/v1/audit?domain=bank&action=review.end");
  expect(body["items"]).toMatchObject([{ actor: "source:hr", reason: "nobody decided in time" }]);
});

test("with keep the review stays overdue and nothing ends by it; another move takes its place", async () => {
  await trading({ review: "keep" });
  await sync("risk", "tom");
  const [{ review: first } = {}] = await reviews("?limit=1");
  now += 700_000;
  await endReviews(rms.rms);
  expect((await reviews("?state=overdue")).map(({ review }) => review)).toEqual([first]);
  expect(await rms.rms.store.roles.member("bank", "auditor", "ann")).toMatchObject({ subject: "ann" });
  await sync("law", "zoe");
  expect(await reviews("?state=overdue")).toEqual([]);
  expect(await reviews("?state=open")).toMatchObject([{ manager: "zoe", roles: [{ role: "auditor" }] }]);
});

test("a source without the setting, and a move of who holds nothing else, open none", async () => {
  await trading({});
  await sync("risk", "tom");
  expect(await reviews("?state=open")).toEqual([]);
  await rms.call("DELETE", `${bank}/roles/auditor/members/ann?reason=done`);
  await rms.call("PUT", `${bank}/sources/hr`, { ...source, grace: 0, review: "end" });
  await sync("law", "zoe");
  expect(await reviews("?state=open")).toEqual([]);
});

test.each(["0", "01", "x", "99"])("there is no review %s", async (id) => {
  expect((await rms.call("GET", `${bank}/reviews/${id}`)).status).toBe(404);
});
