// `rw activations`: which sidecar runs which revision.
import { columns, expectReply, rmsCommand } from "../rms-command.ts";

export const activations = rmsCommand({
  name: "activations",
  usage: "activations [flags]",
  summary: "Show which sidecar runs which revision",
  details: `
With --fail the exit code is 1 unless every sidecar that is shown is active, so that a pipeline can wait for it.
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
    print(value, rows.length === 0 ? "no sidecar has reported yet\n" : table);
    return call.on("fail") && (rows.length === 0 || value.items.some(({ state }) => state !== "active")) ? 1 : 0;
  },
});
