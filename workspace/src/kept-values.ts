// Values that are made from files, kept over the moments of a project while every file they looked up is the same.
import type { SourceFile } from "./source-file.ts";

type Find = (path: string) => SourceFile | undefined;

interface Entry {
  readonly inputs: readonly unknown[];
  readonly reads: ReadonlyMap<string, SourceFile | undefined>;
  readonly value: unknown;
}

/** Old values of files that went are given up when there are more than this. */
const most = 10_000;

export class KeptValues {
  readonly #entries = new Map<string, Entry>();

  /** The value under a key as it was, when its inputs are the same objects and each path it looked up still gives the same file. */
  read<T>(key: string, inputs: readonly unknown[], find: Find, make: (find: Find) => T): T {
    const before = this.#entries.get(key);
    if (before !== undefined && same(before, inputs, find)) return before.value as T;
    const reads = new Map<string, SourceFile | undefined>();
    const value = make((path) => {
      const file = find(path);
      reads.set(path, file);
      return file;
    });
    if (this.#entries.size >= most) this.#entries.clear();
    this.#entries.set(key, { inputs, reads, value });
    return value;
  }
}

/** Looks every path up, also after the first that differs: the project counts what its values may have been read from. */
function same({ inputs, reads }: Entry, now: readonly unknown[], find: Find): boolean {
  let isSame = inputs.length === now.length && inputs.every((one, at) => one === now[at]);
  for (const [path, file] of reads) if (find(path) !== file) isSame = false;
  return isSame;
}
