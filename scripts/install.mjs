// Installs the pinned packages when they are missing or older than the lock file. Plain JavaScript: runs on the Node that is there.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Exits with 1 and one clear sentence when the installation fails. */
export function ensureInstalled() {
  const [major] = process.versions.node.split(".").map(Number);
  if (major < 20) fail(`Node ${process.versions.node} is too old: Rulewright needs Node 20 or newer to start.`);
  const marker = join(root, "node_modules", ".package-lock.json");
  if (existsSync(marker) && statSync(marker).mtimeMs >= statSync(join(root, "package-lock.json")).mtimeMs) return;
  console.log("Installing packages (npm ci) …");
  const run = npm(["ci", "--no-audit", "--no-fund", "--loglevel=error"]);
  if (run.status !== 0) {
    fail(
      `The packages could not be installed (npm ci exited with ${run.status}). Check the network or the npm registry setting, then run again.`,
    );
  }
}

const windows = process.platform === "win32";
const npmProgram = windows ? "npm.cmd" : "npm";

/** Runs npm in the project's folder; its output goes to ours. */
export function npm(args, options = {}) {
  return spawnSync(npmProgram, args, { cwd: root, stdio: "inherit", shell: windows, ...options });
}

/** As `npm`, and gives what it said too: the end of it, of which a page or two may be shown again. */
export function npmHeard(args) {
  const color = process.stdout.isTTY ? { FORCE_COLOR: "1" } : {};
  const child = spawn(npmProgram, args, {
    cwd: root,
    stdio: ["inherit", "pipe", "pipe"],
    shell: windows,
    env: { ...process.env, ...color },
  });
  let said = "";
  const hear = (from, to) =>
    from.setEncoding("utf8").on("data", (chunk) => {
      to.write(chunk);
      said = `${said}${chunk}`.slice(-40_000);
    });
  hear(child.stdout, process.stdout);
  hear(child.stderr, process.stderr);
  return new Promise((resolve) => child.on("close", (status) => resolve({ status, said })));
}

export function fail(message) {
  console.error(`rulewright: ${message}`);
  process.exit(1);
}
