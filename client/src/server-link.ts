// The thread between the extension's parts and the language server: typed requests, notifications, and what to do without a server.
import * as vscode from "vscode";
import { type BaseLanguageClient, ProgressType } from "vscode-languageclient";
import * as bundles from "#protocol/bundles.ts";
import * as logs from "#protocol/decision-log.ts";
import * as messages from "#protocol/messages.ts";
import * as publishing from "#protocol/publishing.ts";

/** What the extension's parts need of the server. */
export class ServerLink implements vscode.Disposable {
  readonly #live = new vscode.EventEmitter<messages.LiveParams>();
  readonly #status = new vscode.EventEmitter<messages.StatusParams>();
  readonly #oldDialect = new vscode.EventEmitter<messages.OldDialectParams>();
  readonly #testsChanged = new vscode.EventEmitter<void>();
  readonly #progress = new vscode.EventEmitter<publishing.PublishProgressParams>();
  readonly #debug = new vscode.EventEmitter<messages.DebugParams>();
  readonly #client: BaseLanguageClient;
  #nextMatrix = 1;
  readonly onLive = this.#live.event;
  readonly onStatus = this.#status.event;
  readonly onOldDialect = this.#oldDialect.event;
  readonly onTestsChanged = this.#testsChanged.event;
  readonly onPublishProgress = this.#progress.event;
  readonly onDebug = this.#debug.event;

