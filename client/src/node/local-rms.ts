// An RMS of the user's own on this computer, as a process that ends with the window: for trying, without a terminal.
import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { LocalRms, StartedRms } from "../surroundings.ts";

/** Milliseconds in which it must listen. */
const patience = 20_000;
const mostLines = 20;

export class RmsProcess implements LocalRms {
  readonly #program: string;
  readonly #folder: string;
  readonly #log: (line: string) => void;
  #child: ChildProcess | undefined;

  /** `folder` holds its data from one start to the next. */
  constructor(program: string, folder: string, log: (line: string) => void) {
    this.#program = program;
    this.#folder = folder;
    this.#log = log;
  }

  get runs(): boolean {
    return this.#child !== undefined;
  }

  async start(host: string, port: number, hasToken: boolean): Promise<StartedRms> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    const file = join(this.#folder, "first-token");
    const token = hasToken ? undefined : `rms_${randomBytes(32).toString("base64url")}`;
    if (token !== undefined) await writeFile(file, token, { mode: 0o600 });
    const args = ["serve", "--listen", `${host}:${port}`, "--data", join(this.#folder, "data")];
    if (token !== undefined) args.push("--admin-token-file", file);
    // The editor's own program is Node for that; nothing of the user's environment may say where its data lies or who administers it.
    const env = { ...process.env, ELECTRON_RUN_AS_NODE: "1" };
    for (const name of Object.keys(env)) if (name.startsWith("RMS_")) delete (env as NodeJS.ProcessEnv)[name];
    try {
      const printed = await this.#listening(
        spawn(process.execPath, [this.#program, ...args], { env, stdio: ["ignore", "pipe", "pipe"] }),
      );
      // Data that was thrown away knows no token from before.
      const made = /token, shown once: (\S+)/u.exec(printed)?.[1];
      return { token: made ?? token };
    } finally {
      await rm(file, { force: true });
    }
  }

  /** What it printed until it listens; rejects with what it said last when it ends before. */
  #listening(child: ChildProcess): Promise<string> {
    this.#child = child;
    let printed = "";
    const said: string[] = [];
    return new Promise((ready, failed) => {
      const late = setTimeout(() => {
        child.kill();
        failed(new Error(said.at(-1) ?? "it does not answer"));
      }, patience);
      const over = (reason: string): void => {
        clearTimeout(late);
        if (this.#child === child) this.#child = undefined;
        failed(new Error(said.at(-1) ?? reason));
      };
      child.stdout?.on("data", (chunk: Buffer) => {
        printed += chunk.toString();
        if (!printed.startsWith("RMS listens on") || !printed.endsWith("\n")) return;
        clearTimeout(late);
        // The line with the token comes right behind, where there is one.
        setTimeout(() => ready(printed), 50);
      });
      child.stderr?.on("data", (chunk: Buffer) => {
        for (const line of chunk
          .toString()
          .split("\n")
          .filter((one) => one.trim() !== "")) {
          this.#log(line);
          said.push(line);
          if (said.length > mostLines) said.shift();
        }
      });
      child.once("error", ({ message }) => over(message));
      child.once("exit", (code) => over(`it ended with ${code ?? "a signal"}`));
    });
  }

  async stop(): Promise<void> {
    const child = this.#child;
    if (child === undefined) return;
    const ended = new Promise((done) => child.once("exit", done));
    child.kill("SIGTERM");
    await ended;
  }

  dispose(): void {
    this.#child?.kill("SIGTERM");
  }
}
