// The Test Explorer in a real workbench: `test_` rules and expected decisions are found, run, and fail with both values.
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, test } from "vitest";
import { type CodeServer, startCodeServer } from "./code-server.ts";
import { launchBrowser, Workbench } from "./workbench.ts";

let server: CodeServer;
let browser: Browser;
let workbench: Workbench;
const folder = mkdtempSync(join(tmpdir(), "rw-tests-"));

beforeAll(async () => {
  cpSync("examples/storage", folder, { recursive: true });
  server = await startCodeServer({ vsix: [resolve("dist/rulewright.vsix")] });
  browser = await launchBrowser();
  workbench = await Workbench.open(browser, server, folder, "policy/storage.rego");
});

afterAll(async () => {
  await browser?.close();
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

afterEach(async ({ task }) => {
  if (task.result?.state === "fail") await workbench?.screenshotOfFailure(task.name);
});

test("rules and samples are listed, and all of them pass", async () => {
  await workbench.decoration("=> true");
  await workbench.command("Testing: Focus on Test Explorer View");
  await workbench.testRow("storage_test");
  await workbench.command("Test: Run All Tests");
  await workbench.testRow("storage_test", "passed");
  await workbench.expandTest("storage_test");
  await workbench.testRow("test_granted_action_is_allowed", "passed");
  await workbench.testRow("client1-reads-bucket2", "passed");
  await workbench.screenshot("12-tests-passed.png");
});

test("a changed rule fails the tests it breaks, and only those", async () => {
  await workbench.showTab("storage.rego");
  await workbench.replaceLine(15, 'input.action == "write"');
  await workbench.decoration("=> false");
  await workbench.command("Test: Run All Tests");
  await workbench.command("Testing: Focus on Test Explorer View");
  await workbench.testRow("test_granted_action_is_allowed", "failed");
  await workbench.testRow("test_unknown_client_is_denied", "passed");
  await workbench.testRow("client1-reads-bucket2", "failed");
  await workbench.screenshot("13-tests-failed.png");
});

test("mended, everything passes again", async () => {
  await workbench.showTab("storage.rego");
  await workbench.replaceLine(15, "input.action in grant.actions");
  await workbench.decoration("=> true");
  await workbench.command("Test: Run All Tests");
  await workbench.command("Testing: Focus on Test Explorer View");
  await workbench.testRow("test_granted_action_is_allowed", "passed");
  await workbench.testRow("client1-reads-bucket2", "passed");
  await workbench.noSquiggle("error");
});

test("a new policy comes with a test, a sample and its expected decision, and all of them hold", async () => {
  await workbench.command("Rulewright: New Policy");
  await workbench.titled("New Policy");
  await workbench.fill("New Policy", "Decision");
  await workbench.answer("Package, as authz.orders", "shop.cart");
  await workbench.page.locator(".tab.active", { hasText: "cart.rego" }).waitFor();
  await workbench.decoration("=> true");
  await workbench.command("Test: Run All Tests");
  await workbench.command("Testing: Focus on Test Explorer View");
  await workbench.testRow("shop.cart_test", "passed");
  await workbench.testRow("inputs/cart-admin", "passed");
  await workbench.noSquiggle("error");
  await workbench.command("Rulewright: New Policy");
  await workbench.titled("New Policy");
  await workbench.fill("New Policy", "Decision");
  await workbench.answer("Package, as authz.orders", "shop.cart");
  await workbench.notification("exists already: nothing was written");
});
