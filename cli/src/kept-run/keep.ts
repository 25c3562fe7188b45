// Keeps what a command did, for the next time that it is asked to do so while all that it saw is the same.
import type { Io } from "../io.ts";
import { canBeKept } from "./command-lines.ts";
import { type Place, writeRun } from "./entry.ts";
import { observed } from "./observation.ts";
import { beginAnew, isVarying } from "./variation.ts";

type Run = (args: readonly string[], io: Io) => Promise<number>;

/** The command, which is kept where it can be. */
export function keeping(run: Run, place: Place): Run {
  return async (args, io) => {
    if (!canBeKept(args)) return run(args, io);
    const world = observed(io);
    beginAnew();
    const code = await run(args, world.io);
    const whole = world.run();
    if (whole !== undefined && !isVarying()) writeRun(place, { args, cwd: io.cwd, terminal: io.terminal }, { code, ...whole });
    return code;
  };
}
