// Publishing to RMS and the state of the channel. The token comes with each request and is not kept.

import { shownFault } from "#features/rego/faults/shown.ts";
import * as publishing from "#protocol/publishing.ts";
import { diffVersions, versionTexts } from "#publishing/decision-diff.ts";
import { joinedChanges } from "#publishing/decisions.ts";
import { impactMarkdown } from "#publishing/impact-text.ts";
import type { KnownImpact } from "#publishing/known-impact.ts";
import { changedTexts, projectFiles } from "#publishing/project-files.ts";
import { rolesUnknownTo } from "#publishing/project-roles.ts";
import { type PublishOutcome, publishProject } from "#publishing/publish.ts";
import type { Failure } from "#publishing/reply.ts";
import { type Activation, noneRuns, onChannel } from "#publishing/rms-client.ts";
import { resolve } from "#workspace/paths.ts";
import type { Project } from "#workspace/project.ts";
import { changedDecision } from "../changed-decision.ts";
import { rmsClient, targetOf } from "../rms-target.ts";
import type { Cancellation } from "../rpc/connection.ts";
import type { Session } from "../session.ts";

export function registerPublish(session: Session): void {
  const { connection, uris, ports } = session;
  const projectOf = (uri: string): Promise<Project> => session.projectOf(uris.path(uri));

  connection.onRequest(
    publishing.publish,
    async (params: publishing.PublishParams, cancellation: Cancellation): Promise<publishing.PublishResult> => {
      const failed = (problem: string): publishing.PublishResult => ({ outcome: "failed", steps: [], problem });
      if (!session.settings.trusted) return failed("publishing needs a trusted workspace");
      const project = await projectOf(params.uri);
      const { url, domain, policy, channel } = targetOf(session, project, params);
      if (url === undefined || domain === undefined)
        return failed("rw.conf names no RMS: set `rms { url, domain, policy, channel }`");
      if (params.token === undefined) return failed("sign in to RMS first");
      const abort = new AbortController();
      cancellation.onCancel(() => abort.abort());
      const root = uris.uri(project.root);
      // What was begun at RMS is seen through: from then on only waiting for it too long ends it.
      let begun = false;
      const outcome = await publishProject(project, {
        client: rmsClient(session, { url, token: params.token }, () => (begun ? undefined : abort.signal)),
        domain,
        policy,
        channel,
        ...(params.version === undefined ? {} : { version: params.version }),
        message: params.message ?? "published from the editor",
        create: true,
        ...(params.accepted === undefined ? {} : { accepted: params.accepted }),
        ...(params.ask === undefined ? {} : { ask: params.ask }),
        now: project.now(),
        clock: () => ports.now(),
        wait: (milliseconds) => new Promise((done) => void ports.later(milliseconds, done)),
        signal: abort.signal,
        shown: (fault) => shownFault(project, fault),
        onProgress: (steps) => {
          begun = steps.some(({ name, state }) => name === "channel" && state !== "waiting");
          connection.notify(publishing.publishProgress, { root, steps } satisfies publishing.PublishProgressParams);
        },
      });
      const result = resultOf(outcome);
      if (result.outcome !== "published") return result;
      const unknownRoles = await rolesUnknownTo(rmsClient(session, { url, token: params.token }), domain, project);
      return { ...result, ...(unknownRoles === undefined ? {} : { unknownRoles }) };
    },
  );

  connection.onRequest(
    publishing.rmsStatus,
    async ({ uri, token }: publishing.RmsStatusParams): Promise<publishing.RmsStatusResult> => {
      const project = await projectOf(uri);
      const { url, domain, policy, channel } = targetOf(session, project);
      if (url === undefined || domain === undefined) return { detail: "rw.conf names no RMS", problem: "rw.conf names no RMS" };
      const target = `${domain}/${policy}${channel === undefined ? "" : ` ${channel}`}`;
      if (token === undefined) return { target, url, detail: `${url} ${target}` };
      const client = rmsClient(session, { url, token });
      const held = channel === undefined ? undefined : await client.channel(domain, policy, channel);
      if (held !== undefined && !held.ok) return { target, url, ...problemOf(held.failure, target) };
      const activations = await client.activations(domain, policy);
      if (!activations.ok) return { target, url, ...problemOf(activations.failure, target) };
      const items = onChannel(activations.value.items, channel);
      const base = held?.value.revision.replace(/\+s.*$/u, "+");
      const runs = (item: Activation) => item.state === "active" && (base === undefined || item.revision.startsWith(base));
      const active = items.filter(runs).length;
      const sidecars = items.filter(({ state }) => state !== "gone").length;
      const failing = items
        .filter((item) => item.state === "failed")
        .map((item) => `${item.instance}: ${item.error ?? "failed"}`);
      const instances = items.map(({ instance, state, error }) => ({
        name: instance,
        state,
        ...(error === undefined ? {} : { error }),
      }));
      const { version, seq, history = [] } = held?.value ?? {};
      const previous = history.find((move) => move.version !== version)?.version;
      const detail = [
        `${target} is at ${version ?? "no version"}`,
        sidecars === 0 ? noneRuns(items, channel) : `${active} of ${sidecars} sidecars run it`,
        ...failing,
      ].join("; ");
      return {
        target,
        url,
        ...(version === undefined ? {} : { revision: version }),
        ...(seq === undefined ? {} : { seq }),
        ...(previous === undefined ? {} : { previous }),
        active,
        sidecars,
        instances,
        detail,
      };
    },
  );

  connection.onRequest(
    publishing.comparePublished,
    async ({ uri, url: address, token }: publishing.ComparePublishedParams): Promise<publishing.ComparePublishedResult> => {
      if (!session.settings.trusted) return { problem: "asking RMS needs a trusted workspace" };
      const project = await projectOf(uri);
      const { url, domain, policy, channel } = targetOf(session, project, { url: address });
      if (url === undefined || domain === undefined || channel === undefined)
        return { problem: "rw.conf names no channel: set `rms { url, domain, policy, channel }`" };
      const target = `${domain}/${policy} ${channel}`;
      const client = rmsClient(session, { url, token });
      const held = await client.channel(domain, policy, channel);
      if (!held.ok) return { problem: problemOf(held.failure, target).detail };
      const { version } = held.value;
      const published = await versionTexts({ client, domain, policy }, version);
      if (!published.ok) return { problem: published.failure.message };
      const changed = changedTexts(published.value, projectFiles(project));
      const files = changed.map((file) => {
        const own = project.files.get(resolve(project.root, file.path));
        return own !== undefined && own.text === file.after ? { ...file, uri: uris.uri(own.path) } : file;
      });
      return { target, version, files };
    },
  );

  connection.onRequest(
    publishing.rollbackDiff,
    async ({ uri, url: address, token, from, to }: publishing.RollbackDiffParams): Promise<publishing.RollbackDiffResult> => {
      const nothing = { diff: [], decided: 0 };
      if (!session.settings.trusted) return { ...nothing, problem: "rolling back needs a trusted workspace" };
      const project = await projectOf(uri);
      const { url, domain, policy } = targetOf(session, project, { url: address });
      if (url === undefined || domain === undefined) return { ...nothing, problem: "rw.conf names no RMS" };
      const published = { client: rmsClient(session, { url, token }), domain, policy };
      const reply = await diffVersions(project, published, [from, to], project.now());
      if (!reply.ok) return { ...nothing, problem: reply.failure.message };
      const { changes, decided } = reply.value;
      return { diff: joinedChanges(changes).map(changedDecision), decided };
    },
  );

  connection.onRequest(
    publishing.rollback,
    async ({ uri, url: address, token, seq, reason }: publishing.RollbackParams): Promise<publishing.RollbackResult> => {
      if (!session.settings.trusted) return { problem: "rolling back needs a trusted workspace" };
      const { url, domain, policy, channel } = targetOf(session, await projectOf(uri), { url: address });
      if (url === undefined || domain === undefined || channel === undefined)
        return { problem: "rw.conf names no channel: set `rms { url, domain, policy, channel }`" };
      const moved = await rmsClient(session, { url, token }).rollback(domain, policy, channel, reason, { seq });
      if (moved.ok) return { revision: moved.value.version };
      const { status, message } = moved.failure;
      return { problem: status === 412 ? `somebody else moved ${channel} meanwhile: look at its state again` : message };
    },
  );
}

