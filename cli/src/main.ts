// `rw`: finds the command, reads its flags, runs it.
import { isMainThread } from "node:worker_threads";
import { helpOf, parseArguments, usageError } from "./command.ts";
import { commands } from "./commands/index.ts";
import { type Io, systemFault } from "./io.ts";
import type { Place } from "./kept-run/entry.ts";
import { keeping } from "./kept-run/keep.ts";
import { onLargerStack, runAgain } from "./large-stack.ts";

/** Runs one command line and gives its exit code; 1 for a wrong call. */
export async function main(args: readonly string[], io: Io): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined || name === "help" || name === "--help" || name === "-h") {
    const command = await commands.get(rest[0] ?? "")?.();
    if (name === "help" && rest[0] !== undefined && command === undefined) io.err(`Unknown help topic ["${rest[0]}"]\n`);
    io.out(command === undefined ? await overview() : helpOf(command));
    return 0;
  }
  if (name === "--version") return main(["version"], io);
  if (name === "__complete") return (await import("./completion/answer.ts")).answerCompletion(rest, io, commands);
  const command = await commands.get(name)?.();
  if (command === undefined) {
    if (name.startsWith("-"))
      io.err(`Error: unknown ${name.startsWith("--") ? "flag" : "shorthand flag"}: ${name}\nRun 'rw --help' for usage.\n`);
    else io.err(`Error: unknown command "${name}" for "rw"\n${await meant(name)}Run 'rw --help' for usage.\n`);
    return 1;
  }
  if (rest.includes("--help") || rest.includes("-h")) {
    io.out(helpOf(command));
    return 0;
  }
  const parsed = parseArguments(command, rest, io);
  if ("error" in parsed) {
    io.err(usageError(command, parsed.error));
    return 1;
  }
  try {
    return await command.run(parsed.invocation);
  } catch (error) {
    const fault = systemFault(error);
    if (fault === undefined) throw error;
    io.err(`error: ${fault}\n`);
    return 1;
  }
}

/** Commands whose names are near or go on so, in the words of OPA's command line. */
async function meant(name: string): Promise<string> {
  const { closestNames } = await import("#features/edit-distance.ts");
  const names = [...commands.keys()];
  const near = new Set([...closestNames(name, names), ...names.filter((one) => one.startsWith(name))]);
  return near.size === 0 ? "" : `\nDid you mean this?\n${[...near].map((one) => `\t${one}\n`).join("")}\n`;
}

async function overview(): Promise<string> {
  const all = await Promise.all([...commands.values()].map((load) => load()));
  const width = Math.max(...all.map(({ name }) => name.length));
  const rows = all.map(({ name, summary }) => `  ${name.padEnd(width)}   ${summary}`);
  return `Rulewright: write, check, evaluate, test and publish Rego policies.\n\nUsage:\n  rw <command> [flags]\n\nCommands:\n${rows.join("\n")}\n\nRun 'rw help <command>' for the flags of a command.\n`;
}

/** The launcher says where runs may be kept. */
declare const module: { readonly keptRuns?: Place } | undefined;

const direct = process.argv[1] !== undefined && /(^|[\\/])(rw\.cjs|cli[\\/]src[\\/]main\.ts)$/.test(process.argv[1]);
if (direct && !isMainThread) {
  void runAgain((args, io) => main(args, io));
} else if (direct) {
  // A reader that closes the pipe early (`rw … | head`) is no error.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(0);
    process.stderr.write(`error: standard output: ${systemFault(error) ?? error.message}\n`);
    process.exit(1);
  });
  const keptRuns = typeof module === "undefined" ? undefined : module.keptRuns;
  const run = keptRuns === undefined ? main : keeping(main, keptRuns);
  void onLargerStack(run, process.argv.slice(2), new URL(import.meta.url)).then(end);
}

/** Ends at once where nothing waits to be written: Node and V8 would go on tidying up memory that the process gives back anyway. */
function end(code: number): void {
  process.exitCode = code;
  // A disk that is full says so a moment later.
  if (process.stdout.writableLength === 0 && process.stderr.writableLength === 0) setImmediate(() => process.exit());
}
