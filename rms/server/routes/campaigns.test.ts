// Campaigns through the API: opened over a scope, decided by reviewers and never by the member, signed as a whole.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, expect, test } from "vitest";
import { signOverdue } from "../../governance/sign-campaign.ts";
import type { Store } from "../../store/store.ts";
import { signCampaigns } from "../housekeeping.ts";
import { type Answered, type TestRms, testRms } from "../rms.test-helper.ts";

const bank = "/api/v1/domains/bank";
const folder = mkdtempSync(join(tmpdir(), "people-"));
const start = Date.parse("2026-03-02T12:00:00Z");
let rms: TestRms;
let now = start;

const people = "id,boss\nann,mia\nbob,mia\nmia,\n";
const roles = {
  payer: { owner: "bob", risk: "high", responsibilities: [{ action: "release", resource: "payments" }] },
  clerk: { owner: "mia", responsibilities: [{ action: "read", resource: "payments" }] },
  lead: { owner: "mia", includes: ["payer"], responsibilities: [{ action: "plan", resource: "shifts" }] },
};
const members = { payer: ["ann", "bob", "gus"], clerk: ["ann"], lead: ["bob"] };

beforeEach(async () => {
  await rms?.stop();
  now = start;
  rms = await testRms({}, () => new Date(now), [{ domain: "bank", folder, secrets: [] }]);
  await rms.call("POST", "/api/v1/domains", { id: "bank" });
  for (const [role, body] of Object.entries(roles)) await rms.call("PUT", `${bank}/roles/${role}`, body);
  for (const [role, subjects] of Object.entries(members))
    for (const subject of subjects) await rms.call("PUT", `${bank}/roles/${role}/members/${subject}`, { reason: "hired" });
  writeFileSync(join(folder, "people.csv"), people);
  await rms.call("PUT", `${bank}/sources/hr`, { kind: "csv", file: "people.csv", map: { subject: "id", manager: "boss" } });
  await rms.call("POST", `${bank}/sources/hr/sync`, { force: true, reason: "test" });
});
afterAll(async () => {
  await rms.stop();
  rmSync(folder, { recursive: true });
});

const due = new Date(start + 600_000).toISOString();
const open = (more: object = {}): Promise<Answered> =>
  rms.call("POST", `${bank}/campaigns`, { title: "Spring", due, reviewer: "eve", ...more });
const items = async (query = ""): Promise<readonly string[]> =>
  ((await rms.call("GET", `${bank}/campaigns/1/items${query}`)).body["items"] as readonly Readonly<Record<string, string>>[]).map(
    ({ role, subject, reviewer, state }) => `${role} ${subject}: ${state}, by ${reviewer}`,
  );
const as = async (subject: string, act: string, body: object, scopes = ["review:write"]): Promise<Answered> => {
  const authorization = `Bearer ${await rms.token([...scopes, "read"], ["bank"], subject)}`;
  return rms.call("POST", `${bank}/campaigns/1/${act}`, body, { authorization });
};
const decide = (subject: string, decision: string, ...keys: readonly string[]): Promise<Answered> =>
  as(subject, "decide", { decision, reason: "looked at it", items: keys.map(keyOf) });
const keyOf = (text: string): object => {
  const [role, subject] = text.split(" ");
  return { role, subject };
};
const held = async (subject: string): Promise<readonly string[]> =>
  (await rms.rms.store.roles.heldBy("bank", subject)).map(({ role }) => role);

test("a campaign holds the memberships of its scope, each with somebody else to look at it", async () => {
  const opened = await open({ reviewers: "manager", scope: { risks: ["high"] } });
  expect(opened.status).toBe(201);
  expect(opened.body).toMatchObject({
    campaign: 1,
    state: "open",
    openedBy: "tester",
    due,
    reviewers: "manager",
    undecided: "keep",
    scope: { risks: ["high"] },
    counts: { items: 3, undecided: 3, keep: 0, end: 0, gone: 0 },
  });
  expect(await items()).toEqual(["payer ann: undecided, by mia", "payer bob: undecided, by mia", "payer gus: undecided, by eve"]);
});

