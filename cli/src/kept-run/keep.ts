// Keeps what a command did, for the next time that it is asked to do so while all that it saw is the same.
import type { Io } from "../io.ts";
import { type Place, writeRun } from "./entry.ts";
import { observed } from "./observation.ts";
import { beginAnew, isVarying } from "./variation.ts";

type Run = (args: readonly string[], io: Io) => Promise<number>;

/** What these commands say and write follows from files and the environment alone, unless they say that it may vary. */
const followsFromFiles: ReadonlySet<string> = new Set(["build", "check", "deps", "fmt", "inspect", "lint", "parse", "test"]);

/** Flags with keys: nothing that could be a secret is kept, not even as a hash. */
const namesKey = /^--?(?:signing|verification)-/u;

/** The command, which is kept where it can be. */
export function keeping(run: Run, place: Place): Run {
  return async (args, io) => {
    if (!followsFromFiles.has(args[0] ?? "") || args.some((arg) => namesKey.test(arg))) return run(args, io);
    const world = observed(io);
    beginAnew();
    const code = await run(args, world.io);
    const whole = world.run();
    if (whole !== undefined && !isVarying()) writeRun(place, { args, cwd: io.cwd, terminal: io.terminal }, { code, ...whole });
    return code;
  };
}
