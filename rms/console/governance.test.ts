// Reviewers, identity engineers and operators with a browser: campaigns, reviews of movers, sources and sidecars.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type TestRms, testRms } from "../server/rms.test-helper.ts";
import { formsOf, signedIn, type TestBrowser, textOf } from "./browser.test-helper.ts";

const bank = "/api/v1/domains/bank";
const page = "/console/domains/bank";
const hostile = `<script>"'&`;
const folder = mkdtempSync(join(tmpdir(), "feeds-"));
let rms: TestRms;
let mia: TestBrowser;
let eve: TestBrowser;
let now = Date.parse("2026-03-02T12:00:00Z");

const member = (role: string, subject: string): Promise<unknown> =>
  rms.call("PUT", `${bank}/roles/${role}/members/${encodeURIComponent(subject)}`, { reason: "hired" });

beforeAll(async () => {
  rms = await testRms({}, () => new Date(now), [{ domain: "bank", folder, secrets: [] }]);
  await rms.call("POST", "/api/v1/domains", { id: "bank" });
  const responsibilities = [{ action: "release", resource: "payments/*" }];
  await rms.call("PUT", `${bank}/roles/payer`, { owner: "mia", risk: "high", responsibilities });
  await rms.call("PUT", `${bank}/roles/trader`, {});
  for (const subject of ["ann", hostile, "mia"]) await member("payer", subject);
  mia = await signedIn(rms, ["read", "review:write"], ["bank"], "mia");
  eve = await signedIn(rms, ["read", "roles:write", "review:write", "sources:write"], ["bank"], "eve");
});
afterAll(async () => {
  await rms.stop();
  rmSync(folder, { recursive: true });
});

test("a campaign is opened, decided by its reviewers, handed on, previewed and signed as it was previewed", async () => {
  const list = await eve.get(`${page}/campaigns`);
  const fields = {
    title: `Spring ${hostile}`,
    due: "2026-04-01T12:00",
    reviewers: "owner",
    reviewer: "eve",
    undecided: "keep",
    risks: "high",
  };
  const opened = await eve.send(list, "open", fields);
  expect([opened.address, opened.status]).toEqual([`${page}/campaigns/1?done=opened`, 200]);
  expect(textOf(opened.page)).toContain(`Spring ${hostile}`);
  expect(textOf(opened.page)).toMatch(
    /Decided 0 of 3.* Which memberships risks high .* mia payer .* tester hired by hand eve undecided/,
  );

  expect(textOf((await mia.get(page)).page)).toContain(`Waiting for you Campaign Spring ${hostile} , due 2026-04-01 12:00 UTC`);
  expect(textOf((await mia.get("/console")).page)).toContain(`Waiting for you bank : Campaign Spring ${hostile} , due`);
  const own = await mia.get(`${page}/campaigns/1`);
  expect(textOf(own.page)).toContain(`${hostile} payer 2026-03-02 12:00 UTC tester hired by hand mia undecided`);
  expect(textOf(own.page)).not.toContain("mia payer");
  expect(own.page).not.toContain(">Preview what signing");
  const nothing = await mia.send(own, "decide", { decision: "keep", reason: "r" });
  expect([nothing.status, textOf(nothing.page)]).toEqual([
    422,
    expect.stringContaining("Tick the memberships that you decide about."),
  ]);
  const forged = await mia.send(own, "decide", { item: "{", decision: "keep", reason: "r" });
  expect(forged.status).toBe(422);
  const one = await mia.send(own, "decide", {
    item: JSON.stringify({ role: "payer", subject: "ann" }),
    decision: "end",
    reason: "left the desk",
  });
  expect(textOf(one.page)).toMatch(/Your decision is recorded\. State open .* 1 of 3: 0 kept, 1 to end/);
  const every = await mia.send(one, "decide", { every: "yes", decision: "delegate", to: "eve", reason: "knows better" });
  expect(textOf(every.page)).toMatch(/Somebody else reviews them now.* No membership is such\./);

  const looked = await eve.get(`${page}/campaigns/1`);
  now += 1000;
  await rms.call("PUT", `${bank}/roles/payer/members/mia`, { validUntil: "2030-01-01T00:00:00Z", reason: "for a time" });
  const changed = await eve.send(looked, "decide", { every: "yes", decision: "keep", reason: "fine" });
  expect([changed.status, textOf(changed.page)]).toEqual([409, expect.stringContaining("mia in the role payer has changed at")]);

  const preview = await eve.get(`${page}/campaigns/1/sign`);
  expect(textOf(preview.page)).toMatch(
    /Memberships that end 1 .* Can no longer do something 1 person .* ann release payments\/\* 2 memberships are undecided/,
  );
  const rest = await eve.get(`${page}/campaigns/1`);
  await eve.send(rest, "decide", { every: "yes", decision: "keep", reason: "fine" });
  const full = await eve.get(`${page}/campaigns/1/sign`);
  await mia.send(own, "decide", {
    item: JSON.stringify({ role: "payer", subject: "ann" }),
    decision: "keep",
    reason: "came back",
    once: "2",
  });
  const stale = await eve.send(full, "sign", { reason: "spring" });
  expect([stale.status, textOf(stale.page)]).toEqual([412, expect.stringContaining("look again")]);
  await mia.send(own, "decide", {
    item: JSON.stringify({ role: "payer", subject: "ann" }),
    decision: "end",
    reason: "left after all",
    once: "3",
  });
  const signed = await eve.send(await eve.get(`${page}/campaigns/1/sign`), "sign", { reason: "spring" });
  expect(textOf(signed.page)).toMatch(
    /The campaign is signed.* State signed .* Digest of all decisions [0-9a-f]{64} .* ann payer .* end by mia : left after all/,
  );
  expect(await rms.rms.store.roles.member("bank", "payer", "ann")).toBeUndefined();
});

