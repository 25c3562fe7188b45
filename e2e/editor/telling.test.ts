// What an evaluation did, in a real workbench: its trace and its profile beside the policy, and what it reached painted in it.
import { expect, test } from "vitest";
import { storageDesk } from "./storage-desk.ts";
import { patience } from "./workbench.ts";

const desk = storageDesk();

const lines = (text: string) => desk.workbench.page.locator(".view-line", { hasText: text }).first();
const painted = () => desk.workbench.page.locator(".view-overlays .cdr[class*='ced-']").count();

test("the trace of the rule at the cursor, whose lines lead to the policy", async () => {
  await desk.workbench.goTo(12);
  await desk.workbench.command("Rulewright: Trace Selection");
  await desk.workbench.page.locator(".tab.active, .tab", { hasText: "trace.txt" }).first().waitFor({ timeout: patience });
  await lines("data.storage.allow for").waitFor({ timeout: patience });
  await lines("| Enter").waitFor({ timeout: patience });
  await desk.workbench.screenshot("trace.png");
});

test("the profile of the rule at the cursor", async () => {
  await desk.workbench.showTab("storage.rego");
  await desk.workbench.goTo(12);
  await desk.workbench.command("Rulewright: Profile Selection");
  await lines("evals").waitFor({ timeout: patience });
  await desk.workbench.screenshot("profile.png");
});

test("coverage of the rule at the cursor is painted, and hidden by the same command", async () => {
  await desk.workbench.showTab("storage.rego");
  await desk.workbench.goTo(12);
  const before = await painted();
  await desk.workbench.command("Rulewright: Toggle Evaluation Coverage");
  await desk.workbench.statusBar("expressions reached");
  await expect.poll(painted, { timeout: patience }).toBeGreaterThan(before);
  await desk.workbench.screenshot("reached.png");
  await desk.workbench.command("Rulewright: Toggle Evaluation Coverage");
  await expect.poll(painted, { timeout: patience }).toBe(before);
});

test("an edit takes the marks off its policy, of whose text they say nothing any more", async () => {
  await desk.workbench.goTo(12);
  const before = await painted();
  await desk.workbench.command("Rulewright: Toggle Evaluation Coverage");
  await expect.poll(painted, { timeout: patience }).toBeGreaterThan(before);
  await desk.workbench.goTo(1);
  await desk.workbench.page.keyboard.press("Home");
  await desk.workbench.page.keyboard.type("# note\n");
  await expect.poll(painted, { timeout: patience }).toBe(before);
});
