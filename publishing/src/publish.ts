// Publishing a project: check → test → decision diff → who gains and loses → publish → channel → activation. Nothing is sent before the diff is accepted.
import { checkModules } from "#analysis/rego/check.ts";
import { type Mocks, mockedEvaluation } from "#evaluation/mocks.ts";
import { numberTests } from "#evaluation/test-cases.ts";
import { runTests, type TestResult } from "#evaluation/test-runner.ts";
import type { Diagnostic } from "#grammars/diagnostic.ts";
import { type ParsedModule, parseModule } from "#grammars/rego/parse.ts";
import { readDocument } from "#workspace/documents.ts";
import { isBelow, relative, resolve } from "#workspace/paths.ts";
import type { Project } from "#workspace/project.ts";
import type { SourceFile } from "#workspace/source-file.ts";
import { faultLine, stoppingFaults } from "#workspace/stopping-faults.ts";
import { diffProject } from "./decision-diff.ts";
import { type Change, changeLine } from "./decisions.ts";
import { impactSummary } from "./impact-text.ts";
import type { KnownImpact } from "./known-impact.ts";
import { ownData, projectFiles } from "./project-files.ts";
import { impactKey, isFelt, tellImpact } from "./publish-impact.ts";
import type { Failure, Reply } from "./reply.ts";
import { type Channel, type NewVersion, noneRuns, onChannel, type PublishedVersion, type RmsClient } from "./rms-client.ts";
import { brokenExpectations, decideSamples, failedExpectations } from "./sample-decisions.ts";
import { type KnownChanges, numberText, type ProposedVersion, proposeVersion } from "./version-proposal.ts";

export type StepName = "check" | "test" | "diff" | "impact" | "publish" | "channel" | "activation";

export interface Step {
  readonly name: StepName;
  readonly state: "waiting" | "running" | "ok" | "failed" | "skipped";
  readonly summary: string;
  readonly detail?: string;
  readonly ms?: number;
}

export interface PublishOptions {
  readonly client: RmsClient;
  readonly domain: string;
  readonly policy: string;
  /** Moved after the publish; without it the version is only stored. */
  readonly channel?: string | undefined;
  /** Proposed by what it changes unless given. */
  readonly version?: string | undefined;
  readonly message: string;
  /** Creates the domain and the policy where they are missing. */
  readonly create: boolean;
  /** `always`, or the key of the diff that the author has seen; without it a publish with changes stops after the diff. */
  readonly accepted?: string | undefined;
  /** Whether a publish that changes no decision, for samples or for people, stops there too; it does not by default. */
  readonly ask?: "always" | "changes";
  readonly now: bigint;
  /** Milliseconds. */
  readonly clock: () => number;
  readonly wait: (ms: number) => Promise<void>;
  readonly signal?: AbortSignal;
  readonly onProgress: (steps: readonly Step[]) => void;
  /** An error as its author sees it elsewhere; as it is found without one. */
  readonly shown?: (fault: Diagnostic) => Diagnostic;
}

export interface PublishOutcome {
  readonly outcome: "published" | "confirm" | "failed";
  readonly steps: readonly Step[];
  readonly version?: string;
  readonly revision?: string;
  readonly changes: readonly Change[];
  /** Who gains and who loses, where RMS can tell. */
  readonly impact?: KnownImpact;
  /** With `confirm`: what to pass as `accepted`. */
  readonly accept?: string;
  /** With `confirm`: the number that the version gets unless another one is given. */
  readonly proposed?: ProposedVersion;
  readonly problem?: string;
  /** True when RMS does not know the token. */
  readonly unauthorized?: boolean;
}

const stepNames: readonly StepName[] = ["check", "test", "diff", "impact", "publish", "channel", "activation"];
const activationWait = 3000;

/** Runs the steps; the first that fails ends it, and nothing is half published. */
export async function publishProject(project: Project, options: PublishOptions): Promise<PublishOutcome> {
  return new Publishing(project, options).run();
}

