// Publishing to RMS and the state of the channel. The token comes with each request and is not kept.

import * as messages from "#protocol/messages.ts";
import { type PublishOutcome, publishProject } from "#publishing/publish.ts";
import { type Fetch, RmsClient } from "#publishing/rms-client.ts";
import type { Project } from "#workspace/project.ts";
import type { Cancellation } from "../rpc/connection.ts";
import type { Session } from "../session.ts";

interface Target {
  readonly url: string | undefined;
  readonly domain: string | undefined;
  readonly policy: string;
  readonly channel: string | undefined;
}

export function registerPublish(session: Session): void {
  const { connection, uris, workspace, ports } = session;
  const request: Fetch = (url, init) => ports.fetch(url, init as RequestInit);

  const projectOf = async (uri: string): Promise<Project> => {
    await session.loaded;
    return workspace.projectOf(uris.path(uri));
  };

  /** Settings win over `rw.conf`, what the request names over both. */
  const targetOf = (project: Project, named: Partial<Record<"url" | "domain" | "policy" | "channel", string>>): Target => {
    const { rms } = session.settings;
    const file = project.config.rms;
    const pick = (key: "url" | "domain" | "policy" | "channel") => named[key] ?? rms[key] ?? file[key];
    return {
      url: pick("url")?.replace(/\/$/u, ""),
      domain: pick("domain"),
      policy: pick("policy") ?? "main",
      channel: pick("channel"),
    };
  };

  connection.onRequest(
    messages.publish,
    async (params: messages.PublishParams, cancellation: Cancellation): Promise<messages.PublishResult> => {
      const failed = (problem: string): messages.PublishResult => ({ outcome: "failed", steps: [], problem });
      if (!session.settings.trusted) return failed("publishing needs a trusted workspace");
      const project = await projectOf(params.uri);
      const { url, domain, policy, channel } = targetOf(project, params);
      if (url === undefined || domain === undefined)
        return failed("rw.conf names no RMS: set `rms { url, domain, policy, channel }`");
      if (params.token === undefined) return failed("sign in to RMS first");
      const abort = new AbortController();
      cancellation.onCancel(() => abort.abort());
      const root = uris.uri(project.root);
      const outcome = await publishProject(project, {
        client: new RmsClient({ url, token: params.token }, request),
        domain,
        policy,
        channel,
        ...(params.version === undefined ? {} : { version: params.version }),
        message: params.message ?? "published from the editor",
        create: true,
        ...(params.accepted === undefined ? {} : { accepted: params.accepted }),
        now: project.now(),
        clock: () => ports.now(),
        wait: (milliseconds) => new Promise((done) => void ports.later(milliseconds, done)),
        signal: abort.signal,
        onProgress: (steps) =>
          connection.notify(messages.publishProgress, { root, steps } satisfies messages.PublishProgressParams),
      });
      return resultOf(outcome);
    },
  );

  connection.onRequest(
    messages.rmsStatus,
    async ({ uri, token }: messages.RmsStatusParams): Promise<messages.RmsStatusResult> => {
      const project = await projectOf(uri);
      const { url, domain, policy, channel } = targetOf(project, {});
      if (url === undefined || domain === undefined) return { detail: "rw.conf names no RMS", problem: "rw.conf names no RMS" };
      const target = `${domain}/${policy}${channel === undefined ? "" : ` ${channel}`}`;
      if (token === undefined) return { target, url, detail: `${url} ${target}` };
      const client = new RmsClient({ url, token }, request);
      const held = channel === undefined ? undefined : await client.channel(domain, policy, channel);
      if (held !== undefined && !held.ok) {
        const problem = held.failure.status === 404 ? `nothing is published at ${target} yet` : held.failure.message;
        return { target, url, detail: problem, problem };
      }
      const activations = await client.activations(domain, policy);
      const items = activations.ok ? activations.value.items : [];
      const base = held?.value.revision.replace(/\+s.*$/u, "+");
      const active = items.filter(
        (item) => item.state === "active" && (base === undefined || item.revision.startsWith(base)),
      ).length;
      const failing = items
        .filter((item) => item.state === "failed")
        .map((item) => `${item.instance}: ${item.error ?? "failed"}`);
      const version = held?.value.version;
      const detail = [
        `${target} is at ${version ?? "no version"}`,
        `${active} of ${items.length} sidecars run it`,
        ...failing,
      ].join("; ");
      return { target, url, ...(version === undefined ? {} : { revision: version }), active, sidecars: items.length, detail };
    },
  );
}

function resultOf(outcome: PublishOutcome): messages.PublishResult {
  const rows = outcome.changes.map(
    (change) => `${change.sample} · ${change.entrypoint.replace(/^data\./u, "")}: ${change.before} → ${change.after}`,
  );
  return {
    outcome: outcome.outcome,
    steps: outcome.steps,
    changes: outcome.changes.length,
    ...(rows.length === 0 ? {} : { diff: rows.join("\n") }),
    ...(outcome.accept === undefined ? {} : { accept: outcome.accept }),
    ...(outcome.version === undefined ? {} : { revision: outcome.version }),
    ...(outcome.problem === undefined ? {} : { problem: outcome.problem }),
  };
}
