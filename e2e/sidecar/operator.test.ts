// What an operator does with a store: backup while it serves, restore, checks, keys and tokens; and stores of earlier releases.

import { execFileSync } from "node:child_process";
import { readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { inFolder, root, run } from "../programs/run.ts";
import { adminToken, type RmsProcess, startRms } from "./rms-process.ts";

const text =
  'package shop\n\ndefault allow := false\n\nallow if data.rms.rbac.user_has_responsibility(input.user, "sell", "goods/1")\n';
const bundlePath = "/opa/v1/bundles/shop/main/dev";

async function fill(rms: RmsProcess): Promise<void> {
  await rms.call("POST", "/api/v1/domains", { id: "shop" });
  await rms.call("POST", "/api/v1/domains/shop/policies", { id: "main", entrypoints: ["shop/allow"] });
  const versions = "/api/v1/domains/shop/policies/main/versions";
  expect((await rms.call("POST", versions, { version: "1.0.0", files: { "a.rego": text }, message: "" })).status).toBe(201);
  await rms.call("PUT", "/api/v1/domains/shop/roles/seller", { responsibilities: [{ action: "sell", resource: "goods/*" }] });
  await rms.call("PUT", "/api/v1/domains/shop/roles/seller/members/ann", {});
  expect((await rms.call("PUT", "/api/v1/domains/shop/policies/main/channels/dev", { version: "1.0.0" })).status).toBe(201);
}

const tagOf = async (rms: RmsProcess): Promise<string> =>
  (await fetch(rms.url + bundlePath, { headers: { authorization: `Bearer ${adminToken}` } })).headers.get("etag") ?? "";

test("a backup taken while RMS serves restores to a store that serves the same under new ETags", async () => {
  await inFolder(async (folder) => {
    const rms = await startRms();
    await fill(rms);
    const before = await tagOf(rms);
    const backup = join(folder, "backup");
    const taken = await run("rms", ["backup", "--data", join(rms.folder, "data"), "--to", backup]);
    expect(taken.code, taken.err).toBe(0);
    await rms.stop();
    const restored = join(folder, "again");
    const outcome = await run("rms", ["restore", "--from", backup, "--data", join(restored, "data")]);
    expect(outcome.code, outcome.err).toBe(0);
    const again = await startRms(restored);
    const channel = await again.call("GET", "/api/v1/domains/shop/policies/main/channels/dev");
    expect(channel.body).toMatchObject({ version: "1.0.0", seq: 1_000_001 });
    const after = await tagOf(again);
    expect(after).not.toBe("");
    expect(after).not.toBe(before);
    const members = await again.call("GET", "/api/v1/domains/shop/roles/seller/members");
    expect(members.body).toMatchObject({ items: [{ subject: "ann" }] });
    await again.stop();
  });
});

test("a backup is verified without being written to, and nobody writes to it by mistake", async () => {
  await inFolder(async (folder) => {
    const rms = await startRms();
    await fill(rms);
    const backup = join(folder, "backup");
    expect((await run("rms", ["backup", "--data", join(rms.folder, "data"), "--to", backup])).code).toBe(0);
    await rms.stop();
    const verified = await run("rms", ["verify", "--data", backup]);
    expect([verified.code, JSON.parse(verified.out)]).toEqual([0, expect.objectContaining({ ok: true, faults: [] })]);
    expect((await run("rms", ["audit", "verify", "--data", backup])).code).toBe(0);
    const told = `rms: ${backup} is a backup; rms restore --from ${backup} makes a store of it\n`;
    for (const words of [["token", "--subject", "a", "--domain", "shop"], ["keys", "rotate"], ["migrate"], ["serve"]])
      expect(await run("rms", [...words, "--data", backup])).toEqual({ code: 1, out: "", err: told });
    expect((await run("rms", ["restore", "--from", backup, "--data", join(folder, "again")])).code).toBe(0);
  });
});

test("a damaged backup is refused and leaves nothing", async () => {
  await inFolder(async (folder) => {
    const rms = await startRms();
    await fill(rms);
    const backup = join(folder, "backup");
    expect((await run("rms", ["backup", "--data", join(rms.folder, "data"), "--to", backup])).code).toBe(0);
    await rms.stop();
    const shelf = join(backup, "blobs", "sha256");
    const first = readdirSync(shelf)[0]!;
    writeFileSync(join(shelf, first, readdirSync(join(shelf, first))[0]!), "something else");
    const outcome = await run("rms", ["restore", "--from", backup, "--data", join(folder, "again")]);
    expect(outcome.code).toBe(1);
    expect(outcome.err).toMatch(/missing or damaged/);
    expect(readdirSync(folder)).toEqual(["backup"]);
  });
});

test("restore never touches a folder that holds something", async () => {
  await inFolder(async (folder) => {
    writeFileSync(join(folder, "mine.txt"), "precious");
    const outcome = await run("rms", ["restore", "--from", "/nowhere", "--data", folder]);
    expect(outcome.code).toBe(1);
    expect(outcome.err).toContain("not empty");
    expect(readdirSync(folder)).toEqual(["mine.txt"]);
  });
});

test("verify names a blob that was changed on the disk", async () => {
  const rms = await startRms();
  await fill(rms);
  const data = join(rms.folder, "data");
  expect(JSON.parse((await run("rms", ["verify", "--data", data])).out)).toMatchObject({ ok: true });
  rmSync(join(data, "blobs"), { recursive: true });
  const outcome = await run("rms", ["verify", "--data", data]);
  expect(outcome.code).toBe(1);
  expect(outcome.out).toMatch(/a\.rego is missing or damaged/);
  await rms.stop();
});

test("a token made on the server's machine signs in, and break-glass leaves its reason in the audit log", async () => {
  const rms = await startRms();
  await fill(rms);
  const data = join(rms.folder, "data");
  const made = await run("rms", ["token", "--data", data, "--subject", "ci", "--domain", "shop", "--scope", "read"]);
  const { token } = JSON.parse(made.out) as { token: string };
  const answer = await fetch(`${rms.url}/api/v1/domains/shop`, { headers: { authorization: `Bearer ${token}` } });
  expect(answer.status).toBe(200);
  expect((await run("rms", ["break-glass", "--data", data])).err).toContain("--reason is missing");
  expect((await run("rms", ["break-glass", "--data", data, "--reason", "the directory is down"])).code).toBe(0);
  const { items } = (await rms.call("GET", "/api/v1/audit?limit=50")).body as { items: { action: string; reason: string }[] };
  expect(items.find((item) => item.action === "break-glass")).toMatchObject({ reason: "the directory is down" });
  expect(JSON.parse((await run("rms", ["audit", "verify", "--data", data])).out)).toMatchObject({ ok: true });
  await rms.stop();
});

test("a store of the first release is brought up to date; one of a later release is refused", async () => {
  await inFolder(async (folder) => {
    const node = process.versions.node.startsWith("20.") ? join(root, "node_modules/node/bin/node") : process.execPath;
    const script = (sql: string): void => {
      execFileSync(node, [
        "--input-type=module",
        "-e",
        `import { DatabaseSync } from "node:sqlite";
         import { migrations } from ${JSON.stringify(join(root, "rms/store/sqlite/schema.ts"))};
         const db = new DatabaseSync(${JSON.stringify(join(folder, "rms.db"))});
         db.exec(${sql});`,
      ]);
    };
    script(
      `migrations[0] + "INSERT INTO domains VALUES ('old', 'Old', 'old', '[]', 900, 'active', 1, 0, 0); INSERT INTO stamps VALUES ('old', 7, 5, 905); PRAGMA user_version = 1;"`,
    );
    const outcome = await run("rms", ["migrate", "--data", folder]);
    expect(outcome.code, outcome.err).toBe(0);
    expect((await run("rms", ["verify", "--data", folder])).code).toBe(0);
    script(`"PRAGMA user_version = 999"`);
    const later = await run("rms", ["migrate", "--data", folder]);
    expect(later.code).toBe(1);
    expect(later.err).toContain("newer release");
  });
});
