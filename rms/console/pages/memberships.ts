// What forms and tables of memberships have in common.
import { Fields, fieldTime, folded, givenTime, reason } from "../form.ts";
import { type Html, html, type Part } from "../html.ts";
import { time } from "../parts.ts";
import type { MemberItem, ResponsibilityItem } from "../shapes.ts";
import type { Visit } from "../visit.ts";

/** From when until when a membership counts, in words. */
export function bounds({ validFrom, validUntil }: Pick<MemberItem, "validFrom" | "validUntil">): Part {
  if (validFrom === undefined && validUntil === undefined) return "without an end";
  return html`${validFrom !== undefined && html`from ${time(validFrom)} `}${validUntil !== undefined && html`until ${time(validUntil)}`}`;
}

/** Who made a membership: a source, or people. */
export function origin({ source }: Pick<MemberItem, "source">): string {
  return source === undefined ? "by hand" : `by the source ${source}`;
}

export function boundFields(fields: Fields, now: Pick<MemberItem, "validFrom" | "validUntil"> = {}): Html {
  return html`${fields.text("validFrom", "From (UTC)", {
    type: "datetime-local",
    value: fieldTime(now.validFrom),
    hint: "From now on where it is empty.",
  })}${fields.text("validUntil", "Until (UTC)", {
    type: "datetime-local",
    value: fieldTime(now.validUntil),
    hint: "Without an end where it is empty.",
  })}`;
}

/** Records a membership as the form says. */
export async function putMember(visit: Visit, role: string, subject: string, tag: string | undefined): Promise<void> {
  const given = { validFrom: givenTime(visit.given("validFrom")), validUntil: givenTime(visit.given("validUntil")) };
  const body = { ...defined(given), reason: visit.given("reason") ?? "" };
  await visit.change("PUT", ["domains", visit.param("domain"), "roles", role, "members", subject], { body, tag });
}

function defined(fields: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(fields).filter((field): field is [string, string] => field[1] !== undefined));
}

/** Ends a membership: a form that opens. */
export function endForm(visit: Visit, tag: string, hidden: Readonly<Record<string, string>> = {}): Html {
  const fields = reason(new Fields(visit, "end"));
  return folded(visit, "End this membership", { act: "end", submit: "End it", fields, tag, hidden, danger: true });
}

/** What a grant is limited to. */
export function limits({ constraints }: ResponsibilityItem): Part {
  if (constraints === undefined) return "";
  const parts = Object.entries(constraints as Readonly<Record<string, Readonly<Record<string, unknown>>>>).flatMap(
    ([kind, values]) =>
      Object.entries(values).map(([attribute, value]) => {
        const words: Readonly<Record<string, string>> = { max: "at most", min: "at least", in: "one of" };
        return `${attribute} ${words[kind] ?? kind} ${Array.isArray(value) ? value.map((one) => JSON.stringify(one)).join(", ") : JSON.stringify(value)}`;
      }),
  );
  return parts.join("; ");
}
