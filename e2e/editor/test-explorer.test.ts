// The Test Explorer in a real workbench: `test_` rules and expected decisions are found, run, and fail with both values.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { storageDesk } from "./storage-desk.ts";
import { patience } from "./workbench.ts";

const desk = storageDesk();

test("rules and samples are listed, and all of them pass", async () => {
  await desk.workbench.decoration("=> true");
  await desk.workbench.command("Testing: Focus on Test Explorer View");
  await desk.workbench.testRow("storage_test");
  await desk.workbench.command("Test: Run All Tests");
  await desk.workbench.testRow("storage_test", "passed");
  await desk.workbench.expandTest("storage_test");
  await desk.workbench.testRow("test_granted_action_is_allowed", "passed");
  await desk.workbench.testRow("client1-reads-bucket2", "passed");
  await desk.workbench.screenshot("12-tests-passed.png");
});

test("a changed rule fails the tests it breaks, and only those", async () => {
  await desk.workbench.showTab("storage.rego");
  await desk.workbench.replaceLine(15, 'input.action == "write"');
  await desk.workbench.decoration("=> false");
  await desk.workbench.command("Test: Run All Tests");
  await desk.workbench.command("Testing: Focus on Test Explorer View");
  await desk.workbench.testRow("test_granted_action_is_allowed", "failed");
  await desk.workbench.testRow("test_unknown_client_is_denied", "passed");
  await desk.workbench.testRow("client1-reads-bucket2", "failed");
  await desk.workbench.screenshot("13-tests-failed.png");
});

test("mended, everything passes again", async () => {
  await desk.workbench.showTab("storage.rego");
  await desk.workbench.replaceLine(15, "input.action in grant.actions");
  await desk.workbench.decoration("=> true");
  await desk.workbench.command("Test: Run All Tests");
  await desk.workbench.command("Testing: Focus on Test Explorer View");
  await desk.workbench.testRow("test_granted_action_is_allowed", "passed");
  await desk.workbench.testRow("client1-reads-bucket2", "passed");
  await desk.workbench.noSquiggle("error");
});

test("a decision of a log becomes a sample with what was decided as what is expected", async () => {
  const log = join(desk.folder, "decisions.ndjson");
  const input = { client: "client9", bucket: "bucket1", action: "read" };
  writeFileSync(
    log,
    `${JSON.stringify({ decision_id: "d9", path: "storage/allow", timestamp: "2026-01-02T03:04:05Z", input, result: false })}\n`,
  );
  await desk.workbench.command("Rulewright: Make Sample Inputs of a Decision Log");
  // The box has the folder in it once that was read.
  await desk.workbench.row("storage_test.rego");
  await desk.workbench.page.locator(".quick-input-widget input").first().fill(log);
  await desk.workbench.row("decisions.ndjson");
  await desk.workbench.page.keyboard.press("Enter");
  await desk.workbench.titled("decisions.ndjson: 0 of 1 decisions are otherwise now");
  await desk.workbench.row("storage/allow false");
  await desk.workbench.screenshot("20-decision-log.png");
  await desk.workbench.page.keyboard.press("ArrowDown");
  await desk.workbench.page.keyboard.press("Space");
  await desk.workbench.page.keyboard.press("Enter");
  await desk.workbench.answer("What of the input is nobody's business?", "/input/client");
  await desk.workbench.page.locator(".tab.active", { hasText: "log-d9.json" }).waitFor();
  await desk.workbench.lineWith('"client": "***"');
  await desk.workbench.command("Testing: Focus on Test Explorer View");
  await desk.workbench.testRow("log-d9");
  await desk.workbench.command("Test: Run All Tests");
  await desk.workbench.testRow("log-d9", "passed");
  await desk.workbench.showTab("storage.rego");
});

test("a new policy comes with a test, a sample and its expected decision, and all of them hold", async () => {
  await desk.workbench.command("Rulewright: New Policy");
  await desk.workbench.choose("New Policy", "Decision");
  await desk.workbench.answer("Package, as authz.orders", "shop.cart");
  await desk.workbench.page.locator(".tab.active", { hasText: "cart.rego" }).waitFor();
  await desk.workbench.decoration("=> true");
  // What the explorer does not know yet would not be run.
  await desk.workbench.command("Testing: Focus on Test Explorer View");
  await desk.workbench.testRow("shop.cart_test");
  await desk.workbench.testRow("inputs/cart-admin");
  await desk.workbench.command("Test: Run All Tests");
  await desk.workbench.testRow("shop.cart_test", "passed");
  await desk.workbench.testRow("inputs/cart-admin", "passed");
  await desk.workbench.noSquiggle("error");
  await desk.workbench.command("Rulewright: New Policy");
  await desk.workbench.choose("New Policy", "Decision");
  await desk.workbench.answer("Package, as authz.orders", "shop.cart");
  await desk.workbench.notification("exists already: nothing was written");
  await desk.workbench.command("Rulewright: New Test Module");
  // It is proposed for the policy in front, beside it.
  await desk.workbench.titled("New Test Module");
  await expect
    .poll(() => desk.workbench.page.locator(".quick-input-widget input").first().inputValue(), { timeout: patience })
    .toBe("shop.cart");
  await desk.workbench.answer("New Test Module", "shop.cart");
  await desk.workbench.notification("cart_test.rego exists already: nothing was written");
});
