// The people of a domain in classes whose members no policy that asks for roles alone can tell apart.
import { byUtf8 } from "#bundles/canonical-json.ts";
import type { DomainFacts } from "#bundles/rms-data.ts";

export interface PeopleClass {
  /** The roles that hold now. */
  readonly roles: readonly string[];
  /** In the order of their ids; each stands for the others. */
  readonly subjects: readonly string[];
}

export interface ClassOptions {
  /** Seconds since 1970: memberships that hold at another time do not count. */
  readonly now: number;
  /** Everybody is a class of their own. */
  readonly each: boolean;
  /** Ids that a policy or its data names: it may treat them as it likes. */
  readonly named: ReadonlySet<string>;
}

/** The largest class first. */
export function peopleClasses(facts: DomainFacts, { now, each, named }: ClassOptions): readonly PeopleClass[] {
  const suspended = new Set(facts.suspended);
  const held = new Map<string, string[]>();
  for (const id of [...Object.keys(facts.attributes ?? {}), ...facts.suspended]) held.set(id, []);
  for (const { id, members } of facts.roles)
    for (const { subject, from = 0, until } of members) {
      const roles = held.get(subject) ?? [];
      held.set(subject, roles);
      if (from <= now && (until === undefined || now < until)) roles.push(id);
    }
  const classes = new Map<string, { readonly roles: readonly string[]; readonly subjects: string[] }>();
  for (const [subject, ids] of held) {
    const roles = [...new Set(ids)].sort();
    const key = each || named.has(subject) ? `one ${subject}` : `all ${suspended.has(subject)} ${JSON.stringify(roles)}`;
    const known = classes.get(key);
    if (known === undefined) classes.set(key, { roles, subjects: [subject] });
    else known.subjects.push(subject);
  }
  for (const { subjects } of classes.values()) subjects.sort(byUtf8);
  const sorted = [...classes.values()].sort(
    (a, b) => b.subjects.length - a.subjects.length || byUtf8(a.subjects[0] ?? "", b.subjects[0] ?? ""),
  );
  return each ? inTurn(sorted) : sorted;
}

/** The first of each combination of roles, then the second of each: where a budget ends, all combinations were looked at. */
function inTurn(people: readonly PeopleClass[]): readonly PeopleClass[] {
  const seen = new Map<string, number>();
  const ranked = people.map((one) => {
    const key = JSON.stringify(one.roles);
    const rank = seen.get(key) ?? 0;
    seen.set(key, rank + 1);
    return { one, rank };
  });
  return ranked.sort((a, b) => a.rank - b.rank).map(({ one }) => one);
}

/** The texts in quotes of policies and data. */
export function namedTexts(texts: Iterable<string>): ReadonlySet<string> {
  const named = new Set<string>();
  for (const text of texts)
    for (const [, double, raw] of text.matchAll(/"((?:[^"\\\n]|\\.)*)"|`([^`]*)`/g)) named.add(plain(double) ?? raw ?? "");
  return named;
}

function plain(quoted: string | undefined): string | undefined {
  if (quoted === undefined || !quoted.includes("\\")) return quoted;
  try {
    return JSON.parse(`"${quoted}"`) as string;
  } catch {
    return quoted;
  }
}