test.each<[name: string, body: object, found: readonly string[]]>([
  ["owners", { reviewers: "owner", scope: { roles: ["payer"] } }, ["ann, by bob", "bob, by eve", "gus, by bob"]],
  ["one manager's people", { scope: { manager: "mia", roles: ["payer"] } }, ["ann, by eve", "bob, by eve"]],
  ["whom no source knows", { scope: { orphans: true } }, ["gus, by eve"]],
  ["one person", { scope: { subject: "bob" }, reviewer: "mia" }, ["bob, by mia", "bob, by mia"]],
])("scope and reviewers: %s", async (_, body, found) => {
  await open(body);
  expect((await items()).map((one) => one.replace(/^\w+ /, "").replace(": undecided", ""))).toEqual(found);
});

test("nobody who has left or is suspended is waited for", async () => {
  writeFileSync(join(folder, "people.csv"), "id,boss,state\nann,mia,on\nbob,tom,on\nmia,,gone\ntom,,on\n");
  const map = { subject: "id", manager: "boss", status: { from: "state", active: ["on"] } };
  await rms.call("PUT", `${bank}/sources/hr`, { kind: "csv", file: "people.csv", map });
  await rms.call("POST", `${bank}/sources/hr/sync`, { force: true, reason: "test" });
  await open({ reviewers: "manager", scope: { roles: ["payer"] } });
  expect(await items()).toEqual(["payer ann: undecided, by eve", "payer bob: undecided, by tom", "payer gus: undecided, by eve"]);
  for (const subject of ["tom", "eve"]) await rms.call("POST", `${bank}/subjects/${subject}/suspend`, { reason: "away" });
  await open({ reviewers: "manager", scope: { roles: ["payer"] } });
  const again = (await rms.call("GET", `${bank}/campaigns/2/items`)).body["items"] as readonly object[];
  expect(again.map((item) => "reviewer" in item)).toEqual([false, false, false]);
});

test("who is the only one to look, and a member, is left to those who answer for the domain", async () => {
  await open({ reviewer: "gus", scope: { orphans: true } });
  expect(await items()).toEqual(["payer gus: undecided, by undefined"]);
  expect((await decide("eve", "keep", "payer gus")).body["detail"]).toBe(
    "gus in the role payer is reviewed by those who answer for the domain.",
  );
  expect(
    (
      await as("olga", "decide", { decision: "keep", reason: "known", items: [keyOf("payer gus")] }, [
        "review:write",
        "domain:admin",
      ])
    ).status,
  ).toBe(200);
});

test("memberships that were made since a time are left out", async () => {
  now += 400_000;
  await rms.call("PUT", `${bank}/roles/clerk/members/gus`, { reason: "helps" });
  await open({ scope: { before: new Date(start + 300_000).toISOString(), roles: ["clerk"] } });
  expect(await items()).toEqual(["clerk ann: undecided, by eve"]);
});

test("a wrong campaign is refused", async () => {
  const said = async (more: object): Promise<unknown> => (await open(more)).body["detail"];
  expect(await said({ due: "2026-03-02T12:00:00Z" })).toBe("due must be a time to come.");
  expect(await said({ scope: { roles: ["boss"] } })).toBe("There is no role boss.");
  expect(await said({ scope: { subject: "nobody" } })).toBe("No membership is in the scope.");
});

