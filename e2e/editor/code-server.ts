// Starts one throw-away code-server (a real VS Code workbench) on a free loopback port.
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { freePort } from "../programs/run.ts";

export const editorSettings = {
  "workbench.secondarySideBar.defaultVisibility": "hidden", // the chat panel would cover a third of every screenshot
  "chat.disableAIFeatures": true, // or the light bulb becomes a sparkle and screenshots differ
  "workbench.startupEditor": "none",
  "workbench.enableExperiments": false,
  "workbench.colorTheme": "Default Light Modern",
  "editor.minimap.enabled": false,
  "editor.cursorBlinking": "solid", // blinking makes screenshots differ
  "files.autoSave": "off",
  "rw.lint.enable": false, // sketches of policies would have a finding each; the suite about lint switches it on
  "telemetry.telemetryLevel": "off",
  "extensions.autoCheckUpdates": false,
  "extensions.autoUpdate": false,
  "extensions.ignoreRecommendations": true,
  "git.enabled": false,
  "update.mode": "none",
};

const withoutTrust = {
  "security.workspace.trust.startupPrompt": "never",
  "security.workspace.trust.banner": "never",
};

export interface CodeServer {
  readonly url: string;
  readonly authority: string;
  stop(): Promise<void>;
}

/** Where code-server was installed by install.sh; undefined when it was not. */
export function codeServerEntry(): string | undefined {
  const entry = join(home(), "node_modules/code-server/out/node/entry.js");
  return existsSync(entry) && existsSync(join(home(), "bin/node")) ? entry : undefined;
}

/** The workbench and the extensions that come with it. */
export const vscodeFolder = (): string => join(home(), "node_modules/code-server/lib/vscode");

const home = (): string => resolve(process.env["E2E_HOME"] ?? ".e2e");

/** Starts the server with the given extensions installed. */
export async function startCodeServer(options: {
  readonly vsix: readonly string[];
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly log?: boolean;
  /** False: folders are opened without trust, and nobody is asked. */
  readonly trusted?: boolean;
}): Promise<CodeServer> {
  const entry = codeServerEntry();
  if (entry === undefined) throw new Error(`no code-server in ${home()}: run e2e/install.sh`);
  const node = join(home(), "bin/node");
  const run = await mkdtemp(join(tmpdir(), "rw-e2e-"));
  await mkdir(join(run, "user/User"), { recursive: true });
  await mkdir(join(run, "ext"), { recursive: true });
  const settings = { ...editorSettings, ...(options.trusted === false ? withoutTrust : {}), ...options.settings };
  await writeFile(join(run, "user/User/settings.json"), JSON.stringify(settings, null, 2));
  await writeFile(join(run, "config.yaml"), "auth: none\n"); // without --config it writes one into the real home folder
  const folders = ["--user-data-dir", join(run, "user"), "--extensions-dir", join(run, "ext")];
  const base = [entry, "--config", join(run, "config.yaml"), "--auth", "none", ...folders];
  // No marketplace calls; and its sockets land in the throw-away folder.
  const env = { ...process.env, EXTENSIONS_GALLERY: '{"serviceUrl":""}', TMPDIR: run, ...options.env };

  for (const vsix of options.vsix) await install(node, [...base, "--install-extension", resolve(vsix)], env);

  const port = await freePort();
  const stdio = options.log === true ? "inherit" : "ignore";
  const flags = [
    "--disable-telemetry",
    "--disable-update-check",
    ...(options.trusted === false ? [] : ["--disable-workspace-trust"]),
    "--disable-getting-started-override",
  ];
  const child = spawn(
    node,
    [...base, "--bind-addr", `127.0.0.1:${port}`, ...flags, "--vscode-option", "enable-smoke-test-driver"],
    {
      env,
      detached: true,
      stdio: ["ignore", stdio, stdio],
    },
  );
  // code-server forks: its own process group lets us end all of it, also when the test run is interrupted
  const signalGroup = (signal: NodeJS.Signals): void => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, signal);
    } catch {
      // already gone
    }
  };
  const onExit = () => signalGroup("SIGKILL");
  process.once("exit", onExit);
  const url = `http://127.0.0.1:${port}`;
  await untilHealthy(url, child);
  return {
    url,
    authority: `127.0.0.1:${port}`,
    async stop() {
      const gone = new Promise((done) => child.once("exit", done));
      signalGroup("SIGTERM");
      await Promise.race([gone, new Promise((done) => setTimeout(done, 3000))]);
      signalGroup("SIGKILL");
      process.off("exit", onExit);
      await rm(run, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
    },
  };
}

async function untilHealthy(url: string, child: ChildProcess): Promise<void> {
  const deadline = Date.now() + 60_000;
  for (;;) {
    if (child.exitCode !== null) throw new Error(`code-server ended with ${child.exitCode}; start with log: true`);
    const up = await fetch(`${url}/healthz`).then(
      (answer) => answer.ok,
      () => false,
    );
    if (up) return;
    if (Date.now() > deadline) throw new Error("code-server did not answer in 60 s");
    await new Promise((done) => setTimeout(done, 100));
  }
}

function install(node: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  return new Promise((done, failed) => {
    const child = spawn(node, args, { env, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    const collect = (chunk: Buffer): void => {
      output += chunk.toString();
    };
    child.stdout.on("data", collect);
    child.stderr.on("data", collect);
    child.once("exit", (code) => (code === 0 ? done() : failed(new Error(output))));
  });
}
