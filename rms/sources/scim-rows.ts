// Users and groups of a SCIM service → rows: names of groups with those above them, the manager as a subject, and who is deactivated.
import type { Mapping, SourceSettings } from "../store/sources.ts";
import { SourceFault } from "./fault.ts";
import { GroupTree } from "./group-tree.ts";
import { atPointer } from "./json-pointer.ts";
import type { Rows } from "./rows.ts";

/** A resource by its id. */
export type Resources = ReadonlyMap<string, Readonly<Record<string, unknown>>>;

/** Fields that no user has: all others are JSON Pointers. */
const [groupsField, managerField, stateField] = ["@groups", "@manager", "@state"];

/** The rows, and the mapping that finds the fields in them. */
export function scimRows(
  { map, groupSearch }: SourceSettings,
  users: Resources,
  groups: Resources | undefined,
): { readonly rows: Rows; readonly map: Mapping } {
  const all = [...users];
  const held = groups === undefined ? undefined : groupsByUser(groups, groupSearch?.name ?? "displayName");
  const value = (row: number, field: string): unknown => {
    const [id, user] = all[row]!;
    switch (field) {
      case groupsField:
        return held?.(id) ?? [];
      case managerField:
        return managerOf(user, map, users);
      case stateField:
        return user["active"] === false ? "deactivated" : "active";
      default:
        return atPointer(user, field);
    }
  };
  return {
    rows: { count: all.length, fields: undefined, value },
    map: {
      ...map,
      ...(held === undefined ? {} : { groups: { from: groupsField! } }),
      ...(map.manager === undefined ? {} : { manager: managerField! }),
      ...(map.status === undefined ? { status: { from: stateField!, active: ["active"], suspended: ["deactivated"] } } : {}),
    },
  };
}

/** A manager is told by the id of the user, or by whatever the pointer leads to. */
function managerOf(user: unknown, { manager = "", subject }: Mapping, users: Resources): unknown {
  const told = atPointer(user, manager);
  const found = typeof told === "string" ? users.get(told) : undefined;
  return found === undefined ? told : atPointer(found, subject);
}

/** User → names of the groups that it is in, also through groups in groups. */
function groupsByUser(groups: Resources, name: string): (user: string) => readonly string[] {
  const names = new Map<string, string>();
  const taken = new Set<string>();
  const tree = new GroupTree();
  for (const [id, group] of groups) {
    const text = name === "id" ? id : group[name];
    if (typeof text !== "string" || text === "") throw new SourceFault(`the group ${id} has no ${name}`);
    if (taken.has(text.toLowerCase()))
      throw new SourceFault(`two groups have the ${name} ${text}: take another name, such as id`);
    taken.add(text.toLowerCase());
    names.set(id, text);
    for (const member of membersOf(id, group)) tree.add(member, id);
  }
  return (user) => [...tree.groupsOf(user)].map((id) => names.get(id)!).sort();
}

function membersOf(id: string, { members }: Readonly<Record<string, unknown>>): readonly string[] {
  if (members === undefined || members === null) return [];
  if (!Array.isArray(members)) throw new SourceFault(`the members of the group ${id} are no list`);
  return members.map((member) => {
    const value: unknown = atPointer(member, "/value");
    if (typeof value !== "string") throw new SourceFault(`a member of the group ${id} has no value`);
    return value;
  });
}
