// What the version in the channel of a project decides: its policies are fetched and compiled once, answers are kept by input.
import { compile } from "#compiler/compile.ts";
import type { EmittedModule } from "#compiler/wasm/emit.ts";
import { publishedVersion } from "#publishing/decision-diff.ts";
import { entrypointName } from "#workspace/config.ts";
import type { Project } from "#workspace/project.ts";
import type { Running } from "./evaluator.ts";
import { KnownAnswers, type KnownOrEvaluated } from "./known-answers.ts";
import { rmsClient, targetOf } from "./rms-target.ts";
import type { Session } from "./session.ts";

/** A version that can be asked. */
export interface PublishedDecisions {
  /** `orders/main 1.4.2`. */
  readonly name: string;
  /** In the order of the questions. */
  ask(questions: readonly { readonly path: string; readonly input: string }[], timeout: number): Running<KnownOrEvaluated>;
}

interface Compiled {
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
    signal: AbortSignal,
  ): Promise<PublishedDecisions | { readonly problem: string }> {
    const { url, domain, policy, channel } = targetOf(this.#session, project, { url: address.url });
    if (url === undefined || domain === undefined || channel === undefined) return { problem: "rw.conf names no channel of RMS" };
    const client = rmsClient(this.#session, { url, token: address.token }, () => signal);
    const held = await client.channel(domain, policy, channel);
    if (!held.ok) {
      const { status, message } = held.failure;
      return { problem: status === 404 ? `nothing is published at ${domain}/${policy} ${channel} yet` : message };
    }
    const { version } = held.value;
    const name = `${domain}/${policy} ${version}`;
    const made = [url, name, project.data.key, ...entrypoints].join("\n");
    let compiled = this.#compiled.get(project.root);
    if (compiled?.made !== made) {
      const reply = await publishedVersion(project, { client, domain, policy }, version);
      if (!reply.ok) return { problem: reply.failure.message };
      const { checked, data } = reply.value;
      const module = checked.complete ? compile(checked, { entrypoints: entrypoints.map(entrypointName) }).module : undefined;
      if (module === undefined) return { problem: `version ${version} cannot be compiled here` };
      const known = new KnownAnswers({ room: 32_000_000, tellsPlaces: false });
      compiled = { made, module, data, key: `version:${nextVersion++}`, known };
      this.#compiled.set(project.root, compiled);
    }
    const asked = compiled;
    return { name, ask: (questions, timeout) => this.#ask(project, asked, questions, timeout) };
  }

  #ask(
    project: Project,
    { module, data, key, known }: Compiled,
    questions: readonly { readonly path: string; readonly input: string }[],
    timeout: number,
  ): Running<KnownOrEvaluated> {
    const asked = questions.map(({ path, input }) => {
      const entrypoint = entrypointName(path);
      return { entrypoint, input, stamp: module.stamps[entrypoint], dataKey: key };
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
