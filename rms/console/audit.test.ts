// What auditors look at: who can do what now and then, the log with its filters, whether it is whole, and the report of a domain.
import { afterAll, beforeAll, expect, test } from "vitest";
import { type TestRms, testRms } from "../server/rms.test-helper.ts";
import { signedIn, type TestBrowser, textOf } from "./browser.test-helper.ts";

const orders = "/api/v1/domains/orders";
const page = "/console/domains/orders";
const hostile = `<script>"'&`;
let rms: TestRms;
let auditor: TestBrowser;
let now = Date.parse("2026-03-02T23:50:00Z");

beforeAll(async () => {
  rms = await testRms({}, () => new Date(now));
  await rms.call("POST", "/api/v1/domains", { id: "orders", title: `Desk ${hostile}` });
  await rms.call("POST", "/api/v1/domains", { id: "other" });
  await rms.call("PUT", `${orders}/roles/clerk`, {
    risk: "low",
    responsibilities: [{ action: "approve", resource: "orders/*" }],
  });
  await rms.call("PUT", `${orders}/roles/clerk/members/ann`, { reason: hostile });
  now = Date.parse("2026-03-03T00:20:00Z");
  await rms.call("DELETE", `${orders}/roles/clerk/members/ann?reason=left`);
  await rms.call("PUT", `${orders}/roles/clerk/members/bob`, { reason: "came" });
  auditor = await signedIn(rms, ["read", "audit:read"], ["orders"], "vera");
});
afterAll(() => rms.stop());

test("who can do what is asked of now and of another time, as it was known at one", async () => {
  expect(textOf((await auditor.get(`${page}/access`)).page)).toContain("Name a person, an action or a resource.");
  const present = textOf((await auditor.get(`${page}/access?action=approve&resource=orders%2F1&at=&knownAt=`)).page);
  expect(present).toMatch(/Now\. .* bob approve orders\/\* clerk/);
  expect(present).not.toContain("ann");
  const past = textOf(
    (await auditor.get(`${page}/access?subject=&action=approve&resource=&at=2026-03-03T00:00&knownAt=2026-03-03T00:10`)).page,
  );
  expect(past).toMatch(/As of 2026-03-03 00:00 UTC , as known at 2026-03-03 00:10 UTC \. .* ann approve orders\/\* clerk/);
  const future = await auditor.get(`${page}/access?action=approve&knownAt=2030-01-01T00:00`);
  expect([future.status, textOf(future.page)]).toEqual([422, expect.stringContaining("knownAt is in the future")]);
});

test("the log is asked by who, what and when, in pages, and never of a foreign domain", async () => {
  const all = textOf((await auditor.get("/console/audit")).page);
  expect(all).toMatch(/tester \(rms:admin\) member\.put orders\/roles\/clerk\/members\/bob came .* member\.put .* <script>"'&/);
  expect(all).not.toContain(" other ");
  const some = textOf((await auditor.get(`${page}/audit?action=member.delete&actor=&from=2026-03-03T00:00&to=`)).page);
  expect(some).toMatch(/member\.delete orders\/roles\/clerk\/members\/ann left$/);
  expect(textOf((await auditor.get(`${page}/audit?to=2026-03-01T00:00`)).page)).toContain("Nothing in the log is such.");
  expect(textOf((await auditor.get("/console/audit?domain=other")).page)).toContain("Nothing in the log is such.");
  expect((await auditor.get("/console/domains/other/audit")).status).toBe(404);
  const reader = await signedIn(rms, ["read"], ["orders"]);
  expect([(await reader.get("/console/audit")).status, (await reader.get(`${page}/audit`)).status]).toEqual([403, 403]);
  expect((await reader.get("/console")).page).not.toContain("Audit log");
});

test("the chain of the log is computed again", async () => {
  const verified = await auditor.send(await auditor.get("/console/audit"), "verify");
  expect(textOf(verified.page)).toMatch(/The log is whole: \d+ events, the last one with the digest [0-9a-f]{64}/);
});

test("a domain's report tells of a time what changed, by whom and why, and how things stand", async () => {
  await rms.call("POST", `${orders}/campaigns`, { title: "Spring", due: "2026-04-01T00:00:00Z", reviewer: "eve" });
  const report = textOf((await auditor.get(`${page}/report?from=2026-03-03&to=2026-03-20`)).page);
  expect(report).toContain(`Report of Desk ${hostile}`);
  expect(report).toMatch(/Covers 2026-03-03 up to, not with, 2026-03-20/);
  expect(report).toMatch(
    /Roles, memberships and suspensions .* member\.put orders\/roles\/clerk\/members\/bob came .* member\.delete/,
  );
  expect(report).toMatch(
    /Campaigns and reviews .* campaign\.open .* Who has what now .* clerk low 1 .* 1: Spring open .* Sidecars that refuse their bundle now None\./,
  );
  expect(report).not.toContain("role.put");
  const usual = await auditor.get(`${page}/report?from=nonsense`);
  expect([usual.status, textOf(usual.page)]).toEqual([
    200,
    expect.stringContaining("Covers 2026-02-01 up to, not with, 2026-03-04"),
  ]);
  const reader = await signedIn(rms, ["read"], ["orders"]);
  expect((await reader.get(`${page}/report`)).status).toBe(403);
});
