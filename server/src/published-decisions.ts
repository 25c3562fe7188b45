// What the version in the channel of a project decides: its policies are fetched and compiled once, answers are kept by input.
import { compile } from "#compiler/compile.ts";
import type { EmittedModule } from "#compiler/wasm/emit.ts";
import { publishedVersion } from "#publishing/decision-diff.ts";
import { entrypointName } from "#workspace/config.ts";
import type { Project } from "#workspace/project.ts";
import type { AskedQuestion } from "./asking.ts";
import type { Running } from "./evaluator.ts";
import { KnownAnswers, type KnownOrEvaluated } from "./known-answers.ts";
import { rmsClient, targetOf } from "./rms-target.ts";
import type { Session } from "./session.ts";

/** A version that can be asked. */
export interface PublishedDecisions {
  /** `orders/main 1.4.2`. */
  readonly name: string;
  /** In the order of the questions. */
  ask(questions: readonly AskedQuestion[], timeout: number): Running<KnownOrEvaluated>;
}

/** A channel is asked about again after so many milliseconds, or when the matrix is decided again. */
const age = 30_000;

interface Compiled {
  readonly name: string;
  /** The channel, and when it was asked about. */
  readonly channel: string;
  readonly at: number;
  /** What it was made of. */
  readonly made: string;
  readonly module: EmittedModule;
  readonly data: string;
  readonly key: string;
  readonly known: KnownAnswers;
}

let nextVersion = 1;

export class PublishedVersions {
  readonly #session: Session;
  /** By root, the version that was asked last. */
  readonly #compiled = new Map<string, Compiled>();

  constructor(session: Session) {
    this.#session = session;
  }

  /** The version that the channel has now, or why there is none. */
  async inChannel(
    project: Project,
    address: { readonly url: string; readonly token: string },
    entrypoints: readonly string[],
    { signal, isFresh }: { readonly signal: AbortSignal; readonly isFresh: boolean },
  ): Promise<PublishedDecisions | { readonly problem: string }> {
    const { url, domain, policy, channel } = targetOf(this.#session, project, { url: address.url });
    if (url === undefined || domain === undefined || channel === undefined) return { problem: "rw.conf names no channel of RMS" };
    const named = [url, domain, policy, channel, project.data.key, ...entrypoints].join("\n");
    const before = this.#compiled.get(project.root);
    if (before?.channel === named && !isFresh && this.#session.ports.now() - before.at < age)
      return this.#decisions(project, before);
    const client = rmsClient(this.#session, { url, token: address.token }, () => signal);
    const held = await client.channel(domain, policy, channel);
    if (!held.ok) {
      const { status, message } = held.failure;
      return { problem: status === 404 ? `nothing is published at ${domain}/${policy} ${channel} yet` : message };
    }
    const { version } = held.value;
    const name = `${domain}/${policy} ${version}`;
    const made = [url, name, project.data.key, ...entrypoints].join("\n");
    let compiled = before;
    if (compiled?.made !== made) {
      const reply = await publishedVersion(project, { client, domain, policy }, version);
      if (!reply.ok) return { problem: reply.failure.message };
      const { checked, data } = reply.value;
      const module = checked.complete ? compile(checked, { entrypoints: entrypoints.map(entrypointName) }).module : undefined;
      if (module === undefined) return { problem: `version ${version} cannot be compiled here` };
      const known = new KnownAnswers({ room: 32_000_000, tellsPlaces: false });
      compiled = { name, channel: named, at: 0, made, module, data, key: `version:${nextVersion++}`, known };
    }
    const current = { ...compiled, channel: named, at: this.#session.ports.now() };
    this.#compiled.set(project.root, current);
    return this.#decisions(project, current);
  }

  #decisions(project: Project, version: Compiled): PublishedDecisions {
    return { name: version.name, ask: (questions, timeout) => this.#ask(project, version, questions, timeout) };
  }

  #ask(
    project: Project,
    { module, data, key, known }: Compiled,
    questions: readonly AskedQuestion[],
    timeout: number,
  ): Running<KnownOrEvaluated> {
    const asked = questions.map(({ path, input, profile }) => {
      const entrypoint = entrypointName(path);
      return { entrypoint, input, mocks: project.configuration.mocks(profile), stamp: module.stamps[entrypoint], dataKey: key };
    });
    let running: Running | undefined;
    const answer = known.answers(asked, (open) => {
      running = this.#session.ports.evaluator.run({
        ...{ key, module, dataKey: `${key}:data`, data, questions: open, now: project.now(), timeout },
      });
      return running.answer;
    });
    return { answer, stop: () => running?.stop() };
  }
}
