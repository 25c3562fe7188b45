// `rw approve`: one person's approval of a version of somebody else, once who gains and who loses by it was told.
import { impactLines } from "#publishing/impact-text.ts";
import { expectNamed, type RmsCall } from "../rms-command.ts";
import { versionAct } from "../version-act.ts";

export const approve = versionAct({
  act: "approve",
  summary: "Approve a version of somebody else that waits for it",
  details: `
A policy may ask that one or two persons beside the author approve a version before a channel moves to it. \`rw diff\` shows what it
changes, \`rw versions --state awaiting_approval\` what waits. Who gains and who loses by it as of now is told, against what the channel of the
policy's gate impact serves, else rms.channel of rw.conf; where that is more than the gate allows, the approval is of just these people and
needs a reason (-m). With --dry-run it is told, and nothing is approved.

    $ rw diff prod 1.4.2
    $ rw approve 1.4.2 --dry-run
    $ rw approve 1.4.2 -m "looked at with the desk, ticket 42"
    $ rw promote prod 1.4.2
`,
  flags: [{ name: "dry-run", kind: "boolean", help: "tell who gains and who loses, and approve nothing" }],
  before: tellPeople,
  said: ({ state, approvedBy = [] }) =>
    state === "published"
      ? "is approved: a channel can move to it"
      : `is approved by ${approvedBy.join(", ")}, and waits for more`,
});

/** Tells who gains and who loses, and gives what is approved with that; an RMS that cannot tell stops no approval. */
async function tellPeople(target: RmsCall, version: string): Promise<{ readonly impact?: string } | undefined> {
  const { call, client, domain, policy, project, print } = target;
  const isDry = call.on("dry-run");
  const ofGate = await client.versionImpact(domain, policy, version);
  const { channel } = project.config.rms;
  const reply =
    !ofGate.ok && ofGate.failure.status === 422 && channel !== undefined
      ? await client.versionImpact(domain, policy, version, channel)
      : ofGate;
  if (!reply.ok) {
    if (isDry) expectNamed(target, `version ${version}`, reply);
    return {};
  }
  const { gate, digest, against, entrypoint, entrypoints = [entrypoint] } = reply.value;
  const exceeds = (gate?.exceeds ?? []).map((reason) => `  more than the gate impact allows: ${reason}`);
  const consents = (gate?.consents ?? []).map((actor) => `  approved already by ${actor}`);
  const title = `${domain}/${policy}@${against} → ${version}, ${entrypoints.join(", ")}`;
  const lines = `${[title, ...impactLines(reply.value), ...exceeds, ...consents].join("\n")}\n`;
  if (isDry) print(reply.value, lines);
  else if (!call.on("json")) call.io.out(lines);
  if (isDry) return undefined;
  return gate === undefined ? {} : { impact: digest };
}