const cancelledText = "cancelled; nothing was published";

class Stop {
  readonly problem: string;
  readonly unauthorized: boolean;
  constructor(problem: string, status?: number) {
    this.problem = problem;
    this.unauthorized = status === 401;
  }
}

class Publishing {
  private steps: Step[] = stepNames.map((name) => ({ name, state: "waiting", summary: "" }));
  private readonly project: Project;
  private readonly options: PublishOptions;
  /** Why the token may not make the domain or the policy. */
  private refusal: string | undefined;
  /** What the steps before have found. */
  private known: KnownChanges;

  constructor(project: Project, options: PublishOptions) {
    this.project = project;
    this.options = options;
    this.known = { channel: undefined, people: undefined, now: options.now };
  }

  async run(): Promise<PublishOutcome> {
    const done: { changes: readonly Change[]; impact?: KnownImpact; version?: string; revision?: string } = { changes: [] };
    try {
      await this.step("check", () => this.check());
      await this.step("test", () => this.test());
      const channel = await this.currentChannel();
      done.changes = await this.step("diff", () => this.diff(channel));
      const impact = await this.impact(channel);
      const people = impact !== undefined && isFelt(impact) ? impactSummary(impact) : undefined;
      const compared = channel === undefined ? undefined : { version: channel.version, changes: done.changes };
      this.known = { channel: compared, people, now: this.options.now };
      if (impact !== undefined) done.impact = impact;
      const accept = acceptKey(done.changes, impact);
      const asks = done.changes.length > 0 || isFelt(impact) || this.options.ask === "always";
      if (asks && this.options.accepted !== "always" && this.options.accepted !== accept) {
        const proposed = await this.rehearse();
        return { outcome: "confirm", steps: this.steps, ...done, accept, ...(proposed === undefined ? {} : { proposed }) };
      }
      const { version, state } = await this.step("publish", () => this.publish());
      done.version = version;
      const stays = this.whyNoneMoves(version, state);
      if (stays !== undefined) {
        this.set("channel", { state: "skipped", summary: stays });
        this.set("activation", { state: "skipped", summary: "no channel was moved" });
      } else {
        const moved = await this.step("channel", () => this.move(version, channel?.seq ?? 0));
        done.revision = moved.revision;
        await this.step("activation", () => this.activation(moved.revision));
      }
      return { outcome: "published", steps: this.steps, ...done };
    } catch (error) {
      if (!(error instanceof Stop)) throw error;
      const { unauthorized } = error;
      const problem = this.cancelled ? cancelledText : error.problem;
      return { outcome: "failed", steps: this.steps, ...done, problem, ...(unauthorized ? { unauthorized } : {}) };
    }
  }

  /** A version that was stored is seen through to its channel: nothing is half done. */
  private get cancelled(): boolean {
    const stored = this.steps.some((one) => one.name === "publish" && one.state === "ok");
    return this.options.signal?.aborted === true && !stored;
  }

  private async step<T>(
    name: StepName,
    work: () => Promise<readonly [T, string, string?]> | readonly [T, string, string?],
  ): Promise<T> {
    if (this.cancelled) throw new Stop(cancelledText);
    const started = this.options.clock();
    this.set(name, { state: "running", summary: "" });
    try {
      const [value, summary, detail] = await work();
      this.set(name, { state: "ok", summary, ms: this.options.clock() - started, ...(detail === undefined ? {} : { detail }) });
      return value;
    } catch (error) {
      if (error instanceof Stop) this.set(name, { state: "failed", summary: error.problem, ms: this.options.clock() - started });
      throw error;
    }
  }

  private set(name: StepName, change: Omit<Step, "name">): void {
    this.steps = this.steps.map((step) => (step.name === name ? { name, ...change } : step));
    this.options.onProgress(this.steps);
  }

