// What a sync would do, from what is recorded and what was read: joiners, movers, leavers, hands, and too much at once.
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Member } from "../store/roles.ts";
import type { SourcedSubject, SourceSettings, SubjectStatus } from "../store/sources.ts";
import { compare, type Plan, type Recorded } from "./compare.ts";

const said = (more: Partial<SourcedSubject> = {}): SourcedSubject => ({ status: "active", attributes: {}, groups: [], ...more });
const seller = (more: Partial<SourcedSubject> = {}): SourcedSubject => said({ groups: ["Sales"], ...more });
const settings: SourceSettings = {
  kind: "csv",
  file: "people.csv",
  map: { subject: "id", groups: { from: "groups" }, attributes: { department: "dept" } },
  rules: [{ group: "sales", role: "clerk" }],
};
const now = 1000;
const day = 86_400;

interface State {
  readonly subjects?: Readonly<Record<string, SourcedSubject>>;
  readonly members?: readonly Member[];
  readonly withheld?: readonly string[];
  readonly suspended?: readonly string[];
}

/** Wishes are those that the subjects lead to. */
function recorded({ subjects = {}, members = [], withheld = [], suspended = [] }: State): Recorded {
  const wanted = Object.entries(subjects).filter(([, { status, groups }]) => status !== "left" && groups.includes("Sales"));
  return {
    subjects: async function* () {
      for (const one of Object.entries(subjects)) yield new Map([one]);
    },
    role: async (role) =>
      role === "clerk"
        ? { wishes: wanted.map(([subject]) => ({ subject, withheld: withheld.includes(subject) })), members }
        : { wishes: [], members: [] },
    own: ["clerk"],
    roles: new Set(["clerk"]),
    suspended: new Set(suspended),
  };
}

const made = (subject: string, until?: number): Member => ({ subject, from: undefined, until, origin: "hr" });
const byHand = (subject: string, until?: number): Member => ({ subject, from: undefined, until });
const plan = (before: State, read: Readonly<Record<string, SourcedSubject>>, more: Partial<SourceSettings> = {}): Promise<Plan> =>
  compare("hr", { ...settings, ...more }, recorded(before), new Map(Object.entries(read)), now);
const changes = (of: Plan) => of.members.get("clerk") ?? [];

test("a joiner gets what the rules give, whatever the case of the group; a role that is not there is named", async () => {
  const rules = [{ group: "SALES", role: "clerk" }, { role: "employee" }];
  const first = await plan({}, { ann: seller(), bob: said() }, { rules });
  expect(changes(first)).toEqual([
    { subject: "ann", member: { from: undefined, until: undefined, origin: "hr" }, reason: "in the group SALES" },
  ]);
  expect([first.missingRoles, first.counts]).toMatchObject([["employee"], { people: 2, joined: 2, granted: 1 }]);
});

test("the same again changes nothing", async () => {
  const again = await plan({ subjects: { ann: seller() }, members: [made("ann")] }, { ann: seller() });
  expect([again.records.size, again.members.size, again.wished.size, again.unwished.size]).toEqual([0, 0, 0, 0]);
});

test("a leaver is suspended at once, and what the source gave ends", async () => {
  const gone = await plan({ subjects: { ann: seller() }, members: [made("ann")] }, { ann: seller({ status: "left" }) });
  expect([gone.suspend, gone.left]).toEqual([["ann"], ["ann"]]);
  expect(changes(gone)).toEqual([{ subject: "ann", member: undefined, reason: "has left" }]);
});

test("who is suspended keeps the memberships, and is free when the source says so again", async () => {
  const out = seller({ status: "suspended" });
  const stopped = await plan({ subjects: { ann: seller() }, members: [made("ann")] }, { ann: out });
  expect([stopped.suspend, changes(stopped)]).toEqual([["ann"], []]);
  const back = await plan({ subjects: { ann: out }, members: [made("ann")], suspended: ["ann"] }, { ann: seller() });
  expect(back.returned).toEqual(["ann"]);
  expect((await plan({ subjects: { ann: out }, members: [made("ann")] }, { ann: seller() })).returned).toEqual([]);
});

test("absent once counts for once more; absent twice ends what the source gave", async () => {
  const first = await plan({ subjects: { ann: seller(), bob: said() }, members: [made("ann")] }, { bob: said() });
  expect([first.records.get("ann"), changes(first), first.counts.absent]).toEqual([seller({ absent: true }), [], 1]);
  const missing = { subjects: { ann: seller({ absent: true }), bob: said() }, members: [made("ann"), byHand("bob")] };
  const second = await plan(missing, { bob: said() });
  expect([second.records.has("ann"), second.records.get("ann"), second.gone, second.suspend]).toEqual([
    true,
    undefined,
    ["ann"],
    [],
  ]);
  expect(changes(second)).toMatchObject([{ subject: "ann", member: undefined }]);
  expect((await plan(missing, { bob: said() }, { absent: "suspend" })).suspend).toEqual(["ann"]);
});