test("reviewers decide about theirs, nobody about themselves, and all or none", async () => {
  await open({ reviewers: "manager", scope: { roles: ["payer"] } });
  expect((await decide("bob", "keep", "payer bob")).body["detail"]).toBe("Nobody decides on memberships of their own.");
  expect((await decide("mia", "keep", "payer ann", "payer gus")).body["detail"]).toBe(
    "gus in the role payer is reviewed by eve.",
  );
  expect((await decide("mia", "keep", "clerk ann")).body["detail"]).toBe("ann in the role clerk is not in the campaign.");
  expect(await items("?state=keep")).toEqual([]);
  expect((await decide("mia", "keep", "payer ann", "payer bob")).body["counts"]).toMatchObject({ keep: 2, undecided: 1 });
  expect((await decide("mia", "end", "payer ann")).body["counts"]).toMatchObject({ keep: 1, end: 1, undecided: 1 });
  expect(await items("?reviewer=mia&state=end")).toEqual(["payer ann: end, by mia"]);
});

test("only what ends makes sidecars fetch anew", async () => {
  const snapshot = async (): Promise<unknown> => (await rms.rms.store.domains.get("bank"))?.snapshot;
  const before = await snapshot();
  await open({ scope: { roles: ["payer"] } });
  await decide("eve", "keep", "payer ann", "payer bob");
  await as("eve", "delegate", { to: "mia", reason: "away", items: [keyOf("payer gus")] });
  expect(await snapshot()).toBe(before);
  await decide("mia", "end", "payer gus");
  await rms.call("POST", `${bank}/campaigns/1/sign`);
  expect(await snapshot()).not.toBe(before);
});

test("a reviewer hands memberships on, but not to the member", async () => {
  await open({ scope: { roles: ["payer"] } });
  const hand = (to: string): Promise<Answered> => as("eve", "delegate", { to, reason: "away", items: [keyOf("payer ann")] });
  expect((await hand("ann")).body["detail"]).toBe("ann would review a membership of their own.");
  expect((await hand("mia")).status).toBe(200);
  expect(await items("?reviewer=mia")).toEqual(["payer ann: undecided, by mia"]);
  expect((await decide("eve", "keep", "payer ann")).status).toBe(403);
});

test("a preview tells who would lose what, and signing does it", async () => {
  await open({ scope: { roles: ["payer"] } });
  await decide("eve", "end", "payer ann", "payer bob");
  // Bob has it through the role lead as well.
  expect((await rms.call("POST", `${bank}/campaigns/1/sign?dryRun=true`)).body).toMatchObject({
    state: "open",
    ended: 2,
    losing: 1,
    losers: [{ subject: "ann", loses: [{ action: "release", resource: "payments" }] }],
    dryRun: true,
  });
  expect((await rms.call("POST", `${bank}/campaigns/1/sign`)).body["detail"]).toBe(
    `Not everything is decided (1 left), and there is time until ${due}.`,
  );
  await decide("eve", "keep", "payer gus");
  const { body } = await rms.call("POST", `${bank}/campaigns/1/sign`, { reason: "spring" });
  expect(body).toMatchObject({ state: "signed", signedBy: "tester", ended: 2, kept: 1, byDefault: 0, losing: 1 });
  expect(body["digest"]).toMatch(/^[0-9a-f]{64}$/);
  expect([await held("ann"), await held("bob"), await held("gus")]).toEqual([["clerk"], ["lead"], ["payer"]]);
  expect(await items()).toEqual(["payer ann: end, by eve", "payer bob: end, by eve", "payer gus: keep, by eve"]);
  expect((await decide("eve", "keep", "payer ann")).body["detail"]).toBe("The campaign is signed.");
  const log = (await rms.call("GET", "/api/v1/audit?limit=2")).body["items"];
  const by = { actor: "tester (rms:admin)", reason: "spring", object: "bank/campaigns/1" };
  expect(log).toMatchObject([
    { ...by, action: "campaign.sign" },
    { ...by, action: "campaign.end" },
  ]);
});

