// `npm run test:electron`: the extension-host suites in a desktop VS Code, which @vscode/test-electron downloads (or VSCODE names).
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { runTests } from "@vscode/test-electron";
import { bundleSuite, suiteFile } from "../e2e/host/bundle.ts";

await bundleSuite();
const folder = mkdtempSync(join(tmpdir(), "rw-host-"));
cpSync("examples/storage", folder, { recursive: true });
const own = process.env["VSCODE"];
try {
  await runTests({
    ...(own === undefined ? {} : { vscodeExecutablePath: own }),
    extensionDevelopmentPath: resolve("."),
    extensionTestsPath: suiteFile,
    launchArgs: [folder, "--disable-extensions", "--disable-workspace-trust"],
  });
} finally {
  rmSync(folder, { recursive: true, force: true });
}
