// `rw versions`: what was published of a policy, by whom, and which channels serve it.
import type { ImpactVerdict } from "#publishing/known-impact.ts";
import { columns, expectReply, rmsCommand } from "../rms-command.ts";

export const versions = rmsCommand({
  name: "versions",
  usage: "versions [flags]",
  summary: "List the versions of a policy in RMS",
  details: `
The newest comes first. Where the policy asks for approvals, a version waits for them before a channel can move to it. Where it has the
gate impact, PEOPLE tells who gained and who lost by a version when it was published: \`rw approve VERSION --dry-run\` names them as of now.

    $ rw versions
    $ rw versions --state awaiting_approval
`,
  positionals: [0, 0],
  flags: [
    {
      name: "state",
      kind: "string",
      choices: ["published", "awaiting_approval", "rejected", "withdrawn"],
      help: "those in this state alone",
    },
  ],
  run: async ({ call, client, domain, policy, print, fail }) => {
    const reply = await client.versions(domain, policy);
    if (!reply.ok && reply.failure.status === 404)
      return fail(`RMS has no policy ${policy} in a domain ${domain}, or the token may not see it`);
    const { items } = expectReply(reply);
    const channels = expectReply(await client.channels(domain, policy)).items;
    const wanted = call.flag("state");
    const shown = items
      .filter(({ state }) => wanted === undefined || state === wanted)
      .map((one) => ({
        ...one,
        channels: channels.filter(({ version }) => version === one.version).map(({ channel }) => channel),
      }));
    const isGated = shown.some(({ impact }) => impact !== undefined);
    const rows = shown.map(({ version, state, channels, at, author, message, impact }) => [
      version,
      state.replace("_", " "),
      channels.join(", "),
      at,
      author,
      ...(isGated ? [impact === undefined ? "" : people(impact)] : []),
      message,
    ]);
    const table = columns([["VERSION", "STATE", "CHANNELS", "AT", "BY", ...(isGated ? ["PEOPLE"] : []), "MESSAGE"], ...rows]);
    return print(shown, rows.length === 0 ? "there is none\n" : table);
  },
});

function people({ gained, lost, changed, unclear, channel, against }: ImpactVerdict): string {
  if (against === "") return "";
  const others = [
    ...(changed === undefined ? [] : [`${changed} changed`]),
    ...(unclear === undefined ? [] : [`${unclear} may do either`]),
  ];
  return `${[`${gained} gain`, `${lost} lose`, ...others].join(", ")} (${channel} ${against})`;
}
