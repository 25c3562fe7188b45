// An RMS of the user's own on this computer, as a process that ends with the window: for trying, without a terminal.
import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import type { LocalRms, StartedRms } from "../surroundings.ts";

/** Milliseconds in which it must listen. */
const patience = 20_000;
const mostLines = 20;
/** What RMS takes as an administrator's token. */
const token = /^[\x21-\x7e]{20,256}$/u;

export class RmsProcess implements LocalRms {
  readonly #program: string;
  readonly #folder: string;
  readonly #log: (line: string) => void;
  #child: ChildProcess | undefined;
  #isStarting = false;

  /** `folder` holds its data from one start to the next, for each port. */
  constructor(program: string, folder: string, log: (line: string) => void) {
    this.#program = program;
    this.#folder = folder;
    this.#log = log;
  }

  get runs(): boolean {
    return this.#isStarting || this.#child !== undefined;
  }

  async start(host: string, port: number, known: string | undefined): Promise<StartedRms> {
    if (this.runs) return { hindrance: "runs" };
    this.#isStarting = true;
    try {
      if (await isTaken(host, port)) return { hindrance: "taken" };
      const own = known !== undefined && token.test(known) ? known : `rms_${randomBytes(32).toString("base64url")}`;
      await this.#startWith(host, port, own);
      return { token: own };
    } finally {
      this.#isStarting = false;
    }
  }

  async #startWith(host: string, port: number, own: string): Promise<void> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    const file = join(this.#folder, `token-${port}`);
    await writeFile(file, own, { mode: 0o600 });
    const args = ["serve", "--listen", `${host}:${port}`, "--data", join(this.#folder, `data-${port}`)];
    args.push("--admin-token-file", file, "--until-stdin-ends");
    // The editor's own program is Node for that; nothing of the user's environment may say where its data lies or who administers it.
    const env = { ...process.env, ELECTRON_RUN_AS_NODE: "1" };
    for (const name of Object.keys(env)) if (name.startsWith("RMS_")) delete (env as NodeJS.ProcessEnv)[name];
    try {
      await this.#listening(spawn(process.execPath, [this.#program, ...args], { env, stdio: "pipe" }));
    } finally {
      await rm(file, { force: true });
    }
  }

  /** Rejects with what it said last when it ends before it listens. */
  #listening(child: ChildProcess): Promise<void> {
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
      child.stdin?.on("error", () => undefined);
      child.stdout?.on("data", (chunk: Buffer) => {
        printed += chunk.toString();
        if (!printed.startsWith("RMS listens on") || !printed.endsWith("\n")) return;
        clearTimeout(late);
        ready();
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
    // In order on every system, where a signal would be the end at once on Windows.
    child.stdin?.end();
    await ended;
  }

  dispose(): void {
    this.#child?.stdin?.end();
  }
}

/** True where somebody listens: what is meant for the window's own RMS would go there. */
function isTaken(host: string, port: number): Promise<boolean> {
  return new Promise((answer) => {
    const asked = connect({ host, port, timeout: 2000 });
    const tell = (taken: boolean) => () => {
      asked.destroy();
      answer(taken);
    };
    asked.once("connect", tell(true)).once("error", tell(false)).once("timeout", tell(true));
  });
}