test("nobody decides on a membership of their own", async () => {
  await rms.call("POST", `${bank}/campaigns`, { title: "Own", due: "2026-04-01T12:00:00Z", reviewer: "eve" });
  await member("payer", "eve");
  await rms.call("POST", `${bank}/campaigns`, { title: "Own", due: "2026-04-01T12:00:00Z", reviewer: "bob" });
  const seen = await eve.get(`${page}/campaigns/3?who=all`);
  const item = JSON.stringify({ role: "payer", subject: "eve" });
  const refused = await eve.send(seen, "decide", { item, decision: "keep", reason: "mine" });
  expect([refused.status, textOf(refused.page)]).toEqual([
    403,
    expect.stringContaining("Nobody decides on memberships of their own."),
  ]);
});

test("a source is read by hand, tells how fresh it is, and a mover's roles are reviewed", async () => {
  const settings = {
    kind: "csv",
    file: "people.csv",
    map: { subject: "id", manager: "boss", attributes: { department: "dept" } },
    rules: [{ attribute: "department", is: "trading", role: "trader" }],
    ...{ grace: 600, review: "end", maxAge: 600 },
  };
  await rms.call("PUT", `${bank}/sources/hr`, settings);
  expect(textOf((await eve.get(`${page}/sources`)).page)).toContain("hr csv stale nothing was taken yet none yet by hand");
  const read = async (department: string, boss: string): Promise<string> => {
    writeFileSync(join(folder, "people.csv"), `id,dept,boss\nzoe,${department},${boss}\n`);
    now += 1000;
    return textOf((await eve.send(await eve.get(`${page}/sources/hr`), "sync", { force: "yes", reason: "test" })).page);
  };
  expect(await read("trading", "mia")).toMatch(
    /The source was read.* fresh .* 1 2026-03-02 12:00 UTC changed eve Reason: test 1 people/,
  );
  await member("payer", "zoe");
  await read("canteen", "bob");
  const failed = await eve.get(`${page}/sources/hr`);
  rmSync(join(folder, "people.csv"));
  now += 1000;
  expect(textOf((await eve.send(failed, "sync", { reason: "" })).page)).toMatch(
    /nothing was taken: the first row says why.* 3 .* failed eve/,
  );
  now += 1_200_000;
  expect(textOf((await eve.get(`${page}/sources`)).page)).toMatch(/hr csv stale 20 minutes old/);
  now -= 1_200_000;

  expect(textOf((await mia.get(page)).page)).toContain("Review of zoe , due");
  const review = await mia.get(`${page}/reviews/1`);
  expect(textOf((await mia.get(`${page}/reviews`)).page)).toMatch(/1: zoe open .* bob 0 of \d/);
  expect(textOf(review.page)).toMatch(
    /Moved from manager: mia department: trading Moved to manager: bob department: canteen .* payer undecided/,
  );
  const decided = await mia.send(review, "decide", { role: "payer", decision: "keep", reason: "still pays" });
  expect(textOf(decided.page)).toMatch(/Your decision is recorded.* payer keep mia .* still pays/);
  const again = await mia.send(review, "decide", { role: "payer", decision: "end", reason: "no", once: "late" });
  expect(again.status).toBe(412);
});

test("sidecars tell what they run, and which refuse it", async () => {
  await rms.call("POST", `${bank}/policies`, { id: "main", entrypoints: ["bank/allow"] });
  const authorization = `Bearer ${await rms.token(["telemetry:write"], ["bank"])}`;
  const report = (instance: string, error?: string): Promise<unknown> => {
    const failed = error === undefined ? {} : { code: "bundle_error", message: error };
    const bundle = { name: "bank/main", active_revision: "bank/main@1.0.0+s1.t1", ...failed };
    return rms.call(
      "POST",
      "/opa/v1/status",
      { labels: { instance, app: hostile }, bundles: { "bank/main": bundle } },
      { authorization },
    );
  };
  await report("pod/1");
  await report(`pod ${hostile}`, "disk <full>");
  const sidecars = `${page}/policies/main/sidecars`;
  expect(textOf((await mia.get(sidecars)).page)).toContain(`pod ${hostile} failed 1.0.0 bank/main@1.0.0+s1.t1`);
  expect(textOf((await mia.get(`${sidecars}?state=failed`)).page)).not.toContain("pod/1");
  const one = await mia.get(`${page}/policies/main/sidecar?${new URLSearchParams({ instance: `pod ${hostile}` })}`);
  expect(textOf(one.page)).toMatch(/Last error .*disk <full> .* What it ran .* 1\.0\.0/);
  expect((await mia.get(`${page}/policies/main/sidecar?instance=none`)).status).toBe(404);
});

test("every form of every page has a token of the session", async () => {
  for (const address of ["campaigns", "campaigns/1?who=all&state=any", "reviews/1", "sources/hr", "people", "roles/payer"]) {
    const { page: html } = await eve.get(`${page}/${address}`);
    for (const { hidden } of formsOf(html)) expect(hidden["form-token"], address).toMatch(/^[\w-]{43}$/);
    expect(html.match(/<form method="post"/g)?.length, address).toBe(formsOf(html).length);
  }
});
