// Makes the extension's package, dist/rulewright.vsix: a folder with what users get, a manifest without what developers need, then vsce.
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

const stage = resolve("build/vsix");
const target = resolve("dist/rulewright.vsix");
const limit = 6 * 1024 * 1024;

const contents = [
  "LICENSE",
  "NOTICE",
  "README.md",
  "CHANGELOG.md",
  "assets",
  "snippets",
  "syntaxes",
  "examples",
  "l10n",
  "package.nls.json",
  "docs",
  "language-configuration.rego.json",
  "language-configuration.hocon.json",
  "dist/client.cjs",
  "dist/matrix-panel.js",
  "dist/server.mjs",
  "dist/evaluation-worker.mjs",
  "dist/rw.cjs",
  "dist/rms.mjs",
  "dist/gate-worker.mjs",
  "dist/build-worker.mjs",
  "dist/question-worker.mjs",
  "dist/checkpoint-worker.mjs",
  "dist/web",
];
const leftOut = /\.test\.ts$|\.test-helper\.ts$|icon\.svg$|\.map$/;

rmSync(stage, { recursive: true, force: true });
rmSync(target, { force: true });
mkdirSync(stage, { recursive: true });
for (const name of contents) {
  try {
    statSync(name);
  } catch {
    continue;
  }
  cpSync(name, join(stage, name), { recursive: true, filter: (source) => !leftOut.test(source) });
}
const manifest = JSON.parse(readFileSync("package.json", "utf8")) as Record<string, unknown>;
for (const key of ["scripts", "dependencies", "devDependencies", "imports", "exports", "bin", "private", "type"])
  delete manifest[key];
manifest["engines"] = { vscode: (manifest["engines"] as { vscode: string }).vscode };
manifest["files"] = ["**"];
writeFileSync(join(stage, "package.json"), `${JSON.stringify(manifest, null, 2)}\n`);

const vsce = resolve("node_modules/@vscode/vsce/vsce");
const flags = ["package", "--no-dependencies", "--allow-missing-repository", "--no-rewrite-relative-links", "--out", target];
const run = spawnSync(process.execPath, [vsce, ...flags], { cwd: stage, encoding: "utf8" });
const said = `${run.stdout}${run.stderr}`;
if (run.status !== 0 || /WARNING/.test(said)) {
  console.error(said);
  process.exit(1);
}
const { size } = statSync(target);
if (size > limit) {
  console.error(`${target} has ${size} bytes, more than ${limit}`);
  process.exit(1);
}
console.log(`packed ${target}, ${Math.round(size / 1024)} kB`);
