// A file system of a few megabytes for one RMS, in a mount namespace of its own: filled and freed from outside.
import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { eventually, root } from "../programs/run.ts";

export interface SmallDisk {
  /** Runs `bin/rms` on it, its data in `/disk/data`. */
  start(args: readonly string[]): ChildProcess;
  /** Leaves so many bytes free. */
  fill(left: number): void;
  free(): void;
  /** The disk's root as this process sees it. */
  readonly path: string;
  close(): void;
}

/** Mounts a tmpfs of so many bytes at `folder`, seen only by what is started on it. */
export async function smallDisk(folder: string, bytes: number): Promise<SmallDisk> {
  mkdirSync(folder, { recursive: true });
  const script = `mount -t tmpfs -o size=${bytes} small "$1" && echo mounted && exec sleep infinity`;
  const keeper = spawn("unshare", ["-Urm", "sh", "-c", script, "sh", folder], { stdio: ["ignore", "pipe", "inherit"] });
  let mounted = false;
  keeper.stdout?.once("data", () => {
    mounted = true;
  });
  await eventually(async () => mounted || undefined);
  const path = join(`/proc/${keeper.pid}/root`, folder);
  const filler = join(path, "filler");
  return {
    path,
    start: (args) =>
      spawn(
        "nsenter",
        [
          `--target=${keeper.pid}`,
          "--user",
          "--mount",
          "--preserve-credentials",
          process.execPath,
          join(root, "bin/rms"),
          ...args,
        ],
        { stdio: "pipe" },
      ),
    fill: (left) => {
      rmSync(filler, { force: true });
      const { bavail, bsize } = statfsSync(path);
      writeFileSync(filler, Buffer.alloc(Math.max(0, bavail * bsize - left)));
    },
    free: () => rmSync(filler, { force: true }),
    close: () => void keeper.kill("SIGKILL"),
  };
}
