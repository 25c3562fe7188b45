// Entries of a directory to subjects: groups in groups, managers, and the state of AD accounts.
import { expect, test } from "vitest";
import type { SourcedSubject, SourceSettings } from "../store/sources.ts";
import { type LdapEntry, ldapRows } from "./ldap-rows.ts";
import { subjectsOf } from "./subjects.ts";

const entry = (dn: string, attributes: Readonly<Record<string, readonly string[]>> = {}): LdapEntry => ({
  dn,
  attributes: new Map(Object.entries(attributes).map(([name, values]) => [name.toLowerCase(), values])),
});
const person = (uid: string, more: Readonly<Record<string, readonly string[]>> = {}): LdapEntry =>
  entry(`uid=${uid},ou=people,dc=ex`, { uid: [uid], ...more });
const group = (cn: string, more: Readonly<Record<string, readonly string[]>> = {}): LdapEntry =>
  entry(`cn=${cn},ou=groups,dc=ex`, { cn: [cn], ...more });
const ldap: SourceSettings = { kind: "ldap", base: "dc=ex", map: { subject: "uid" }, groupSearch: {} };
const now = Date.parse("2026-03-02T12:00:00Z") / 1000;

async function subjects(
  settings: SourceSettings,
  people: readonly LdapEntry[],
  groups: readonly LdapEntry[] = [],
): Promise<Readonly<Record<string, SourcedSubject>>> {
  const { rows, map } = ldapRows(settings, people, groups, now);
  return Object.fromEntries(await subjectsOf(rows, map));
}

test("groups that tell their members, with groups in groups, one of them in a circle", async () => {
  const groups = [
    group("Sales", { member: ["UID=ann, ou=people, dc=ex", "cn=EU,ou=groups,dc=ex"] }),
    group("EU", { member: ["uid=bob,ou=people,dc=ex", "cn=Sales,ou=groups,dc=ex"] }),
    group("Old", { memberUid: ["zoe", "nobody"], uniqueMember: ["uid=gone,dc=ex"] }),
    group("All", { member: ["cn=Sales,ou=groups,dc=ex"] }),
  ];
  const found = await subjects(ldap, [person("ann"), person("bob"), person("zoe")], groups);
  expect(Object.values(found).map((one) => one.groups)).toEqual([["All", "EU", "Sales"], ["All", "EU", "Sales"], ["Old"]]);
});

test("members that tell their groups, as in AD", async () => {
  const groups = [group("Sales", { memberOf: ["cn=All,ou=groups,dc=ex"] }), group("All")];
  const people = [
    person("ann", { memberOf: ["CN=Sales,OU=groups,DC=ex", "cn=elsewhere,dc=other"], userAccountControl: ["512"] }),
  ];
  expect((await subjects({ ...ldap, kind: "ad" }, people, groups))["ann"]?.groups).toEqual(["All", "Sales"]);
});

test("groups that policies could not tell apart, and lists that are cut off, fail", async () => {
  const twins = [group("Sales"), entry("cn=sales,ou=other,dc=ex", { cn: ["sales"] })];
  await expect(subjects(ldap, [], twins)).rejects.toThrow("have the same cn: take another name, such as dn");
  expect(await subjects({ ...ldap, groupSearch: { name: "dn" } }, [], twins)).toEqual({});
  const part = group("Big", { "member;range=0-1499": ["uid=ann,ou=people,dc=ex"] });
  await expect(subjects(ldap, [person("ann")], [part])).rejects.toThrow("tells only a part of its member");
});

test("a manager is the subject of its entry; somebody from elsewhere is none", async () => {
  const people = [
    person("ann", { manager: ["uid=mia, ou=people,dc=ex"], mail: ["a@ex", "b@ex"], o: ["x"] }),
    person("bob", { manager: ["cn=boss,dc=other"] }),
    person("zoe", { manager: ["mia"] }),
    person("mia"),
  ];
  const map = { subject: "uid", manager: "manager", attributes: { mails: "mail", company: "o" } };
  const found = await subjects({ ...ldap, map }, people);
  expect(Object.values(found).map(({ manager }) => manager)).toEqual(["mia", undefined, "mia", undefined]);
  expect(found["ann"]?.attributes).toEqual({ company: "x", mails: ["a@ex", "b@ex"] });
});

/** A time as AD writes it. */
const fileTime = (text: string): string => String(BigInt(Date.parse(text)) * 10_000n + 116_444_736_000_000_000n);

test.each([
  [{ userAccountControl: ["512"] }, "active"],
  [{ userAccountControl: ["514"] }, "suspended"],
  [{ userAccountControl: ["66050"] }, "suspended"],
  [{ userAccountControl: ["512"], accountExpires: ["0"] }, "active"],
  [{ userAccountControl: ["512"], accountExpires: ["9223372036854775807"] }, "active"],
  [{ userAccountControl: ["512"], accountExpires: [fileTime("2026-03-02T12:00:01Z")] }, "active"],
  [{ userAccountControl: ["512"], accountExpires: [fileTime("2026-03-02T12:00:00Z")] }, "suspended"],
])("an AD account with %j is %s", async (attributes, status) => {
  const found = await subjects({ kind: "ad", base: "dc=ex", map: { subject: "uid" } }, [person("ann", attributes)]);
  expect(found["ann"]?.status).toBe(status);
});

test("an AD account whose state may not be read fails: it would seem enabled", async () => {
  const settings: SourceSettings = { kind: "ad", base: "dc=ex", map: { subject: "uid" } };
  await expect(subjects(settings, [person("ann")])).rejects.toThrow("shows no userAccountControl");
});
