// A real OPA from the sidecar kit, and questions to it.
import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { eventually, freePort, root } from "../programs/run.ts";
import type { RmsProcess } from "./rms-process.ts";

export interface Sidecar {
  readonly url: string;
  readonly child: ChildProcess;
  /** The decision, or undefined while OPA has none. */
  decide(path: string, input: unknown): Promise<unknown>;
  stop(): Promise<void>;
  readonly settings: Readonly<Record<string, string>>;
}

/** Starts the kit's start script with a sidecar token made for the domain. */
export async function startSidecar(
  rms: Pick<RmsProcess, "url" | "folder" | "call">,
  domain: string,
  policy: string,
  version: string,
): Promise<Sidecar> {
  const made = await rms.call("POST", "/api/v1/tokens", {
    kind: "sidecar",
    subject: "sidecar",
    domains: [domain],
    scopes: ["bundle:read", "telemetry:write"],
    ttlSeconds: 3600,
  });
  const state = join(rms.folder, `sidecar-${domain}`);
  mkdirSync(state, { recursive: true });
  const tokenFile = join(state, "token");
  writeFileSync(tokenFile, (made.body as { token: string }).token, { mode: 0o600 });
  return launch({
    RMS_URL: rms.url,
    RMS_DOMAIN: domain,
    RMS_POLICY: policy,
    RMS_VERSION: version,
    RMS_TOKEN_FILE: tokenFile,
    RMS_STATE_DIR: state,
  });
}

/** Starts a sidecar on the state that an earlier one left. */
export async function launch(settings: Readonly<Record<string, string>>): Promise<Sidecar> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const child = spawn(join(root, "rms/sidecar/start.sh"), [], {
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      PATH: process.env["PATH"] ?? "",
      OPA: process.env["OPA"] ?? "opa",
      RMS_INSTANCE: "test-1",
      OPA_ADDR: `127.0.0.1:${port}`,
      POLL_MIN_S: "1",
      POLL_MAX_S: "2",
      LONG_POLL_S: "30",
      ...settings,
    },
  });
  let log = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (chunk: Buffer) => {
      log += chunk.toString();
    });
  }
  await eventually(async () => {
    if (child.exitCode !== null) throw new Error(`the sidecar ended: ${log}`);
    return (await fetch(`${url}/health?bundles`)).ok ? true : undefined;
  });
  return {
    url,
    child,
    decide: async (path, input) => {
      const answer = await fetch(`${url}/v1/data/${path}`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ input }),
      });
      return ((await answer.json()) as { result?: unknown }).result;
    },
    stop: async () => {
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGTERM");
      await ended;
    },
    settings,
  };
}
