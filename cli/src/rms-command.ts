// What the commands that talk to RMS share: the target, JSON for scripts or lines for people, failures with their places.
import type { Failure, Reply } from "#publishing/reply.ts";
import type { Channel } from "#publishing/rms-client.ts";
import { resolve } from "#workspace/paths.ts";
import type { Project } from "#workspace/project.ts";
import type { Command, Flag, Invocation } from "./command.ts";
import { configFault, openProject } from "./project.ts";
import { rmsFlags, rmsTarget, type Target } from "./rms-target.ts";

export interface RmsCall extends Target {
  readonly call: Invocation;
  /** The project of `--project`: its `rw.conf` says where RMS is, and its files are what a comparison is about. */
  readonly project: Project;
  /** Prints the value as JSON with `--json`, else the lines; gives exit code 0. */
  print(value: unknown, lines: string): number;
  /** Prints what went wrong; gives exit code 1. */
  fail(message: string): number;
}

/** A failed answer of RMS, to be printed by the frame of the command. */
class Refused extends Error {
  readonly failure: Failure;
  constructor(failure: Failure) {
    super(failure.message);
    this.failure = failure;
  }
}

/** The value of a good answer; a bad one ends the command with its reason. */
export function expectReply<T>(reply: Reply<T>): T {
  if (!reply.ok) throw new Refused(reply.failure);
  return reply.value;
}

/** The value of a good answer; where there is no such thing, the command ends by the name that was asked for. */
export function expectNamed<T>({ domain, policy }: Target, what: string, reply: Reply<T>): T {
  if (reply.ok || reply.failure.status !== 404) return expectReply(reply);
  const message = `${domain}/${policy} has no ${what}, or the token may not see it`;
  return expectReply({ ok: false, failure: { ...reply.failure, message } });
}

export async function expectChannel(target: Target, channel: string): Promise<Channel> {
  const { client, domain, policy } = target;
  const reply = await client.channel(domain, policy, channel);
  const known = !reply.ok && reply.failure.status === 404 ? await client.channels(domain, policy) : undefined;
  if (reply.ok || known?.ok !== true || known.value.items.length === 0) return expectNamed(target, `channel ${channel}`, reply);
  const message = `${domain}/${policy} has no channel ${channel}: it has ${known.value.items.map((one) => one.channel).join(", ")}`;
  return expectReply({ ok: false, failure: { ...reply.failure, message } });
}

const common = `The exit code is 0 when RMS did or answered it, and 1 with a sentence on standard error when it did not.`;

/** A command with the flags of RMS; `positionals` is how many words it takes. */
export function rmsCommand(
  made: Omit<Command, "run" | "flags" | "details"> & {
    readonly flags?: readonly Flag[];
    readonly positionals: readonly [least: number, most: number];
    readonly details: string;
    run(rms: RmsCall): Promise<number>;
  },
): Command {
  const { positionals, run, flags = [], details, ...rest } = made;
  return {
    ...rest,
    details: `${details.trim()}\n\n${common}`,
    flags: [
      ...rmsFlags,
      ...flags,
      { name: "project", kind: "string", placeholder: "folder", default: ".", help: "folder with rw.conf" },
      { name: "json", kind: "boolean", help: "print JSON for scripts" },
    ],
    run: async (given) => {
      const { io } = given;
      const call = withFolder(given);
      const fail = (message: string): number => {
        io.err(`error: ${message}\n`);
        return 1;
      };
      const [least, most] = positionals;
      if (call.positionals.length < least || call.positionals.length > most) {
        const what = call.positionals.length < least ? "a word is missing" : `a word too many, ${call.positionals[most] ?? ""}`;
        return fail(`${what}: rw ${made.usage} (\`rw help ${made.name}\` names the flags)`);
      }
      const opened = await openProject(call.flag("project") ?? ".", io);
      if ("fault" in opened) return fail(opened.fault);
      const wrong = configFault(opened.project);
      if (wrong !== undefined) return fail(wrong);
      const target = rmsTarget(call, opened.project);
      if ("fault" in target) return fail(target.fault);
      const print = (value: unknown, lines: string): number => {
        io.out(call.on("json") ? `${JSON.stringify(value, undefined, 2)}\n` : lines);
        return 0;
      };
      try {
        return await run({ ...target, call, project: opened.project, print, fail });
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        for (const { file, row, col, message } of error.failure.errors.filter((one) => !isSaid(one, error.failure)))
          io.err(`${file === undefined ? "" : `${file}:${row ?? 1}:${col ?? 1}: `}${message}\n`);
        return fail(error.failure.message);
      }
    },
  };
}

/** True for what has no place and stands in the sentence anyway. */
const isSaid = ({ file, message }: Failure["errors"][number], failure: Failure): boolean =>
  file === undefined && failure.message.includes(message);

/** A word that can only be a folder, as `rw publish` and `rw samples` take one, is the project. */
function withFolder(call: Invocation): Invocation {
  const folder = call.positionals.find(
    (word) => /^\.{1,2}$|\//u.test(word) && call.io.kind(resolve(call.io.cwd, word)) === "folder",
  );
  if (folder === undefined || call.given("project")) return call;
  return {
    ...call,
    positionals: call.positionals.filter((word) => word !== folder),
    flag: (name) => (name === "project" ? folder : call.flag(name)),
  };
}

/** Rows in columns, two blanks between them. */
export function columns(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => [...(row[at] ?? "")].length)));
  return rows
    .map((row) =>
      row
        .map((cell, at) => cell + " ".repeat(widths[at]! - [...cell].length))
        .join("  ")
        .trimEnd(),
    )
    .map((row) => `${row}\n`)
    .join("");
}
