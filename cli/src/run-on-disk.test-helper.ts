// Commands over files of their own in a new folder, for tests that need a real disk.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll } from "vitest";
import { heardIo } from "./heard-io.test-helper.ts";
import { processIo } from "./io.ts";
import { main } from "./main.ts";

interface Ran {
  readonly cwd: string;
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs commands, each in a folder of its own, or one that is named, with these files (`<cwd>` in a word); all go when the tests of the file are over. */
export function runsOnDisk(
  prefix: string,
): (files: Readonly<Record<string, string | Buffer>>, words: readonly string[], cwd?: string) => Promise<Ran> {
  const folder = mkdtempSync(join(tmpdir(), prefix));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return async (files, words, cwd = mkdtempSync(join(folder, "case "))) => {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(cwd, path)), { recursive: true });
      writeFileSync(join(cwd, path), text);
    }
    const { io, printed } = heardIo({ ...processIo(), cwd, env: {} });
    const code = await main(
      words.map((word) => word.replaceAll("<cwd>", cwd)),
      io,
    );
    return { cwd, code, ...printed() };
  };
}
