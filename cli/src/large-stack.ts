// Text that nests deeper than an ordinary stack takes: the command runs again from its start, on a thread with a large stack.
import { parentPort, Worker, workerData } from "node:worker_threads";
import { isStackOverflow, largeStackMegabytes, repeatOnLargeStack, StackTooSmall, useLargeStack } from "#grammars/text/stack.ts";
import { type Io, processIo, writtenAtOnce } from "./io.ts";

type Run = (args: readonly string[], io: Io) => Promise<number>;

/** What the thread cannot find out itself. */
interface Around {
  readonly args: readonly string[];
  readonly terminal: boolean;
}

/**
 * Runs a command line, and gives its exit code unless the process ends by itself. Commands read what they work on before they write
 * anything, so one that gave up can begin anew.
 */
export async function onLargerStack(run: Run, args: readonly string[], program: URL): Promise<number> {
  const io = processIo();
  let stdin: Promise<string> | undefined;
  const readStdin = (): Promise<string> => {
    stdin ??= io.readStdin();
    return stdin;
  };
  repeatOnLargeStack();
  let hasWritten = false;
  const noting =
    (write: (text: string) => void) =>
    (text: string): void => {
      hasWritten = true;
      write(text);
    };
  try {
    return await run(args, { ...io, readStdin, out: noting(io.out), err: noting(io.err) });
  } catch (error) {
    if (!(error instanceof StackTooSmall || (isStackOverflow(error) && !hasWritten))) throw error;
  }
  const around: Around = { args, terminal: io.terminal };
  const worker = new Worker(program, { workerData: around, resourceLimits: { stackSizeMb: largeStackMegabytes } });
  worker.on("message", () => void readStdin().then((text) => worker.postMessage(text)));
  worker.on("exit", (code) => {
    process.exitCode = code;
  });
  // The process ends by itself when all that the thread wrote has come through.
  return new Promise((_, reject) => worker.on("error", reject));
}

/** The other side of it, in the thread. */
export async function runAgain(run: Run): Promise<void> {
  useLargeStack();
  const { args, terminal } = workerData as Around;
  const readStdin = (): Promise<string> =>
    new Promise((resolve) => {
      parentPort?.once("message", resolve);
      parentPort?.postMessage("stdin");
    });
  process.exitCode = await run(args, { ...processIo(), ...writtenAtOnce, terminal, readStdin });
}
