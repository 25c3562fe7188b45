// `rw migrate`: the policies of a project from Rego v0 to v1, once every test and sample was seen to be decided as before.
import { beforeMigration, migrationOf } from "#features/migration.ts";
import { afterwards, newFault, proofQuestions } from "#features/rego/refactor/proof.ts";
import { unifiedDiff } from "#grammars/text/line-diff.ts";
import { sampleDecider } from "#publishing/sample-decisions.ts";
import type { Decision } from "#workspace/expected.ts";
import { relative } from "#workspace/paths.ts";
import type { Project } from "#workspace/project.ts";
import { faultLine } from "#workspace/stopping-faults.ts";
import type { Command } from "../command.ts";
import { systemFault } from "../io.ts";
import { painted } from "../painted-diff.ts";
import { openProject } from "../project.ts";
import { systemTime } from "../system-time.ts";

const mostNamed = 20;

export const migrate: Command = {
  name: "migrate",
  usage: "migrate [folder] [flags]",
  summary: "Write the policies of a project from Rego v0 to v1",
  details: `
Policies are written so that both dialects read them, as fmt --v0-v1 does, and those that v1 reads already stay as they are. Calls of re_match and
net.cidr_overlap get the names that these have in v1. Without --write the changed
lines are shown and nothing is written. Every test and every sample, in every rule that is expected or an entrypoint, is decided
before and after: where one is decided otherwise, or the policies or data have errors so that nothing can be decided, nothing is written,
unless --force is given.

    $ rw migrate
    $ rw migrate policies --write

The exit code is 1 when a policy could not be written anew, a decision changes or cannot be compared, or an error would come of it.
`,
  flags: [
    { name: "write", short: "w", kind: "boolean", help: "write the policies" },
    { name: "list", short: "l", kind: "boolean", help: "list the policies that change instead of their lines" },
    { name: "force", kind: "boolean", help: "write although decisions change, or cannot be compared" },
    { name: "input-profile", kind: "string", placeholder: "name", help: "profile of rw.conf that samples are resolved with" },
  ],
  run: async (call) => {
    const { io } = call;
    const opened = await openProject(call.positionals[0] ?? ".", io);
    if ("fault" in opened) {
      io.err(`error: ${opened.fault}\n`);
      return 1;
    }
    const { project } = opened;
    const { edits, left } = migrationOf(project);
    for (const fault of left) io.err(`left as it is: ${faultLine(project, fault)}\n`);
    const paths = [...new Set(edits.map(({ file }) => file))].sort();
    const [first] = paths;
    const file = first === undefined ? undefined : project.files.get(first);
    if (file === undefined) {
      io.out(left.length === 0 ? "Every policy is written for Rego v1.\n" : "No policy could be written anew.\n");
      return left.length === 0 ? 0 : 1;
    }
    const before = beforeMigration(project);
    const after = afterwards(before, file, { edits });
    const fault = newFault(before, after);
    if (fault !== undefined) {
      io.err(`error: it would not compile: ${faultLine(after, fault)}\n`);
      return 1;
    }
    const { asked, differences, problem } = compared(before, after, call.flag("input-profile"));
    if (problem !== undefined) io.err(`decisions cannot be compared: ${problem}\n`);
    for (const sample of unread(before, call.flag("input-profile"))) io.err(`note: not decided: ${sample}\n`);
    for (const difference of differences.slice(0, mostNamed)) io.err(`decided otherwise: ${difference}\n`);
    if (differences.length > mostNamed) io.err(`and ${differences.length - mostNamed} more\n`);
    const textOf = (path: string): string => after.find(path)?.text ?? "";
    const isProved = problem === undefined && differences.length === 0;
    const isWritten = call.on("write") && (isProved || call.on("force"));
    const hasColours = io.terminal && io.env["NO_COLOR"] === undefined;
    for (const path of paths) {
      const name = relative(project.root, path);
      if (call.on("list")) io.out(`${name}\n`);
      else if (!call.on("write"))
        io.out(unifiedDiff(name, project.find(path)?.text ?? "", textOf(path), hasColours ? painted : undefined));
      if (!isWritten) continue;
      try {
        io.writeFile(path, textOf(path));
      } catch (error) {
        io.err(`${name} cannot be changed: ${systemFault(error, path) ?? String(error)}\n`);
        return 1;
      }
    }
    const policies = `${paths.length} ${paths.length === 1 ? "policy" : "policies"}`;
    const same =
      problem === undefined ? `${asked} ${asked === 1 ? "decision stays" : "decisions stay"}` : "decisions are not compared";
    const proof = differences.length > 0 ? `${differences.length} of ${asked} decisions change` : same;
    if (isWritten) io.out(`Wrote ${policies}; ${proof}.\n`);
    else if (call.on("write"))
      io.err(
        `Nothing was written. --force writes ${problem === undefined ? "although decisions change" : "without that proof"}.\n`,
      );
    else io.err(`${policies} to write; ${proof}. --write writes them.\n`);
    return left.length === 0 && (isProved || isWritten) ? 0 : 1;
  },
};

/** How many decisions were made, and which differ. */
function compared(
  before: Project,
  after: Project,
  profile: string | undefined,
): { readonly asked: number; readonly differences: readonly string[]; readonly problem?: string } {
  // Without its data a project decides otherwise, before and after.
  const missing = before.data.diagnostics.find(({ severity }) => severity === "error");
  if (missing !== undefined) return { asked: 0, differences: [], problem: faultLine(before, missing) };
  const questions = proofQuestions(before, profile);
  const queries = [...new Set(questions.map(({ path }) => path))];
  const now = systemTime();
  const decide = sampleDecider(before, queries, () => now);
  const decideAfter = sampleDecider(after, queries, () => now);
  if ("problem" in decide) return { asked: 0, differences: [], problem: decide.problem };
  if ("problem" in decideAfter) return { asked: 0, differences: [], problem: decideAfter.problem };
  const differences = questions.flatMap(({ label, path: query, input: json, profile: own }) => {
    const [old, made] = [decide, decideAfter].map((one) => shown(one({ query, json, profile: own }).decision));
    return old === made ? [] : [`${label}: ${old} → ${made}`];
  });
  return { asked: questions.length, differences };
}

/** Samples that come to no input, each with the reason. */
function unread(project: Project, profile: string | undefined): readonly string[] {
  return project.inputs.samples.flatMap(({ file }) => {
    const { json, problems, faults } = project.inputs.resolve(file, profile);
    const [fault] = faults;
    if (json !== undefined) return [];
    return [
      fault === undefined ? `${relative(project.root, file.path)}: ${problems[0] ?? "no input"}` : faultLine(project, fault),
    ];
  });
}

function shown(decision: Decision): string {
  if (decision.kind === "value") return JSON.stringify(decision.value);
  return decision.kind === "undefined" ? "undefined" : `error: ${decision.message}`;
}