test("a mover keeps what the old unit gave until the grace is over", async () => {
  const before = { subjects: { ann: seller({ attributes: { department: "eu" } }) }, members: [made("ann")] };
  const moved = await plan(before, { ann: said({ attributes: { department: "us" } }) });
  expect(changes(moved)).toEqual([
    { subject: "ann", member: { from: undefined, until: now + 14 * day, origin: "hr" }, reason: "the unit changed" },
  ]);
  expect(moved.moves).toEqual([{ subject: "ann", from: { department: "eu" }, to: { department: "us" } }]);
  expect(changes(await plan(before, { ann: said({ attributes: { department: "us" } }) }, { grace: 0 }))).toMatchObject([
    { member: undefined },
  ]);
  // Who moves and is still in the group keeps it.
  expect(changes(await plan(before, { ann: seller({ attributes: { department: "us" } }) }))).toEqual([]);
  const after = { ann: said({ attributes: { department: "us" } }) };
  expect(changes(await plan({ subjects: after, members: [made("ann", now + day)] }, after))).toEqual([]);
  expect(changes(await plan({ subjects: after, members: [made("ann", now - 1)] }, after))).toMatchObject([{ member: undefined }]);
  expect(
    changes(
      await plan({ subjects: after, members: [made("ann", now + day)] }, { ann: seller({ attributes: after.ann.attributes }) }),
    ),
  ).toHaveLength(1);
});

test("what people made by hand stays, and what they ended is not made again", async () => {
  const before = { subjects: { ann: seller(), bob: seller() }, members: [byHand("ann"), byHand("eve")], withheld: ["bob"] };
  const same = await plan(before, { ann: seller(), bob: seller() });
  expect([changes(same), same.counts.withheld]).toEqual([[], 1]);
  const fewer = await plan(before, { ann: said(), bob: said() });
  expect([changes(fewer), fewer.unwished.get("clerk")]).toEqual([[], ["ann", "bob"]]);
  // A membership by hand that is over does not stand in the way.
  expect(changes(await plan({ members: [byHand("ann", now - 1)] }, { ann: seller() }))).toHaveLength(1);
});

const crowd = (count: number, one: (n: number) => SourcedSubject): Readonly<Record<string, SourcedSubject>> =>
  Object.fromEntries(Array.from({ length: count }, (_, n) => [`user-${n}`, one(n)]));

test("more than a tenth less of anything above twenty is too much", async () => {
  const before = { subjects: crowd(100, () => seller({ attributes: { department: "x" } })) };
  const all = before.subjects;
  expect((await plan(before, all)).drops).toEqual([]);
  const without = (n: number) => Object.fromEntries(Object.entries(all).slice(n));
  expect((await plan(before, without(10))).drops).toEqual([]);
  expect((await plan(before, without(11))).drops.map(({ what }) => what)).toEqual([
    "attribute:department",
    "group:sales",
    "people",
    "role:clerk",
  ]);
  const lost = (n: number, other: SourcedSubject) => ({
    ...all,
    ...Object.fromEntries(
      Object.keys(all)
        .slice(0, n)
        .map((id) => [id, other]),
    ),
  });
  expect((await plan(before, lost(11, seller()))).drops).toEqual([{ what: "attribute:department", before: 100, after: 89 }]);
  expect((await plan(before, lost(11, said({ attributes: { department: "x" } })))).drops.map(({ what }) => what)).toEqual([
    "group:sales",
    "role:clerk",
  ]);
  for (const status of ["left", "suspended"] satisfies SubjectStatus[])
    expect(
      (await plan(before, lost(11, seller({ status, attributes: { department: "x" } })))).drops.map(({ what }) => what),
    ).toContain("people");
  expect((await plan({ subjects: crowd(20, () => said()) }, { x: said() })).drops).toEqual([]);
  expect((await plan(before, without(20), { thresholds: { percent: 20 } })).drops).toEqual([]);
  expect((await plan(before, without(5), { thresholds: { count: 4 } })).drops.map(({ what }) => what)).toContain("people");
  expect((await plan(before, all, { rules: [] })).drops).toEqual([{ what: "role:clerk", before: 100, after: 0 }]);
});

test("whatever comes and goes: who is wanted has the role, who is not has it by hand or for a grace alone, and hands are never ended", async () => {
  const ids = ["a", "b", "c"];
  const subject = fc.record({
    status: fc.constantFrom<SubjectStatus>("active", "suspended", "left"),
    attributes: fc.constantFrom({}, { department: "x" }, { department: "y" }),
    groups: fc.constantFrom<readonly string[]>([], ["Sales"]),
  });
  const some = fc.dictionary(fc.constantFrom(...ids), subject);
  const held = fc.constantFrom("none", "hand", "source", "grace");
  await fc.assert(
    fc.asyncProperty(some, some, fc.tuple(held, held, held), async (before, read, holds) => {
      const members = ids.flatMap((id, index): readonly Member[] => {
        const how = holds[index];
        if (how === "none") return [];
        return [how === "hand" ? byHand(id) : made(id, how === "grace" ? now + day : undefined)];
      });
      const result = await plan({ subjects: before, members }, read);
      const after = new Map(members.map((member) => [member.subject, member]));
      for (const { subject: id, member } of changes(result)) {
        expect(after.get(id)?.origin ?? "hr").toBe("hr");
        if (member === undefined) after.delete(id);
        else after.set(id, { subject: id, ...member });
      }
      for (const id of ids) {
        const is = read[id] ?? (before[id] === undefined ? undefined : before[id]);
        const wanted = is !== undefined && is.status !== "left" && is.groups.includes("Sales");
        const member = after.get(id);
        if (wanted) expect(member, id).toBeDefined();
        else if (member !== undefined && member.origin === "hr")
          expect([member.until, is?.status !== "left"]).toEqual([expect.any(Number), true]);
      }
    }),
  );
});
