// Around the editor in a real workbench: lenses follow the samples, tasks run and their findings become problems, unsaved documents are checked.
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type CodeServer, startCodeServer } from "./code-server.ts";
import { launchBrowser, Workbench } from "./workbench.ts";

let server: CodeServer;
let browser: Browser;
let workbench: Workbench;
const folder = mkdtempSync(join(tmpdir(), "rw-around-"));

beforeAll(async () => {
  cpSync("examples/storage", folder, { recursive: true });
  server = await startCodeServer({
    vsix: [resolve("dist/rulewright.vsix")],
    // Drawn on a canvas, the terminal's text could not be read.
    settings: { "terminal.integrated.gpuAcceleration": "off" },
  });
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

test("the lens of a decision counts the samples that hold, and follows an edit", async () => {
  await workbench.lens("5 samples: 5 ✓");
  await workbench.replaceLine(15, "input.action in grant.nothing");
  await workbench.decoration("=> false");
  await workbench.lens("5 samples: 3 ✓ 2 ✗");
  await workbench.replaceLine(15, "input.action in grant.actions");
  await workbench.lens("5 samples: 5 ✓");
});

test("the task rw: test runs the tests in a terminal", async () => {
  await workbench.runTask("rw: test");
  await workbench.terminal("PASS: 5/5");
});

test("what the task rw: check finds becomes problems", async () => {
  writeFileSync(join(folder, "policy/wrong.rego"), "package wrong\n\nallow if undeclared == 1\n");
  await workbench.runTask("rw: check");
  await workbench.terminal("var undeclared is unsafe");
  // The language server tells the same with a reason; the words of the command line are the task's.
  await expect
    .poll(async () => (await workbench.problems()).filter((row) => /var undeclared is unsafe(?!:)/u.test(row)), {
      timeout: 30_000,
    })
    .toHaveLength(1);
});
