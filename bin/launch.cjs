// Starts a built program of dist/ on a Node that is new enough: the running one, else the `node` package beside it. Prints nothing of its own.
"use strict";
const { spawn } = require("node:child_process");
const { accessSync, constants, existsSync } = require("node:fs");
const nodeModule = require("node:module");
const { homedir } = require("node:os");
const { join } = require("node:path");
const { pathToFileURL } = require("node:url");

const root = join(__dirname, "..");
const newEnough = (version) => {
  const [major, minor] = version.split(".").map(Number);
  return major > 22 || (major === 22 && minor >= 13);
};

// Compiled code is kept for the next start, in a folder of the user's own: what lies there is run.
const keepCompiledCode = () => {
  const { env, platform } = process;
  const caches =
    platform === "win32"
      ? env.LOCALAPPDATA
      : platform === "darwin"
        ? join(homedir(), "Library", "Caches")
        : env.XDG_CACHE_HOME || join(homedir(), ".cache");
  try {
    accessSync(caches, constants.W_OK);
    nodeModule.enableCompileCache(join(caches, "rulewright", "code"));
  } catch {
    // Without a folder for caches every start compiles anew.
  }
};

exports.launch = (program) => {
  const path = join(root, "dist", program);
  if (!existsSync(path)) {
    console.error(`rulewright: ${program} is not built yet: run \`npm run build\` in ${root}`);
    process.exit(1);
  }
  if (newEnough(process.versions.node)) {
    keepCompiledCode();
    process.argv[1] = path;
    void import(pathToFileURL(path).href);
    return;
  }
  const node = join(root, "node_modules", "node", "bin", process.platform === "win32" ? "node.exe" : "node");
  if (!existsSync(node)) {
    console.error(`rulewright: Node 22.13 or newer is needed; this is ${process.versions.node}`);
    process.exit(1);
  }
  const child = spawn(node, ["--require", __filename, path, ...process.argv.slice(2)], {
    stdio: ["inherit", "inherit", "inherit", "ipc"],
  });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.on("exit", (code, signal) => process.exit(code ?? (signal ? 1 : 0)));
};

// In the started program: the cache is kept there.
if (process.execArgv.includes(__filename)) keepCompiledCode();

// In the started program: when the launcher is killed, the channel closes and the program ends as abruptly.
if (process.execArgv.includes(__filename) && process.connected) {
  process.once("disconnect", () => process.kill(process.pid, "SIGKILL"));
  process.channel.unref();
}
