// Prepares what a launch names and has it recorded: the debugger over that, with the input it was asked with.

import type { Mocks } from "#evaluation/mocks.ts";
import { lookedAtOf, marksFor, recordingSteps } from "#evaluation/recording/recording.ts";
import { testHead } from "#evaluation/test-cases.ts";
import { Debugger, type Ending } from "#features/debug/debugger.ts";
import type { Stop } from "#features/debug/places.ts";
import { resultsAt } from "#features/debug/scopes.ts";
import { querySubject, type Subject, testSubject } from "#features/debug/subject.ts";
import { shortText } from "#features/debug/values.ts";
import { namesOf } from "#features/rego/project-names.ts";
import { type RuleTest, testsOf } from "#features/tests.ts";
import { basename } from "#workspace/paths.ts";
import type { Project } from "#workspace/project.ts";
import { type Running, reasonOf } from "../evaluator.ts";
import { inTurns, turn } from "../turns.ts";
import type { Ground } from "./ground.ts";
import type { Launch } from "./launch.ts";

export interface Recorded {
  readonly subject: Subject;
  readonly debugger: Debugger;
  /** JSON text. */
  readonly input: string | undefined;
  /** What answered in place of the world. */
  readonly mocks: Mocks | undefined;
  /** What each run came to, a line each. */
  readonly outcomes: readonly { readonly text: string; readonly isError: boolean }[];
  /** What is said of the recording: that some of it is missing. */
  readonly remarks: readonly string[];
}

type Problem = { readonly problem: string };

/** Milliseconds that a recording may take. */
const timeout = 120_000;
/** Characters of a result in the console. */
const longestResult = 20_000;
/** Of all different values together. */
const mostCharacters = 64_000_000;

let nextModule = 1;

export class Recorder {
  readonly #ground: Ground;
  #launch: Launch;
  #running: Running | undefined;
  #stopped = false;

  /** What is evaluated, once that is prepared. */
  get command(): Launch["command"] {
    return this.#launch.command;
  }

  constructor(ground: Ground, launch: Launch) {
    this.#ground = ground;
    this.#launch = launch;
  }

  stop(): void {
    this.#stopped = true;
    this.#running?.stop();
  }

  async prepare(): Promise<{ readonly subject: Subject; readonly input: string | undefined } | Problem> {
    const { session } = this.#ground;
    const project = await this.#ground.project(this.#launch);
    if ("problem" in project) return project;
    this.#launch = this.#placed(project);
    const input = await this.#ground.input(project, this.#launch);
    if ("problem" in input) return input;
    const steps = this.#steps(project);
    if ("problem" in steps) return steps;
    const made = await inTurns(session.pace, steps, turn, () => !this.#stopped);
    const subject = made?.result;
    if (subject === undefined) return { problem: "the session has ended" };
    return "problem" in subject ? subject : { subject, input: input.json };
  }

  /** The launch with what stands at its position, or with what it means without one. */
  #placed(project: Project): Launch {
    const launch = this.#launch;
    const { file, position, query, command, tests = [] } = launch;
    if (command === "test") return this.#expected(project, tests) ?? launch;
    if (query !== undefined) return { ...launch, command: "eval" };
    const source = file === undefined ? undefined : project.files.get(this.#ground.pathOf(file));
    if (source === undefined || source.kind !== "rego") return { ...launch, command: "eval", query: "data" };
    const names = namesOf(project).names(source);
    const offset = position === undefined ? -1 : this.#ground.session.lines(source).offsetAt(position);
    const found = names.rules.find(({ rule }) => rule.start <= offset && offset <= rule.end && rule.head.args === undefined);
    if (found === undefined) return { ...launch, command: "eval", query: names.package.join(".") };
    const path = found.path.join(".");
    return testHead(found.rule) === undefined
      ? { ...launch, command: "eval", query: path }
      : { ...launch, command: "test", tests: [path] };
  }

  /** An expected decision is a query for its sample. */
  #expected(project: Project, ids: readonly string[]): Launch | undefined {
    const found = testsOf(project).find(({ id }) => ids.includes(id));
    if (found?.kind !== "expected") return undefined;
    const { query, profile } = found.expectation;
    const own = profile === undefined ? {} : { profile };
    return { ...this.#launch, command: "eval", query, inputPath: found.sample.file.path, ...own };
  }

  #steps(project: Project): ReturnType<typeof querySubject> | Problem {
    const { command, query = "data", file } = this.#launch;
    if (command !== "test") {
      const path = file === undefined ? undefined : this.#ground.pathOf(file);
      return querySubject(project, query, path === undefined ? undefined : project.files.get(path));
    }
    const tests = this.#testsOf(project);
    if ("problem" in tests) return tests;
    if (tests.length === 0) return { problem: "no test has that name" };
    return testSubject(project, tests);
  }

