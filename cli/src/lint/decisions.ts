// What rules about decisions find: the samples and tests of each project that is linted are evaluated, once for all of these rules.
import { backstopFuel } from "#evaluation/fuel.ts";
import { mockedEvaluation } from "#evaluation/mocks.ts";
import { type Tally, tally } from "#evaluation/tally.ts";
import { type Decided, type DecisionQuestion, decisionQuestions, decisionsOf } from "#features/rego/decisions.ts";
import { finish } from "#grammars/text/steps.ts";
import { type ActiveRule, type LintFinding, lintDecisions } from "#lint/lint.ts";
import type { LintFile } from "#lint/lint-file.ts";
import { dirname, nearestFolder, relative, resolve } from "#workspace/paths.ts";
import type { Project } from "#workspace/project.ts";
import { faultLine, stoppingFaults } from "#workspace/stopping-faults.ts";
import type { Invocation } from "../command.ts";
import { nearestConfig } from "../input.ts";
import { openProject, projectFolders } from "../project.ts";
import type { LintRun } from "./run.ts";

/** Warns of projects whose samples and tests cannot be evaluated. */
export async function decisionFindings(call: Invocation, { found, active, sources }: LintRun): Promise<readonly LintFinding[]> {
  const { io } = call;
  const { cwd } = io;
  const roots = projectRoots(call, found.path === undefined && found.projectFile === undefined ? [] : [found.folder]);
  const byRoot = Map.groupBy(sources.files, ({ absolutePath }) => absolutePath && nearestFolder(absolutePath, roots));
  const findings: LintFinding[] = [];
  for (const [root, files] of byRoot) {
    const opened = root === undefined ? undefined : await openProject(root, io);
    if (opened === undefined) continue;
    const warn = (problem: string) =>
      io.err(`warning: no rule about decisions is applied in ${relative(cwd, root!) || "."}: ${problem}\n`);
    if ("fault" in opened) warn(opened.fault);
    else findings.push(...findingsIn(opened.project, files, active, cwd, warn));
  }
  return findings;
}

/** The projects that the paths lie in and those below them: folders with a `rw.conf`, else those of the configuration or of the path. */
function projectRoots({ io, positionals }: Invocation, configured: readonly string[]): readonly string[] {
  const { cwd } = io;
  const roots = positionals.flatMap((path) => {
    const named = resolve(cwd, path.replaceAll("\\", "/"));
    const folder = io.kind(named) === "folder" ? named : dirname(named);
    const config = nearestConfig(folder, io);
    const around = config === undefined ? (nearestFolder(folder, configured) ?? folder) : dirname(config.replaceAll("\\", "/"));
    return [around, ...projectFolders(folder, io).filter((one) => one !== folder)];
  });
  return [...new Set(roots)];
}

function findingsIn(
  project: Project,
  files: readonly LintFile[],
  active: readonly ActiveRule[],
  cwd: string,
  warn: (problem: string) => void,
): readonly LintFinding[] {
  const questions = decisionQuestions(project, active, undefined);
  const decided = questions.length === 0 ? undefined : decide(project, questions);
  if (decided !== undefined && "problem" in decided) {
    warn(decided.problem);
    return [];
  }
  // As the policies beside them are written.
  const isWhole = files.some(({ path, absolutePath }) => path === absolutePath);
  const decisions = decisionsOf(project, files, decided, (path) => (isWhole ? path : relative(cwd, path)));
  return lintDecisions(decisions, active);
}

function decide(project: Project, questions: readonly DecisionQuestion[]): Decided | { readonly problem: string } {
  const [fault] = stoppingFaults(project);
  if (fault !== undefined) return { problem: faultLine(project, fault) };
  const compiled = finish(project.compilation.countedSteps([...new Set(questions.map(({ entrypoint }) => entrypoint))]));
  if ("problem" in compiled) return compiled;
  const { module } = compiled;
  const counted: Tally | { readonly fault: string } = tally(module, project.data.json, questions, { now: project.now }, (at) => ({
    ...mockedEvaluation(project.configuration.mocks(questions[at]!.profile), project.now()).options,
    fuel: backstopFuel,
  }));
  return "fault" in counted ? { problem: counted.fault } : { questions, module, tally: counted };
}
