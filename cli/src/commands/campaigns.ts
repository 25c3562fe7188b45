// `rw campaigns`: memberships are certified again: opened over a scope, kept or ended by reviewers, signed as a whole.
import type { MembershipName } from "#publishing/campaign-requests.ts";
import type { KnownCampaign, KnownCampaignItem, SignedCampaignText } from "#publishing/known-campaigns.ts";
import type { Reply } from "#publishing/reply.ts";
import { columns, expectReply, type RmsCall, rmsCommand } from "../rms-command.ts";

/** Memberships in one request. */
const most = 1000;

export const campaigns = rmsCommand({
  name: "campaigns",
  usage: "campaigns [list | open <title> | show <id> | keep <id> | end <id> | delegate <id> <to> | sign <id>] [flags]",
  summary: "Have memberships certified again by those who know",
  details: `
\`open\` takes the memberships of a scope: all of the domain, or those that --role, --risk, --manager, --subject, --before and --orphans leave.
Each is reviewed by --reviewer, by the member's manager or by the role's owner; never by the member. \`keep\` and \`end\` decide about what is
undecided, narrowed by --role, --subject and --reviewer, with a reason; until the campaign is signed, a decision may be made again with
--state. A membership that changes meanwhile is looked at again. \`sign --dry-run\` tells who would lose what; \`sign\` ends it. What nobody
decided about by the due time stays and is overdue, or with --undecided end ends by itself.

    $ rw campaigns open "Spring 2026" --due 2026-04-01 --risk high --reviewers manager --reviewer eve@example.com
    $ rw campaigns
    $ rw campaigns show 3 --reviewer mia@example.com --state undecided
    $ rw campaigns keep 3 --role clerk --reviewer mia@example.com -m "all of them work there"
    $ rw campaigns end 3 --subject ann@example.com -m "left the desk"
    $ rw campaigns delegate 3 tom@example.com --reviewer mia@example.com -m "mia is away"
    $ rw campaigns sign 3 --dry-run
    $ rw campaigns sign 3 -m "certified"
`,
  positionals: [0, 3],
  flags: [
    { name: "message", short: "m", kind: "string", help: "why, for the audit log", default: "" },
    { name: "due", kind: "string", placeholder: "time", help: "of open: until when, as 2026-04-01 or with a time" },
    { name: "reviewers", kind: "string", choices: ["manager", "owner", "named"], help: "of open: who reviews", default: "named" },
    {
      name: "reviewer",
      kind: "string",
      placeholder: "id",
      help: "of open: who reviews where the rule names nobody; else: only what they review",
    },
    {
      name: "undecided",
      kind: "string",
      choices: ["keep", "end"],
      help: "of open: what becomes of what nobody decided about",
      default: "keep",
    },
    { name: "role", kind: "strings", placeholder: "id", help: "only memberships in this role; may be repeated" },
    { name: "risk", kind: "strings", help: "of open: only in roles of this risk; may be repeated" },
    { name: "manager", kind: "string", placeholder: "id", help: "of open: only of this manager's people" },
    { name: "subject", kind: "string", placeholder: "id", help: "only of this member" },
    { name: "before", kind: "string", placeholder: "time", help: "of open: only what stands unchanged since before" },
    { name: "orphans", kind: "boolean", help: "of open: only of members whom no source of people knows" },
    { name: "state", kind: "string", help: "of list: open, overdue or signed; else: undecided, keep, end or gone" },
    { name: "dry-run", kind: "boolean", help: "of open and sign: show what would be, and change nothing" },
  ],
  run: async (target) => {
    const [act = "list", id, to, ...more] = target.call.positionals;
    const taken = acts[act];
    const words = Math.max(0, target.call.positionals.length - 1);
    if (taken === undefined || words !== taken.words || more.length > 0) return target.fail(`${act} is not used so: ${usage}`);
    if (id !== undefined && act !== "open" && !/^[1-9]\d{0,14}$/.test(id))
      return target.fail(`${id} is no number of a campaign: ${usage}`);
    return taken.run(target, id ?? "", to ?? "");
  },
});