  private check(): readonly [undefined, string, string?] {
    const { project } = this;
    if (project.policies.length === 0) throw new Stop(`there is no policy (no Rego file) in ${project.root}: nothing to publish`);
    const faults = stoppingFaults(project);
    const old = faults.length > 0 ? undefined : this.oldPolicy();
    if (old !== undefined)
      throw new Stop(
        `${relative(project.root, old)} is written in Rego v0, and RMS takes v1: \`rw fmt --v0-v1 -w\` rewrites what it can, and the editor shows the rest`,
      );
    const wrong = faults.length > 0 ? faults : brokenExpectations(project.complete);
    // RMS checks as `opa check --strict` does: what it would refuse is told before anything is sent.
    const found = wrong.length > 0 ? wrong : this.strictFindings();
    const first = found[0];
    if (first !== undefined) {
      const more = found.length > 1 ? ` (and ${found.length - 1} more)` : "";
      const strict = found === wrong ? "" : "; a publish checks as `rw check --strict` does";
      throw new Stop(`${faultLine(project, this.options.shown?.(first) ?? first)}${more}${strict}`);
    }
    const { length } = project.policies;
    const summary = length === 1 ? "1 policy" : `${length} policies`;
    const outside = policiesOutsideRoots(project).map((file) => relative(project.root, file.path));
    if (outside.length === 0) return [undefined, summary];
    return [undefined, summary, `outside of \`roots\` of rw.conf, and published too: ${outside.join(", ")}`];
  }

  /** The project's tests over some data, maybe with its mocks; RMS gives them that of the version alone, and no mocks. */
  private runTests(data: string, mocks?: Mocks): readonly TestResult[] {
    const checked = checkModules(numberTests(this.project.modules), { printing: true });
    const { now, ...world } = mocks === undefined ? { now: undefined } : mockedEvaluation(mocks, this.options.now).options;
    const { tests } = runTests(checked, { data, now: () => now ?? this.options.now, ...world });
    return tests.filter((test) => this.project.files.has(test.file));
  }

  /** The first policy that v0 alone can read. */
  private oldPolicy(): string | undefined {
    const isOld = ({ file, text, module }: ParsedModule): boolean =>
      module.version === "v0" && this.project.files.has(file) && parseModule(text, { file }).diagnostics.length > 0;
    return this.project.modules.find(isOld)?.file;
  }

  private strictFindings(): readonly Diagnostic[] {
    const { diagnostics } = checkModules(this.project.modules, { strict: true, printing: true });
    return diagnostics.filter(({ file, severity }) => severity === "error" && this.project.files.has(file));
  }

  private test(): readonly [undefined, string, string?] {
    const own = this.runTests(ownData(this.project) ?? "{}");
    const failed = own.filter(hasFailed);
    const first = failed[0];
    if (first !== undefined) {
      const isSame = ({ file, name }: TestResult): boolean => file === first.file && name === first.name;
      const needsRoles =
        this.project.config.roles !== undefined && !this.runTests(this.project.data.json).filter(hasFailed).some(isSame);
      const place = `${relative(this.project.root, first.file)}:${first.row} ${first.package}.${first.name}`;
      const mocks = this.project.configuration.mocks(undefined);
      const needsMocks =
        !needsRoles && mocks !== undefined && !this.runTests(this.project.data.json, mocks).filter(hasFailed).some(isSame);
      const why = needsRoles
        ? ", which passes only with the roles file: RMS tests without it, so give the roles in the test (`with data.rms.data as …`)"
        : needsMocks
          ? ", which passes only with `mocks` of rw.conf: RMS tests without them, so mock in the test (`with time.now_ns as …`)"
          : "";
      throw new Stop(`${failed.length} of ${own.length} tests fail: ${place}${why}`);
    }
    const run = own.filter((test) => test.outcome !== "skip").length;
    const passed = run === 0 ? "no tests" : `${own.filter((test) => test.outcome === "pass").length}/${run}`;
    const expected = this.expectedDecisions();
    const strays = this.project.inputs.strayExpectations.map((stray) => `warning: ${faultLine(this.project, stray)}`);
    const summary = expected === 0 ? passed : `${passed}, ${expected}/${expected} expected decisions`;
    return strays.length === 0 ? [undefined, summary] : [undefined, summary, strays.join("\n")];
  }

