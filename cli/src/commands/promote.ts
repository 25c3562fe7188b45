// `rw promote`: moves a channel to a version, or to the version of another channel.
import { versionTexts } from "#publishing/decision-diff.ts";
import { whyVersionFails } from "#publishing/version-expectations.ts";
import { isOlder } from "#publishing/version-order.ts";
import { expectChannel, expectReply, rmsCommand } from "../rms-command.ts";
import { systemTime } from "../system-time.ts";

export const promote = rmsCommand({
  name: "promote",
  usage: "promote <channel> [version] [flags]",
  summary: "Move a channel to a published version",
  details: `
Give a version, or take that of another channel with --from. The move is refused when somebody else moved the channel meanwhile, and
without --force when the version is older than the channel's, or decides its samples otherwise than it expects itself (NAME.expected.json;
the settings of rw.conf, and the roles, are those of the project).

    $ rw promote test 1.4.2 -m "release 42"
    $ rw promote prod --from test -m "release 42"
`,
  positionals: [1, 2],
  flags: [
    { name: "from", kind: "string", placeholder: "channel", help: "take the version of this channel" },
    { name: "force", kind: "boolean", help: "move also to an older version, or to one whose expected decisions fail" },
    { name: "message", short: "m", kind: "string", help: "why, for the history and the audit log", default: "" },
  ],
  run: async (target) => {
    const { call, client, domain, policy, project, print, fail } = target;
    const [channel = "", named] = call.positionals;
    const from = call.flag("from");
    if (named !== undefined && from !== undefined) return fail("name either a version or --from CHANNEL");
    const version = from === undefined ? named : (await expectChannel(target, from)).version;
    if (version === undefined) return fail("name either a version or --from CHANNEL");
    const before = await client.channel(domain, policy, channel);
    if (!before.ok && before.failure.status !== 404) return fail(before.failure.message);
    const [old, seq] = before.ok ? [before.value.version, before.value.seq] : ["nothing", 0];
    if (old === version) return print(before.ok ? before.value : {}, `${channel} is at ${version} already\n`);
    if (!call.on("force")) {
      const kept = "nothing was moved; --force moves all the same";
      const texts = await versionTexts({ client, domain, policy }, version);
      // Of a version that is not there the move says it by its name.
      if (!texts.ok && texts.failure.status !== 404) expectReply(texts);
      if (texts.ok && isOlder(version, old)) return fail(`${version} is older than ${old}, where ${channel} is: ${kept}`);
      const why = texts.ok ? await whyVersionFails(project, texts.value, systemTime) : undefined;
      if (why !== undefined) return fail(`${version}: ${why}: ${kept}`);
    }
    const moved = await client.moveChannel(domain, policy, channel, version, call.flag("message") ?? "", seq);
    if (!moved.ok && moved.failure.status === 412)
      return fail(`somebody else moved ${channel} meanwhile: look at it again, then repeat the command`);
    const value = expectReply(moved);
    return print(value, `${channel}: ${old} → ${value.version}, revision ${value.revision}\n`);
  },
});