test("what changed since is looked at again, and what is no more needs no look", async () => {
  await open({ scope: { roles: ["payer"] } });
  await decide("eve", "keep", "payer ann", "payer bob", "payer gus");
  now += 1000;
  await rms.call("PUT", `${bank}/roles/payer/members/ann`, { validUntil: due, reason: "for a while" });
  await rms.call("DELETE", `${bank}/roles/payer/members/bob?reason=left`);
  expect(await items()).toEqual(["payer ann: undecided, by eve", "payer bob: gone, by eve", "payer gus: keep, by eve"]);
  expect((await decide("eve", "keep", "payer bob")).body["detail"]).toBe("bob is no longer in the role payer.");
  await decide("eve", "keep", "payer ann");
  const { body } = await rms.call("POST", `${bank}/campaigns/1/sign`);
  expect(body).toMatchObject({ ended: 0, kept: 2, losing: 0, counts: { items: 3, keep: 2, gone: 1, undecided: 0 } });
});

test("what was signed keeps its evidence, and each membership that ended is in the audit log", async () => {
  await open({ scope: { roles: ["payer"] }, undecided: "end" });
  await decide("eve", "keep", "payer ann");
  await decide("eve", "end", "payer bob");
  const evidence = async (): Promise<unknown> =>
    ((await rms.call("GET", `${bank}/campaigns/1/items`)).body["items"] as readonly object[]).map((item) => ({
      ...{ role: "", subject: "", state: "", since: "", givenBy: "", givenFor: "" },
      ...item,
    }));
  now = start + 601_000;
  await signCampaigns(rms.rms);
  const since = new Date(start).toISOString();
  const given = { role: "payer", since, givenBy: "tester", givenFor: "hired" };
  const signed = [
    { ...given, subject: "ann", state: "keep" },
    { ...given, subject: "bob", state: "end" },
    { ...given, subject: "gus", state: "end" },
  ];
  expect(await evidence()).toMatchObject(signed);
  now += 1000;
  for (const subject of ["ann", "bob"])
    await rms.call("PUT", `${bank}/roles/payer/members/${subject}`, { validUntil: "2026-05-01T00:00:00Z", reason: "again" });
  expect(await evidence()).toMatchObject(signed);
  const [entry] = await rms.rms.store.audit.list({ action: "campaign.end" }, { limit: 9 });
  expect(entry).toMatchObject({ actor: "campaign:1", object: "bank/campaigns/1" });
  expect(JSON.parse(entry?.detail ?? "")).toEqual({ role: "payer", subjects: ["bob", "gus"] });
});

test("what was looked at is what is decided", async () => {
  await open({ scope: { roles: ["payer"] } });
  const since = new Date(now).toISOString();
  now += 1000;
  await rms.call("PUT", `${bank}/roles/payer/members/ann`, { validUntil: due, reason: "for a while" });
  const keep = (subject: string): Promise<Answered> =>
    as("eve", "decide", { decision: "keep", reason: "seen", items: [{ role: "payer", subject, since }] });
  expect([(await keep("ann")).status, (await keep("ann")).body["detail"]]).toEqual([
    409,
    `ann in the role payer has changed at ${new Date(now).toISOString()}: look again.`,
  ]);
  expect((await keep("bob")).status).toBe(200);
});

test("a decision is of the membership as it stood, whatever the clock says", async () => {
  await open({ scope: { roles: ["payer"] } });
  now -= 1_800_000;
  await decide("eve", "keep", "payer ann", "payer bob", "payer gus");
  expect(await items("?state=keep")).toHaveLength(3);
  now -= 1000;
  await rms.call("PUT", `${bank}/roles/payer/members/ann`, { validUntil: due, reason: "for a while" });
  expect(await items("?state=undecided")).toEqual(["payer ann: undecided, by eve"]);
});

