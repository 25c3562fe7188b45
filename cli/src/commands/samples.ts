// `rw samples`: decides every sample input of a project and stands the expected decision beside it.
import { createInstance } from "#evaluation/instance.ts";
import { unknownConfigKeys } from "#features/config-keys.ts";
import type { Diagnostic } from "#grammars/diagnostic.ts";
import { compareDecision, type Decision } from "#workspace/expected.ts";
import { relative, resolve } from "#workspace/paths.ts";
import type { Project } from "#workspace/project.ts";
import { faultLine, stoppingFaults } from "#workspace/stopping-faults.ts";
import type { Command } from "../command.ts";
import { openProject } from "../project.ts";

interface Row {
  readonly input: string;
  readonly query: string;
  readonly decision: string;
  /** `ok`, `expected …` for a difference, `-` where nothing is expected. */
  readonly expected: string;
  readonly milliseconds: number;
  readonly ok: boolean;
}

export const samples: Command = {
  name: "samples",
  usage: "samples [folder...] [flags]",
  summary: "Decide every sample input of a project and compare with what is expected",
  flags: [
    { name: "format", short: "f", kind: "string", choices: ["pretty", "json"], default: "pretty", help: "output format" },
    { name: "profile-set", kind: "string", placeholder: "name", help: "profile of rw.conf that the inputs are resolved with" },
  ],
  run: async (call) => {
    const { io } = call;
    const rows: Row[] = [];
    for (const folder of call.positionals.length > 0 ? call.positionals : ["."]) {
      const opened = await openProject(folder, io);
      if ("fault" in opened) {
        io.err(`error: ${opened.fault}\n`);
        return 1;
      }
      const fault = faultOf(opened.project, call.flag("profile-set"));
      if (fault !== undefined) {
        io.err(`error: ${fault}\n`);
        return 1;
      }
      for (const told of unreadKeys(opened.project)) io.err(`warning: ${told}\n`);
      rows.push(...decide(opened.project, call.flag("profile-set")));
    }
    if (call.flag("format") === "json") io.out(`${JSON.stringify(rows, undefined, 2)}\n`);
    else io.out(table(rows));
    if (rows.length === 0) io.err("no sample inputs: they are files in inputs/, or those that inputs.globs of rw.conf names\n");
    const wrong = rows.filter((row) => !row.ok).length;
    if (wrong > 0) io.err(`${wrong} of ${rows.length} decisions are not as expected\n`);
    return wrong > 0 ? 1 : 0;
  },
};

/** What stops the project, or the name of a profile that it does not have. */
function faultOf(project: Project, profile: string | undefined): string | undefined {
  const [found] = [...stoppingFaults(project), ...brokenExpectations(project)];
  if (found !== undefined) return faultLine(project, found);
  const { profiles } = project.config;
  if (profile === undefined || profiles.some(({ name }) => name === profile)) return undefined;
  const known = profiles.map(({ name }) => name).join(", ");
  return `rw.conf has no profile ${profile}${known === "" ? "" : `: it has ${known}`}`;
}

/** Keys of `rw.conf` that nothing reads: a misspelt one changes no decision. */
function unreadKeys(project: Project): readonly string[] {
  const file = project.find(resolve(project.configFolder, "rw.conf"));
  if (file === undefined) return [];
  return unknownConfigKeys(file)
    .filter(({ severity }) => severity === "warning")
    .map((found) => faultLine(project, found));
}

/** A file of expected decisions that cannot be read would expect nothing, and nobody would know. */
function brokenExpectations({ inputs }: Project): readonly Diagnostic[] {
  const expected = new Set(inputs.samples.map((sample) => sample.expected?.path));
  return inputs.diagnostics.filter(({ file, severity }) => severity === "error" && expected.has(file));
}

function decide(project: Project, profile: string | undefined): readonly Row[] {
  const queries = new Set([
    ...project.entrypoints,
    ...project.inputs.samples.flatMap((sample) => project.inputs.expectationsOf(sample).expectations.map((one) => one.query)),
  ]);
  const compiled = project.compiled([...queries]);
  if ("problem" in compiled)
    return [{ input: project.root, query: "", decision: compiled.problem, expected: "-", milliseconds: 0, ok: false }];
  const instance = createInstance(compiled.module, { now: project.now });
  instance.setData(project.data.json);
  return project.inputs.samples.flatMap((sample): readonly Row[] => {
    const { json, problems } = project.inputs.resolve(sample.file, profile);
    const input = relative(project.root, sample.file.path);
    if (json === undefined)
      return [{ input, query: "", decision: problems[0] ?? "cannot be resolved", expected: "-", milliseconds: 0, ok: false }];
    const { expectations } = project.inputs.expectationsOf(sample);
    const asked = new Set([...project.entrypoints, ...expectations.map((one) => one.query)]);
    return [...asked].map((query): Row => {
      const started = performance.now();
      const outcome = instance.evaluate(query, json);
      const milliseconds = performance.now() - started;
      const decision: Decision =
        outcome.kind === "error"
          ? { kind: "error", code: outcome.error.code, message: outcome.error.message }
          : decisionOf(outcome.text);
      const expectation = expectations.find(
        (one) => one.query === query && (one.profile === undefined || one.profile === profile),
      );
      const difference = expectation === undefined ? undefined : compareDecision(expectation, decision);
      const shown =
        decision.kind === "value"
          ? JSON.stringify(decision.value)
          : decision.kind === "undefined"
            ? "undefined"
            : `error: ${decision.message}`;
      return {
        input,
        query,
        decision: shown,
        expected: expectation === undefined ? "-" : (difference ?? "ok"),
        milliseconds,
        ok: difference === undefined,
      };
    });
  });
}

function decisionOf(text: string): Decision {
  const [solution] = JSON.parse(text) as readonly { readonly result: unknown }[];
  return solution === undefined ? { kind: "undefined" } : { kind: "value", value: solution.result };
}

function table(rows: readonly Row[]): string {
  const cells = rows.map(({ input, query, decision, expected, milliseconds }) => [
    input,
    query,
    cut(decision, 60),
    expected,
    `${milliseconds.toFixed(2)} ms`,
  ]);
  const all = [["input", "rule", "decision", "expected", "time"], ...cells];
  const widths = all[0]!.map((_, column) => Math.max(...all.map((row) => row[column]!.length)));
  return `${all.map((row) => row.map((cell, column) => (column === 4 ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!))).join("  ")).join("\n")}\n`;
}

function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}