  /** How many decisions are expected of the samples; one that is another stops the publish, as a failed test does. */
  private expectedDecisions(): number {
    const project = this.project.complete;
    const { now, clock } = this.options;
    const decided = decideSamples(project, { entrypoints: [], now: () => now, clock });
    const failed = failedExpectations(project, decided);
    if (failed !== undefined) throw new Stop(failed);
    return decided.length;
  }

  private async currentChannel(): Promise<Channel | undefined> {
    const { client, domain, policy, channel } = this.options;
    if (channel === undefined) return undefined;
    this.set("diff", { state: "running", summary: "" });
    if (!/^[a-z][a-z0-9-]{0,31}$/u.test(channel)) {
      // RMS says it too, but after the version was stored.
      const problem = `${JSON.stringify(channel)} is no channel: its id is a lower-case word such as dev, test or prod`;
      this.set("diff", { state: "failed", summary: problem });
      throw new Stop(problem);
    }
    const reply = await client.channel(domain, policy, channel);
    if (reply.ok) return reply.value;
    if (reply.failure.status === 404) return undefined;
    this.set("diff", { state: "failed", summary: reply.failure.message });
    throw new Stop(reply.failure.message, reply.failure.status);
  }

  private async diff(channel: Channel | undefined): Promise<readonly [readonly Change[], string, string?]> {
    if (channel === undefined)
      return [[], this.options.channel === undefined ? "no channel named to compare with" : "nothing is published yet"];
    const { client, domain, policy, now } = this.options;
    const { changes, decided } = this.expect(await diffProject(this.project, { client, domain, policy }, channel.version, now));
    const detail = changes.map(changeLine).join("\n");
    return [changes, `${changes.length} of ${decided} decisions change`, detail];
  }

  /** Who gains and who loses, as RMS tells; that it cannot stops nothing. */
  private async impact(channel: Channel | undefined): Promise<KnownImpact | undefined> {
    if (channel === undefined) {
      const summary = this.options.channel === undefined ? "no channel named to compare with" : "nothing is published yet";
      this.set("impact", { state: "skipped", summary });
      return undefined;
    }
    if (this.cancelled) throw new Stop(cancelledText);
    const started = this.options.clock();
    this.set("impact", { state: "running", summary: "RMS decides for everybody whom it knows" });
    const told = await tellImpact(this.project, this.options, channel.channel);
    if (this.cancelled) throw new Stop(cancelledText);
    if ("untold" in told) {
      this.set("impact", { state: "skipped", summary: told.untold });
      return undefined;
    }
    const { summary, detail, impact } = told;
    this.set("impact", { state: "ok", summary, detail, ms: this.options.clock() - started });
    return impact;
  }

  /**
   * Before anybody is asked: what RMS would refuse ends the publish here, and that a version would wait for an approval is told with the step.
   * Gives the number that is proposed. Nothing is kept. What RMS cannot tell yet, as of a policy that is not there, stops nothing.
   */
  private async rehearse(): Promise<ProposedVersion | undefined> {
    const { client, domain, policy, signal } = this.options;
    const known = await client.knownPolicy(domain, policy);
    if (!known.ok) return undefined;
    this.set("publish", { state: "running", summary: "RMS checks it, and keeps nothing" });
    const { version, proposed } = await this.numbered();
    const reply = await client.publish(domain, policy, this.content(version), { signal, dryRun: true });
    if (this.cancelled) throw new Stop(cancelledText);
    if (!reply.ok && reply.failure.status === 422) {
      const stop = this.stopped(reply.failure);
      this.set("publish", { state: "failed", summary: stop.problem });
      throw stop;
    }
    const waits = reply.ok && reply.value.state === "awaiting_approval";
    const reasons = reply.ok ? waitsFor(reply.value) : undefined;
    this.set("publish", {
      state: "waiting",
      summary: waits ? "it will wait until somebody else approves it" : "",
      ...(reasons === undefined ? {} : { detail: reasons }),
    });
    return proposed;
  }

