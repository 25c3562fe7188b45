// `rw reviews`: who came to another unit, which roles are to be looked at, and what is decided of them.
import type { KnownReview } from "#publishing/known-reviews.ts";
import { columns, expectReply, type RmsCall, rmsCommand } from "../rms-command.ts";

const usage = "rw reviews [list], show ID, keep ID ROLE -m WHY, end ID ROLE -m WHY";

export const reviews = rmsCommand({
  name: "reviews",
  usage: "reviews [list | show <id> | keep <id> <role> | end <id> <role>] [flags]",
  summary: "Show and decide the reviews of those who moved to another unit",
  details: `
A source with \`review = end\` (or keep) in its settings opens a review when somebody moves: of the roles held by hand, by another source, or
from the old unit for a grace. Somebody else than the mover decides about each role once, with a reason, and a token of the scope
review:write. What nobody decided about by the due time ends, or stays and is overdue, as the source says. Without --state the open and the
overdue ones are listed.

    $ rw reviews
    $ rw reviews --state closed --subject ann@example.com
    $ rw reviews show 7
    $ rw reviews keep 7 auditor -m "stands in until May"
    $ rw reviews end 7 trader -m "no longer on the desk" --dry-run
`,
  positionals: [0, 3],
  flags: [
    { name: "message", short: "m", kind: "string", help: "why, for the audit log", default: "" },
    { name: "state", kind: "string", help: "of list: those that are open, overdue or closed" },
    { name: "subject", kind: "string", placeholder: "id", help: "of list: those of one subject" },
    { name: "limit", kind: "number", help: "of list: so many of the newest", default: "50" },
    { name: "dry-run", kind: "boolean", help: "of keep and end: show what would be, and change nothing" },
  ],
  run: async (target) => {
    const [act = "list", id, role, ...more] = target.call.positionals;
    if (act === "list" && id === undefined) return list(target);
    if (id !== undefined && !/^[1-9]\d{0,14}$/.test(id)) return target.fail(`${id} is no number of a review: ${usage}`);
    if (act === "show" && id !== undefined && role === undefined) return show(target, id);
    if ((act === "keep" || act === "end") && id !== undefined && role !== undefined && more.length === 0)
      return decide(target, id, role, act);
    return target.fail(`${act} is not used so: ${usage}`);
  },
});

async function list({ call, client, domain, print, fail }: RmsCall): Promise<number> {
  const state = call.flag("state");
  if (state !== undefined && !["open", "overdue", "closed"].includes(state)) return fail("--state is open, overdue or closed");
  const most = call.number("limit") ?? 50;
  if (most < 1) return fail("--limit must be at least 1");
  const all = expectReply(
    await client.reviews(domain, { state, subject: call.flag("subject") }, state === undefined ? 10_000 : most),
  );
  const items = all.items.filter((one) => state !== undefined || one.state !== "closed").slice(0, most);
  const rows = items.map((one) => [
    String(one.review),
    one.subject,
    one.state,
    one.due,
    one.manager ?? "",
    unitText(one),
    one.roles.map(({ role, decision }) => (decision === undefined ? role : `${role} (${decision})`)).join(", "),
  ]);
  const table = columns([["ID", "SUBJECT", "STATE", "DUE", "MANAGER", "MOVED", "ROLES"], ...rows]);
  return print(items, rows.length === 0 ? `${domain} has no such reviews\n` : table);
}

async function show(target: RmsCall, id: string): Promise<number> {
  const review = named(target, id, await target.client.review(target.domain, id));
  return target.print(review, reviewText(review));
}

async function decide(target: RmsCall, id: string, role: string, decision: "keep" | "end"): Promise<number> {
  const { call, client, domain, print, fail } = target;
  const reason = call.flag("message") ?? "";
  if (reason === "") return fail("a decision needs a reason: -m WHY");
  const dry = call.on("dry-run");
  const review = named(
    target,
    `${id} with the role ${role}`,
    await client.decideReview(domain, id, { role, decision, reason }, dry),
  );
  return print(review, `${reviewText(review)}${dry ? "nothing was changed\n" : ""}`);
}

/** A good answer; where there is no such review, the command ends by its number. */
function named<T>({ domain }: RmsCall, id: string, reply: Parameters<typeof expectReply<T>>[0]): T {
  if (reply.ok || reply.failure.status !== 404) return expectReply(reply);
  return expectReply({
    ok: false,
    failure: { ...reply.failure, message: `${domain} has no review ${id}, or the token may not see it` },
  });
}

function reviewText(review: KnownReview): string {
  const { subject, state, due, manager, undecided, roles } = review;
  const rows = roles.map(({ role, decision = "undecided", by = "", at = "", reason = "" }) => [role, decision, by, at, reason]);
  const fate = undecided === "end" ? "what is undecided then ends" : "what is undecided then stays";
  return `${subject} moved: ${unitText(review)}${manager === undefined ? "" : `; the manager is ${manager}`}
${state}, due ${due}: ${fate}
${columns([["ROLE", "DECISION", "BY", "AT", "WHY"], ...rows])}`;
}

function unitText({ from, to }: KnownReview): string {
  const names = [...new Set([...Object.keys(from), ...Object.keys(to)])];
  const said = (value: unknown): string =>
    value === undefined ? "none" : typeof value === "string" ? value : JSON.stringify(value);
  return names.map((name) => `${name} ${said(from[name])} → ${said(to[name])}`).join(", ");
}
