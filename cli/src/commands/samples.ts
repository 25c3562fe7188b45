// `rw samples`: decides every sample input of a project and stands the expected decision beside it.
import { brokenExpectations, decideSamples, type SampleDecision } from "#publishing/sample-decisions.ts";
import { unknownProfile } from "#workspace/expected.ts";
import { dirname, relative, resolve } from "#workspace/paths.ts";
import type { Project } from "#workspace/project.ts";
import { faultLine, stoppingFaults } from "#workspace/stopping-faults.ts";
import { acceptDecisions } from "../accepted-samples.ts";
import type { Command } from "../command.ts";
import { configWarnings } from "../config-warnings.ts";
import { openProject, projectFolders } from "../project.ts";
import { decidedMatrix, type MatrixText, matrixFormats, matrixText } from "../sample-matrix.ts";
import { junitSamples, type SampleRow, tableOf } from "../sample-rows.ts";

export const samples: Command = {
  name: "samples",
  usage: "samples [folder|sample...] [flags]",
  summary: "Decide every sample input of a project and compare with what is expected",
  details: `
A folder stands for the project in it and for every project below it (each folder with a rw.conf), or else for the one around it; a
sample input for itself.
Sample inputs are the files that inputs.globs of rw.conf names (without it those in inputs/, and input.json). Each is asked the
entrypoints and what NAME.expected.json beside it expects; an expectation with a profile is decided with that profile.

    $ rw samples
    $ rw samples examples/storage examples/orders --format json
    $ rw samples --input-profile uat
    $ rw samples --format matrix
    $ rw samples --format junit > samples.xml
    $ rw samples --accept

The formats matrix, markdown and csv give a table with a row for each input, in every profile that makes another one of it, and a column for
each rule; ✓ and ✗ say whether a decision is as expected. junit gives a suite for each input to build servers. --accept writes decisions that are expected otherwise into their files, and names
them: nothing new is expected then, and errors and samples that cannot be decided are not accepted.

The exit code is 0 when every decision is as expected, and 1 when one is not, or cannot be made.
`,
  flags: [
    {
      name: "format",
      short: "f",
      kind: "string",
      choices: ["pretty", "json", "junit", ...matrixFormats],
      default: "pretty",
      help: "output format",
    },
    {
      name: "input-profile",
      formerName: "profile-set",
      kind: "string",
      placeholder: "name",
      help: "profile of rw.conf that the inputs are resolved with",
    },
    { name: "accept", kind: "boolean", help: "expect from now on what is decided where something else is expected" },
  ],
  run: async (call) => {
    const { io } = call;
    const rows: SampleRow[] = [];
    const tables: MatrixText[] = [];
    const accepted: string[] = [];
    const format = matrixFormats.find((name) => name === call.flag("format"));
    let found = false;
    const named = call.positionals.length > 0 ? call.positionals : ["."];
    const absolute = (path: string): string => resolve(io.cwd, path).replaceAll("\\", "/");
    const isFile = (path: string): boolean => io.kind(absolute(path)) === "file";
    const folders = named.flatMap((path): readonly { readonly folder: string; readonly only: string | undefined }[] =>
      isFile(path)
        ? [{ folder: dirname(absolute(path)), only: path }]
        : projectFolders(path, io).map((folder) => ({ folder, only: undefined })),
    );
    for (const { folder, only } of folders) {
      const opened = await openProject(folder, io);
      if ("fault" in opened) {
        io.err(`error: ${opened.fault}\n`);
        return 1;
      }
      // Where there are several projects, each leads the names of its files.
      const lead = folders.length > 1 && folder !== "." && only === undefined ? `${folder.replace(/\/+$/u, "")}/` : "";
      const fault = faultOf(opened.project, call.flag("input-profile"));
      if (fault !== undefined) {
        io.err(`error: ${lead}${fault}\n`);
        return 1;
      }
      for (const told of warningsOf(opened.project)) io.err(`warning: ${lead}${told}\n`);
      const wanted = only === undefined ? undefined : absolute(only);
      if (wanted !== undefined && !opened.project.inputs.samples.some(({ file }) => file.path === wanted)) {
        io.err(`error: ${only} is no sample input of its project (inputs.globs of rw.conf)\n`);
        return 1;
      }
      if (opened.project.inputs.samples.length > 0) found = true;
      const profile = call.flag("input-profile");
      const decided = decidedOf(opened.project, profile, wanted);
      const acceptance = call.on("accept") ? acceptDecisions(opened.project, decided, lead, io) : undefined;
      for (const line of acceptance?.told ?? []) accepted.push(line);
      for (const line of acceptance?.refused ?? []) io.err(`error: ${line}\n`);
      for (const line of unmockedLines(opened.project, decided)) io.err(`warning: ${lead}${line}\n`);
      rows.push(...decided.map((one) => rowOf(opened.project, one, profile, lead, acceptance?.accepted.has(one) === true)));
      if (format === undefined) continue;
      // With what was accepted a moment ago.
      const now = accepted.length === 0 ? opened : await openProject(folder, io);
      const table = "fault" in now ? { problem: now.fault } : decidedMatrix(now.project, profile, lead, wanted);
      if ("problem" in table) io.err(`error: ${lead}${table.problem}\n`);
      tables.push("problem" in table ? { rows: [], columns: [], decisions: 1, wrong: 1 } : table);
    }
    if (format !== undefined)
      io.out(
        matrixText(
          tables.filter((table) => table.rows.length > 0),
          format,
        ),
      );
    else if (call.flag("format") === "json") io.out(`${JSON.stringify(rows, undefined, 2)}\n`);
    else if (call.flag("format") === "junit") io.out(junitSamples(rows));
    else if (rows.length > 0) io.out(tableOf(rows));
    // What a program reads stays what it is.
    for (const line of accepted) (call.flag("format") === "pretty" ? io.out : io.err)(`${line}\n`);
    if (rows.length === 0)
      io.err(
        found
          ? "nothing to decide: no entrypoints of rw.conf, no rule with `entrypoint: true`, none called allow, deny, violation or decision\n"
          : "no sample inputs: they are files in inputs/, or those that inputs.globs of rw.conf names\n",
      );
    const counted = format === undefined ? [{ decisions: rows.length, wrong: rows.filter((row) => !row.ok).length }] : tables;
    const wrong = counted.reduce((sum, one) => sum + one.wrong, 0);
    const all = counted.reduce((sum, one) => sum + one.decisions, 0);
    if (wrong > 0) io.err(`${wrong} of ${all} decisions are not as expected\n`);
    return wrong > 0 ? 1 : 0;
  },
};

