// Starts a built program of dist/ on a Node that is new enough: the running one, else the `node` package beside it. Prints nothing of its own.
"use strict";
const { existsSync } = require("node:fs");
const { join } = require("node:path");
const { serverEnvironment, serverFlags } = require("./engine-flags.cjs");

const root = join(__dirname, "..");
const newEnough = (version) => {
  const [major, minor] = version.split(".").map(Number);
  return major > 22 || (major === 22 && minor >= 13);
};

/** Not where a launcher waits for this process, or flags of its own were given. */
const canBecome = (file) =>
  process.execve !== undefined && process.platform !== "win32" && process.execArgv.length === 0 && existsSync(file);

const isServer = (program) => program === "rw.cjs" && process.argv[2] === "lsp";
const environmentOf = (program) => (isServer(program) ? { ...serverEnvironment, ...process.env } : process.env);
/** The arguments of `rw lsp` that the server itself reads; all others are for the command. */
const ownArguments = /^--(?:stdio|clientProcessId=\d+)$/;

exports.launch = (program) => {
  const path = join(root, "dist", program);
  if (!existsSync(path)) {
    console.error(`rulewright: ${program} is not built yet: run \`npm run build\` in ${root}`);
    process.exit(1);
  }
  if (newEnough(process.versions.node)) {
    const rest = process.argv.slice(3);
    const server = join(root, "dist", "server.mjs");
    // The same process goes on as the server, where the system can do that.
    if (isServer(program) && rest.every((one) => ownArguments.test(one)) && canBecome(server))
      process.execve(process.execPath, [process.execPath, ...serverFlags, server, ...rest], environmentOf(program));
    process.argv[1] = path;
    if (program.endsWith(".cjs")) require("./kept-code.cjs").run(path);
    else void import(require("node:url").pathToFileURL(path).href);
    return;
  }
  const node = join(root, "node_modules", "node", "bin", process.platform === "win32" ? "node.exe" : "node");
  if (!existsSync(node)) {
    console.error(`rulewright: Node 22.13 or newer is needed; this is ${process.versions.node}`);
    process.exit(1);
  }
  const { spawn } = require("node:child_process");
  const flags = isServer(program) ? serverFlags : [];
  const child = spawn(node, [...flags, "--require", __filename, process.argv[1], ...process.argv.slice(2)], {
    env: environmentOf(program),
    stdio: ["inherit", "inherit", "inherit", "ipc"],
  });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.on("exit", (code, signal) => {
    if (signal === null) process.exit(code ?? 0);
    // What ended the program ends this one: a shell goes on after a failure, and not after Ctrl-C.
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
};

// In the started program: when the launcher is killed, the channel closes and the program ends as abruptly.
if (process.execArgv.includes(__filename) && process.connected) {
  process.once("disconnect", () => process.kill(process.pid, "SIGKILL"));
  process.channel.unref();
}
