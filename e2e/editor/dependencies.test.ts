// The Dependencies view in a real workbench: what a decision reads, with names for a screen reader, and as a document.
import { expect, test } from "vitest";
import { storageDesk } from "./storage-desk.ts";
import { patience } from "./workbench.ts";

const desk = storageDesk();
const timeout = { timeout: patience };
const row = (name: RegExp) => desk.workbench.page.getByRole("tree", { name: "Dependencies" }).getByRole("treeitem", { name });

test("the input and data of a decision, and where they are read", async () => {
  await desk.workbench.decoration("=> true");
  await desk.workbench.command("Rulewright: Show What Decisions Read");
  await row(/^data\.storage\.allow/u).waitFor(timeout);
  await row(/^input, 3/u).waitFor(timeout);
  await row(/^input\.client/u).waitFor(timeout);
  // Rows come as their parents open; the last ones are below what the view has room for.
  const last = row(/^data\.storage\.grants/u);
  await expect
    .poll(async () => {
      await desk.workbench.page.keyboard.press("End");
      return last.isVisible();
    }, timeout)
    .toBe(true);
  await desk.workbench.screenshot("34-dependencies.png");
  await desk.workbench.theme("Dark Modern", "vs-dark");
  await desk.workbench.screenshot("35-dependencies-dark.png");
});

test("exported as Mermaid", async () => {
  await desk.workbench.command("Rulewright: Export What Decisions Read");
  await desk.workbench.pick("Mermaid");
  const shown = desk.workbench.page.locator(".view-lines").last();
  await expect
    .poll(async () => (await shown.textContent())?.replaceAll("\u00a0", " "), timeout)
    .toMatch(/flowchart LR.*data\.storage\.allow.*input\.client/su);
});