const usage = "rw campaigns [list], open TITLE, show ID, keep ID -m WHY, end ID -m WHY, delegate ID TO -m WHY, sign ID";

interface Act {
  /** Words behind it. */
  readonly words: number;
  run(target: RmsCall, id: string, to: string): Promise<number>;
}

const acts: Readonly<Record<string, Act>> = {
  list: { words: 0, run: list },
  open: { words: 1, run: open },
  show: { words: 1, run: show },
  keep: { words: 1, run: (target, id) => decide(target, id, "keep") },
  end: { words: 1, run: (target, id) => decide(target, id, "end") },
  delegate: { words: 2, run: delegate },
  sign: { words: 1, run: sign },
};

async function list({ call, client, domain, print, fail }: RmsCall): Promise<number> {
  const state = call.flag("state");
  if (state !== undefined && !["open", "overdue", "signed"].includes(state)) return fail("--state is open, overdue or signed");
  const { items } = expectReply(await client.campaigns.all(domain, state, Number.POSITIVE_INFINITY));
  const rows = items.map(({ campaign, title, state: now, due, counts }) => [
    String(campaign),
    title,
    now,
    due,
    `${counts.items - counts.undecided} of ${counts.items}`,
  ]);
  return print(
    items,
    rows.length === 0 ? `${domain} has no such campaigns\n` : columns([["ID", "TITLE", "STATE", "DUE", "DECIDED"], ...rows]),
  );
}

async function open({ call, client, domain, print, fail }: RmsCall, title: string): Promise<number> {
  const [reviewer, due] = [call.flag("reviewer"), timeOf(call.flag("due"))];
  if (reviewer === undefined) return fail("a campaign needs --reviewer ID, who reviews where nobody else can");
  if (due === undefined) return fail("a campaign needs --due TIME, such as 2026-04-01 or 2026-04-01T17:00:00Z");
  const before = call.flag("before");
  if (before !== undefined && timeOf(before) === undefined)
    return fail("--before is a time such as 2026-04-01 or 2026-04-01T17:00:00Z");
  const scope = {
    roles: call.all("role"),
    risks: call.all("risk"),
    manager: call.flag("manager"),
    subject: call.flag("subject"),
    before: timeOf(before),
    orphans: call.on("orphans"),
  };
  const campaign = {
    title,
    due,
    reviewers: call.flag("reviewers") ?? "named",
    reviewer,
    undecided: call.flag("undecided") ?? "keep",
    scope: Object.fromEntries(Object.entries(scope).filter(([, value]) => value !== undefined)),
    reason: call.flag("message") ?? "",
  };
  const dry = call.on("dry-run");
  const opened = expectReply(await client.campaigns.open(domain, campaign, dry));
  return print(opened, `${headText(opened)}${dry ? "nothing was changed\n" : ""}`);
}

async function show(target: RmsCall, id: string): Promise<number> {
  const campaign = named(target, id, await target.client.campaigns.get(target.domain, id));
  const items = await chosen(target, id, target.call.flag("state"));
  const rows = items.map(({ role, subject, state, reviewer = "", since = "", givenBy = "", by = "", reason = "" }) => [
    role,
    subject,
    state,
    reviewer,
    since,
    givenBy,
    by,
    reason,
  ]);
  const table = columns([["ROLE", "MEMBER", "STATE", "REVIEWER", "SINCE", "GIVEN BY", "DECIDED BY", "WHY"], ...rows]);
  return target.print(
    { ...campaign, memberships: items },
    `${headText(campaign)}${rows.length === 0 ? "no such memberships\n" : table}`,
  );
}

async function decide(target: RmsCall, id: string, decision: "keep" | "end"): Promise<number> {
  const { call, client, domain } = target;
  const reason = call.flag("message") ?? "";
  if (reason === "") return target.fail("a decision needs a reason: -m WHY");
  return inParts(target, id, (items) => client.campaigns.decide(domain, id, { decision, reason, items }));
}

