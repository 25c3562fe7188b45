// The extension in a browser alone, as on vscode.dev: no process, no disk, policies in a virtual file system.
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { startWebServer, type WebServer } from "./web-server.ts";
import { launchBrowser, newPage, patience, Workbench } from "./workbench.ts";

let server: WebServer;
let browser: Browser;
let workbench: Workbench;

beforeAll(async () => {
  server = await startWebServer("examples/storage");
  browser = await launchBrowser();
  const page = await newPage(browser);
  workbench = await Workbench.at(page, server.pageFor("policy/storage.rego"));
});

afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

afterEach(async ({ task }) => {
  if (task.result?.state === "fail") await workbench?.screenshotOfFailure(task.name);
});

test("a policy of a virtual file system is checked and decided with its samples", async () => {
  await workbench.decoration("=> true");
  await workbench.lens("5 samples: 5 ✓");
  await workbench.statusBar("allow = true · client1-reads-bucket2.conf");
  await workbench.screenshot("60-web-decision.png");
  await workbench.replaceLine(15, 'input.action == "write"');
  await workbench.decoration("=> false");
  await workbench.replaceLine(15, "input.action in grnat.actions");
  await workbench.squiggle("error");
  expect((await workbench.problems()).join("\n")).toContain("rego_unsafe_var_error");
  await workbench.screenshot("61-web-problem.png");
});

test("mended and formatted it is as before", async () => {
  await workbench.showTab("storage.rego");
  await workbench.replaceLine(15, "input.action    in grant.actions");
  await workbench.decoration("=> true");
  await workbench.noSquiggle("error");
  await workbench.command("Format Document");
  await workbench.line("input.action in grant.actions");
});

test("tests run", async () => {
  await workbench.command("Testing: Focus on Test Explorer View");
  await workbench.testRow("storage_test");
  await workbench.command("Test: Run All Tests");
  await workbench.testRow("storage_test", "passed");
  await workbench.screenshot("62-web-tests.png");
});

test("a rule can be debugged: there the adapter needs no process", async () => {
  await workbench.showTab("storage.rego");
  await workbench.goTo(12);
  await workbench.command("Rulewright: Debug the Rule or Test at Cursor");
  await workbench.page.locator(".debug-top-stack-frame-line").first().waitFor();
  await workbench.screenshot("63-web-debugger.png");
  await workbench.command("Debug: Stop");
  await workbench.page.locator(".debug-toolbar").waitFor({ state: "hidden" });
});

test("a server that is started again knows the files again", async () => {
  await workbench.command("Rulewright: Restart the Language Server");
  await workbench.showTab("storage.rego");
  await workbench.replaceLine(15, 'input.action == "write"');
  await workbench.decoration("=> false");
  await workbench.replaceLine(15, "input.action in grant.actions");
  await workbench.decoration("=> true");
  await workbench.lens("5 samples: 5 ✓");
});

test("why, the matrix and what decisions read are told", async () => {
  const row = (name: RegExp) => workbench.page.getByRole("treeitem", { name }).first();
  await workbench.page.locator(".codelens-decoration a", { hasText: "Why?" }).first().click();
  await row(/^policy\/storage\.rego:\d+, held/u).waitFor();
  // Only then the view has the keys: before, it would take them from the editor.
  await workbench.page.getByRole("treeitem", { selected: true, name: /held/u }).first().waitFor();
  await workbench.showTab("storage.rego");
  await workbench.command("Rulewright: Show What Decisions Read");
  await row(/^data\.storage\.allow/u).waitFor();
  await workbench.screenshot("64-web-why.png");
  await workbench.page.locator(".codelens-decoration a", { hasText: "5 samples: 5 ✓" }).first().click();
  const tables = () =>
    Promise.all(
      workbench.page.frames().map((frame) =>
        frame
          .locator("[role=status]")
          .allTextContents()
          .catch(() => []),
      ),
    );
  await expect.poll(async () => (await tables()).flat(), { timeout: patience }).toContain("5 inputs, 1 rule · 5 as expected");
  await workbench.screenshot("65-web-matrix.png");
});

test("a new policy and its test are written into the file system, and hold", async () => {
  // The page of the matrix would take keys, and the box that they open.
  await workbench.showTab("storage.rego");
  await workbench.command("Rulewright: New Policy");
  await workbench.choose("New Policy", "Decision");
  await workbench.answer("Package, as authz.orders", "shop.cart");
  await workbench.page.locator(".tab.active", { hasText: "cart.rego" }).waitFor();
  await workbench.decoration("=> true");
  await workbench.noSquiggle("error");
});

test("what needs a process is not offered", async () => {
  expect(await workbench.offers("Rulewright: Build the Bundle")).toEqual([]);
  expect(await workbench.offers("Rulewright: Copy the Equivalent Command Line")).toEqual([]);
});

test("a rule is renamed in files that nobody has open, once its author has seen where", async () => {
  await workbench.showTab("storage.rego");
  await workbench.goTo(12, 3);
  await workbench.page.keyboard.press("F2");
  const box = workbench.page.locator(".rename-input");
  await box.fill("permit");
  await box.press("Enter");
  await workbench.page.locator(".monaco-list-row", { hasText: "client1-reads-bucket2.expected.json" }).first().waitFor();
  await workbench.page.getByRole("button", { name: "Discard" }).click();
});

test("completion and signatures answer", async () => {
  await workbench.showTab("storage.rego");
  await workbench.goTo(15, 2);
  await workbench.page.keyboard.press("End");
  await workbench.page.keyboard.type("\ncount(");
  await workbench.page.locator(".parameter-hints-widget", { hasText: "count" }).first().waitFor();
  await workbench.page.keyboard.type("inp");
  await workbench.page.locator(".suggest-widget .monaco-list-row", { hasText: "input" }).first().waitFor();
  await workbench.screenshot("66-web-completion.png");
  await workbench.page.keyboard.press("Escape");
  await workbench.command("Revert File");
});

test("a HOCON input is shown resolved, with what it includes", async () => {
  await workbench.command("View: Show Explorer");
  const row = (name: string) => workbench.page.locator(".explorer-folders-view .monaco-list-row", { hasText: name }).first();
  await row("inputs").click();
  await row("client1-reads-bucket2.conf").click();
  await workbench.showTab("client1-reads-bucket2.conf");
  await workbench.command("Rulewright: Show the Resolved Input");
  await workbench.lineWith('"client": "client1"');
  await workbench.screenshot("67-web-resolved.png");
});

test("the sample project is written into the page's own files and opened", async () => {
  const opened = workbench.page.context().waitForEvent("page");
  await workbench.command("Rulewright: Open a Sample Project");
  const page = await opened;
  const row = (name: string) => page.locator(".explorer-folders-view .monaco-list-row", { hasText: name }).first();
  for (const name of ["storage", "policy", "storage.rego"]) await row(name).click();
  const statusBar = page.locator(".statusbar", { hasText: "allow = true" });
  await statusBar.waitFor({ timeout: patience });
});