test("nobody loses what another role lets them, also where that is more", async () => {
  const read = (resource: string, more: object = {}): object => ({ action: "read", resource, ...more });
  const wide = [read("payments/*"), { action: "*", resource: "shifts" }, read("desk/*", { constraints: { max: { n: 1 } } })];
  const narrow = [
    read("payments/eu/*"),
    read("payments/eu/1", { constraints: { max: { n: 1 } } }),
    { action: "plan", resource: "shifts" },
    read("desk/1", { constraints: { max: { n: 1 } } }),
  ];
  const lost = [read("payments"), read("paymentsx/1"), { action: "*", resource: "rota" }, read("desk/2"), read("*")];
  await rms.call("PUT", `${bank}/roles/wide`, { responsibilities: [...wide, { action: "plan", resource: "rota" }] });
  await rms.call("PUT", `${bank}/roles/narrow`, { responsibilities: [...narrow, ...lost] });
  for (const role of ["wide", "narrow"]) await rms.call("PUT", `${bank}/roles/${role}/members/zoe`, { reason: "hired" });
  await open({ scope: { roles: ["narrow"] } });
  await decide("eve", "end", "narrow zoe");
  expect((await rms.call("POST", `${bank}/campaigns/1/sign?dryRun=true`)).body["losers"]).toEqual([
    { subject: "zoe", loses: lost },
  ]);
});

test("the letters of an id are the same however they are written", async () => {
  const [composed, apart] = ["jos\u00e9", "jose\u0301"];
  await rms.call("PUT", `${bank}/roles/lead`, { owner: apart });
  await rms.call("PUT", `${bank}/roles/lead/members/${encodeURIComponent(apart)}`, { reason: "hired" });
  await rms.call("DELETE", `${bank}/roles/lead/members/bob?reason=left`);
  await open({ reviewers: "owner", scope: { roles: ["lead"] } });
  expect(await items()).toEqual([`lead ${composed}: undecided, by eve`]);
  const own = await as(apart, "decide", { decision: "keep", reason: "me", items: [keyOf(`lead ${apart}`)] }, ["domain:admin"]);
  expect(own.body["detail"]).toBe("Nobody decides on memberships of their own.");
  await as("eve", "delegate", { to: apart, reason: "away", items: [keyOf(`lead ${apart}`)] }).then(({ status }) =>
    expect(status).toBe(422),
  );
  expect(await items(`?reviewer=${encodeURIComponent("eve")}`)).toHaveLength(1);
});

test.each([
  ["end", "signed", ["clerk"]],
  ["keep", "overdue", ["clerk", "payer"]],
])("in time nobody decides: %s", async (undecided, state, left) => {
  await open({ scope: { roles: ["payer"] }, undecided });
  await decide("eve", "keep", "payer bob");
  now = start + 601_000;
  await signCampaigns(rms.rms);
  expect((await rms.call("GET", `${bank}/campaigns/1`)).body["state"]).toBe(state);
  expect([await held("ann"), await held("bob")]).toEqual([left, ["lead", "payer"]]);
  const signed = await rms.call("POST", `${bank}/campaigns/1/sign`);
  if (undecided === "end") expect(signed.body["detail"]).toBe("campaign:1 signed the campaign already.");
  else expect(signed.body).toMatchObject({ kept: 3, ended: 0, byDefault: 2 });
});

test("a campaign that cannot be signed leaves the others their end", async () => {
  for (const role of ["payer", "clerk"]) await open({ scope: { roles: [role] }, undecided: "end" });
  const { store } = rms.rms;
  let transactions = 0;
  const failing: Store = {
    ...store,
    transaction: (work) => (++transactions === 1 ? Promise.reject(new Error("broken")) : store.transaction(work)),
  };
  await expect(signOverdue(failing, new Date(start + 601_000))).rejects.toThrow("broken");
  expect([await held("ann"), await held("gus")]).toEqual([["payer"], ["payer"]]);
});

test("a domain has fifty campaigns at most that are not signed", async () => {
  for (let number = 1; number <= 50; number++) expect((await open({ scope: { roles: ["clerk"] } })).status).toBe(201);
  const { status, body } = await open();
  expect([status, body["detail"]]).toEqual([409, "50 campaigns of the domain are not signed yet: sign one of them first."]);
});
