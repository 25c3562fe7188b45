// `rw rollback`: a channel goes back to the version it had before.
import { expectChannel, expectReply, rmsCommand } from "../rms-command.ts";

export const rollback = rmsCommand({
  name: "rollback",
  usage: "rollback <channel> [flags]",
  summary: "Go back to the version that a channel had before",
  details: `
Without --to-seq the channel goes to the last version that differs from the present one. Roles and members stay those of now.
`,
  positionals: [1, 1],
  flags: [
    { name: "to-seq", kind: "number", help: "go to the version of this sequence number of the channel's history" },
    { name: "message", short: "m", kind: "string", help: "why, for the history and the audit log", default: "" },
  ],
  run: async (target) => {
    const { call, client, domain, policy, print } = target;
    const [channel = ""] = call.positionals;
    const { version: old } = await expectChannel(target, channel);
    const value = expectReply(await client.rollback(domain, policy, channel, call.flag("message") ?? "", call.number("to-seq")));
    return print(value, `${channel}: ${old} → ${value.version}, revision ${value.revision}\n`);
  },
});
