// Around the editor in a real workbench: lenses follow the samples, tasks run and their findings become problems, unsaved documents are checked.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { storageDesk } from "./storage-desk.ts";
import { patience } from "./workbench.ts";

// Drawn on a canvas, the terminal's text could not be read.
const desk = storageDesk({ "terminal.integrated.gpuAcceleration": "off" });

test("the lens of a decision counts the samples that hold, and follows an edit", async () => {
  await desk.workbench.lens("5 samples: 5 ✓");
  await desk.workbench.replaceLine(15, "input.action in grant.nothing");
  await desk.workbench.decoration("=> false");
  await desk.workbench.lens("5 samples: 3 ✓ 2 ✗");
  await desk.workbench.replaceLine(15, "input.action in grant.actions");
  await desk.workbench.lens("5 samples: 5 ✓");
});

test("the task rw: test runs the tests in a terminal", async () => {
  await desk.workbench.runTask("rw: test");
  await desk.workbench.terminal("PASS: 5/5");
});

test("what the task rw: check finds becomes problems, and what the editor found stays", async () => {
  writeFileSync(join(desk.folder, "policy/wrong.rego"), "package wrong\n\nallow if undeclared == 1\n");
  const found = async (text: RegExp) => (await desk.workbench.problems()).filter((row) => text.test(row));
  // The language server tells the same with a reason; the words of the command line are the task's.
  const [ofEditor, ofTask] = [/var undeclared is unsafe:/u, /var undeclared is unsafe(?!:)/u];
  await expect.poll(() => found(ofEditor), { timeout: patience }).toHaveLength(1);
  await desk.workbench.runTask("rw: check");
  await desk.workbench.terminal("var undeclared is unsafe");
  await expect.poll(() => found(ofTask), { timeout: patience }).toHaveLength(1);
  expect(await found(ofEditor)).toHaveLength(1);
});

test("the palette has what readers of the extension for OPA type, and names the key that is on", async () => {
  await desk.workbench.command("OPA: Toggle Regal Linting");
  await desk.workbench.command("OPA: Toggle Regal Linting");
  await desk.workbench.command("OPA: Check File Syntax");
  await desk.workbench.page.locator(".markers-panel").waitFor();
  await desk.workbench.page.keyboard.press("F1");
  await desk.workbench.page.locator(".quick-input-widget input").first().fill(">Rulewright: Evaluate Selection");
  // Keys are drawn apart: the row says them to a screen reader.
  await desk.workbench.page.getByRole("option", { name: "Rulewright: Evaluate Selection, Control+K Q" }).waitFor();
  await desk.workbench.page.locator(".quick-input-widget input").first().fill(">Rulewright: Evaluate Package");
  await desk.workbench.page.getByRole("option", { name: "Rulewright: Evaluate Package, Control+K Shift+Q" }).waitFor();
  await desk.workbench.escape();
});

test("each decision is offered to be debugged for each sample", async () => {
  await desk.workbench.showTab("storage.rego");
  await desk.workbench.command("Debug: Select and Start Debugging");
  await desk.workbench.page.locator(".quick-input-list .monaco-list-row", { hasText: "Rego" }).first().click();
  await desk.workbench.row("Debug storage.allow for client1-reads-bucket2.conf");
  await desk.workbench.row("Debug storage.allow for client2-reads-bucket2.conf");
  await desk.workbench.escape();
});

test("a test is created for the rule at the cursor by command, and the cursor goes there", async () => {
  await desk.workbench.goTo(12);
  await desk.workbench.command("Rulewright: Create a Test for the Policy or the Rule at Cursor");
  await desk.workbench.page.locator(".tab.active", { hasText: "storage_test.rego" }).waitFor();
  await desk.workbench.page.locator(".view-line", { hasText: "test_allow if {" }).first().waitFor();
  await desk.workbench.showTab("storage.rego");
  await desk.workbench.goTo(1);
  await desk.workbench.command("Rulewright: Create a Test for the Policy or the Rule at Cursor");
  await desk.workbench.notification("no test can be created here");
});

test("the sample project opens in one window, at its policy and with its decision", async () => {
  const { page } = desk.workbench;
  const opened = page.context().waitForEvent("page");
  await desk.workbench.command("Rulewright: Open a Sample Project");
  const other = await opened;
  await other.locator(".tab.active", { hasText: "storage.rego" }).waitFor({ timeout: patience });
  await other.locator(".statusbar", { hasText: "allow = true" }).waitFor({ timeout: patience });
  expect(page.context().pages()).toHaveLength(2);
  await other.close();
});

test("the code of a problem leads to the page about it, and a command lists the pages", async () => {
  await desk.workbench.replaceLine(15, "input.action in grant.nothing && true");
  await desk.workbench.openProblemPage("rego_parse_error");
  await expect.poll(() => desk.workbench.previewHeadings(), { timeout: patience }).toContain("rego_parse_error");
  await desk.workbench.showTab("storage.rego");
  await desk.workbench.command("Rulewright: Explain an Error Code");
  await desk.workbench.pick("hocon_cycle");
  await expect.poll(() => desk.workbench.previewHeadings(), { timeout: patience }).toContain("hocon_cycle");
});

test("a selected value becomes a variable, whose name can be changed at once", async () => {
  await desk.workbench.showTab("storage.rego");
  await desk.workbench.replaceLine(15, "input.action in grant.actions");
  await desk.workbench.decoration("=> true");
  // Columns are those of the screen: a tab is four.
  await desk.workbench.goTo(15, 21);
  await desk.workbench.page.keyboard.press("Shift+End");
  await desk.workbench.page.keyboard.press("Control+Shift+R");
  await desk.workbench.page.locator(".action-widget", { hasText: "Extract variable `actions`" }).waitFor();
  await desk.workbench.page.keyboard.press("Enter");
  // The box stands there before it has the keys.
  await desk.workbench.page.locator(".rename-input:focus, .rename-box input:focus").first().waitFor();
  await desk.workbench.page.keyboard.type("allowed");
  await desk.workbench.page.keyboard.press("Enter");
  await desk.workbench.page.locator(".view-line", { hasText: "input.action in allowed" }).first().waitFor();
  await desk.workbench.decoration("=> true");
});

test("tests run with coverage", async () => {
  await desk.workbench.page.keyboard.press("F1");
  await desk.workbench.page.locator(".quick-input-widget input").first().fill(">Test: Run All Tests with Coverage");
  await desk.workbench.focusedRow("Run All Tests with Coverage");
  await desk.workbench.page.keyboard.press("Enter");
  await desk.workbench.page
    .locator(".test-coverage-list-item, .pane-body .monaco-list-row", { hasText: "storage.rego" })
    .first()
    .waitFor();
});
