// An RMS of its own for the tests of the commands that talk to one.
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll } from "vitest";
import { heardIo } from "./heard-io.test-helper.ts";
import { processIo } from "./io.ts";
import { main } from "./main.ts";

export const repository = join(import.meta.dirname, "..", "..");
export const token = "a-token-of-thirty-characters!!";

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export interface RmsServer {
  /** Holds the folder `project`, in which commands run, and what the server keeps. */
  readonly folder: string;
  readonly project: string;
  /** The server's address, from the first test on. */
  readonly url: () => string;
  rw(...words: readonly string[]): Promise<Ran>;
}

/** Starts with the first test and goes with the last one. `prepare` fills the folder and gives further flags of the server. */
export function rmsServer(prefix: string, prepare: (server: RmsServer) => readonly string[]): RmsServer {
  const folder = mkdtempSync(join(tmpdir(), prefix));
  const project = join(folder, "project");
  const tokenFile = join(folder, "token");
  let child: ChildProcess;
  let url = "";
  const server: RmsServer = {
    folder,
    project,
    url: () => url,
    rw: async (...words) => {
      const { io, printed } = heardIo({
        ...processIo(),
        cwd: project,
        env: { RMS_URL: url, RMS_TOKEN_FILE: tokenFile },
        readStdin: async () => '{"user": "nobody"}',
      });
      return { code: await main(words, { ...io, terminal: false }), ...printed() };
    },
  };
  beforeAll(async () => {
    writeFileSync(tokenFile, `${token}\n`);
    const more = prepare(server);
    const flags = ["--listen", "127.0.0.1:0", "--data", join(folder, "data"), "--admin-token-file", tokenFile, ...more];
    child = spawn(process.execPath, [join(repository, "rms/server/main.ts"), "serve", ...flags], {
      stdio: ["ignore", "pipe", "ignore"],
    });
    url = await new Promise((found) =>
      child.stdout?.on("data", (chunk) => {
        const address = /http:\/\/\S+(?=;)/.exec(String(chunk))?.[0];
        if (address !== undefined) found(address);
      }),
    );
  });
  afterAll(() => {
    child.kill();
    rmSync(folder, { recursive: true, force: true });
  });
  return server;
}
