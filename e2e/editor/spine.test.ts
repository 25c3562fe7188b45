// The spine in a real workbench: see the fault, see the decision change while typing, choose another input, look at the resolved input,
// publish to a real RMS, and ask a real OPA that runs as the sidecar.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { eventually } from "../programs/run.ts";
import { type Sidecar, startSidecar } from "../sidecar/opa-process.ts";
import { adminToken, type RmsProcess, startRms } from "../sidecar/rms-process.ts";
import { type CodeServer, startCodeServer } from "./code-server.ts";
import { launchBrowser, Workbench } from "./workbench.ts";

let server: CodeServer;
let browser: Browser;
let workbench: Workbench;
let rms: RmsProcess;
let sidecar: Sidecar | undefined;
const folder = mkdtempSync(join(tmpdir(), "rw-spine-"));

beforeAll(async () => {
  cpSync("examples", folder, { recursive: true });
  rms = await startRms();
  const config = join(folder, "storage/rw.conf");
  writeFileSync(config, readFileSync(config, "utf8").replace("http://127.0.0.1:8182", rms.url));
  server = await startCodeServer({ vsix: [resolve("dist/rulewright.vsix")] });
  browser = await launchBrowser();
  workbench = await Workbench.open(browser, server, join(folder, "storage"), "policy/storage.rego");
});

afterAll(async () => {
  await browser?.close();
  await server?.stop();
  await sidecar?.stop();
  await rms?.stop();
  rmSync(folder, { recursive: true, force: true });
});

afterEach(async ({ task }) => {
  if (task.result?.state === "fail") await workbench?.screenshotOfFailure(task.name);
});

test("the decision for the nearest sample stands behind the rule and in the status bar", async () => {
  await workbench.decoration("=> true");
  await workbench.statusBar("allow = true");
  await workbench.statusBar("client1-reads-bucket2.conf");
  await workbench.screenshot("01-decision-light.png");
});

test("a missing quote is underlined where it opened, named, and the decision is marked as old", async () => {
  await workbench.replaceLine(15, 'input.action == "read"');
  await workbench.decoration("=> true");
  await workbench.page.keyboard.press("End");
  await workbench.page.keyboard.press("Backspace");
  await workbench.squiggle("error");
  await workbench.statusBar("allow: stale");
  const rows = await workbench.problems();
  expect(rows.join("\n")).toMatch(/non-terminated string/u);
  await workbench.screenshot("02-missing-quote.png");
});

test("mending the quote clears the problem", async () => {
  await workbench.showTab("storage.rego");
  await workbench.goTo(15);
  await workbench.page.keyboard.press("End");
  await workbench.page.keyboard.insertText('"');
  await workbench.noSquiggle("error");
  await workbench.decoration("=> true");
  await workbench.statusBar("allow = true");
});

test("a change of the policy changes the decision while typing, against what is expected", async () => {
  await workbench.replaceLine(15, 'input.action == "write"');
  await workbench.decoration("=> false");
  await workbench.decoration("expected true");
  await workbench.screenshot("03-changed-decision.png");
  await workbench.replaceLine(15, "input.action in grant.actions");
  await workbench.decoration("=> true");
});

test("another input is chosen by keyboard, and the decision is for that one", async () => {
  await workbench.command("Rulewright: Choose Sample Input");
  await workbench.pick("client1-writes-bucket2");
  await workbench.decoration("=> false");
  await workbench.statusBar("client1-writes-bucket2.conf");
});

test("the Decision view lists input and rules", async () => {
  await workbench.command("View: Show Rulewright");
  const row = workbench.page.locator(".pane-body .monaco-list-row", { hasText: "allow" }).first();
  await row.waitFor();
  expect(await row.textContent()).toContain("false");
  await workbench.screenshot("04-decision-view.png");
  await workbench.command("View: Show Explorer");
});

test("the resolved input follows the HOCON text", async () => {
  await workbench.openFile("client1-reads-bucket2.conf");
  await workbench.command("Rulewright: Show the Resolved Input");
  const preview = workbench.page.locator(".editor-group-container", { hasText: "resolved.jsonc" }).locator(".view-lines").last();
  await preview.waitFor();
  await expect
    .poll(async () => (await preview.textContent())?.replaceAll("\u00a0", " "), { timeout: 30_000 })
    .toContain('"region": "eu-west"');
  await workbench.screenshot("05-resolved-input.png");
});

test("dark and high contrast show the same", async () => {
  await workbench.showTab("storage.rego");
  for (const [theme, name] of [
    ["Dark Modern", "06-dark.png"],
    ["Dark High Contrast", "07-high-contrast.png"],
  ] as const) {
    await workbench.theme(theme);
    await workbench.decoration("=> false");
    await workbench.screenshot(name);
  }
  await workbench.theme("Light Modern");
});

const question = { client: "client2", bucket: "bucket2", action: "read" };

test("publishing asks for the token once, runs every step, and the sidecar enforces what was published", async () => {
  await workbench.command("Rulewright: Publish to RMS");
  await workbench.answer("Token for", adminToken);
  expect(await workbench.notification("Published 1.0.0")).toMatch(/check ✓.*test ✓ 5\/5.*publish ✓.*channel ✓/u);
  await workbench.screenshot("08-published.png");
  sidecar = await startSidecar(rms, "storage", "main", "dev");
  expect(await sidecar.decide("storage/allow", { ...question, client: "client1" })).toBe(true);
  expect(await sidecar.decide("storage/allow", question)).toBe(false);
});

test("a change of a decision is shown before it is published, and reaches the sidecar", async () => {
  await workbench.showTab("storage.rego");
  await workbench.goTo(16, 2);
  await workbench.page.keyboard.insertText('\n\nallow if input.client == "client2"');
  await workbench.statusBar("1 · allow");
  await workbench.command("Rulewright: Publish to RMS");
  await workbench.dialog("1 decision changes");
  await workbench.screenshot("09-decision-diff.png");
  await workbench.dialogButton("Publish");
  await workbench.notification("Published 1.0.1");
  await eventually(async () => ((await sidecar?.decide("storage/allow", question)) === true ? true : undefined));
});

test("what fails its tests is not published", async () => {
  await workbench.showTab("storage.rego");
  await workbench.replaceLine(15, 'input.action == "write"');
  await workbench.command("Rulewright: Publish to RMS");
  expect(await workbench.notification("Not published")).toContain("2 of 5 tests fail");
  expect(await sidecar?.decide("storage/allow", { ...question, client: "client1" })).toBe(true);
});
