// The embedded store against the conformance suite of all drivers, and what is SQLite's own.
import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import { campaignConformance } from "../campaigns-conformance.test-helper.ts";
import { storeConformance } from "../conformance.test-helper.ts";
import { hookConformance } from "../hooks-conformance.test-helper.ts";
import { sourceConformance } from "../sources-conformance.test-helper.ts";
import { StoreTooNew } from "../store.ts";
import { migrations } from "./schema.ts";
import { moveLog, openSqliteStore } from "./store.ts";

const folder = (): string => mkdtempSync(join(tmpdir(), "rms-store-"));

const open = async () => {
  const home = folder();
  return {
    store: openSqliteStore(join(home, "rms.db")),
    remove: async () => rmSync(home, { recursive: true, force: true }),
  };
};

storeConformance("SQLite", open);
sourceConformance("SQLite", open);
campaignConformance("SQLite", open);
hookConformance("SQLite", open);

test("a store of the release before sources has its members by hand, and what it recorded stays as it was", async () => {
  const path = join(folder(), "rms.db");
  const raw = new DatabaseSync(path);
  for (const sql of migrations.slice(0, 10)) raw.exec(sql);
  raw.exec(`PRAGMA user_version = 10;
    INSERT INTO domains (id, title, package, owners, max_age_s, state, snapshot, snapshot_at, created_at) VALUES ('d', '', 'd', '[]', 60, 'active', 2, 1, 1);
    INSERT INTO roles VALUES ('d', 'r', '{"includes":[],"responsibilities":[]}', 1, NULL, 'ann', '');
    INSERT INTO memberships VALUES ('d', 'r', 'ann', NULL, NULL, 1, NULL, 'ann', ''), ('d', 'r', 'bob', NULL, NULL, 1, 2, 'ann', '');
    INSERT INTO suspensions VALUES ('d', 'eve', 1, NULL, 'ann', '');
    INSERT INTO stamps VALUES ('d', 3, 10, 70, 2);`);
  raw.close();
  const store = openSqliteStore(path);
  expect(await store.roles.members("d", "r")).toEqual([{ subject: "ann", from: undefined, until: undefined }]);
  expect(await store.roles.suspendedBySources("d")).toEqual(new Set());
  expect(await store.builds.stamp("d")).toEqual({ number: 3, asOf: 10, freshUntil: 70, snapshot: 2, sources: {} });
  expect((await store.roles.facts("d")).facts).toEqual({
    domain: "d",
    roles: [{ id: "r", includes: [], responsibilities: [], members: [{ subject: "ann" }] }],
    suspended: ["eve"],
  });
  await store.close();
  const after = new DatabaseSync(path);
  expect(() => after.exec("UPDATE memberships SET origin = 'hr'")).toThrow("never changes");
  after.close();
});

test("the driver itself refuses a changed audit event and a changed fact; a newer store is not opened", async () => {
  const path = join(folder(), "rms.db");
  const store = openSqliteStore(path);
  await store.transaction(async (tx) => {
    const by = { at: 1, actor: "", reason: "" };
    await tx.domains.create({
      id: "d",
      title: "",
      package: "d",
      owners: [],
      maxAge: 60,
      builtins: [],
      includeMembers: false,
      at: 1,
    });
    await tx.roles.putMember("d", "r", { subject: "ann", from: undefined, until: undefined }, by);
    await tx.audit.append({
      ...{ seq: 1, at: "", actor: "", action: "", domain: "d", object: "", requestId: "", reason: "" },
      ...{ detail: "{}", prev: "", hash: "" },
    });
  });
  await store.close();
  const raw = new DatabaseSync(path);
  expect(() => raw.exec("UPDATE audit SET actor = 'eve'")).toThrow("append-only");
  expect(() => raw.exec("DELETE FROM audit")).toThrow("append-only");
  expect(() => raw.exec("UPDATE memberships SET subject = 'eve'")).toThrow("never changes");
  raw.exec("PRAGMA user_version = 999");
  raw.close();
  expect(() => openSqliteStore(path)).toThrow(StoreTooNew);
});

test("after many changed rows the log is moved into the file, which holds them then without its log", async () => {
  const path = join(folder(), "rms.db");
  let asked = 0;
  const store = openSqliteStore(path, { checkpoint: () => asked++ });
  const by = { at: 1, actor: "", reason: "" };
  const addMembers = (from: number): Promise<void> =>
    store.transaction(async (tx) => {
      for (let n = from; n < from + 600; n++)
        await tx.roles.putMember("d", "r", { subject: `user-${n}`, from: undefined, until: undefined }, by);
    });
  await addMembers(0);
  await store.transaction(async () => {});
  expect(asked).toBe(0);
  await addMembers(600);
  await store.transaction(async () => {});
  expect(asked).toBe(1);
  moveLog(path);
  const alone = join(folder(), "alone.db");
  copyFileSync(path, alone);
  const raw = new DatabaseSync(alone);
  expect(raw.prepare("SELECT count(*) AS n FROM memberships").get()).toEqual({ n: 1200 });
  raw.close();
  await store.close();
});
