// `rw audit`: who changed what in RMS, when and why.
import { columns, expectReply, rmsCommand } from "../rms-command.ts";

export const audit = rmsCommand({
  name: "audit",
  usage: "audit [flags]",
  summary: "Show who changed what in RMS, when and why",
  details: `
Of the domain of rw.conf, or of --domain; --everywhere tells of all that the token may see. The newest comes first. The token needs the
scope audit:read. \`rms audit verify\` proves, on the server, that nobody changed what the log says.

    $ rw audit --from 2026-03-01T00:00:00Z --to 2026-04-01T00:00:00Z
    $ rw audit --actor ann@example.com --action channel.move
    $ rw audit --object orders/main@1.4.2
    $ rw audit --everywhere --limit 10000 --json
`,
  positionals: [0, 0],
  flags: [
    { name: "actor", kind: "string", placeholder: "id", help: "what this subject did" },
    { name: "action", kind: "string", help: "one kind of change, such as version.publish, channel.move, member.put" },
    { name: "object", kind: "string", help: "what was done to this, such as orders/main@1.4.2" },
    { name: "from", kind: "time", help: "from this time on, such as 2026-03-02T12:00:00Z" },
    { name: "to", kind: "time", help: "up to this time" },
    { name: "everywhere", kind: "boolean", help: "of all domains" },
    { name: "limit", kind: "number", default: "50", help: "at most so many" },
  ],
  run: async ({ call, client, domain, print, fail }) => {
    const most = call.number("limit") ?? 50;
    if (most < 1) return fail("--limit must be at least 1");
    const filter = {
      domain: call.on("everywhere") ? undefined : domain,
      actor: call.flag("actor"),
      action: call.flag("action"),
      object: call.flag("object"),
      from: call.flag("from"),
      to: call.flag("to"),
    };
    const { items, next } = expectReply(await client.audit(filter, most));
    const rows = items.map(({ at, actor, action, object, reason }) => [at, actor, action, object, reason]);
    const table = columns([["AT", "BY", "ACTION", "OBJECT", "WHY"], ...rows]);
    if (next !== undefined) call.io.err(`these are the newest ${items.length}; --limit shows more\n`);
    return print(items, rows.length === 0 ? "nothing was changed\n" : table);
  },
});
