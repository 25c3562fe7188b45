// Makes the npm package, dist/rulewright-VERSION.tgz: the built programs and libraries, which need no other package.
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

const stage = resolve("build/npm");
const contents = [
  "LICENSE",
  "NOTICE",
  "README.md",
  "CHANGELOG.md",
  "docs",
  "bin",
  "dist/rw.cjs",
  "dist/kept-run.cjs",
  "dist/server.mjs",
  "dist/evaluation-worker.mjs",
  "dist/rms.mjs",
  "dist/gate-worker.mjs",
  "dist/build-worker.mjs",
  "dist/question-worker.mjs",
  "dist/checkpoint-worker.mjs",
  "dist/web/server.js",
  "dist/engine",
  "dist/language-server",
  "dist/monaco",
];
const leftOut = /\.map$|\.d\.cts$/;

rmSync(stage, { recursive: true, force: true });
mkdirSync(stage, { recursive: true });
for (const name of contents) cpSync(name, join(stage, name), { recursive: true, filter: (source) => !leftOut.test(source) });
const manifest = JSON.parse(readFileSync("package.json", "utf8")) as Record<string, unknown>;
const kept = ["name", "version", "description", "license", "private", "type", "exports", "bin"];
const shown = Object.fromEntries(kept.flatMap((key) => (key in manifest ? [[key, manifest[key]]] : [])));
const { description } = JSON.parse(readFileSync("package.nls.json", "utf8")) as { readonly description: string };
// The binding of Monaco is for those who have Monaco.
const peers = {
  peerDependencies: { "monaco-editor": ">=0.57.0" },
  peerDependenciesMeta: { "monaco-editor": { optional: true } },
};
const packed = { ...shown, description, engines: { node: ">=22.13" }, ...peers };
writeFileSync(join(stage, "package.json"), `${JSON.stringify(packed, null, 2)}\n`);

const run = spawnSync("npm", ["pack", "--pack-destination", resolve("dist"), "--loglevel=error"], {
  cwd: stage,
  encoding: "utf8",
  shell: process.platform === "win32",
});
if (run.status !== 0) {
  console.error(run.stderr || String(run.error));
  process.exit(1);
}
const archive = join("dist", run.stdout.trim());
console.log(`packed ${archive}, ${Math.round(statSync(archive).size / 1024)} kB`);