/** What stops the project, or the name of a profile that it does not have. */
function faultOf(project: Project, profile: string | undefined): string | undefined {
  // A sample that is no text has a row that says so.
  const stops = ({ file }: { readonly file: string }): boolean => !project.inputs.samples.some((one) => one.file.path === file);
  const [found] = [...stoppingFaults(project).filter(stops), ...brokenExpectations(project)];
  if (found !== undefined) return faultLine(project, found);
  const profiles = project.config.profiles.map(({ name }) => name);
  return profile === undefined || profiles.includes(profile) ? undefined : unknownProfile(profile, profiles);
}

/** What changes no decision, and was meant to: what nothing reads in `rw.conf`, expected decisions of no sample. */
function warningsOf(project: Project): readonly string[] {
  return [...configWarnings(project), ...project.inputs.strayExpectations.map((found) => faultLine(project, found))];
}

/** The calls that only a mock could have answered, each once. */
function unmockedLines(project: Project, decided: readonly SampleDecision[]): readonly string[] {
  const lines = decided.flatMap(({ unmocked }) =>
    unmocked.map(({ builtin, wanted, place }) => {
      const at = place === undefined ? "" : `${relative(project.root, place.file)}:${place.row}: `;
      return `${at}${builtin}: ${wanted} needs a mock: \`mocks\` of rw.conf has none`;
    }),
  );
  return [...new Set(lines)];
}

/** `only`: the path of the one sample that is asked about. */
function decidedOf(project: Project, profile: string | undefined, only: string | undefined): readonly SampleDecision[] {
  const asked = { profile, entrypoints: project.entrypoints, now: project.now, clock: () => performance.now() };
  return decideSamples(project, asked).filter(({ sample }) => only === undefined || sample.file.path === only);
}

function rowOf(project: Project, one: SampleDecision, profile: string | undefined, lead: string, isAccepted: boolean): SampleRow {
  const path = lead + relative(project.root, one.sample.file.path);
  const { decision } = one;
  const difference = isAccepted ? undefined : one.difference;
  return {
    input: one.profile === profile ? path : `${path} (${one.profile})`,
    query: one.query ?? "",
    decision: shown(decision),
    expected: isAccepted ? "accepted" : one.expectation === undefined ? "-" : (difference ?? "ok"),
    milliseconds: one.milliseconds,
    ok: difference === undefined,
  };
}

function shown(decision: SampleDecision["decision"]): string {
  switch (decision.kind) {
    case "value":
      return JSON.stringify(decision.value);
    case "undefined":
      return "undefined";
    case "error":
      return `error: ${decision.message}`;
    case "none":
      return decision.line ?? decision.problem;
  }
}
