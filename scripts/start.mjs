// `npm start`: installs, builds, starts RMS, decides every sample input, publishes the examples and opens the editor.
// Plain JavaScript on the Node that is there; the rest runs on the pinned Node in scripts/start.ts.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { ensureInstalled, fail, npm, root } from "./install.mjs";
import { readOptions } from "./start-options.mjs";

readOptions(process.argv.slice(2));
ensureInstalled();
if (npm(["run", "--silent", "build"]).status !== 0) fail("The build failed; the messages above say where.");

const node = join(root, "node_modules", "node", "bin", process.platform === "win32" ? "node.exe" : "node");
const child = spawn(node, [join(root, "scripts", "start.ts"), ...process.argv.slice(2)], { stdio: "inherit" });
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => child.kill(signal));
child.on("exit", (code) => process.exit(code ?? 1));
