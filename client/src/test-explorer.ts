// The Test Explorer: packages, `test_` rules with their cases, and expected decisions, as the server finds them.
import * as vscode from "vscode";
import type { PolicyCoverage, Range, TestInfo, TestOutcome } from "#protocol/messages.ts";
import type { Debugging } from "./debug/debugging.ts";
import type { ServerLink } from "./server-link.ts";

const rediscoverAfter = 250;

export class TestExplorer implements vscode.Disposable {
  readonly #controller = vscode.tests.createTestController("rwTests", "Rego");
  readonly #server: ServerLink;
  readonly #profile: vscode.TestRunProfile;
  readonly #debugging: Debugging;
  readonly #subscriptions: vscode.Disposable[];
  readonly #watch = new Watch((token) =>
    this.#runOnce(new vscode.TestRunRequest(undefined, undefined, this.#profile, false, true), token),
  );
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(server: ServerLink, debugging: Debugging) {
    this.#server = server;
    this.#debugging = debugging;
    const run = (request: vscode.TestRunRequest, cancel: vscode.CancellationToken) => this.#run(request, cancel);
    const kind = vscode.TestRunProfileKind.Run;
    this.#profile = this.#controller.createRunProfile(vscode.l10n.t("Run"), kind, run, true, undefined, true);
    const debug = (request: vscode.TestRunRequest, cancel: vscode.CancellationToken) => this.#runOnce(request, cancel, "debug");
    const debugProfile = this.#controller.createRunProfile(vscode.l10n.t("Debug"), vscode.TestRunProfileKind.Debug, debug, true);
    const cover = (request: vscode.TestRunRequest, cancel: vscode.CancellationToken) =>
      this.#runOnce(request, cancel, "coverage");
    const coverage = vscode.TestRunProfileKind.Coverage;
    const coverageProfile = this.#controller.createRunProfile(vscode.l10n.t("Coverage"), coverage, cover, true);
    coverageProfile.loadDetailedCoverage = (_, file) =>
      Promise.resolve(file instanceof CoveredPolicy ? [...file.statements] : []);
    this.#controller.refreshHandler = () => this.discover();
    this.#subscriptions = [
      this.#profile,
      this.#watch,
      debugProfile,
      coverageProfile,
      this.#controller,
      server.onTestsChanged(() => {
        clearTimeout(this.#timer);
        this.#timer = setTimeout(() => void this.#changed(), rediscoverAfter);
      }),
    ];
  }

  /** Finds the tests again, and runs them where the setting says so. */
  async #changed(): Promise<void> {
    await this.discover();
    if (!vscode.workspace.getConfiguration("rw").get<boolean>("test.continuous", false)) return;
    await this.#watch.run();
  }

  async discover(): Promise<void> {
    const { tests } = await this.#server.tests();
    this.#controller.items.replace(tests.map((test) => this.#item(test)));
  }

  /** Runs one test by its id, as its lens asks. */
  async runOne(id: string): Promise<void> {
    if (this.#find(this.#controller.items, id) === undefined) await this.discover();
    const item = this.#find(this.#controller.items, id);
    if (item === undefined) throw new Error(vscode.l10n.t("this test is not there any more"));
    const request = new vscode.TestRunRequest([item], undefined, this.#profile);
    await this.#run(request, new vscode.CancellationTokenSource().token);
  }

  #item(test: TestInfo): vscode.TestItem {
    const item = this.#controller.createTestItem(test.id, test.label, vscode.Uri.parse(test.uri));
    item.range = this.#server.range(test.range);
    item.children.replace(test.children.map((child) => this.#item(child)));
    return item;
  }

  #find(items: vscode.TestItemCollection, id: string): vscode.TestItem | undefined {
    for (const [, item] of items) {
      const found = item.id === id ? item : this.#find(item.children, id);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  async #run(request: vscode.TestRunRequest, cancel: vscode.CancellationToken): Promise<void> {
    if (request.continuous !== true) return this.#runOnce(request, cancel);
    const watch = new Watch((token) => this.#runOnce(request, token));
    const again = this.#server.onTestsChanged(() => void watch.run());
    cancel.onCancellationRequested(() => {
      again.dispose();
      watch.dispose();
    });
    await watch.run();
  }

  async #runOnce(request: vscode.TestRunRequest, cancel: vscode.CancellationToken, how?: "debug" | "coverage"): Promise<void> {
    const run = this.#controller.createTestRun(request);
    const leaves = new Map<string, vscode.TestItem>();
    const collect = (item: vscode.TestItem) => {
      if (request.exclude?.includes(item) === true) return;
      if (item.children.size === 0) leaves.set(item.id, item);
      for (const [, child] of item.children) collect(child);
    };
    const roots = request.include ?? [...this.#controller.items].map(([, item]) => item);
    for (const item of roots) collect(item);
    for (const item of leaves.values()) run.started(item);
    try {
      if (how === "debug") await this.#debugging.tests([...leaves.keys()], run);
      const wanted = { ids: [...leaves.keys()], coverage: how === "coverage" };
      const { outcomes, coverage = [] } = await this.#server.runTests(wanted, cancel);
      for (const policy of coverage) run.addCoverage(new CoveredPolicy(policy, (range) => this.#server.range(range)));
      for (const outcome of outcomes) {
        const item = leaves.get(outcome.id);
        if (item !== undefined) this.#report(run, item, outcome);
      }
    } catch (error) {
      if (!cancel.isCancellationRequested) run.appendOutput(`${error instanceof Error ? error.message : String(error)}\r\n`);
    } finally {
      run.end();
    }
  }

  #report(run: vscode.TestRun, item: vscode.TestItem, outcome: TestOutcome): void {
    const mark = { passed: "✓", failed: "✗", skipped: "–", errored: "!" }[outcome.outcome];
    run.appendOutput(
      `${mark} ${item.parent === undefined ? "" : `${item.parent.label} › `}${item.label} (${outcome.ms.toFixed(1)} ms)\r\n`,
    );
    const why = outcome.message === undefined ? [] : outcome.message.split("\n");
    for (const line of [...outcome.output, ...why]) run.appendOutput(`    ${line}\r\n`, undefined, item);
    const text = outcome.message ?? outcome.outcome;
    const message =
      outcome.expected !== undefined && outcome.actual !== undefined
        ? vscode.TestMessage.diff(text, outcome.expected, outcome.actual)
        : new vscode.TestMessage(text);
    if (outcome.uri !== undefined && outcome.range !== undefined) {
      message.location = new vscode.Location(vscode.Uri.parse(outcome.uri), this.#server.range(outcome.range));
    }
    switch (outcome.outcome) {
      case "passed":
        run.passed(item, outcome.ms);
        break;
      case "failed":
        run.failed(item, message, outcome.ms);
        break;
      case "skipped":
        run.skipped(item);
        break;
      case "errored":
        run.errored(item, message, outcome.ms);
        break;
    }
  }

  dispose(): void {
    clearTimeout(this.#timer);
    for (const subscription of this.#subscriptions) subscription.dispose();
  }
}

/** Runs again and again: what runs for an earlier text is given up. */
class Watch implements vscode.Disposable {
  readonly #runOnce: (cancel: vscode.CancellationToken) => Promise<void>;
  #last = new vscode.CancellationTokenSource();

  constructor(runOnce: (cancel: vscode.CancellationToken) => Promise<void>) {
    this.#runOnce = runOnce;
  }

  async run(): Promise<void> {
    this.dispose();
    this.#last = new vscode.CancellationTokenSource();
    await this.#runOnce(this.#last.token);
  }

  dispose(): void {
    this.#last.cancel();
    this.#last.dispose();
  }
}

/** The expressions and heads of a policy that a run of tests reached, and those that it did not. */
class CoveredPolicy extends vscode.FileCoverage {
  readonly statements: readonly vscode.StatementCoverage[];

  constructor({ uri, covered, missing }: PolicyCoverage, rangeOf: (range: Range) => vscode.Range) {
    super(vscode.Uri.parse(uri), new vscode.TestCoverageCount(covered.length, covered.length + missing.length));
    const told = (reached: boolean) => (range: Range) => new vscode.StatementCoverage(reached, rangeOf(range));
    this.statements = [...covered.map(told(true)), ...missing.map(told(false))];
  }
}
