// A folder of Rego v0 in a real workbench: it asks once how it is to be read, and the answer mends every file; and what commands say that cannot work there.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type CodeServer, startCodeServer } from "./code-server.ts";
import { launchBrowser, Workbench } from "./workbench.ts";

let server: CodeServer;
let browser: Browser;
const folder = mkdtempSync(join(tmpdir(), "rw-v0-"));

beforeAll(async () => {
  mkdirSync(join(folder, "labels"));
  writeFileSync(
    join(folder, "labels/src.rego"),
    'package labels\n\nviolation[{"msg": msg}] {\n\tnot input.labels.owner\n\tmsg := "no owner"\n}\n',
  );
  writeFileSync(join(folder, "notes.md"), "# Notes\n");
  server = await startCodeServer({ vsix: [resolve("dist/rulewright.vsix")] });
  browser = await launchBrowser();
});

afterAll(async () => {
  await browser?.close();
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

let workbench: Workbench;

test("`Read as Rego v0` sets the folder's setting, and the decision is there", async () => {
  workbench = await Workbench.open(browser, server, folder, "labels/src.rego");
  await workbench.squiggle("error");
  expect(await workbench.notification("written in Rego v0")).toBe(
    `1 of 1 policies in ${folder.slice(folder.lastIndexOf("/") + 1)} are written in Rego v0, and read as v1.`,
  );
  await workbench.command("Notifications: Show Notifications");
  await workbench.page.locator(".notifications-center .monaco-button", { hasText: "Read as Rego v0" }).click();
  await workbench.noSquiggle("error");
  await workbench.decoration("no owner");
  expect(JSON.parse(readFileSync(join(folder, ".vscode/settings.json"), "utf8"))).toEqual({ "rw.regoVersion": "v0" });
});

test("where no RMS is named, its state cannot be shown, and why is said", async () => {
  await workbench.command("Rulewright: Show the State of RMS");
  expect(await workbench.notification("No RMS is named")).toBe("No RMS is named: set `rms.url` in rw.conf, or the setting.");
});

test("where no policy was looked at, there is no decision to open", async () => {
  const other = await Workbench.open(browser, server, folder, "notes.md");
  await other.command("Rulewright: Open the Full Decision");
  expect(await other.notification("open a Rego file first")).toBe("Rulewright: open a Rego file first");
});
