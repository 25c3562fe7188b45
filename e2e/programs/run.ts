// Runs the built programs as a user would: another working folder, only their own output, exit codes.
import { type ChildProcess, spawn } from "node:child_process";
import { randomInt } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
export const examples = join(root, "examples");

export interface Outcome {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  readonly timeoutMs?: number;
}

/** Runs `bin/<program>` to its end. */
export function run(program: "rw" | "rms", args: readonly string[], options: RunOptions = {}): Promise<Outcome> {
  return finish(start(program, args, options), options.timeoutMs ?? 60_000, options.stdin);
}

/** Starts `bin/<program>` and leaves it running. */
export function start(program: "rw" | "rms", args: readonly string[], options: RunOptions = {}): ChildProcess {
  return spawn(join(root, "bin", program), args, {
    cwd: options.cwd ?? tmpdir(),
    env: { ...process.env, ...options.env },
    stdio: "pipe",
  });
}

export function finish(child: ChildProcess, timeoutMs: number, stdin?: string): Promise<Outcome> {
  let out = "";
  let err = "";
  child.stdout?.on("data", (chunk: Buffer) => {
    out += chunk.toString();
  });
  child.stderr?.on("data", (chunk: Buffer) => {
    err += chunk.toString();
  });
  // A program that ends before it reads its input breaks the pipe; its exit code says the rest.
  child.stdin?.on("error", () => {});
  child.stdin?.end(stdin);
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      err += `\nended after ${timeoutMs} ms: ${child.spawnargs.join(" ")}\n`;
      child.kill("SIGKILL");
    }, timeoutMs);
    child.on("close", (code) => {
      clearTimeout(timer);
      resolve({ code, out, err });
    });
  });
}

/** A fresh folder that is removed after `use`. */
export async function inFolder<T>(use: (folder: string) => Promise<T> | T): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "rw-"));
  try {
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A loopback port that nobody listens on. It lies below those that a system gives to connections, so that none takes it meanwhile. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(10_000, 32_000);
    if (await isFree(port)) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}

/** Waits until `probe` gives a value; fails after the time with the last reason. */
export async function eventually<T>(probe: () => Promise<T | undefined>, timeoutMs = 60_000): Promise<T> {
  const end = Date.now() + timeoutMs;
  let reason: unknown = "it never held";
  while (Date.now() < end) {
    try {
      const value = await probe();
      if (value !== undefined) return value;
    } catch (error) {
      reason = error;
    }
    await new Promise((wait) => setTimeout(wait, 25));
  }
  throw new Error(`not within ${timeoutMs} ms: ${String(reason)}`);
}
