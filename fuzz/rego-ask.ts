// One question about the files of a folder, asked of OPA and of us.
import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { processIo } from "../cli/src/io.ts";
import { main } from "../cli/src/main.ts";

const opa = process.env["OPA"] ?? "opa";

export interface Answer {
  readonly code: number;
  /** What it wrote, errors first. */
  readonly text: string;
}

/** The folder holds these files and no others from then on. */
export function putFiles(folder: string, files: Readonly<Record<string, string>>): void {
  rmSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
}

/** Undefined when OPA itself broke. */
export function askOpa(folder: string, args: readonly string[]): Answer | undefined {
  const run = spawnSync(opa, args, { cwd: folder, encoding: "utf8", timeout: 10_000, maxBuffer: 1 << 28 });
  return run.status === 0 || run.status === 1 ? { code: run.status, text: run.stderr + run.stdout } : undefined;
}

export async function askUs(folder: string, args: readonly string[]): Promise<Answer> {
  let printed = "";
  const hear = (text: string): void => {
    printed += text;
  };
  const io = { ...processIo(), out: hear, err: hear };
  const at = (path: string): string => join(folder, path);
  const code = await main(args, {
    ...io,
    cwd: folder,
    readFile: (path) => io.readFile(at(path)),
    kind: (path) => io.kind(at(path)),
    isLink: (path) => io.isLink(at(path)),
    realPath: (path) => io.realPath(at(path)),
    list: (path) => io.list(at(path)),
  });
  return { code, text: printed };
}
