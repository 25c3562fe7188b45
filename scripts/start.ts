// The main job of `npm start`: RMS on its embedded store, the examples decided and published, the editor opened.
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chmodSync, existsSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { makeFolder } from "../rms/store/make-folder.ts";
import { readOptions } from "./start-options.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const examples = ["storage", "orders"].map((name) => join(root, "examples", name));
let rms: ChildProcess | undefined;
const options = readOptions(process.argv.slice(2));
const url = `http://${options.listen}`;
const tokenFile = join(options.data, "admin-token");
process.on("exit", () => rms?.kill("SIGTERM"));
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => process.exit(0));

await main();

async function main(): Promise<void> {
  await startRms();
  if (run("rw", ["samples", ...examples]) !== 0) stop("The decisions differ from what the examples expect.");
  for (const example of examples) {
    const published = run("rw", [
      "publish",
      example,
      "--rms",
      url,
      "--token-file",
      tokenFile,
      "--create",
      "--channel",
      "dev",
      "--message",
      "npm start",
    ]);
    if (published !== 0) stop(`${example} was not published.`);
    if (!existsSync(join(example, "roles.conf"))) continue;
    const roles = run("rw", ["roles", "apply", example, "--rms", url, "--token-file", tokenFile]);
    if (roles !== 0) stop(`The roles of ${example} were not taken by RMS.`);
  }
  if (options.once) {
    console.log(
      `The examples are published, and RMS is stopped; its store is in ${options.data}. In a terminal, without --once, it goes on.`,
    );
    process.exit(0);
  }
  openEditor();
  console.log(`
RMS     ${url}, its store is in ${options.data}
console ${url}/console
token   in ${tokenFile}: the editor and the console ask for it once

Press Ctrl-C to stop RMS.`);
}

async function startRms(): Promise<void> {
  try {
    makeFolder(options.data, 0o700);
  } catch (error) {
    stop(
      `No folder can be made there (${error instanceof Error ? error.message : error}): choose another one with --data FOLDER`,
    );
  }
  if (!existsSync(tokenFile)) {
    writeFileSync(tokenFile, `rms_${randomBytes(32).toString("hex")}\n`, { mode: 0o600 });
    chmodSync(tokenFile, 0o600);
  }
  // Its log goes to a file, so that the table and the outcome stay readable here.
  const log = openSync(join(options.data, "rms.log"), "a", 0o600);
  const child = spawn(
    process.execPath,
    [join(root, "bin", "rms"), "serve", "--listen", options.listen, "--data", options.data, "--admin-token-file", tokenFile],
    {
      stdio: ["ignore", "inherit", log],
    },
  );
  rms = child;
  let exited: number | undefined;
  child.on("exit", (code) => {
    exited = code ?? 1;
    if (started) stop(`RMS ended with exit code ${exited}.`);
  });
  let started = false;
  for (let tries = 0; tries < 200; tries++) {
    if (exited !== undefined)
      stop(
        `RMS did not start: ${lastLine(join(options.data, "rms.log"))}\nAnother address: npm start -- --listen 127.0.0.1:8183`,
      );
    if (await ready()) {
      started = true;
      return;
    }
    await new Promise((wait) => setTimeout(wait, 50));
  }
  stop(`RMS did not answer at ${url} within 10 seconds.`);
}

/** True when our RMS answers: another program on that port does not know our token. */
async function ready(): Promise<boolean> {
  try {
    const token = readFileSync(tokenFile, "utf8").trim();
    const answer = await fetch(`${url}/api/v1/domains`, { headers: { authorization: `Bearer ${token}` } });
    return answer.ok;
  } catch {
    return false;
  }
}

function lastLine(path: string): string {
  return readFileSync(path, "utf8").trim().split("\n").at(-1) ?? "";
}

function run(program: string, args: readonly string[]): number {
  return spawnSync(process.execPath, [join(root, "bin", program), ...args], { stdio: "inherit" }).status ?? 1;
}

function openEditor(): void {
  const folder = join(root, "examples");
  const args = [`--extensionDevelopmentPath=${root}`, folder];
  const code = process.platform === "win32" ? "code.cmd" : "code";
  if (spawnSync(code, ["--version"], { stdio: "ignore", shell: process.platform === "win32" }).status !== 0) {
    console.log(
      `VS Code's command \`code\` is not on the PATH. This line opens the editor on the examples:\n\n  code ${args.map((arg) => JSON.stringify(arg)).join(" ")}\n`,
    );
    return;
  }
  spawn(code, args, { stdio: "ignore", detached: true, shell: process.platform === "win32" }).unref();
  console.log("VS Code opens on the examples.");
}

function stop(message: string): never {
  console.error(`rulewright: ${message}`);
  rms?.kill("SIGTERM");
  process.exit(1);
}
