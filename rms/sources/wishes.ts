// Who should have which role by the rules of a source, and why.
import { lower } from "#bundles/rms-data.ts";
import { Pace } from "../store/breath.ts";
import type { RoleRule, SourcedSubject } from "../store/sources.ts";

/** Role → subject → the rule, in words. */
export type Wishes = Map<string, ReadonlyMap<string, string>>;

/** Who has left gets nothing; who is suspended keeps the memberships and is suspended besides. */
export async function wishesOf(
  subjects: Iterable<readonly [string, SourcedSubject]>,
  rules: readonly RoleRule[],
): Promise<Wishes> {
  const byGroup = new Map<string, RoleRule[]>();
  for (const rule of rules)
    if (rule.group !== undefined) byGroup.set(lower(rule.group), [...(byGroup.get(lower(rule.group)) ?? []), rule]);
  const others = rules.filter(({ group }) => group === undefined);
  const wishes = new Map<string, Map<string, string>>();
  const words = new Map(rules.map((rule) => [rule, inWords(rule)]));
  const add = (subject: string, rule: RoleRule): void => {
    const held = wishes.get(rule.role) ?? new Map<string, string>();
    wishes.set(rule.role, held);
    if (!held.has(subject)) held.set(subject, words.get(rule)!);
  };
  const pace = new Pace();
  for (const [subject, { status, groups, attributes, manager }] of subjects) {
    await pace.step();
    if (status === "left") continue;
    for (const group of groups) for (const rule of byGroup.get(lower(group)) ?? []) add(subject, rule);
    for (const rule of others) {
      const { attribute, is } = rule;
      const value = attribute === "manager" ? manager : attribute === undefined ? undefined : own(attributes, attribute);
      if (attribute === undefined || (Array.isArray(value) ? value : [value]).some((one) => said(one) === is)) add(subject, rule);
    }
  }
  return wishes;
}

const own = (attributes: SourcedSubject["attributes"], name: string): unknown =>
  Object.hasOwn(attributes, name) ? attributes[name] : undefined;

const said = (value: unknown): string | undefined =>
  typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? String(value) : undefined;

function inWords({ group, attribute, is }: RoleRule): string {
  if (group !== undefined) return `in the group ${group}`;
  return attribute === undefined ? "everybody of the source" : `${attribute} is ${is}`;
}
