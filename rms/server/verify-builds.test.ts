// A bundle can be made again from its rows long after its roles and members have changed; rows that were tampered with show.
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Connection } from "../store/sqlite/connection.ts";
import { libraryOf } from "./library.ts";
import { type TestRms, testRms } from "./rms.test-helper.ts";
import { verifyBuilds } from "./verify-builds.ts";

let rms: TestRms;
let clock = Date.parse("2026-03-02T12:00:00Z");
const domain = "/api/v1/domains/orders";
const main = `${domain}/policies/main`;
const reason = "tested";
const source = {
  kind: "csv",
  file: "hr.csv",
  map: { subject: "id", attributes: { department: "dept" }, groups: { from: "groups" } },
  directory: "ldap",
  rules: [{ group: "Sales", role: "clerk" }],
};

async function step(method: string, path: string, body?: unknown): Promise<void> {
  clock += 1000;
  const answer = await rms.call(method, path, body);
  if (answer.status >= 300) throw new Error(answer.text);
}

const verdict = (library = rms.rms.library) =>
  verifyBuilds({ store: rms.rms.store, blobs: rms.rms.blobs, folder: rms.folder, library });

beforeAll(async () => {
  const feeds = mkdtempSync(join(tmpdir(), "feeds-"));
  writeFileSync(join(feeds, "hr.csv"), "id,dept,groups\nann,eu,Sales\nzoe,us,Sales\n");
  rms = await testRms({}, () => new Date(clock), [{ domain: "orders", folder: feeds, secrets: [] }]);
  await step("POST", "/api/v1/domains", { id: "orders" });
  await step("POST", `${domain}/policies`, { id: "main", entrypoints: ["orders/allow"] });
  await step("POST", `${main}/versions`, { version: "1.0.0", files: { "a.rego": "package orders\n\ndefault allow := false\n" } });
  await step("PUT", `${domain}/roles/clerk`, { responsibilities: [{ action: "read", resource: "orders/*" }] });
  for (const subject of ["ann", "bob"]) await step("PUT", `${domain}/roles/clerk/members/${subject}`, {});
  await step("PUT", `${domain}/roles/clerk/members/eve`, { validFrom: "2026-04-01T00:00:00Z" });
  await step("POST", `${domain}/subjects/bob/suspend`, { reason });
  await step("PUT", `${domain}/sources/hr`, source);
  await step("POST", `${domain}/sources/hr/sync`);
  await step("PUT", `${main}/channels/prod`, { version: "1.0.0" });
  await step("POST", `${main}/channels/prod/pin`, { reason });
});

afterAll(() => rms.stop());

test("the bundle of a pinned channel is made again after its facts have changed", async () => {
  await step("PATCH", domain, { includeMembers: true });
  await step("PUT", `${domain}/roles/clerk`, { title: "Clerk", responsibilities: [] });
  await step("DELETE", `${domain}/roles/clerk/members/ann?reason=${reason}`);
  await step("POST", `${domain}/subjects/bob/restore`, { reason });
  await step("DELETE", `${domain}/roles/clerk?reason=${reason}`);
  await step("DELETE", `${domain}/sources/hr?reason=${reason}`);
  expect(await verdict()).toEqual({ rebuilt: 1, skipped: 0, faults: [] });
});

test("after an upgrade the library of then is taken from the bundle", async () => {
  expect(await verdict(libraryOf([]))).toEqual({ rebuilt: 1, skipped: 0, faults: [] });
});

test("a membership that is smuggled into the past shows", async () => {
  const db = new Connection(join(rms.folder, "rms.db"));
  db.run(
    "INSERT INTO memberships SELECT domain, role, 'mallory', NULL, NULL, recorded_from, NULL, actor, reason, NULL FROM memberships LIMIT 1",
  );
  db.close();
  const { faults } = await verdict();
  expect(faults).toEqual([
    expect.stringMatching(/^the bundle at orders\/main\/prod is [0-9a-f]{64}, but its rows give [0-9a-f]{64}$/),
  ]);
});

test("what was recorded while the clock stood still or went back is not taken for another", async () => {
  clock -= 3_600_000;
  await step("PUT", `${domain}/roles/late`, { responsibilities: [] });
  expect(await verdict()).toEqual({ rebuilt: 0, skipped: 1, faults: [] });
});
