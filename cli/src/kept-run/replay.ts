// Answers a command line by what an equal one did before, if all that it saw is still the same. The launcher loads this program alone first: it is small.
import { type Io, processIo, writtenAtOnce } from "../io.ts";
import { canBeKept } from "./command-lines.ts";
import { type Place, readRun } from "./entry.ts";
import { doAgain, stillSeen } from "./observation.ts";

/** The exit code; undefined when the command has to be run. */
export function replay(place: Place, args: readonly string[], io: Io = { ...processIo(), ...writtenAtOnce }): number | undefined {
  // Other commands start as fast as if nothing were kept.
  if (!canBeKept(args)) return undefined;
  const run = readRun(place, { args, cwd: io.cwd, terminal: io.terminal });
  if (run === undefined || !stillSeen(run.observations, io)) return undefined;
  try {
    doAgain(run.effects, io);
  } catch {
    // The command says itself why a file cannot be written.
    return undefined;
  }
  return run.code;
}