function problemOf(
  { status, message }: Failure,
  target: string,
): Pick<publishing.RmsStatusResult, "detail" | "problem" | "reason"> {
  const problem = status === 404 ? `nothing is published at ${target} yet` : message;
  const reason = status === 404 ? "empty" : status === 401 ? "unauthorized" : undefined;
  return { detail: problem, problem, ...(reason === undefined ? {} : { reason }) };
}

function publishImpact(impact: KnownImpact): publishing.PublishImpact {
  const { against, channel, entrypoint, gained, lost, unclear = { people: 0, subjects: [] }, strangers } = impact;
  const title = `# Who gains and who loses: ${entrypoint}, by ${channel} (${against}) and by the project`;
  const document = `${[title, "", ...impactMarkdown(impact)].join("\n")}\n`;
  return { gained, lost, unclear, open: strangers.gained, document };
}

function resultOf(outcome: PublishOutcome): publishing.PublishResult {
  const diff = joinedChanges(outcome.changes).map(changedDecision);
  return {
    outcome: outcome.outcome,
    steps: outcome.steps,
    changes: outcome.changes.length,
    ...(diff.length === 0 ? {} : { diff }),
    ...(outcome.impact === undefined ? {} : { impact: publishImpact(outcome.impact) }),
    ...(outcome.accept === undefined ? {} : { accept: outcome.accept }),
    ...(outcome.proposed === undefined ? {} : { proposed: outcome.proposed }),
    ...(outcome.version === undefined ? {} : { revision: outcome.version }),
    ...(outcome.problem === undefined ? {} : { problem: outcome.problem }),
    ...(outcome.unauthorized === undefined ? {} : { unauthorized: outcome.unauthorized }),
  };
}
