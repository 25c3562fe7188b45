// Live decisions: after every check the rules of the open policies are evaluated for the chosen sample, then expected decisions and tests.
import type { ProjectDiagnostics } from "#features/diagnostics.ts";
import { entrypointName, fullText, liveQuestions, shortText } from "#features/live.ts";
import { type ProjectTest, packagesWithRepeatedTests, testsOf } from "#features/tests.ts";
import type { Diagnostic } from "#grammars/diagnostic.ts";
import type * as messages from "#protocol/messages.ts";
import { compareDecision, type Decision } from "#workspace/expected.ts";
import { relative } from "#workspace/paths.ts";
import { pinnedSample } from "#workspace/pins.ts";
import type { Project } from "#workspace/project.ts";
import { nearestFirst, type Sample } from "#workspace/samples.ts";
import { packageOf } from "#workspace/scope.ts";
import { type Answer, type EvaluationAnswer, type Running, reasonOf, unwanted } from "./evaluator.ts";
import type { LiveValues } from "./live-values.ts";
import { refresh } from "./refresh.ts";
import type { Scheduler } from "./scheduler.ts";
import type { Session } from "./session.ts";
import { Turns } from "./turns.ts";

/** What a project is asked with: a sample, JSON typed by hand, or nothing. */
export type Choice =
  | { readonly kind: "sample"; readonly path: string }
  | { readonly kind: "inline"; readonly json: string }
  | { readonly kind: "none" };

export interface ChosenInput {
  readonly name: string | undefined;
  readonly sample: Sample | undefined;
  readonly json: string | undefined;
  readonly problem: string | undefined;
}

interface RootState {
  /** Takes back the tests that wait to be run. */
  cancelTests: (() => void) | undefined;
  choice: Choice | undefined;
  profile: string | undefined;
  running: Running[];
  /** Counts the moments whose decisions were wanted. */
  round: number;
  /** The last decisions of each document, to be shown dimmed while the text is broken. */
  readonly last: Map<string, messages.LiveParams>;
  status: messages.StatusParams | undefined;
}

const layer = (state: messages.Layer["state"], errors = 0, warnings = 0, ms = 0): messages.Layer => ({
  state,
  errors,
  warnings,
  ms,
});

export class Live {
  readonly #session: Session;
  readonly #scheduler: Scheduler;
  readonly #values: LiveValues;
  readonly #roots = new Map<string, RootState>();
  readonly #compiling: Turns;

