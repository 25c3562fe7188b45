// `rw rollback`: a channel goes back to the version it had before.
import { expectChannel, expectReply, rmsCommand } from "../rms-command.ts";

export const rollback = rmsCommand({
  name: "rollback",
  usage: "rollback <channel> [flags]",
  summary: "Go back to the version that a channel had before",
  details: `
Without --to-seq the channel goes to the last version that differs from the present one. Roles and members stay those of now,
unless --with-data takes those of then, for as long as they are fresh.

    $ rw rollback prod -m "too many refusals since 1.4.2"
    $ rw rollback prod --to-seq 7 -m "as on Monday"
`,
  positionals: [1, 1],
  flags: [
    { name: "to-seq", kind: "number", help: "go to the version of this number in `rw history`" },
    { name: "with-data", kind: "boolean", help: "take the roles and members of then, too" },
    { name: "message", short: "m", kind: "string", help: "why, for the history and the audit log", default: "" },
  ],
  run: async (target) => {
    const { call, client, domain, policy, print } = target;
    const [channel = ""] = call.positionals;
    const { version: old } = await expectChannel(target, channel);
    const options = { toSeq: call.number("to-seq"), withData: call.on("with-data") };
    const value = expectReply(await client.rollback(domain, policy, channel, call.flag("message") ?? "", options));
    return print(value, `${channel}: ${old} → ${value.version}, revision ${value.revision}\n`);
  },
});
