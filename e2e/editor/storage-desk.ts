// A workbench on a copy of the storage example, for one test file.
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll } from "vitest";
import { type CodeServer, startCodeServer } from "./code-server.ts";
import { launchBrowser, Workbench } from "./workbench.ts";

export interface StorageDesk {
  readonly folder: string;
  /** There while tests run. */
  readonly workbench: Workbench;
}

/** Opens it before the tests of the file and clears it away behind them; a test that fails leaves a screenshot. */
export function storageDesk(settings: Readonly<Record<string, unknown>> = {}, trusted = true): StorageDesk {
  const folder = mkdtempSync(join(tmpdir(), "rw-storage-"));
  let server: CodeServer | undefined;
  let browser: Browser | undefined;
  let workbench: Workbench | undefined;

  beforeAll(async () => {
    cpSync("examples/storage", folder, { recursive: true });
    server = await startCodeServer({ vsix: [resolve("dist/rulewright.vsix")], settings, trusted });
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

  return {
    folder,
    get workbench() {
      if (workbench === undefined) throw new Error("the workbench is not open yet");
      return workbench;
    },
  };
}
