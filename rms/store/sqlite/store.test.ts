// The embedded store against the conformance suite of all drivers, and what is SQLite's own.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import { storeConformance } from "../conformance.test-helper.ts";
import { StoreTooNew } from "../store.ts";
import { openSqliteStore } from "./store.ts";

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