async function delegate(target: RmsCall, id: string, to: string): Promise<number> {
  const { call, client, domain } = target;
  const reason = call.flag("message") ?? "";
  if (reason === "") return target.fail("handing on needs a reason: -m WHY");
  return inParts(target, id, (items) => client.campaigns.delegate(domain, id, { to, reason, items }));
}

/** Sends what the flags choose, undecided unless --state says otherwise. */
async function inParts(
  target: RmsCall,
  id: string,
  send: (items: readonly MembershipName[]) => Promise<Reply<KnownCampaign>>,
): Promise<number> {
  const items = await chosen(target, id, target.call.flag("state") ?? "undecided");
  if (items.length === 0) return target.fail(`campaign ${id} has no such memberships: see rw campaigns show ${id}`);
  let after: KnownCampaign | undefined;
  for (let start = 0; start < items.length; start += most)
    after = named(target, id, await send(items.slice(start, start + most).map(({ role, subject }) => ({ role, subject }))));
  return target.print(
    after,
    `${items.length} ${items.length === 1 ? "membership" : "memberships"}\n${after === undefined ? "" : headText(after)}`,
  );
}

/** The memberships that the flags leave. */
async function chosen(target: RmsCall, id: string, state: string | undefined): Promise<readonly KnownCampaignItem[]> {
  const { call, client, domain } = target;
  const filter = { reviewer: call.flag("reviewer"), state };
  const { items } = named(target, id, await client.campaigns.items(domain, id, filter));
  const [roles, member] = [call.all("role"), call.flag("subject")];
  return items.filter(
    ({ role, subject }) => (roles.length === 0 || roles.includes(role)) && (member === undefined || member === subject),
  );
}

async function sign(target: RmsCall, id: string): Promise<number> {
  const dry = target.call.on("dry-run");
  const signed = named(target, id, await target.client.campaigns.sign(target.domain, id, target.call.flag("message") ?? "", dry));
  return target.print(signed, `${headText(signed)}${lossText(signed, dry)}${dry ? "nothing was changed\n" : ""}`);
}

/** A good answer; where there is no such campaign, the command ends by its number. */
function named<T>({ domain }: RmsCall, id: string, reply: Reply<T>): T {
  if (reply.ok || reply.failure.status !== 404) return expectReply(reply);
  const message = `${domain} has no campaign ${id}, or the token may not see it`;
  return expectReply({ ok: false, failure: { ...reply.failure, message } });
}

function headText({ campaign, title, state, due, counts, undecided, signed, signedBy, digest }: KnownCampaign): string {
  const fate = undecided === "end" ? "what is undecided then ends" : "what is undecided then stays";
  const how = signed === undefined ? `${state}, due ${due}: ${fate}` : `signed by ${signedBy} at ${signed}, digest ${digest}`;
  const sums = `${counts.keep} kept, ${counts.end} to end, ${counts.undecided} undecided, ${counts.gone} gone, of ${counts.items}`;
  return `campaign ${campaign}: ${title}\n${how}\n${signed === undefined ? sums : sums.replace("to end", "ended")}\n`;
}

function lossText({ losing, losers }: SignedCampaignText, dry: boolean): string {
  if (losing === 0) return `nobody ${dry ? "would lose" : "loses"} access\n`;
  const rows = losers.flatMap(({ subject, loses }) =>
    loses.map(({ action, resource, constraints }) => [
      subject,
      action,
      resource,
      constraints === undefined ? "" : JSON.stringify(constraints),
    ]),
  );
  const more = losing > losers.length ? `and ${losing - losers.length} more\n` : "";
  return `${losing} ${losing === 1 ? "person" : "people"} ${dry ? "would" : "can"} no longer:\n${columns([["MEMBER", "ACTION", "RESOURCE", "ONLY IF"], ...rows])}${more}`;
}

/** A day begins at midnight UTC. */
function timeOf(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const time = /^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T00:00:00Z` : text;
  return Number.isNaN(Date.parse(time)) ? undefined : time;
}