  constructor(session: Session, scheduler: Scheduler, values: LiveValues) {
    this.#session = session;
    this.#scheduler = scheduler;
    this.#values = values;
    this.#compiling = new Turns(session.pace);
    scheduler.onEdited((root) => this.#drop(this.#state(root)));
    scheduler.onFirstChecked((project, path) => this.#firstChecked(project, path));
    scheduler.onChecked((root, found) => this.#checked(root, found));
  }

  choose(root: string, choice: Choice | undefined, profile: string | null | undefined): void {
    const state = this.#state(root);
    if (choice !== undefined) state.choice = choice;
    if (profile !== undefined) state.profile = profile ?? undefined;
    this.#scheduler.changed([root]);
  }

  profileOf(root: string): string | undefined {
    return this.#state(root).profile ?? (this.#session.settingsOf(root).profile || undefined);
  }

  /** The samples of the project as they are offered to the reader of a file. */
  offered(project: Project, path: string, recent: readonly string[] = []): readonly Sample[] {
    const policy = project.policies.find((file) => file.path === path);
    const packageName = policy && packageOf(project.parsed(policy));
    return nearestFirst(project.inputs.samples, path, { packageName, recent });
  }

  /** The input that a file of the project is asked with: the chosen one, else the nearest sample. */
  inputOf(project: Project, path: string): ChosenInput {
    const { choice } = this.#state(project.root);
    if (choice?.kind === "none") return { name: undefined, sample: undefined, json: undefined, problem: undefined };
    if (choice?.kind === "inline") return { name: "inline JSON", sample: undefined, json: choice.json, problem: undefined };
    const wanted = choice?.path;
    const offered = this.offered(project, path);
    const sample =
      project.inputs.samples.find((item) => item.file.path === wanted) ??
      offered.find(({ file }) => !project.largeDocuments.includes(file)) ??
      offered[0];
    if (sample === undefined) return { name: undefined, sample: undefined, json: undefined, problem: undefined };
    return resolvedSample(project, sample, this.profileOf(project.root));
  }

  /** The input that a rule of a file is asked with: the one that `rw.conf` pins to it, else that of the file. */
  inputOfRule(project: Project, path: string, rule: string): ChosenInput {
    const pinned = pinnedSample(project, rule);
    return pinned === undefined ? this.inputOf(project, path) : resolvedSample(project, pinned, this.profileOf(project.root));
  }

  /** Evaluates any entrypoints of a project; the answers come in their order. */
  ask(
    project: Project,
    questions: readonly { readonly path: string; readonly input: string | undefined }[],
    timeout: number,
    tests: "together" | "numbered" = "together",
  ): Running {
    const names = [...new Set(questions.map((question) => question.path))].map(entrypointName);
    const steps = tests === "numbered" ? project.compilation.numberedTestsSteps(names) : project.compilation.moduleSteps(names);
    const compiling = this.#compiling.run(steps);
    let evaluating: Running | undefined;
    const answer = compiling.answer.then((compiled) => {
      if ("problem" in compiled) throw new Error(compiled.problem);
      evaluating = this.#session.ports.evaluator.run({
        key: compiled.key,
        module: compiled.module,
        dataKey: project.data.key,
        data: project.data.json,
        questions: questions.map(({ path, input }) => ({ entrypoint: entrypointName(path), input })),
        now: project.now(),
        timeout,
      });
      return evaluating.answer;
    });
    return {
      answer,
      stop: () => {
        compiling.stop();
        evaluating?.stop();
      },
    };
  }

  #state(root: string): RootState {
    let state = this.#roots.get(root);
    if (state === undefined) {
      state = {
        cancelTests: undefined,
        choice: undefined,
        profile: undefined,
        running: [],
        round: 0,
        last: new Map(),
        status: undefined,
      };
      this.#roots.set(root, state);
    }
    return state;
  }

