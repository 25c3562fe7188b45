// The suites inside the extension host of a real workbench (code-server in Chromium): VS Code's own API on the built extension.
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { format } from "node:util";
import { expect, test } from "vitest";
import { startCodeServer } from "../editor/code-server.ts";
import { launchBrowser } from "../editor/workbench.ts";
import { bundleSuite, suiteFile } from "./bundle.ts";

test("every suite passes inside the extension host", { timeout: 960_000 }, async () => {
  await bundleSuite();
  const folder = mkdtempSync(join(tmpdir(), "rw-host-"));
  cpSync("examples/storage", folder, { recursive: true });
  const server = await startCodeServer({ vsix: [] });
  const browser = await launchBrowser();
  const lines: string[] = [];
  try {
    const page = await (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage();
    // The workbench reports through these two globals when they exist. Everything it logs comes along; the suites mark their lines.
    await page.exposeFunction("codeAutomationLog", (_type: string, args: readonly unknown[]) => {
      const text = format(...args).trimEnd();
      if (text.startsWith("▸ ")) lines.push(text.slice(2));
    });
    const ended = new Promise<number>((done) => void page.exposeFunction("codeAutomationExit", done));
    const remote = (path: string) => `vscode-remote://${server.authority}${resolve(path)}`;
    const payload = [
      ["extensionDevelopmentPath", remote(".")],
      ["extensionTestsPath", remote(suiteFile)],
    ];
    const query = new URLSearchParams({ folder, payload: JSON.stringify(payload) });
    await page.goto(`${server.url}/?${query}`, { waitUntil: "domcontentloaded" });
    const late = new Promise<number>((done) => setTimeout(done, 900_000, -1).unref());
    const code = await Promise.race([ended, late]);
    console.log(lines.join("\n"));
    expect(lines.filter((line) => line.startsWith("FAIL"))).toEqual([]);
    expect(lines.at(-1)).toMatch(/^[1-9]\d* passed, 0 failed$/u);
    expect(code).toBe(0);
  } finally {
    await browser.close();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
});
