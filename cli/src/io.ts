// The outside world of a command: streams, files, working directory, environment. Tests hand in their own.
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmdirSync,
  statSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { dirname, resolve } from "node:path";
import { encodePolicy } from "#grammars/text/broken-bytes.ts";

export interface Io {
  /** The working folder, with `/` between its parts on every system. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** True when standard output is a terminal, so colours and progress make sense. */
  readonly terminal: boolean;
  out(text: string): void;
  err(text: string): void;
  readStdin(): Promise<string>;
  /** Undefined when there is no such file or folder; of a link what it leads to. */
  kind(path: string): "file" | "folder" | undefined;
  isLink(path: string): boolean;
  /** True for a file that can be read again: no pipe, no terminal; of a link what it leads to. */
  isRegular(path: string): boolean;
  readFile(path: string): Uint8Array;
  /** The absolute path behind symbolic links; the path itself where nothing is. */
  realPath(path: string): string;
  writeFile(path: string, content: string | Uint8Array): void;
  /** With those above it; one that is there stays as it is. */
  makeFolder(path: string): void;
  /** Makes the folders that the new place needs, and takes away those that are left empty. */
  moveFile(from: string, to: string): void;
  list(path: string): readonly string[];
}

/** What the system says to a file that cannot be read or written, as Go words it; undefined for other errors. */
export function systemFault(error: unknown, named?: string): string | undefined {
  const message = error instanceof Error && "syscall" in error ? error.message : "";
  const [, why, made, path] = /^E[A-Z]+: (.+), (\w+)(?: '(.*)')?/su.exec(message) ?? [];
  if (why === undefined) return undefined;
  const call = made === "scandir" ? "open" : made;
  const said = message.startsWith("EISDIR") ? "is a directory" : why;
  return [call, named ?? path]
    .filter((part) => part !== undefined)
    .join(" ")
    .concat(`: ${said}`);
}

/** What a text is as output: bytes of a policy that are no UTF-8 are shown as they are. */
function written(text: string): string | Uint8Array {
  return text.isWellFormed() ? text : encodePolicy(text);
}

/** What a thread writes to the process at once: its streams would keep all of it in memory until the thread is done. */
export const writtenAtOnce: Pick<Io, "out" | "err"> = { out: (text) => writeAll(1, text), err: (text) => writeAll(2, text) };

function writeAll(file: 1 | 2, text: string): void {
  const bytes = Buffer.from(written(text));
  for (let from = 0; from < bytes.length; ) {
    try {
      from += writeSync(file, bytes, from);
    } catch (error) {
      const code = error instanceof Error && "code" in error ? error.code : undefined;
      // Nobody reads on.
      if (code === "EPIPE") return;
      if (code !== "EAGAIN") throw error;
      // Who reads is slower.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
}

/** One below the other: where /proc takes none, Node's own way tries for ever. */
function makeFolder(path: string): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  mkdirSync(path);
}

function moveFile(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  renameSync(from, to);
  for (let folder = dirname(from); readdirSync(folder).length === 0; folder = dirname(folder)) rmdirSync(folder);
}

/** The real process. */
export function processIo(): Io {
  const at = (path: string): string => resolve(process.cwd(), path);
  return {
    cwd: process.cwd().replaceAll("\\", "/"),
    env: process.env,
    terminal: process.stdout.isTTY === true,
    out: (text) => void process.stdout.write(written(text)),
    err: (text) => void process.stderr.write(written(text)),
    readStdin: async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
      return Buffer.concat(chunks).toString("utf8");
    },
    kind: (path) => {
      if (path === "" || !existsSync(at(path))) return undefined;
      return statSync(at(path)).isDirectory() ? "folder" : "file";
    },
    isLink: (path) => lstatSync(at(path), { throwIfNoEntry: false })?.isSymbolicLink() ?? false,
    isRegular: (path) => statSync(at(path), { throwIfNoEntry: false })?.isFile() ?? false,
    readFile: (path) => readFileSync(at(path)),
    realPath: (path) => (existsSync(at(path)) ? realpathSync(at(path)) : at(path)),
    writeFile: (path, content) => writeFileSync(at(path), content),
    makeFolder: (path) => makeFolder(at(path)),
    moveFile: (from, to) => moveFile(at(from), at(to)),
    list: (path) => readdirSync(at(path)).sort(),
  };
}