  /** Gives up decisions of a text that is not the present one any more. */
  #drop(state: RootState): void {
    state.round++;
    for (const running of state.running.splice(0)) running.stop();
  }

  /** Decides for a policy before the others of its project were read. */
  #firstChecked(project: Project, path: string): void {
    const state = this.#state(project.root);
    if (this.#session.settingsOf(project.root).live.mode === "off") return;
    if (state.last.get(path)?.version === this.#session.workspace.file(path)?.version) return;
    void this.#evaluate(project, path, state, undefined);
  }

  #checked(root: string, found: ProjectDiagnostics): void {
    const { workspace, open } = this.#session;
    const settings = this.#session.settingsOf(root);
    const state = this.#state(root);
    this.#drop(state);
    const project = workspace.project(root);
    this.#status(root, project, found, state);
    if (settings.live.mode === "off") {
      // What was found last is not looked at again.
      this.#scheduler.addFindings(root, []);
      return;
    }
    for (const [path, language] of open) {
      const isLarge = project.largePolicies.some((file) => file.path === path);
      if (language === "rego" && !isLarge && workspace.rootOf(path) === root)
        void this.#evaluate(project, path, state, firstFault(project, found));
    }
    state.cancelTests?.();
    state.cancelTests = this.#session.ports.later(settings.live.mode === "inline" ? 200 : 400, () => {
      void this.#runTests(project, state, found);
    });
    this.#session.connection.notify("rw/testsChanged", {});
  }

  async #evaluate(project: Project, path: string, state: RootState, broken: Diagnostic | undefined): Promise<void> {
    const { workspace, connection, ports, uris } = this.#session;
    const { round } = state;
    await this.#session.pace.next();
    if (state.round !== round) return;
    const settings = this.#session.settingsOf(path);
    const file = workspace.file(path);
    if (file === undefined) return;
    const before = state.last.get(path);
    const input = this.inputOf(project, path);
    const send = (params: messages.LiveParams) => connection.notify("rw/live", params);
    const head = {
      uri: uris.uri(path),
      version: file.version,
      root: uris.uri(project.root),
      sample: input.name,
      sampleUri: input.sample === undefined ? undefined : uris.uri(input.sample.file.path),
      profile: this.profileOf(project.root),
    };
    const pack =
      project
        .parsed(file)
        .module.package?.path.map((part) => part.value)
        .join(".") ?? "";
    const nothing = { ...head, package: pack, stale: false, at: ports.now(), rules: [], prints: [], ms: 0 };
    const problem = broken === undefined ? input.problem : this.#placed(project.root, broken);
    if (problem !== undefined) {
      send(
        before === undefined
          ? { ...nothing, stale: true, problem }
          : { ...before, ...head, sample: before.sample, sampleUri: before.sampleUri, stale: true, problem },
      );
      return;
    }
    const questions = liveQuestions(project, file);
    if (questions.length === 0) {
      send(nothing);
      return;
    }
    try {
      const asked = questions.map((question) => {
        const pinned = pinnedSample(project, question.path);
        return { question, pinned, input: pinned === undefined ? input : resolvedSample(project, pinned, head.profile) };
      });
      const ready = asked.filter((one) => one.input.problem === undefined);
      const running = this.ask(
        project,
        ready.map((one) => ({ path: one.question.path, input: one.input.json })),
        settings.live.timeout,
      );
      state.running.push(running);
      const { answers } = await running.answer;
      const prints: { line: number; text: string }[] = [];
      const rules = asked.map((one): messages.LiveRule => {
        const { question } = one;
        const given = answers[ready.indexOf(one)];
        for (const print of given?.prints ?? []) {
          const line = print.place?.file === path ? print.place.row - 1 : this.#session.range(path, question.range).start.line;
          if (!prints.some((other) => other.line === line && other.text === print.text)) prints.push({ line, text: print.text });
        }
        return {
          range: this.#session.range(path, question.range),
          path: question.path,
          name: question.name,
          ...(given === undefined ? unanswered(one.input.problem ?? "not asked") : textsOf(given.answer, question.gathers)),
          entrypoint: question.entrypoint,
          ...(given === undefined ? {} : this.#expected(project, one.input, question.path, given.answer)),
          ...(one.pinned === undefined
            ? {}
            : { pinned: { name: one.pinned.name, uri: this.#session.uris.uri(one.pinned.file.path) } }),
        };
      });
      const ms = answers.reduce((sum, answer) => sum + answer.ms, 0);
      const params: messages.LiveParams = { ...nothing, at: ports.now(), rules, prints, ms };
      state.last.set(path, params);
      this.#values.setDecisions(
        project.root,
        new Map(
          rules.map(({ path: rule, kind, full, pinned }) => [rule, { kind, text: full, input: pinned?.name ?? head.sample }]),
        ),
      );
      send(params);
      if (state.status !== undefined) connection.notify("rw/status", { ...state.status, busy: false });
    } catch (error) {
      const reason = reasonOf(error, project.root);
      if (reason === unwanted) return;
      send(before === undefined ? { ...nothing, problem: reason } : { ...before, ...head, stale: true, problem: reason });
    }
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
  async #runTests(project: Project, state: RootState, found: ProjectDiagnostics): Promise<void> {
    if (firstFault(project, found) !== undefined) return;
    const tests = testsOf(project).filter((test) => test.kind === "expected" || !test.skipped);
    const start = this.#session.ports.now();
    const { round } = state;
    // An edit ends them: the tests of the new text, and its decisions before, are what is waited for.
    const began = (running: Running) => state.running.push(running);
    const outcomes = await this.runTests(project, tests, { began }).catch((error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error);
      if (reason !== unwanted) this.#session.ports.log(`tests: ${reason}`);
      return undefined;
    });
    if (state.round !== round || this.#session.workspace.project(project.root) !== project) return;
    if (outcomes === undefined) {
      // Nothing could be run, and the wait is over.
      if (state.status !== undefined) {
        const { decisions, tests: before } = state.status;
        state.status = { ...state.status, busy: false, decisions: outdated(decisions), tests: outdated(before) };
        this.#session.connection.notify("rw/status", state.status);
      }
      return;
    }
    const ms = this.#session.ports.now() - start;
    const failed = (kind: ProjectTest["kind"]) =>
      tests.filter((test, at) => test.kind === kind && outcomes[at]!.outcome !== "passed");
    const profile = this.profileOf(project.root);
    const findings = failed("expected").flatMap((test) =>
      findingsOf(project, profile, test, outcomes[tests.indexOf(test)]!.message ?? ""),
    );
    this.#scheduler.addFindings(project.root, findings);
    const counts = new Map<string, { passed: number; failed: number }>();
    for (const [at, test] of tests.entries()) {
      if (test.kind !== "expected") continue;
      const count = counts.get(test.expectation.query) ?? { passed: 0, failed: 0 };
      counts.set(test.expectation.query, count);
      if (outcomes[at]!.outcome === "passed") count.passed += 1;
      else count.failed += 1;
    }
    if (this.#values.setSamples(project.root, counts)) refresh(this.#session, "codeLens");
    const wrong = failed("expected").length;
    const failing = failed("rule").length;
    const ruleTests = tests.filter((test) => test.kind === "rule").length;
    if (state.status === undefined) return;
    state.status = {
      ...state.status,
      busy: false,
      // Each stands at its sample and at its expectation: the number is that of the Problems view.
      decisions: counts.size === 0 ? layer("off") : layer(wrong > 0 ? "errors" : "ok", findings.length, 0, ms),
      tests: ruleTests === 0 ? layer("off") : layer(failing > 0 ? "errors" : "ok", failing, 0, ms),
      passed: ruleTests - failing,
      total: ruleTests,
    };
    this.#session.connection.notify("rw/status", state.status);
  }

  /** Runs tests and expected decisions; one outcome each, in their order. */
  async runTests(
    project: Project,
    tests: readonly ProjectTest[],
    options: { readonly timeout?: number; readonly began?: (running: Running) => void } = {},
  ): Promise<readonly messages.TestOutcome[]> {
    const repeated = packagesWithRepeatedTests(project);
    const isNumbered = (test: ProjectTest): boolean => test.kind === "rule" && repeated.has(test.package);
    const outcomes = new Map<string, messages.TestOutcome>();
    for (const numbered of [false, true]) {
      const some = tests.filter((test) => isNumbered(test) === numbered);
      for (const outcome of await this.#outcomes(project, some, numbered, options)) outcomes.set(outcome.id, outcome);
    }
    return tests.map(({ id }) => outcomes.get(id)!);
  }

  async #outcomes(
    project: Project,
    tests: readonly ProjectTest[],
    numbered: boolean,
    { timeout = 30_000, began }: { readonly timeout?: number; readonly began?: (running: Running) => void },
  ): Promise<readonly messages.TestOutcome[]> {
    if (tests.length === 0) return [];
    const profile = this.profileOf(project.root);
    const questions: { path: string; input: string | undefined }[] = [];
    const asked = new Map<ProjectTest, number>();
    for (const test of tests) {
      const input = test.kind === "rule" ? undefined : project.inputs.json(test.sample, test.expectation.profile ?? profile);
      if (test.kind === "expected" && input === undefined) continue;
      asked.set(test, questions.length);
      questions.push({ path: test.kind === "rule" ? test.path : test.expectation.query, input });
    }
    const running =
      questions.length === 0 ? undefined : this.ask(project, questions, timeout, numbered ? "numbered" : "together");
    if (running !== undefined) began?.(running);
    const { answers } = running === undefined ? { answers: [] } : await running.answer;
    return tests.map((test) => {
      const at = asked.get(test);
      if (at !== undefined) return this.#outcome(test, answers[at]!);
      const message = test.kind === "expected" ? resolvedSample(project, test.sample, profile).problem : undefined;
      return { id: test.id, outcome: "errored", message: message ?? "not asked", output: [], ms: 0 };
    });
  }

  #outcome(test: ProjectTest, { answer, prints, cases, ms }: EvaluationAnswer["answers"][number]): messages.TestOutcome {
    const base = {
      id: test.id,
      output: prints.map((print) => print.text),
      ms,
      uri: this.#session.uris.uri(test.file),
      range: this.#session.range(test.file, test.range),
    };
    if (test.kind === "expected") {
      const decision = decisionOf(answer);
      const message = compareDecision(test.expectation, decision);
      if (message === undefined) return { ...base, outcome: "passed" };
      const { outcome } = test.expectation;
      const expected = outcome.kind === "value" ? JSON.stringify(outcome.value, null, 2) : expectedText(outcome);
      const actual = decision.kind === "value" ? JSON.stringify(decision.value, null, 2) : textsOf(answer).text;
      return { ...base, outcome: "failed", message, expected, actual };
    }
    if (answer.kind === "error") return { ...base, outcome: "errored", message: answer.error.message };
    if (answer.kind === "value") {
      if (test.hasCases) {
        const failing = failingCases(cases, JSON.parse(answer.json));
        if (failing.length === 0) return { ...base, outcome: "passed" };
        return { ...base, outcome: "failed", message: `failed for ${failing.join(", ")}` };
      }
      if (answer.json === "true") return { ...base, outcome: "passed" };
      return { ...base, outcome: "failed", message: `the test is ${shortText(answer.json)}, not true` };
    }
    return { ...base, outcome: "failed", message: "the test is undefined: an expression of its body does not hold" };
  }

  #status(root: string, project: Project, found: ProjectDiagnostics, state: RootState): void {
    const isRego = (path: string) => path.endsWith(".rego");
    let syntaxErrors = 0;
    let errors = 0;
    let warnings = 0;
    for (const [path, diagnostics] of found.byFile) {
      for (const diagnostic of diagnostics) {
        if (diagnostic.severity === "warning") warnings += 1;
        if (diagnostic.severity !== "error") continue;
        if (diagnostic.code === "rego_parse_error" || !isRego(path)) syntaxErrors += 1;
        else errors += 1;
      }
    }
    const rules = project.policies.reduce((sum, file) => sum + project.parsed(file).module.rules.length, 0);
    const previous = state.status;
    const isOff = this.#session.settingsOf(root).live.mode === "off";
    const isRun = syntaxErrors + errors === 0 && !isOff;
    // Nobody would count the samples again.
    if (isOff && this.#values.setSamples(root, new Map())) refresh(this.#session, "codeLens");
    const awaited = (old: messages.Layer | undefined): messages.Layer => (isRun ? (old ?? layer("unknown")) : outdated(old));
    state.status = {
      root: this.#session.uris.uri(root),
      busy: isRun,
      rules,
      syntax: layer(syntaxErrors > 0 ? "errors" : "ok", syntaxErrors, 0, found.syntaxMs),
      compile: layer(errors > 0 ? "errors" : warnings > 0 ? "warnings" : "ok", errors, warnings, found.compileMs),
      lint: layer("off"),
      decisions: awaited(previous?.decisions),
      tests: awaited(previous?.tests),
      passed: previous?.passed ?? 0,
      total: previous?.total ?? 0,
    };
    this.#session.connection.notify("rw/status", state.status);
  }
}

/** What is left of a layer when its text has changed and nothing is run. */
function outdated(old: messages.Layer | undefined): messages.Layer {
  return old === undefined || old.state === "off" ? layer("unknown") : { ...old, state: "stale" };
}

/** A sample as an input, or why it cannot be one. */
export function resolvedSample(project: Project, sample: Sample, profile: string | undefined): ChosenInput {
  const { json, problems } = project.inputs.resolve(sample.file, profile);
  const isLarge = project.largeDocuments.includes(sample.file);
  const problem = isLarge ? problems[0] : `${sample.name} cannot be resolved: its own problems say why`;
  return { name: sample.name, sample, json, problem: json === undefined ? problem : undefined };
}

/** The first error of a policy: what keeps the project from being evaluated. */
function firstFault(project: Project, found: ProjectDiagnostics): Diagnostic | undefined {
  for (const [path, diagnostics] of found.byFile) {
    const fault = diagnostics.find(({ severity }) => severity === "error");
    if (fault !== undefined && project.policies.some((file) => file.path === path)) return fault;
  }
  return undefined;
}

/** What an answer is for comparing with expectations. */
export function decisionOf(answer: Answer): Decision {
  switch (answer.kind) {
    case "value":
    case "solutions":
      return { kind: "value", value: JSON.parse(answer.json) };
    case "undefined":
      return { kind: "undefined" };
    case "error":
      return { kind: "error", code: answer.error.code, message: answer.error.message };
  }
}

function textsOf(answer: Answer, gathered = false): Pick<messages.LiveRule, "text" | "full" | "kind"> {
  switch (answer.kind) {
    case "value":
    case "solutions":
      return { kind: "value", text: shortText(answer.json, gathered), full: fullText(answer.json) };
    case "undefined": {
      const errors = answer.builtinErrors.map((error) => error.message);
      return { kind: "undefined", text: "undefined", full: ["undefined", ...errors].join("\n") };
    }
    case "error": {
      const [first] = answer.error.message.split("\n");
      return { kind: "error", text: `error: ${first}`, full: `${answer.error.code}: ${answer.error.message}` };
    }
  }
}

const unanswered = (problem: string): Pick<messages.LiveRule, "text" | "full" | "kind"> => ({
  kind: "error",
  text: `error: ${problem}`,
  full: problem,
});

function expectedText(
  outcome:
    | { readonly kind: "value"; readonly value: unknown }
    | { readonly kind: "undefined" }
    | { readonly kind: "error"; readonly code: string },
): string {
  if (outcome.kind === "value") return shortText(JSON.stringify(outcome.value));
  return outcome.kind === "undefined" ? "undefined" : `error ${outcome.code}`;
}

/** A wrong decision, said at the sample and at the expectation. */
function findingsOf(project: Project, profile: string | undefined, test: ProjectTest, message: string): readonly Diagnostic[] {
  if (test.kind !== "expected") return [];
  // A sample that cannot be resolved has said so itself, where it is to be mended.
  if (project.inputs.json(test.sample, test.expectation.profile ?? profile) === undefined) return [];
  const base = { severity: "error" as const, code: "rw_decision", message: `${test.expectation.query} ${message}` };
  return [
    { ...base, file: test.file, range: test.range },
    { ...base, file: test.sample.file.path, range: firstLine(test.sample.file.text) },
  ];
}

/** The first line that is no comment. */
function firstLine(text: string): Diagnostic["range"] {
  const found = /^[ \t]*(?!#|\/\/)\S.*$/mu.exec(text);
  const start = found?.index ?? 0;
  return { start, end: start + (found?.[0] ?? text.split("\n", 1)[0]!).length };
}

/** The names of the cases for which the test's value does not have `true`. */
function failingCases(cases: readonly (readonly string[])[], value: unknown): readonly string[] {
  const failing = cases.filter((names) => names.reduce(keyOf, value) !== true);
  return [...new Set(failing.map((names) => names.join(" ")))].sort();
}

function keyOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined;
}
