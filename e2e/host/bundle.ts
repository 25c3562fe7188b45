// Bundles the suites into the one CommonJS file that an extension host can load.
import { resolve } from "node:path";
import { build } from "esbuild";

/** Where the suite lies: below the extension's folder, so that its packages are found. */
export const suiteFile = resolve("build/host-suite.cjs");

export async function bundleSuite(): Promise<void> {
  await build({
    entryPoints: ["e2e/host/suite/index.ts"],
    outfile: suiteFile,
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node22",
    external: ["vscode", "mocha"],
    logLevel: "warning",
  });
}
