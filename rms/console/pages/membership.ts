// One membership: since when and why it stands, its bounds, and its end.
import { notFound } from "../../server/http/problem.ts";
import { Fields, folded, reason } from "../form.ts";
import { type Html, href, html, name, visible } from "../html.ts";
import type { Page } from "../page.ts";
import { facts, time } from "../parts.ts";
import type { MemberItem, SubjectItem } from "../shapes.ts";
import type { Visit } from "../visit.ts";
import { boundFields, bounds, endForm, origin, putMember } from "./memberships.ts";
import { personLink, roleLink } from "./people.ts";

function subjectOf(visit: Visit): string {
  const id = visit.query("id");
  if (id === undefined) throw notFound();
  return id;
}

const addressOf = (visit: Visit): readonly string[] => [
  ...["domains", visit.param("domain"), "roles", visit.param("role"), "members"],
  subjectOf(visit),
];

const personOf = (visit: Visit, done: string): string =>
  href(["domains", visit.param("domain"), "person"], { id: subjectOf(visit), done });

export const membershipPage: Page = {
  path: "/domains/:domain/roles/:role/member",
  summary: "One membership",
  show: async (visit) => {
    const [domain, role, subject] = [visit.param("domain"), visit.param("role"), subjectOf(visit)];
    const { body: member, tag } = await visit.tagged<MemberItem>(addressOf(visit));
    const person = await visit.read<SubjectItem>(["domains", domain, "subjects", subject]);
    const record = person.history.find((one) => one.role === role && one.recordedTo === undefined);
    return {
      title: `${subject} in the role ${role}`,
      heading: html`${name(subject)} in the role ${name(role)}`,
      domain,
      crumbs: [
        { text: "Roles", to: href(["domains", domain, "roles"]) },
        { text: name(role), to: href(["domains", domain, "roles", role]) },
      ],
      main: html`${facts({
        Person: personLink(domain, subject),
        Role: roleLink(domain, role),
        Counts: bounds(member),
        Made: origin(member),
        Recorded: record !== undefined && time(record.recordedFrom),
        By: record !== undefined && name(record.actor),
        Why: record !== undefined && visible(record.reason),
      })}
${visit.may("roles:write") && html`${changeForm(visit, member, tag)}${endForm(visit, tag)}`}`,
    };
  },
  acts: {
    change: async (visit) => {
      await putMember(visit, visit.param("role"), subjectOf(visit), visit.given("tag"));
      return personOf(visit, "member-set");
    },
    end: async (visit) => {
      const body = { reason: visit.given("reason") ?? "" };
      await visit.change("DELETE", addressOf(visit), { body, tag: visit.given("tag") });
      return personOf(visit, "member-ended");
    },
  },
};

function changeForm(visit: Visit, member: MemberItem, tag: string): Html {
  const { source } = member;
  const fields = new Fields(visit, "change");
  const warning = html`<p class="soft">The source ${source} made it. Once it is changed by hand, that source ends it no more.</p>`;
  const options = { act: "change", submit: "Change it", fields: html`${boundFields(fields, member)}${reason(fields)}`, tag };
  return folded(visit, "Change when it counts", options, { before: source !== undefined && warning });
}
