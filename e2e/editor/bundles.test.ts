// Bundles in a real workbench: looked into, compared by what they hold and decide, and opened as a folder.
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { storageDesk } from "./storage-desk.ts";
import { patience } from "./workbench.ts";

const desk = storageDesk();
const timeout = { timeout: patience };
const row = (name: RegExp) => desk.workbench.page.getByRole("tree", { name: "Bundle" }).getByRole("treeitem", { name }).first();

beforeAll(() => {
  const build = (name: string) =>
    execFileSync("node", [resolve("dist/rw.cjs"), "build", "-b", "policy", "-r", name, "-o", `${name}.tar.gz`], {
      cwd: desk.folder,
    });
  build("old");
  const policy = join(desk.folder, "policy/storage.rego");
  const text = readFileSync(policy, "utf8");
  writeFileSync(policy, text.replace("default allow := false", "default allow := true"));
  build("new");
  writeFileSync(policy, text);
});

test("what is in a bundle, and a policy of it", async () => {
  await desk.workbench.command("Rulewright: Look into a Bundle");
  await desk.workbench.choose("Look into a bundle", "old.tar.gz");
  await row(/^Revision, old/u).waitFor(timeout);
  await row(/^Signature, not signed/u).waitFor(timeout);
  // The view is small: its last row, the folder of the policies, is reached by keys.
  await desk.workbench.page.keyboard.press("End");
  await desk.workbench.page.keyboard.press("ArrowRight");
  // What is in it comes a moment later.
  await expect
    .poll(async () => {
      await desk.workbench.page.keyboard.press("End");
      return row(/^storage\.rego, storage · \d+ bytes/u).isVisible();
    }, timeout)
    .toBe(true);
  await desk.workbench.page.keyboard.press("ArrowUp");
  await desk.workbench.page.keyboard.press("Enter");
  await desk.workbench.page.locator(".tab.active", { hasText: "storage.rego" }).waitFor(timeout);
  await desk.workbench.page.locator(".breadcrumbs-control", { hasText: "old.tar.gz!" }).waitFor(timeout);
  await desk.workbench.screenshot("60-bundle.png");
});

test("two bundles: the files that differ, and the decisions", async () => {
  await desk.workbench.command("Rulewright: Compare Two Bundles");
  await desk.workbench.choose("Compare old.tar.gz with", "new.tar.gz");
  await desk.workbench.page.locator(".multiDiffEntry", { hasText: "storage.rego" }).waitFor(timeout);
  expect(await desk.workbench.notification("old.tar.gz ↔ new.tar.gz")).toContain("decisions change");
  await desk.workbench.theme("Dark High Contrast", "hc-black");
  await desk.workbench.screenshot("61-bundles-compared.png");
});
