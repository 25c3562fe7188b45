// Entries of a directory → rows: names of groups with those above them, the manager as a subject, and the state of an AD account.
import type { Mapping, SourceSettings } from "../store/sources.ts";
import { SourceFault } from "./fault.ts";
import { GroupTree } from "./group-tree.ts";
import type { Rows } from "./rows.ts";

/** An entry with its attributes by their names in lower case. */
export interface LdapEntry {
  readonly dn: string;
  readonly attributes: ReadonlyMap<string, readonly string[]>;
}

/** Fields that no attribute has. */
const [groupsField, managerField, stateField] = ["@groups", "@manager", "@state"];

/** The rows, and the mapping that finds the fields in them. `now` is in seconds. */
export function ldapRows(
  settings: SourceSettings,
  people: readonly LdapEntry[],
  groups: readonly LdapEntry[],
  now: number,
): { readonly rows: Rows; readonly map: Mapping } {
  const { kind, map, groupSearch } = settings;
  const names = groupSearch === undefined ? undefined : groupNames(groups, groupSearch.name ?? "cn");
  const membership =
    names === undefined
      ? undefined
      : new Membership(groups, people, names, groupSearch?.by ?? (kind === "ad" ? "memberOf" : "member"));
  const byDn = new Map(people.map((entry) => [keyOf(entry.dn), entry]));
  const value = (row: number, field: string): unknown => {
    const entry = people[row]!;
    switch (field) {
      case groupsField:
        return membership?.groupsOf(entry) ?? [];
      case managerField:
        return managerOf(entry, map, byDn);
      case stateField:
        return accountState(entry, now);
      default:
        return told(entry, field);
    }
  };
  return {
    rows: { count: people.length, fields: undefined, value },
    map: {
      ...map,
      ...(names === undefined ? {} : { groups: { from: groupsField! } }),
      ...(map.manager === undefined ? {} : { manager: managerField! }),
      ...(kind === "ad" && map.status === undefined
        ? { status: { from: stateField!, active: ["enabled"], suspended: ["disabled", "expired"] } }
        : {}),
    },
  };
}

/** Attributes that the people of a source are asked for. */
export function wantedAttributes({ kind, map, groupSearch }: SourceSettings): readonly string[] {
  const { subject, status, manager, attributes = {}, groups } = map;
  const named = [subject, status?.from, manager, groups?.from, ...Object.values(attributes)];
  const account = kind === "ad" ? ["userAccountControl", "accountExpires"] : [];
  const above = groupSearch === undefined ? [] : ["memberOf"];
  return [...new Set([...named, ...account, ...above])].filter((name) => name !== undefined && name !== "dn") as string[];
}

/** Names of entries differ in case and in blanks behind commas without being others. */
export const keyOf = (dn: string): string => dn.toLowerCase().replaceAll(/(?<!\\)\s*,\s*/g, ",");

/** One value as a text, more as a list; undefined for none. */
function told(entry: LdapEntry, field: string): unknown {
  if (field === "dn") return entry.dn;
  const values = entry.attributes.get(field.toLowerCase()) ?? [];
  return values.length > 1 ? values.toSorted() : values[0];
}

/** A manager is told by the name of its entry; who is not among the people is no subject that policies know. */
function managerOf(entry: LdapEntry, { manager = "", subject }: Mapping, byDn: ReadonlyMap<string, LdapEntry>): unknown {
  const value = told(entry, manager);
  if (typeof value !== "string") return undefined;
  const found = byDn.get(keyOf(value));
  if (found !== undefined) return told(found, subject);
  return value.includes("=") ? undefined : value;
}

/** 100-nanosecond steps from 1601 to 1970, and what stands for never. */
const epoch = 116_444_736_000_000_000n;
const never = 0x7fff_ffff_ffff_ffffn;
const disabled = 2;

function accountState(entry: LdapEntry, now: number): string {
  const [control] = entry.attributes.get("useraccountcontrol") ?? [];
  const [expires = "0"] = entry.attributes.get("accountexpires") ?? [];
  // Who may not read it would take every account for one that is enabled.
  if (control === undefined || !/^-?\d+$/.test(control) || !/^\d+$/.test(expires))
    throw new SourceFault(`${entry.dn} shows no userAccountControl: may the source read it?`);
  if ((Number(control) & disabled) !== 0) return "disabled";
  const end = BigInt(expires);
  const isOver = end !== 0n && end !== never && end <= BigInt(now) * 10_000_000n + epoch;
  return isOver ? "expired" : "enabled";
}

/** Names of groups by their entries; throws where two groups would be one to policies. */
function groupNames(groups: readonly LdapEntry[], field: string): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  const taken = new Map<string, string>();
  for (const group of groups) {
    const name = told(group, field);
    if (typeof name !== "string") throw new SourceFault(`the group ${group.dn} has no single ${field}`);
    const other = taken.get(name.toLowerCase());
    if (other !== undefined)
      throw new SourceFault(`the groups ${other} and ${group.dn} have the same ${field}: take another name, such as dn`);
    taken.set(name.toLowerCase(), group.dn);
    names.set(keyOf(group.dn), name);
  }
  return names;
}

/** Who is in which group by its name. */
class Membership {
  private readonly tree = new GroupTree();
  private readonly names: ReadonlyMap<string, string>;

  constructor(
    groups: readonly LdapEntry[],
    people: readonly LdapEntry[],
    names: ReadonlyMap<string, string>,
    by: "member" | "memberOf",
  ) {
    this.names = names;
    if (by === "memberOf") {
      for (const entry of [...groups, ...people])
        for (const group of listed(entry, "memberof")) this.tree.add(keyOf(entry.dn), keyOf(group));
      return;
    }
    const byUid = new Map(people.flatMap((entry) => listed(entry, "uid").map((uid) => [uid, keyOf(entry.dn)] as const)));
    for (const group of groups) {
      const members = ["member", "uniquemember"].flatMap((name) => listed(group, name).map(keyOf));
      const uids = listed(group, "memberuid").flatMap((uid) => byUid.get(uid) ?? []);
      for (const member of [...members, ...uids]) this.tree.add(member, keyOf(group.dn));
    }
  }

  groupsOf({ dn }: LdapEntry): readonly string[] {
    return [...this.tree.groupsOf(keyOf(dn))].flatMap((key) => this.names.get(key) ?? []).sort();
  }
}

/** The values; throws for a list that the server gives in parts, of which this would be the first. */
function listed(entry: LdapEntry, name: string): readonly string[] {
  const part = [...entry.attributes.keys()].find((key) => key.startsWith(`${name};range=`));
  if (part !== undefined) throw new SourceFault(`${entry.dn} tells only a part of its ${name}: take groupSearch.by = memberOf`);
  return entry.attributes.get(name) ?? [];
}
