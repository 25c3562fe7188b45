// Runs something again when files below paths change.
import { watch } from "node:fs";
import { resolve } from "node:path";
import type { Io } from "./io.ts";

/** Several changes at once, as editors make them, are one. */
const quietMilliseconds = 100;

/** `again` runs after each change, until Ctrl-C, which is no failure. */
export function watchPaths(paths: readonly string[], io: Io, again: () => unknown): Promise<number> {
  io.out(`${"*".repeat(80)}\nWatching for changes ...\n${"*".repeat(80)}\n`);
  let waiting: NodeJS.Timeout | undefined;
  for (const path of paths) {
    const watcher = watch(resolve(io.cwd, path), { recursive: true }, () => {
      clearTimeout(waiting);
      waiting = setTimeout(again, quietMilliseconds);
    });
    watcher.on("error", (error) => io.err(`${path}: ${error.message}\n`));
  }
  return new Promise((ended) => process.once("SIGINT", () => ended(0)));
}
