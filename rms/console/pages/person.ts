// A person in a domain: what they hold and may do, since when and why, what sources say, and everything that was ever recorded.
import { conflict, notFound } from "../../server/http/problem.ts";
import { Fields, folded, reason } from "../form.ts";
import { commas, type Html, href, html, name, type Part, visible } from "../html.ts";
import type { Page } from "../page.ts";
import { facts, type Listed, plural, state, table, time } from "../parts.ts";
import type { MemberItem, MembershipRecord, RoleItem, SubjectItem } from "../shapes.ts";
import type { Visit } from "../visit.ts";
import { boundFields, bounds, limits, origin, putMember } from "./memberships.ts";
import { membershipLink, personLink, roleLink } from "./people.ts";

/** Rows of responsibilities, and of what was recorded: who has a thousand roles is better asked for by the API. */
const mostRows = 200;

/** Of the address, or of the form that came from it. */
function subjectOf(visit: Visit): string {
  const id = visit.query("id");
  if (id === undefined) throw notFound();
  return id;
}

const addressOf = (visit: Visit, done?: string): string =>
  href(["domains", visit.param("domain"), "person"], { id: subjectOf(visit), done });

export const personPage: Page = {
  path: "/domains/:domain/person",
  summary: "What a person holds and held in a domain",
  show: async (visit) => {
    const domain = visit.param("domain");
    const subject = subjectOf(visit);
    const person = await visit.read<SubjectItem>(["domains", domain, "subjects", subject]);
    return {
      title: `Person ${subject}`,
      heading: html`Person ${name(subject)}`,
      domain,
      crumbs: [{ text: "People", to: href(["domains", domain, "people"]) }],
      main: html`${facts({
        State: state(person.suspended ? "suspended" : "active"),
        "Roles held now": plural(person.roles.length, "role"),
      })}
${memberships(domain, subject, person)}
${visit.may("roles:write") && html`${await giveRole(visit, person)}${suspension(visit, person)}`}
${responsibilities(domain, person)}
${sources(domain, person)}
${history(domain, person)}`,
    };
  },
  acts: {
    give: async (visit) => {
      const role = visit.given("role") ?? "";
      const [domain, subject] = [visit.param("domain"), subjectOf(visit)];
      if ((await visit.find<MemberItem>(["domains", domain, "roles", role, "members", subject])) !== undefined)
        throw conflict(`${subject} is recorded in the role ${role} already: change that membership instead.`);
      await putMember(visit, role, subject, '"0"');
      return addressOf(visit, "member-set");
    },
    suspend: (visit) => switchTo(visit, "suspend", "suspended"),
    restore: (visit) => switchTo(visit, "restore", "restored"),
  },
};

async function switchTo(visit: Visit, act: string, done: string): Promise<string> {
  const body = { reason: visit.given("reason") ?? "" };
  const address = ["domains", visit.param("domain"), "subjects", subjectOf(visit)];
  await visit.change("POST", [...address, act], { body, tag: visit.given("tag") });
  return addressOf(visit, done);
}

const standing = ({ history: all }: SubjectItem): readonly MembershipRecord[] =>
  all.filter(({ recordedTo }) => recordedTo === undefined);

function memberships(domain: string, subject: string, person: SubjectItem): Html {
  const rows = standing(person).map((one): readonly Part[] => [
    roleLink(domain, one.role),
    bounds(one),
    time(one.recordedFrom),
    name(one.actor),
    visible(one.reason),
    origin(one),
    membershipLink(domain, one.role, subject, html`Change<span class="hidden"> the membership in ${one.role}</span>`),
  ]);
  return html`<h2>Memberships</h2>${table({
    caption: "Memberships that are recorded now",
    head: ["Role", "Counts", "Recorded", "By", "Why", "Made", "Act"],
    rows,
    empty: "No membership is recorded now.",
  })}`;
}

async function giveRole(visit: Visit, person: SubjectItem): Promise<Html> {
  const { items, next } = await visit.read<Listed<RoleItem>>(["domains", visit.param("domain"), "roles"], { limit: 200 });
  const held = new Set(standing(person).map(({ role }) => role));
  const choices = items
    .filter(({ id }) => !held.has(id))
    .map(({ id, title }) => [id, title === undefined ? id : `${id}: ${title}`] as const);
  const fields = new Fields(visit, "give");
  // A domain may have thousands of roles: then the id is typed.
  const role =
    next === undefined ? fields.choice("role", "Role", choices) : fields.text("role", "Role", { required: true, max: 128 });
  const inputs = html`${role}${boundFields(fields)}${reason(fields)}`;
  return folded(visit, "Give a role", { act: "give", submit: "Give the role", fields: inputs });
}

function suspension(visit: Visit, { suspended }: SubjectItem): Html {
  const act = suspended ? "restore" : "suspend";
  const fields = reason(new Fields(visit, act));
  const [text, submit] = suspended ? ["Restore this person", "Restore"] : ["Suspend this person in all roles", "Suspend"];
  return folded(visit, text, { act, submit, fields, danger: !suspended });
}

function responsibilities(domain: string, { responsibilities: all }: SubjectItem): Html {
  const rows = all
    .slice(0, mostRows)
    .map((one): readonly Part[] => [one.action, one.resource, limits(one), roleLink(domain, one.role)]);
  const rest = all.length - rows.length;
  return html`<h2>May do by these roles</h2>${table({
    caption: "Responsibilities",
    head: ["Action", "Resource", "Within", "By the role"],
    rows,
    empty: "No responsibility comes with these roles.",
  })}${rest > 0 && html`<p class="soft">${plural(rest, "more responsibility", "more responsibilities")} not shown here: <code>rw access</code> shows all.</p>`}`;
}

function sources(domain: string, { sources: all }: SubjectItem): Part {
  if (all.length === 0) return undefined;
  const rows = all.map(({ source, status, manager, groups, attributes }): readonly Part[] => [
    name(source),
    state(status),
    manager !== undefined && personLink(domain, manager),
    commas(groups.map((group) => name(group))),
    Object.entries(attributes).map(
      ([key, value]) => html`<div>${key}: ${typeof value === "string" ? name(value) : JSON.stringify(value)}</div>`,
    ),
  ]);
  const head = ["Source", "Status", "Manager", "Groups", "Attributes"];
  return html`<h2>What sources say</h2>${table({ caption: "What sources say", head, rows, empty: "" })}`;
}

function history(domain: string, { history: all }: SubjectItem): Html {
  const rows = all
    .slice(0, mostRows)
    .map((one): readonly Part[] => [
      time(one.recordedFrom),
      one.recordedTo === undefined ? "stands" : time(one.recordedTo),
      roleLink(domain, one.role),
      bounds(one),
      name(one.actor),
      visible(one.reason),
    ]);
  return html`<h2>Ever recorded</h2>${table({
    caption: "Every membership that was ever recorded, the newest first",
    head: ["Recorded", "Until", "Role", "Counts", "By", "Why"],
    rows,
    empty: "Nothing was ever recorded.",
  })}${all.length > mostRows && html`<p class="soft">Older records are in the API and in the audit log.</p>`}`;
}
