// `rw activations`: which sidecar runs which revision.
import type { Rollout } from "#publishing/rms-client.ts";
import { columns, expectReply, rmsCommand } from "../rms-command.ts";

export const activations = rmsCommand({
  name: "activations",
  usage: "activations [flags]",
  summary: "Show which sidecar runs which revision",
  details: `
Above the sidecars stands how far the last change of each channel has come: rolling until all of them run it, and how long they took.
With --fail the exit code is 1 unless every sidecar that is shown is active, so that a pipeline can wait for it.

    $ rw activations
    $ rw activations --channel prod --state failed
    $ until rw activations --channel prod --fail; do sleep 1; done
`,
  positionals: [0, 0],
  flags: [
    { name: "channel", kind: "string", placeholder: "id", help: "only sidecars of this channel" },
    { name: "revision", kind: "string", help: "only sidecars with this revision" },
    { name: "state", kind: "string", choices: ["active", "lagging", "failed", "gone"], help: "only sidecars in this state" },
    { name: "fail", kind: "boolean", help: "exit with 1 unless all are active" },
  ],
  run: async ({ call, client, domain, policy, print }) => {
    const filter = { channel: call.flag("channel"), revision: call.flag("revision"), state: call.flag("state") };
    const value = expectReply(await client.activations(domain, policy, filter));
    const rows = value.items.map(({ instance, state, revision, opaVersion, lastSeen, error }) => [
      instance,
      state,
      revision,
      opaVersion,
      lastSeen,
      error ?? "",
    ]);
    const table = columns([["INSTANCE", "STATE", "REVISION", "OPA", "LAST SEEN", "ERROR"], ...rows]);
    const shown = value.channels.filter(({ state }) => state !== "idle").map(rolloutLine);
    print(value, rows.length === 0 ? "no sidecar has reported yet\n" : `${shown.join("")}${table}`);
    return call.on("fail") && (rows.length === 0 || value.items.some(({ state }) => state !== "active")) ? 1 : 0;
  },
});

/** `prod: rolling, 2 active, 1 lagging of shop/main@1.4.2+s3.t9; half after 0.1 s, 95 % after 0.4 s`. */
function rolloutLine({ channel, state, revision, counts, p50Seconds, p95Seconds }: Rollout): string {
  const numbers = Object.entries(counts).map(([one, count]) => `${count} ${one}`);
  const times = p50Seconds === undefined ? "" : `; half after ${p50Seconds} s, 95 % after ${p95Seconds ?? p50Seconds} s`;
  return `${channel}: ${state}, ${numbers.join(", ")} of ${revision}${times}\n`;
}
