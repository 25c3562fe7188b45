// The embedded store against the conformance suite of all drivers, and what is SQLite's own.
import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import { storeConformance } from "../conformance.test-helper.ts";
import { StoreTooNew } from "../store.ts";
import { moveLog, openSqliteStore } from "./store.ts";

const folder = (): string => mkdtempSync(join(tmpdir(), "rms-store-"));

storeConformance("SQLite", async () => {
  const home = folder();
  return {
    store: openSqliteStore(join(home, "rms.db")),
    remove: async () => rmSync(home, { recursive: true, force: true }),
  };
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
