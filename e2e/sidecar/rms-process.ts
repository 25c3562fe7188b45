// A real RMS on a fresh store and a free port, and calls of its API.
import type { ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { demandNoSecrets } from "../../rms/server/secrets.test-helper.ts";
import { eventually, freePort, start } from "../programs/run.ts";

export const adminToken = "rms_test_administrator_token_0001";

export interface RmsProcess {
  readonly url: string;
  readonly folder: string;
  readonly tokenFile: string;
  readonly child: ChildProcess;
  call(
    method: string,
    path: string,
    body?: unknown,
    headers?: Readonly<Record<string, string>>,
  ): Promise<{ readonly status: number; readonly body: unknown; readonly headers: Headers }>;
  stop(): Promise<void>;
}

/** `more` are arguments of `rms serve`. */
export async function startRms(folder = mkdtempSync(join(tmpdir(), "rms-")), more: readonly string[] = []): Promise<RmsProcess> {
  const tokenFile = join(folder, "admin-token");
  writeFileSync(tokenFile, `${adminToken}\n`, { mode: 0o600 });
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const child = start("rms", [
    "serve",
    "--listen",
    `127.0.0.1:${port}`,
    "--data",
    join(folder, "data"),
    "--admin-token-file",
    tokenFile,
    ...more,
  ]);
  let log = "";
  child.stdout?.on("data", (chunk: Buffer) => {
    log += chunk.toString();
  });
  child.stderr?.on("data", (chunk: Buffer) => {
    log += chunk.toString();
  });
  await eventually(async () => {
    if (child.exitCode !== null) throw new Error(`RMS ended: ${log}`);
    return (await fetch(`${url}/healthz`)).ok ? true : undefined;
  });
  return {
    url,
    folder,
    tokenFile,
    child,
    call: async (method, path, body, headers = {}) => {
      const answer = await fetch(`${url}${path}`, {
        method,
        headers: {
          authorization: `Bearer ${adminToken}`,
          ...(body === undefined ? {} : { "content-type": "application/json" }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await answer.text();
      return { status: answer.status, body: text === "" ? undefined : (JSON.parse(text) as unknown), headers: answer.headers };
    },
    stop: async () => {
      if (child.exitCode === null && child.signalCode === null) {
        const ended = new Promise((resolve) => child.once("exit", resolve));
        child.kill("SIGTERM");
        await ended;
      }
      rmSync(folder, { recursive: true, force: true });
      demandNoSecrets(log, [adminToken]);
    },
  };
}
