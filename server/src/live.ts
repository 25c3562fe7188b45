// Live decisions: after every check the rules of the open policies are evaluated for their inputs, then expected decisions and tests.

import type { Unmocked } from "#evaluation/mocks.ts";
import type { ProjectDiagnostics } from "#features/diagnostics.ts";
import { type LiveQuestion, liveQuestions } from "#features/live.ts";
import { testsOf } from "#features/tests.ts";
import { unmockedFindings } from "#features/unmocked-calls.ts";
import type { Diagnostic } from "#grammars/diagnostic.ts";
import type * as messages from "#protocol/messages.ts";
import { compareDecision } from "#workspace/expected.ts";
import { relative } from "#workspace/paths.ts";
import { pinnedSample } from "#workspace/pins.ts";
import type { Project } from "#workspace/project.ts";
import type { Sample } from "#workspace/samples.ts";
import type { SourceFile } from "#workspace/source-file.ts";
import { decisionOf, expectedText, textsOf, unanswered } from "./answer-texts.ts";
import type { Asking } from "./asking.ts";
import { type Answer, type EvaluationAnswer, type Running, reasonOf, unwanted } from "./evaluator.ts";
import { expectedCounts, expectedFindings, expectedOutcomes } from "./expected-decisions.ts";
import { complaintsOf } from "./input-complaints.ts";
import { type ChosenInput, type Inputs, resolvedSample } from "./inputs.ts";
import type { LiveValues } from "./live-values.ts";
import { checkedStatus, lintedStatus, testedStatus, unrunStatus } from "./project-status.ts";
import { refresh } from "./refresh.ts";
import type { Scheduler } from "./scheduler.ts";
import type { Session } from "./session.ts";
import { type RulesNow, staleDecisions } from "./stale-decisions.ts";
import type { RanTests, TestRuns } from "./test-runs.ts";
import type { UnmockedCalls } from "./unmocked-calls.ts";

/** Milliseconds: where a policy has an error, the others are checked without it to run their tests, and most texts with errors are half typed. */
const quietWithFault = 1000;

interface RootState {
  /** Takes back the tests that wait to be run. */
  cancelTests: (() => void) | undefined;
  running: Pick<Running, "stop">[];
  /** Counts the moments whose decisions were wanted. */
  round: number;
  /** The last decisions of each document, to be shown dimmed while the text is broken. */
  readonly last: Map<string, messages.LiveParams>;
  status: messages.StatusParams | undefined;
  /** How tests and expected decisions ended when they ran last, by their ids. */
  outcomes: ReadonlyMap<string, messages.TestOutcome>;
}

/** A rule that is asked, with its input. */
interface Asked {
  readonly question: LiveQuestion;
  readonly pinned: Sample | undefined;
  readonly input: ChosenInput;
}

/** What decisions are made with. */
export interface Deciding {
  readonly inputs: Inputs;
  readonly asking: Asking;
  readonly tests: TestRuns;
}

interface LiveDeciding extends Deciding {
  readonly unmocked: UnmockedCalls;
}

export function registerLive(session: Session, scheduler: Scheduler, values: LiveValues, deciding: LiveDeciding): void {
  const live = new Live(session, scheduler, values, deciding);
  scheduler.onEdited((root) => live.edited(root));
  scheduler.onFirstChecked((project, path) => live.firstChecked(project, path));
  scheduler.onChecked((root, found) => live.checked(root, found));
  scheduler.onLinted((root, findings, ms) => live.linted(root, findings, ms));
}

class Live {
  readonly #session: Session;
  readonly #scheduler: Scheduler;
  readonly #values: LiveValues;
  readonly #deciding: LiveDeciding;
  readonly #roots = new Map<string, RootState>();

  constructor(session: Session, scheduler: Scheduler, values: LiveValues, deciding: LiveDeciding) {
    this.#session = session;
    this.#scheduler = scheduler;
    this.#values = values;
    this.#deciding = deciding;
  }

  /** The text is not the one any more that was decided for. */
  edited(root: string): void {
    this.#drop(this.#state(root));
  }

