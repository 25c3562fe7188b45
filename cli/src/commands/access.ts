// `rw access`: who can do something, and what somebody can do, by the roles in RMS.
import { columns, expectReply, rmsCommand } from "../rms-command.ts";
import { momentFlags } from "../rms-target.ts";

export const access = rmsCommand({
  name: "access",
  usage: "access [flags]",
  summary: "Show who can do what by the roles in RMS",
  details: `
Name a subject to see what it can do, an action and a resource to see who can do that, or all of them.

    $ rw access --subject ann@example.com
    $ rw access --action approve --resource orders/eu
    $ rw access --action approve --resource orders/eu --at 2026-03-02T12:00:00Z

With --at the answer is of that time, with what has been mended since; --known-at leaves out what was mended later.
`,
  positionals: [0, 0],
  flags: [
    { name: "subject", kind: "string", placeholder: "id", help: "what this subject can do" },
    { name: "action", kind: "string", help: "who can do this" },
    { name: "resource", kind: "string", help: "to this" },
    ...momentFlags,
  ],
  run: async ({ call, client, domain, print, fail }) => {
    const question = { subject: call.flag("subject"), action: call.flag("action"), resource: call.flag("resource") };
    if (question.subject === undefined && question.action === undefined && question.resource === undefined)
      return fail("name --subject, --action or --resource");
    const moment = { at: call.flag("at"), knownAt: call.flag("known-at") };
    const reply = await client.access(domain, { ...question, ...moment });
    if (!reply.ok && reply.failure.status === 404) return fail(`RMS has no domain ${domain}, or the token may not see it`);
    const value = expectReply(reply);
    const rows = value.items.map(({ subject, role, action, resource, constraints, validUntil }) => [
      subject,
      role,
      action,
      resource,
      constraints === undefined ? "" : JSON.stringify(constraints),
      validUntil ?? "",
    ]);
    const table = columns([["SUBJECT", "ROLE", "ACTION", "RESOURCE", "ONLY IF", "UNTIL"], ...rows]);
    const none = question.subject === undefined ? "nobody\n" : `nothing: ${question.subject} has no role that counts for it\n`;
    return print(value, rows.length === 0 ? none : table);
  },
});