  /** The number that is given, else the proposed one: a given one does without a proposal where RMS cannot be asked. */
  private async numbered(): Promise<{ readonly version: string; readonly proposed: ProposedVersion | undefined }> {
    const { version } = this.options;
    const reply = await proposeVersion(this.project, this.options, this.known);
    if (reply.ok) return { version: version ?? reply.value.version, proposed: reply.value };
    if (version === undefined) throw this.stopped(reply.failure);
    return { version, proposed: undefined };
  }

  /** What is sent of the project. */
  private content(version: string): NewVersion {
    return { version, files: projectFiles(this.project), message: this.options.message };
  }

  private async publish(): Promise<readonly [PublishedVersion, string, string?]> {
    const { client, domain, policy, signal } = this.options;
    if (this.options.create) await this.create();
    const given = this.options.version;
    const { version, proposed } = given === undefined ? await this.numbered() : { version: given, proposed: undefined };
    const reply = await client.publish(domain, policy, this.content(version), { signal });
    if (!reply.ok) throw this.stopped(reply.failure);
    const isOld = reply.status === 200;
    const summary = isOld ? `${version} was published before, with the same content` : numberText(version, proposed);
    const told = waitsFor(reply.value);
    return told === undefined ? [reply.value, summary] : [reply.value, summary, told];
  }

  /** Why a version that was stored is served by no channel yet; undefined where one moves to it. */
  private whyNoneMoves(version: string, state: string): string | undefined {
    const { channel } = this.options;
    if (channel === undefined) return "none is moved (`rms.channel` in rw.conf names one)";
    if (state !== "awaiting_approval") return undefined;
    return `${version} waits until somebody else approves it (\`rw approve ${version}\`, or the console); then publish again, or \`rw promote ${channel} ${version}\``;
  }

  /** RMS tells nobody what is there that they may not see: the names that it was asked for help. */
  private stopped(failure: Failure): Stop {
    const { domain, policy } = this.options;
    if (failure.status !== 404) return new Stop(this.strayData(failure) ?? sentence(failure), failure.status);
    const missing = `RMS has no policy ${policy} in a domain ${domain}, or this token may not see it`;
    const next =
      this.refusal === undefined ? " (`rw publish --create` makes both)" : `; and it may not make them: ${this.refusal}`;
    return new Stop(missing + next, failure.status);
  }

  /** RMS sees one merged document: the file that its author knows is named, with what to do. */
  private strayData({ errors: [first] }: Failure): string | undefined {
    const [, key] = /^data\.(\S+) is outside data\./u.exec(first?.code === "rms_root" ? first.message : "") ?? [];
    if (first === undefined || key === undefined) return undefined;
    const place = this.project.data.files.find(({ path, file }) =>
      path.length > 0 ? path[0] === key : Object.hasOwn(JSON.parse(readDocument(file).json ?? "{}"), key),
    );
    const name = place === undefined ? first.file : relative(this.project.root, place.file.path);
    return `${name}:1: ${first.message}, all that the domain may have: move it below that, and the policies' references with it`;
  }

  /** Makes what is missing. Who may publish may not always make domains, so that a refusal counts only where nothing is there. */
  private async create(): Promise<void> {
    const { client, domain, policy } = this.options;
    if ((await client.knownPolicy(domain, policy)).ok) return;
    const first = this.project.policies
      .map((file) => this.project.parsed(file).module.package?.path[0]?.value)
      .find((name) => name !== undefined && !name.endsWith("_test"));
    const made = await client.createDomain(domain, first ?? domain.replaceAll("-", "_"));
    this.allowRefusal(made);
    const entrypoints = this.project.entrypoints.map((name) => name.replace(/^data\./, "").replaceAll(".", "/"));
    this.allowRefusal(await client.createPolicy(domain, policy, entrypoints));
  }