  constructor(client: BaseLanguageClient) {
    this.#client = client;
    client.onNotification(messages.live, (params: messages.LiveParams) => this.#live.fire(params));
    client.onNotification(messages.status, (params: messages.StatusParams) => this.#status.fire(params));
    client.onNotification(messages.oldDialect, (params: messages.OldDialectParams) => this.#oldDialect.fire(params));
    client.onNotification(messages.testsChanged, () => this.#testsChanged.fire());
    client.onNotification(messages.debug, (params: messages.DebugParams) => this.#debug.fire(params));
    client.onNotification(publishing.publishProgress, (params: publishing.PublishProgressParams) => this.#progress.fire(params));
  }

  /** Hands a message of a debug session on, when the server runs; one that has ended hears nothing. */
  debug(params: messages.DebugParams): void {
    this.#client.sendNotification(messages.debug, params).catch(() => undefined);
  }

  /** The server's spelling of a range. */
  range(range: messages.Range): vscode.Range {
    return new vscode.Range(range.start.line, range.start.character, range.end.line, range.end.character);
  }

  samples(uri: string, recent: readonly string[] = []): Promise<messages.SamplesResult> {
    return this.#client.sendRequest(messages.samples, { uri, recent } satisfies messages.SamplesParams);
  }
  selectSample(params: messages.SelectSampleParams): Promise<void> {
    return this.#client.sendRequest(messages.selectSample, params);
  }
  pinSample(params: messages.PinSampleParams): Promise<messages.PinSampleResult> {
    return this.#client.sendRequest(messages.pinSample, params);
  }
  evaluate(params: messages.EvaluateParams): Promise<messages.EvaluateResult> {
    return this.#client.sendRequest(messages.evaluate, params);
  }
  tell(params: messages.TellParams, cancel: vscode.CancellationToken): Promise<messages.TellResult> {
    return this.#client.sendRequest(messages.tell, params, cancel);
  }
  coverage(params: messages.EvaluateParams): Promise<messages.CoverageResult> {
    return this.#client.sendRequest(messages.coverage, params);
  }
  resolve(params: messages.ResolveParams): Promise<messages.ResolveResult> {
    return this.#client.sendRequest(messages.resolve, params);
  }
  convert(params: messages.ConvertParams): Promise<messages.ConvertResult> {
    return this.#client.sendRequest(messages.convert, params);
  }
  moveEntry(params: messages.MoveEntryParams): Promise<messages.MoveEntryResult> {
    return this.#client.sendRequest(messages.moveEntry, params);
  }
  recording(): Promise<messages.RecordingResult> {
    return this.#client.sendRequest(messages.recording, {});
  }
  library(uri: string): Promise<messages.LibraryResult> {
    return this.#client.sendRequest(messages.library, { uri } satisfies messages.LibraryParams);
  }
  migrate(uri: string): Promise<messages.MigrateResult> {
    return this.#client.sendRequest(messages.migrate, { uri } satisfies messages.MigrateParams);
  }
  newFiles(params: messages.NewFilesParams): Promise<messages.NewFilesResult> {
    return this.#client.sendRequest(messages.newFiles, params);
  }
  dependencies(params: messages.DependenciesParams): Promise<messages.DependenciesResult> {
    return this.#client.sendRequest(messages.dependencies, params);
  }
  partial(params: messages.PartialParams): Promise<messages.PartialResult> {
    return this.#client.sendRequest(messages.partial, params);
  }
  whatIf(params: messages.WhyParams, cancel: vscode.CancellationToken): Promise<messages.WhatIfResult> {
    return this.#client.sendRequest(messages.whatIf, params, cancel);
  }
  applyWhatIf(params: messages.ApplyWhatIfParams): Promise<messages.ApplyWhatIfResult> {
    return this.#client.sendRequest(messages.applyWhatIf, params);
  }
  why(params: messages.WhyParams, cancel: vscode.CancellationToken): Promise<messages.WhyResult> {
    return this.#client.sendRequest(messages.why, params, cancel);
  }
  tests(): Promise<messages.TestsResult> {
    return this.#client.sendRequest(messages.tests, {});
  }
  runTests(params: messages.RunTestsParams, cancel: vscode.CancellationToken): Promise<messages.RunTestsResult> {
    return this.#client.sendRequest(messages.runTests, params, cancel);
  }
  publish(params: publishing.PublishParams, cancel: vscode.CancellationToken): Promise<publishing.PublishResult> {
    return this.#client.sendRequest(publishing.publish, params, cancel);
  }
  rmsStatus(params: publishing.RmsStatusParams): Promise<publishing.RmsStatusResult> {
    return this.#client.sendRequest(publishing.rmsStatus, params);
  }
  comparePublished(params: publishing.ComparePublishedParams): Promise<publishing.ComparePublishedResult> {
    return this.#client.sendRequest(publishing.comparePublished, params);
  }
  applyRoles(params: publishing.ApplyRolesParams): Promise<publishing.ApplyRolesResult> {
    return this.#client.sendRequest(publishing.applyRoles, params);
  }
  rollback(params: publishing.RollbackParams): Promise<publishing.RollbackResult> {
    return this.#client.sendRequest(publishing.rollback, params);
  }
  rollbackDiff(params: publishing.RollbackDiffParams): Promise<publishing.RollbackDiffResult> {
    return this.#client.sendRequest(publishing.rollbackDiff, params);
  }
  /** The decision matrix, with what it tells of its progress. */
  async matrix(
    params: messages.MatrixParams,
    cancel: vscode.CancellationToken,
    progress: (done: messages.MatrixProgress) => void,
  ): Promise<messages.MatrixResult> {
    const workDoneToken = `matrix ${this.#nextMatrix++}`;
    const listening = this.#client.onProgress(new ProgressType<messages.MatrixProgress>(), workDoneToken, progress);
    try {
      return await this.#client.sendRequest(messages.matrix, { ...params, workDoneToken }, cancel);
    } finally {
      listening.dispose();
    }
  }
  inferSchema(params: messages.InferSchemaParams): Promise<messages.InferSchemaResult> {
    return this.#client.sendRequest(messages.inferSchema, params);
  }
  recordMocks(params: messages.RecordMocksParams, cancel: vscode.CancellationToken): Promise<messages.RecordMocksResult> {
    return this.#client.sendRequest(messages.recordMocks, params, cancel);
  }
  createTest(params: messages.CreateTestParams): Promise<messages.CreateTestResult> {
    return this.#client.sendRequest(messages.createTest, params);
  }
  bundle(params: bundles.BundleParams): Promise<bundles.BundleResult> {
    return this.#client.sendRequest(bundles.bundle, params);
  }
  bundleFile(params: bundles.BundleFileParams): Promise<bundles.BundleFileResult> {
    return this.#client.sendRequest(bundles.bundleFile, params);
  }
  compareBundles(params: bundles.CompareBundlesParams, cancel: vscode.CancellationToken): Promise<bundles.CompareBundlesResult> {
    return this.#client.sendRequest(bundles.compareBundles, params, cancel);
  }
  signBundle(params: bundles.SignBundleParams): Promise<bundles.SignBundleResult> {
    return this.#client.sendRequest(bundles.signBundle, params);
  }
  verifyBundle(params: bundles.VerifyBundleParams): Promise<bundles.VerifyBundleResult> {
    return this.#client.sendRequest(bundles.verifyBundle, params);
  }
  decisionLog(params: logs.DecisionLogParams): Promise<logs.DecisionLogResult> {
    return this.#client.sendRequest(logs.decisionLog, params);
  }
  logSamples(params: logs.LogSamplesParams): Promise<logs.LogSamplesResult> {
    return this.#client.sendRequest(logs.logSamples, params);
  }
  acceptDecision(params: messages.AcceptDecisionParams): Promise<messages.AcceptDecisionResult> {
    return this.#client.sendRequest(messages.acceptDecision, params);
  }

  dispose(): void {
    const emitters = [this.#live, this.#status, this.#oldDialect, this.#testsChanged, this.#progress, this.#debug];
    for (const emitter of emitters) emitter.dispose();
  }
}
