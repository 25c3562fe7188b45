// A role: what it lets people do, and who has it.
import { conflict } from "../../server/http/problem.ts";
import { Fields, folded, reason } from "../form.ts";
import { commas, type Html, href, html, type Part } from "../html.ts";
import type { Page } from "../page.ts";
import { facts, type Listed, pager, table } from "../parts.ts";
import type { MemberItem, RoleItem } from "../shapes.ts";
import type { Visit } from "../visit.ts";
import { boundFields, bounds, limits, origin, putMember } from "./memberships.ts";
import { membershipLink, personLink, roleLink } from "./people.ts";

const addressOf = (visit: Visit): readonly string[] => ["domains", visit.param("domain"), "roles", visit.param("role")];

export const rolePage: Page = {
  path: "/domains/:domain/roles/:role",
  summary: "A role with its members",
  show: async (visit) => {
    const domain = visit.param("domain");
    const query = { cursor: visit.query("cursor") };
    const [role, members] = await Promise.all([
      visit.read<RoleItem>(addressOf(visit)),
      visit.read<Listed<MemberItem>>([...addressOf(visit), "members"], query),
    ]);
    const rows = members.items.map((member): readonly Part[] => [
      personLink(domain, member.subject),
      bounds(member),
      origin(member),
      membershipLink(
        domain,
        role.id,
        member.subject,
        html`Change<span class="hidden"> the membership of ${member.subject}</span>`,
      ),
    ]);
    return {
      title: `Role ${role.id}`,
      domain,
      crumbs: [{ text: "Roles", to: href(["domains", domain, "roles"]) }],
      main: html`${facts({
        Title: role.title,
        Owner: role.owner !== undefined && personLink(domain, role.owner),
        Risk: role.risk,
        Includes: role.includes.length > 0 && commas(role.includes.map((one) => roleLink(domain, one))),
        Members: role.memberCount.toLocaleString("en"),
      })}
<h2>Lets people do</h2>
${table({
  caption: "Responsibilities of the role",
  head: ["Action", "Resource", "Within"],
  rows: role.responsibilities.map((one): readonly Part[] => [one.action, one.resource, limits(one)]),
  empty: "Nothing by itself.",
})}
<h2>Members</h2>
${visit.may("roles:write") && addForm(visit)}
${table({
  caption: "Members of the role",
  head: ["Person", "Counts", "Made", "Act"],
  rows,
  empty: "Nobody has the role.",
})}${pager(members, query, "members")}`,
    };
  },
  acts: {
    add: async (visit) => {
      const subject = visit.given("subject") ?? "";
      const role = visit.param("role");
      if ((await visit.find<MemberItem>([...addressOf(visit), "members", subject])) !== undefined)
        throw conflict(`${subject} is recorded in the role ${role} already: change that membership instead.`);
      await putMember(visit, role, subject, '"0"');
      return href(addressOf(visit), { done: "member-set" });
    },
  },
};

function addForm(visit: Visit): Html {
  const fields = new Fields(visit, "add");
  const subject = fields.text("subject", "Person", {
    required: true,
    max: 256,
    hint: "The id by which policies know this person.",
  });
  const inputs = html`${subject}${boundFields(fields)}${reason(fields)}`;
  return folded(visit, "Add a member", { act: "add", submit: "Add the member", fields: inputs });
}