  /** 409: it is there. */
  private allowRefusal(reply: Reply<unknown>): void {
    if (reply.ok || reply.failure.status === 409) return;
    const { status, message } = reply.failure;
    if (status !== 403 && status !== 404) throw new Stop(message, status);
    this.refusal ??= message;
  }

  private async move(version: string, seq: number): Promise<readonly [Channel, string]> {
    const { client, domain, policy, channel, message } = this.options;
    const reply = await client.channel(domain, policy, channel!);
    if (reply.ok && reply.value.version === version) return [reply.value, `${channel} is at ${version} already`];
    const moved = await client.moveChannel(domain, policy, channel!, version, message, seq);
    if (!moved.ok)
      throw new Stop(
        moved.failure.status === 412
          ? `somebody else moved ${channel} meanwhile: look at the difference again`
          : sentence(moved.failure),
        moved.failure.status,
      );
    return [moved.value, `${channel} ${version}`];
  }

  /** Says how many sidecars run it; waits a little, since long polls answer at once, and tells meanwhile how far they are. */
  private async activation(revision: string): Promise<readonly [undefined, string, string?]> {
    const { client, domain, policy, channel, clock, wait } = this.options;
    const end = clock() + activationWait;
    const base = revision.replace(/\+s.*$/, "+");
    for (;;) {
      const { items } = this.expect(await client.activations(domain, policy));
      const present = onChannel(items, channel).filter(({ state }) => state !== "gone");
      const active = present.filter((item) => item.revision.startsWith(base) && item.state === "active").length;
      const failed = present.filter((item) => item.state === "failed");
      if (present.length === 0) return [undefined, noneRuns(items, channel)];
      const waiting = present.length - active - failed.length;
      const counts = [
        `${active}/${present.length} active`,
        ...(failed.length > 0 ? [`${failed.length} failed`] : []),
        ...(waiting > 0 ? [`${waiting} not there yet`] : []),
      ];
      const summary = counts.join(", ");
      if (active === present.length || clock() > end)
        return [undefined, summary, failed.map((item) => `${item.instance}: ${item.error ?? "failed"}`).join("\n")];
      this.set("activation", { state: "running", summary });
      await wait(100);
    }
  }

  private expect<T>(reply: { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: Failure }): T {
    if (!reply.ok) throw new Stop(sentence(reply.failure), reply.failure.status);
    return reply.value;
  }
}

/** Why a version waits for an approval that the policy does not ask for of every version. */
function waitsFor({ state, gates = [] }: PublishedVersion): string | undefined {
  const reasons = gates.filter(({ ok }) => !ok).flatMap(({ diagnostics }) => diagnostics.map(({ message }) => message));
  return state === "awaiting_approval" && reasons.length > 0 ? reasons.join("\n") : undefined;
}

function sentence({ message, errors }: Failure): string {
  const first = errors[0];
  return first?.file === undefined ? message : `${first.file}:${first.row ?? 1}: ${first.message}`;
}

/** Names the differences that an author has seen. */
function acceptKey(changes: readonly Change[], impact: KnownImpact | undefined): string {
  const decisions = changes.map(({ sample, entrypoint, before, after }) => [sample, entrypoint, before, after]);
  return JSON.stringify([decisions, impact === undefined ? null : impactKey(impact)]);
}

/** Roots say what paths are counted from, not what a project is: its author may think otherwise of these. */
function policiesOutsideRoots({ policies, config, configFolder }: Project): readonly SourceFile[] {
  if (config.roots.length === 0) return [];
  const roots = config.roots.map(({ path }) => resolve(configFolder, path));
  return policies.filter(({ path }) => !path.endsWith("_test.rego") && !roots.some((root) => isBelow(path, root)));
}

const hasFailed = ({ outcome }: TestResult): boolean => outcome === "fail" || outcome === "error";