  #testsOf(project: Project): readonly RuleTest[] | Problem {
    const { run, tests: wanted } = this.#launch;
    const all = testsOf(project).flatMap((test) => (test.kind === "rule" && !test.skipped ? [test] : []));
    if (wanted !== undefined)
      return all.filter(({ id, path, name }) => wanted.includes(id) || wanted.includes(path) || wanted.includes(name));
    if (run === undefined) return all;
    try {
      const fits = new RegExp(run, "u");
      return all.filter(({ path }) => fits.test(path));
    } catch {
      return { problem: `run: ${JSON.stringify(run)} is no regular expression` };
    }
  }

  /** Evaluates once; the input may be another one than before. */
  async record(subject: Subject, input: string | undefined): Promise<Recorded | Problem> {
    const { session } = this.#ground;
    const { project, module, runs } = subject;
    const { maxEvents, strictBuiltinErrors, skipped } = this.#launch;
    const mocks = this.#ground.mocks(project, this.#launch);
    const running = session.ports.evaluator.run({
      key: `debugged:${nextModule++}`,
      // Who evaluates needs no trees.
      module: { ...module, marks: [] },
      dataKey: project.data.key,
      data: project.data.json,
      questions: runs.map(({ entrypoint }) => ({ entrypoint, input, mocks })),
      now: project.now(),
      timeout,
      lookedAt: lookedAtOf(module),
      record: { marks: marksFor(maxEvents), characters: mostCharacters, strictBuiltinErrors },
    });
    this.#running = running;
    try {
      const { answers } = await running.answer;
      const taped = answers.map((one) => one.taped!);
      const told = await inTurns(session.pace, recordingSteps(module, taped, maxEvents), turn, () => !this.#stopped);
      if (told === undefined) return { problem: "the session has ended" };
      const recording = told.result;
      const endings = answers.map(({ answer }): Ending => {
        const isDefined = answer.kind === "value" || answer.kind === "solutions";
        return answer.kind === "error" ? { isDefined, error: answer.error } : { isDefined };
      });
      const made = new Debugger(subject, recording, endings, skipped);
      const found = answers.map(({ answer }) => answer);
      return {
        subject,
        input,
        mocks,
        debugger: made,
        outcomes: outcomesOf(made, found, this.#launch.command),
        remarks: [...project.data.diagnostics.map(({ message }) => `data: ${message}`), ...remarksOf(made, maxEvents)],
      };
    } catch (error) {
      return { problem: reasonOf(error, project.root) };
    }
  }
}

type Answer = Awaited<Running["answer"]>["answers"][number]["answer"];

/** What came of the runs: the solutions of a query, or whether a test has passed. */
function outcomesOf(one: Debugger, answers: readonly Answer[], command: Launch["command"]): Recorded["outcomes"] {
  const { runs } = one.subject;
  const plain = (text: string): Recorded["outcomes"][number] => ({ text, isError: false });
  if (command === "test")
    return runs.map(({ name }, at) => {
      const answer = answers[at]!;
      if (answer.kind === "error") return { text: `${name}: ${answer.error.message}`, isError: true };
      return plain(`${name}: ${answer.kind === "value" && answer.json === "true" ? "passed" : "failed"}`);
    });
  const [answer] = answers;
  if (answer?.kind === "error") return [{ text: answer.error.message, isError: true }];
  if (answer?.kind === "undefined") return [plain(`${one.subject.query} is undefined`)];
  return resultsAt(one.frames, one.subject, one.timeline.length).map(({ name, text, value }) =>
    plain(`${name}: ${value === undefined ? text : shortText(value, longestResult)}`),
  );
}

/** What is missing of a recording, and where most of its time went. */
function remarksOf({ timeline }: Debugger, wanted: number): readonly string[] {
  const { dropped, isCut, events } = timeline.recording;
  const kept = `the recording keeps the last ${events.length} events: the ${dropped} before them are not there`;
  const told = events.length + dropped;
  const limit = told < wanted ? "more do not fit into a recording" : "rw.debug.maxEvents says how many are recorded";
  const cut = `the evaluation was stopped after ${told} events: ${limit}`;
  const remarks = [...(dropped === 0 ? [] : [kept]), ...(isCut ? [cut] : [])];
  const busiest = remarks.length === 0 ? undefined : busiestOf(timeline);
  return busiest === undefined ? remarks : [...remarks, `most often evaluated: ${busiest}`];
}

function busiestOf(timeline: Debugger["timeline"]): string | undefined {
  const counts = new Map<Stop, number>();
  for (let at = 0; at < timeline.length; at++) {
    const stop = timeline.event(at).op === "Eval" ? timeline.stop(at) : undefined;
    if (stop !== undefined) counts.set(stop, (counts.get(stop) ?? 0) + 1);
  }
  const [found] = [...counts].sort(([, a], [, b]) => b - a);
  return found === undefined ? undefined : `${basename(found[0].file)}:${found[0].row}, ${found[1]} times`;
}
