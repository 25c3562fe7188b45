// The Why view in a real workbench: a rule's clauses with what held and what did not, in words too, and as text beside the editor.
import { expect, test } from "vitest";
import { storageDesk } from "./storage-desk.ts";
import { patience } from "./workbench.ts";

const desk = storageDesk();
const timeout = { timeout: patience };
const tree = () => desk.workbench.page.getByRole("tree", { name: "Why" });
const row = (name: RegExp) => tree().getByRole("treeitem", { name });

test("Why? above a rule shows its clauses for the input that is chosen", async () => {
  await desk.workbench.decoration("=> true");
  await desk.workbench.page.locator(".codelens-decoration a", { hasText: "Why?" }).first().click();
  await row(/^policy\/storage\.rego:\d+, held/u)
    .first()
    .waitFor(timeout);
  await desk.workbench.page.keyboard.press("End");
  await row(/^input\.action in grant\.actions, held/u).waitFor(timeout);
  await desk.workbench.screenshot("30-why-held.png");
});

test("of a rule that is false the first expression that failed is chosen, and Enter shows it", async () => {
  await desk.workbench.showTab("storage.rego");
  await desk.workbench.replaceLine(15, 'input.action == "write"');
  await desk.workbench.decoration("=> false");
  await desk.workbench.page.locator(".codelens-decoration a", { hasText: "Why?" }).first().click();
  const failed = row(/^input\.action == "write", did not hold, input\.action is "read"/u);
  await failed.waitFor(timeout);
  await expect.poll(() => failed.getAttribute("aria-selected"), timeout).toBe("true");
  await desk.workbench.screenshot("31-why-failed.png");
  await desk.workbench.theme("Dark Modern", "vs-dark");
  await desk.workbench.screenshot("32-why-dark.png");
  await desk.workbench.theme("Dark High Contrast", "hc-black");
  await desk.workbench.screenshot("33-why-contrast.png");
});

test("the same as text", async () => {
  await desk.workbench.command("Rulewright: Open Why as Text");
  const told = desk.workbench.page.locator(".editor-group-container", { hasText: "why.txt" }).locator(".view-lines").last();
  await expect
    .poll(async () => (await told.textContent())?.replaceAll("\u00a0", " "), timeout)
    .toMatch(/Why storage\.allow, for client1-reads-bucket2\.conf.*✗ input\.action == "write"/su);
});

test("a decision that is not the expected one leads there", async () => {
  await desk.workbench.openFile("client1-reads-bucket2.conf");
  await desk.workbench.squiggle("error");
  await desk.workbench.goTo(2);
  const offered = desk.workbench.page.locator(".action-widget", { hasText: "Why? data.storage.allow" });
  // What is wrong with the line may be told after the keys: then they are pressed again.
  await expect
    .poll(async () => {
      if (await offered.isVisible()) return true;
      await desk.workbench.page.keyboard.press("Escape");
      await desk.workbench.page.keyboard.press("Control+.");
      return await offered.waitFor({ timeout: 3000 }).then(
        () => true,
        () => false,
      );
    }, timeout)
    .toBe(true);
  await desk.workbench.page.keyboard.press("Enter");
  await row(/^input\.action == "write", did not hold/u).waitFor(timeout);
});

test("what would make it true is told below, and applied to the sample", async () => {
  const proposal = row(/^input\.action is "write", not "read"/u);
  const apply = desk.workbench.page.getByRole("button", { name: "Apply to the Sample" });
  const held = row(/^policy\/storage\.rego:\d+, held/u).first();
  // It comes when it is found, below what a small view has room for; the question before may still be answered.
  await expect
    .poll(async () => {
      await desk.workbench.page.keyboard.press("End");
      if (!(await proposal.isVisible())) return held.isVisible();
      await desk.workbench.screenshot("34-why-what-if.png");
      await apply.click({ timeout: 2000 }).catch(() => undefined);
      return held.isVisible();
    }, timeout)
    .toBe(true);
  await expect.poll(() => desk.workbench.page.locator(".view-line", { hasText: '"write"' }).count(), timeout).toBeGreaterThan(0);
});
