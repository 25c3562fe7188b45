// `rw fix`: mends in place what `rw lint` finds and has a fix for, and moves policies into the folders of their packages.
import { unifiedDiff } from "#grammars/text/line-diff.ts";
import { fixFile } from "#lint/fixing.ts";
import { dirname, resolve } from "#workspace/paths.ts";
import { type Command, type Invocation, usageError } from "../command.ts";
import { systemFault } from "../io.ts";
import { ruleFlags } from "../lint/flags.ts";
import { plannedMoves } from "../lint/moves.ts";
import { type LintRun, startLinting } from "../lint/run.ts";
import { painted } from "../painted-diff.ts";

export const fix: Command = {
  name: "fix",
  usage: "fix <path> [path [...]] [flags]",
  summary: "Fix what rw lint finds, where there is a fix",
  details: `Policies are changed in place; look at the changes before you keep them. What is a bug is better mended by
hand: why it was found matters. Which rules have a fix is said on their pages and by rw lint.`,
  flags: [
    ...ruleFlags,
    { name: "dry-run", kind: "boolean", help: "only say what would be changed" },
    { name: "verbose", kind: "boolean", help: "show the lines that are changed" },
    {
      name: "on-conflict",
      kind: "string",
      choices: ["error", "rename"],
      default: "error",
      help: "what to do where a moved file's place is taken: stop before anything is changed, or give it another name",
    },
  ],
  run: async (call) => {
    const { io } = call;
    if (call.positionals.length === 0) {
      io.err(usageError(fix, "at least one file or directory must be provided for fixing"));
      return 1;
    }
    const run = await startLinting(call);
    if ("fault" in run) {
      io.err(`${run.fault}\n`);
      return 1;
    }
    const { changes, conflicts } = changesOf(call, run);
    if (conflicts.length > 0) {
      io.err(`${conflicts.join("\n")}\nNothing was changed. Use --on-conflict rename to give such files another name.\n`);
      return 1;
    }
    const fault = call.on("dry-run") ? undefined : apply(call, changes);
    if (fault !== undefined) {
      io.err(`${fault}\n`);
      return 1;
    }
    const hasColours = io.terminal && !call.on("no-color") && io.env["NO_COLOR"] === undefined;
    if (call.on("verbose"))
      for (const { path, before, text } of changes)
        if (text !== undefined) io.out(unifiedDiff(path, before, text, hasColours ? painted : undefined));
    io.out(summary(changes, call.on("dry-run")));
    return 0;
  },
};

interface Change {
  readonly path: string;
  readonly before: string;
  /** Undefined for a file that is only moved. */
  readonly text: string | undefined;
  readonly to: string | undefined;
  /** The rules whose fixes these are. */
  readonly rules: readonly string[];
}

function changesOf(
  call: Invocation,
  { found, active, sources }: LintRun,
): { changes: readonly Change[]; conflicts: readonly string[] } {
  const { io } = call;
  const { cwd } = io;
  const named = call.positionals.map((path) => resolve(cwd, path.replaceAll("\\", "/")));
  const fixes = sources.files.map((file) => fixFile(file, active, (text) => sources.read(file.path, text)));
  const { moves, conflicts } = plannedMoves(fixes, {
    cwd,
    roots: [
      ...named.map((path) => (io.kind(path) === "folder" ? path : dirname(path))),
      ...(found.path === undefined && found.projectFile === undefined ? [] : [found.folder]),
    ],
    exists: (path) => io.kind(path) !== undefined,
    renames: call.flag("on-conflict") === "rename",
  });
  const changes = fixes.flatMap(({ before, file, rules: fixed }): readonly Change[] => {
    const to = moves.get(before);
    const rules = [...(to === undefined ? [] : ["directory-package-mismatch"]), ...fixed];
    return rules.length === 0
      ? []
      : [{ path: before.path, before: before.text, text: fixed.length === 0 ? undefined : file.text, to, rules }];
  });
  return { changes, conflicts };
}

/** What the system says where a file cannot be written or moved; files before it are changed by then. */
function apply(call: Invocation, changes: readonly Change[]): string | undefined {
  for (const { path, text, to } of changes) {
    try {
      if (text !== undefined) call.io.writeFile(path, text);
      if (to !== undefined) call.io.moveFile(path, to);
    } catch (error) {
      return `${path} cannot be changed: ${systemFault(error, path) ?? String(error)}`;
    }
  }
  return undefined;
}

function summary(changes: readonly Change[], isDry: boolean): string {
  const count = changes.reduce((sum, { rules }) => sum + rules.length, 0);
  const action = isDry ? "to apply" : "applied";
  if (count === 0) return `No fixes ${action}.\n`;
  const lines = changes.flatMap(({ path, to, rules }) => [
    `${path}${to === undefined ? "" : ` -> ${to}`}:`,
    ...rules.map((rule) => `- ${rule}`),
  ]);
  return `${count} ${count === 1 ? "fix" : "fixes"} ${action}:\n${lines.join("\n")}\n`;
}