  #state(root: string): RootState {
    let state = this.#roots.get(root);
    if (state === undefined) {
      state = { cancelTests: undefined, running: [], round: 0, last: new Map(), status: undefined, outcomes: new Map() };
      this.#roots.set(root, state);
    }
    return state;
  }

  /** Gives up what is being decided. */
  #drop(state: RootState): void {
    state.round++;
    for (const running of state.running.splice(0)) running.stop();
  }

  /** Decides for a policy before the others of its project were read. */
  firstChecked(project: Project, path: string): void {
    const state = this.#state(project.root);
    if (this.#session.settingsOf(project.root).live.mode === "off") return;
    if (state.last.get(path)?.version === this.#session.workspace.file(path)?.version) return;
    void this.#decide(project, path, state, undefined);
  }

  checked(root: string, found: ProjectDiagnostics): void {
    const { workspace, open } = this.#session;
    const { live, lint } = this.#session.settingsOf(root);
    const { mode } = live;
    const state = this.#state(root);
    this.#drop(state);
    const project = workspace.project(root);
    this.#tell(
      state,
      checkedStatus(project, this.#session.uris.uri(root), found, {
        before: state.status,
        isOff: mode === "off",
        lints: lint.enable,
      }),
    );
    if (mode === "off") {
      // What was found last is not looked at again, and nobody would count the samples again.
      if (this.#values.setSamples(root, new Map())) refresh(this.#session, "codeLens");
      this.#scheduler.addFindings("decisions", root, new Map());
      this.#scheduler.addFindings("complaints", root, new Map());
      this.#scheduler.addFindings("mocks", root, new Map());
      return;
    }
    this.#deciding.unmocked.keepOnly(root, (path) => open.has(path));
    for (const [path, language] of open) {
      const isLarge = project.largePolicies.some((file) => file.path === path);
      if (language === "rego" && !isLarge && workspace.rootOf(path) === root)
        void this.#decide(project, path, state, faultBefore(project, path, found));
    }
    state.cancelTests?.();
    const quiet = firstFault(project, found) !== undefined ? quietWithFault : mode === "inline" ? 200 : 400;
    state.cancelTests = this.#session.ports.later(quiet, () => {
      void this.#runTests(project, state);
    });
    this.#session.connection.notify("rw/testsChanged", {});
  }

  linted(root: string, findings: readonly Diagnostic[], ms: number): void {
    const state = this.#state(root);
    if (state.status !== undefined) this.#tell(state, lintedStatus(state.status, findings, ms));
  }

  #tell(state: RootState, status: messages.StatusParams): void {
    state.status = status;
    this.#session.connection.notify("rw/status", status);
  }

  /** Decides for the rules of a policy. `broken` is what keeps its project from being evaluated. */
  async #decide(project: Project, path: string, state: RootState, broken: Diagnostic | undefined): Promise<void> {
    const { workspace, connection } = this.#session;
    const { round } = state;
    await this.#session.pace.next();
    if (state.round !== round) return;
    const file = workspace.file(path);
    if (file === undefined) return;
    const before = state.last.get(path);
    const input = this.#deciding.inputs.of(project, path);
    const nothing = this.#undecided(project, file, input);
    const send = (params: messages.LiveParams): void => {
      connection.notify("rw/live", params);
      // Other clients show decisions as hints, and have to ask for them.
      if (this.#values.setLive(path, params) && !this.#session.ownClient) refresh(this.#session, "inlayHint");
    };
    const problem = broken === undefined ? input.problem : this.#placed(project.root, broken);
    if (problem !== undefined) {
      send(staleDecisions(before, nothing, this.#rulesNow(project, file), problem));
      return;
    }
    const questions = liveQuestions(project, file);
    if (questions.length === 0) {
      send(nothing);
      return;
    }
    try {
      const decided = await this.#ask(project, path, this.#asked(project, questions, input), state, nothing);
      state.last.set(path, decided);
      const shown = decided.rules.map(
        ({ path: rule, kind, full, pinned }) => [rule, { kind, text: full, input: pinned?.name ?? input.name }] as const,
      );
      this.#values.setDecisions(project.root, new Map(shown));
      send(decided);
      if (state.status !== undefined) connection.notify("rw/status", { ...state.status, busy: false });
    } catch (error) {
      const reason = reasonOf(error, project.root);
      if (reason === unwanted) return;
      const stale = staleDecisions(before, nothing, this.#rulesNow(project, file), reason);
      send(stale.rules.length === 0 ? { ...nothing, problem: reason } : stale);
    }
  }

  #rulesNow(project: Project, file: SourceFile): RulesNow {
    const ranges = liveQuestions(project, file).map(({ path, range }) => [path, this.#session.range(file.path, range)] as const);
    return { ranges: new Map(ranges), isBroken: project.parsed(file).diagnostics.length > 0 };
  }

  /** What is told of a policy without its decisions. */
  #undecided(project: Project, file: SourceFile, { name, sample }: ChosenInput): messages.LiveParams {
    const { uris, ports } = this.#session;
    const path = project.parsed(file).module.package?.path ?? [];
    return {
      uri: uris.uri(file.path),
      version: file.version,
      root: uris.uri(project.root),
      sample: name,
      sampleUri: sample === undefined ? undefined : uris.uri(sample.file.path),
      profile: this.#deciding.inputs.profileOf(project.root),
      package: path.map((part) => part.value).join("."),
      stale: false,
      at: ports.now(),
      rules: [],
      prints: [],
      ms: 0,
    };
  }

  #asked(project: Project, questions: readonly LiveQuestion[], input: ChosenInput): readonly Asked[] {
    const profile = this.#deciding.inputs.profileOf(project.root);
    return questions.map((question) => {
      const pinned = pinnedSample(project, question.path);
      return { question, pinned, input: pinned === undefined ? input : resolvedSample(project, pinned, profile) };
    });
  }

  async #ask(
    project: Project,
    path: string,
    asked: readonly Asked[],
    state: RootState,
    nothing: messages.LiveParams,
  ): Promise<messages.LiveParams> {
    const ready = asked.filter(({ input }) => input.problem === undefined);
    const profile = this.#deciding.inputs.profileOf(project.root);
    const questions = ready.map(({ question, input }) => ({ path: question.path, input: input.json, profile }));
    const running = this.#deciding.asking.ask(project, questions, this.#session.settingsOf(path).live.timeout);
    state.running.push(running);
    const { answers } = await running.answer;
    this.#tellUnmocked(
      project,
      path,
      answers.flatMap(({ unmocked = [] }) => unmocked),
    );
    const answerOf = (one: Asked): EvaluationAnswer["answers"][number] | undefined => answers[ready.indexOf(one)];
    const ms = answers.reduce((sum, answer) => sum + answer.ms, 0);
    return {
      ...nothing,
      at: this.#session.ports.now(),
      rules: asked.map((one) => this.#rule(project, path, one, answerOf(one)?.answer)),
      prints: asked.reduce((lines, one) => this.#withPrints(lines, path, one, answerOf(one)), noPrints),
      ms,
    };
  }

  /** Says where calls needed a mock; `path` of the policy that was decided, none for the tests. */
  #tellUnmocked(project: Project, path: string | undefined, calls: readonly Unmocked[]): void {
    const { unmocked } = this.#deciding;
    if (!unmocked.set(project.root, path, calls)) return;
    const findings = unmockedFindings(project, unmocked.of(project.root));
    const byFile = Map.groupBy(findings, ({ file }) => file);
    this.#scheduler.addFindings("mocks", project.root, byFile);
  }

  #rule(project: Project, path: string, { question, pinned, input }: Asked, answer: Answer | undefined): messages.LiveRule {
    const texts = answer === undefined ? unanswered(input.problem ?? "not asked") : textsOf(answer, question.gathers);
    return {
      range: this.#session.range(path, question.range),
      path: question.path,
      name: question.name,
      ...texts,
      entrypoint: question.entrypoint,
      ...(answer === undefined ? {} : this.#expected(project, input, question.path, answer)),
      ...(pinned === undefined ? {} : { pinned: { name: pinned.name, uri: this.#session.uris.uri(pinned.file.path) } }),
    };
  }

  /** Lines that were printed, each once: those of other files stand at the rule that was asked. */
  #withPrints(
    lines: messages.LiveParams["prints"],
    path: string,
    { question }: Asked,
    answer: EvaluationAnswer["answers"][number] | undefined,
  ): messages.LiveParams["prints"] {
    if (answer === undefined || answer.prints.length === 0) return lines;
    const told = [...lines];
    for (const { place, text } of answer.prints) {
      const line = place?.file === path ? place.row - 1 : this.#session.range(path, question.range).start.line;
      if (!told.some((other) => other.line === line && other.text === text)) told.push({ line, text });
    }
    return told;
  }

  /** What the expected decisions of an input say about a rule. */
  #expected(project: Project, { sample }: ChosenInput, rule: string, answer: Answer): Pick<messages.LiveRule, "expected"> {
    const expectations = sample === undefined ? [] : project.inputs.expectationsOf(sample).expectations;
    const expectation = expectations.find((item) => item.query === rule && item.profile === undefined);
    if (expectation === undefined) return {};
    const matches = compareDecision(expectation, decisionOf(answer)) === undefined;
    return { expected: { text: expectedText(expectation.outcome), matches } };
  }

  /** `policy/orders.rego:17: var x is unsafe`. */
  #placed(root: string, { file, range, message }: Diagnostic): string {
    return `${relative(root, file)}:${this.#session.range(file, range).start.line + 1}: ${message.split("\n")[0]}`;
  }

  /** Runs expected decisions and tests, then tells how the project stands. */
  async #runTests(project: Project, state: RootState): Promise<void> {
    const tests = testsOf(project).filter((test) => test.kind === "expected" || !test.skipped);
    const { ports, workspace } = this.#session;
    const start = ports.now();
    const { round } = state;
    // An edit ends them: the tests of the new text, and its decisions before, are what is waited for.
    const began = (running: Pick<Running, "stop">): unknown => state.running.push(running);
    const ran = await this.#deciding.tests.run(project, tests, { began }).catch((error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error);
      if (reason !== unwanted) ports.log(`tests: ${reason}`);
      return undefined;
    });
    if (state.round !== round || workspace.project(project.root) !== project) return;
    if (ran === undefined) {
      if (state.status !== undefined) this.#tell(state, unrunStatus(state.status));
      return;
    }
    this.#tellUnmocked(project, undefined, ran.unmocked);
    const outcomes = this.#withLast(state, ran);
    const expected = expectedOutcomes(tests, outcomes);
    const findings = expectedFindings(project, this.#deciding.inputs.profileOf(project.root), expected);
    const byFile = Map.groupBy(findings, ({ file }) => file);
    this.#scheduler.addFindings("decisions", project.root, byFile);
    if (this.#values.setSamples(project.root, expectedCounts(expected))) refresh(this.#session, "codeLens");
    const ms = ports.now() - start;
    if (state.status !== undefined)
      this.#tell(state, testedStatus(state.status, tests, { ...ran, outcomes }, findings.length, ms));
    await this.#askComplaints(project, state);
  }

  /** Says in the samples what policies say about places of them. */
  async #askComplaints(project: Project, state: RootState): Promise<void> {
    const { round } = state;
    const profile = this.#deciding.inputs.profileOf(project.root);
    const found = await complaintsOf(project, this.#deciding.asking, profile, (running) => state.running.push(running));
    if (state.round !== round || this.#session.workspace.project(project.root) !== project) return;
    this.#scheduler.addFindings(
      "complaints",
      project.root,
      Map.groupBy(found, ({ file }) => file),
    );
  }

  /** What an error keeps from running is, for its samples, what it was last. */
  #withLast(state: RootState, { outcomes, stopped }: RanTests): readonly (messages.TestOutcome | undefined)[] {
    const shown = outcomes.map((outcome) => (stopped.has(outcome.id) ? state.outcomes.get(outcome.id) : outcome));
    state.outcomes = new Map(shown.flatMap((outcome) => (outcome === undefined ? [] : [[outcome.id, outcome]])));
    return shown;
  }
}

const noPrints: messages.LiveParams["prints"] = [];

/** What keeps the rules of a policy from being evaluated: an error in it, or in a policy that they lead to. */
function faultBefore(project: Project, path: string, found: ProjectDiagnostics): Diagnostic | undefined {
  const first = firstFault(project, found);
  const file = project.files.get(path);
  if (first === undefined || first.file === path || file === undefined) return first;
  const asked = liveQuestions(project, file).map((question) => question.path);
  const needed = new Set([...project.scopes.closureOfPaths(asked)].map((parsed) => parsed.file));
  return firstFault(project, found, (other) => other === path || needed.has(other));
}

/** The first error of a policy, of those that are looked at. */
function firstFault(
  project: Project,
  found: ProjectDiagnostics,
  isLookedAt: (path: string) => boolean = () => true,
): Diagnostic | undefined {
  for (const [path, diagnostics] of found.byFile) {
    if (!isLookedAt(path)) continue;
    const fault = diagnostics.find(({ severity }) => severity === "error");
    if (fault !== undefined && project.policies.some((file) => file.path === path)) return fault;
  }
  return undefined;
}
