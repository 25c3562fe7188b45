// Who gains and who loses: the classes say what asking for everybody says, and a budget leaves out the smallest ones.
import fc from "fast-check";
import { expect, test } from "vitest";
import { type Impact, impactOf } from "./impact.ts";
import { peopleClasses } from "./people.ts";

const names = ["ann", "bob", "eve", "gus", "tom", "zoe"] as const;
const roleIds = ["a", "b", "c"] as const;
type Grants = Readonly<Record<string, readonly string[]>>;

/** A policy by roles: who holds a role that grants the action may; some are named. */
const decider =
  (members: Grants, grants: Grants, named: readonly string[]) =>
  (text: string): string => {
    const { user, action } = JSON.parse(text) as { readonly user: string; readonly action: string };
    if (named.includes(user)) return '{"allow":true,"by":"name"}';
    const held = roleIds.filter((role) => members[role]?.includes(user));
    if (action === "fail" && held.length > 1) return "error: too many";
    return String(held.some((role) => grants[role]?.includes(action)));
  };

function compare(
  members: Grants,
  [before, after]: readonly [Grants, Grants],
  { each, budget = 1000, named = [] }: { readonly each: boolean; readonly budget?: number; readonly named?: readonly string[] },
): Impact {
  const facts = {
    domain: "d",
    roles: roleIds.map((id) => ({
      id,
      includes: [],
      responsibilities: [],
      members: (members[id] ?? []).map((subject) => ({ subject })),
    })),
    suspended: [],
    attributes: Object.fromEntries(names.map((name) => [name, {}])),
  };
  return impactOf({
    before: decider(members, before, []),
    after: decider(members, after, named),
    classes: peopleClasses(facts, { now: 0, each, named: new Set(named) }),
    requests: ["read", "write", "fail"].map((action) => ({ name: action, input: { user: "ann", action } })),
    entrypoints: ["d/allow"],
    refusals: [],
    place: undefined,
    budget,
    deadline: Number.POSITIVE_INFINITY,
    most: 100,
  });
}

test("people in the place of who asks, with their roles and the requests", () => {
  const members = { a: ["ann", "bob"], b: ["bob"] };
  const found = compare(members, [{ a: ["read"] }, { b: ["read", "write"] }], { each: false });
  expect(found.lost).toEqual({ people: 1, subjects: [{ subject: "ann", roles: ["a"], requests: ["read"] }] });
  expect(found.gained).toEqual({ people: 1, subjects: [{ subject: "bob", roles: ["a", "b"], requests: ["write"] }] });
  expect(found.requests[0]).toEqual({
    ...{ name: "read", entrypoint: "d/allow", place: "/user", gained: 0, lost: 1, changed: 0, unclear: 0, failed: 0, covered: 6 },
  });
  expect(found).toMatchObject({ people: 6, classes: 3, strangers: { gained: [], lost: [] }, withoutSubject: [] });
});

const subset = <T>(of: readonly T[]) => fc.subarray([...of]);
const grants = fc.record({ a: subset(["read", "write"]), b: subset(["read", "write"]), c: subset(["read", "write"]) });
const membership = fc.record({ a: subset(names), b: subset(names), c: subset(names) });

test("the classes say what asking for everybody says", () => {
  fc.assert(
    fc.property(membership, grants, grants, subset(names), (members, before, after, named) => {
      const [classes, each] = [false, true].map((one) => compare(members, [before, after], { each: one, named }));
      const { classes: _few, evaluations: fewer, ...told } = classes!;
      const { classes: _all, evaluations: all, ...expected } = each!;
      expect(told).toEqual(expected);
      expect(fewer).toBeLessThanOrEqual(all);
    }),
  );
});

test("who is decided for otherwise is named; an approval is of them where the owner bounds that", () => {
  const ask = (also: readonly string[], boundsChanged: boolean): Impact =>
    impactOf({
      before: () => '{"allow":true,"obligations":["mask"]}',
      after: (text) =>
        also.includes((JSON.parse(text) as { readonly user: string }).user)
          ? '{"allow":true,"obligations":[]}'
          : '{"allow":true,"obligations":["mask"]}',
      classes: ["ann", "eve"].map((one) => ({ roles: [], subjects: [one] })),
      requests: [{ name: "r", input: { user: "ann" } }],
      ...{
        entrypoints: ["d/allow"],
        refusals: [],
        place: undefined,
        budget: 100,
        deadline: Number.POSITIVE_INFINITY,
        most: 9,
        boundsChanged,
      },
    });
  const found = ask(["eve"], true);
  expect(found).toMatchObject({
    ...{ gained: { people: 0 }, lost: { people: 0 }, requests: [{ changed: 1 }] },
    changed: { people: 1, subjects: [{ subject: "eve", requests: ["r"] }] },
  });
  expect(found.strangers).toEqual({ gained: [], lost: [] });
  expect(ask(["somebody whom RMS does not know"], true).strangers.changed).toEqual(["r"]);
  expect(found.digest).not.toBe(ask(["ann"], true).digest);
  expect(ask(["eve"], false).digest).toBe(ask([], false).digest);
});

test("of whose decision nobody can tell whether it lets them in: named, watched, and what an approval is of", () => {
  const ask = (also: readonly string[], boundsChanged: boolean): Impact =>
    impactOf({
      before: () => '["too late"]',
      after: (text) => (also.includes((JSON.parse(text) as { readonly user: string }).user) ? "[]" : '["too late"]'),
      classes: ["ann", "eve"].map((one) => ({ roles: ["clerk"], subjects: [one] })),
      requests: [{ name: "r", input: { user: "ann" } }],
      ...{ entrypoints: ["d/reasons"], refusals: [], place: undefined, budget: 100, deadline: Number.POSITIVE_INFINITY, most: 9 },
      ...{ watch: ["clerk"], boundsChanged },
    });
  const found = ask(["eve"], false);
  const eve = { people: 1, subjects: [{ subject: "eve", roles: ["clerk"], requests: ["r"] }] };
  expect(found).toMatchObject({ gained: { people: 0 }, lost: { people: 0 }, changed: eve, unclear: eve });
  expect(found.requests).toMatchObject([{ changed: 1, unclear: 1, covered: 2 }]);
  expect(found.watched).toEqual([{ role: "clerk", people: 1, subjects: ["eve"] }]);
  expect(ask(["eve"], true).watched).toEqual([{ role: "clerk", people: 0, subjects: [] }]);
  expect(ask(["somebody whom RMS does not know"], false).strangers).toEqual({
    ...{ gained: [], lost: [], changed: ["r"], unclear: ["r"] },
  });
  expect(found.digest).not.toBe(ask(["ann"], false).digest);
});

test("a budget ends with the smallest classes, and says so", () => {
  const members = { a: ["ann", "bob", "eve"], b: ["gus"] };
  const found = compare(members, [{}, { a: ["read"], b: ["read"] }], { each: false, budget: 12 });
  expect(found.evaluations).toBe(12);
  expect(found.requests.map(({ covered }) => covered)).toEqual([3, 3, 3]);
  expect(found.gained.people).toBe(3);
});

test("requests in which nobody known is found are named, and strangers who may now are told", () => {
  const found = impactOf({
    before: () => "false",
    after: () => "true",
    classes: [{ roles: [], subjects: ["ann"] }],
    requests: [
      { name: "asked", input: { user: "ann" } },
      { name: "by a stranger", input: { user: "nobody" } },
      { name: "other", input: { who: "nobody" } },
    ],
    ...{ entrypoints: ["d/allow"], refusals: [], place: undefined, budget: 100, deadline: Number.POSITIVE_INFINITY, most: 1 },
  });
  expect(found).toMatchObject({
    withoutSubject: ["other"],
    strangers: { gained: ["asked", "by a stranger"], lost: [] },
    gained: { people: 1 },
  });
});

test("what ends at a limit is not known, on either side: nobody counts as decided for, and the digest tells them", () => {
  const ask = (after: (user: string) => string): Impact =>
    impactOf({
      before: () => "false",
      after: (text) => after((JSON.parse(text) as { readonly user: string }).user),
      classes: ["ann", "eve"].map((one) => ({ roles: [], subjects: [one] })),
      requests: [{ name: "r", input: { user: "ann" } }],
      ...{ entrypoints: ["d/allow"], refusals: [], place: undefined, budget: 100, deadline: Number.POSITIVE_INFINITY, most: 1 },
    });
  const hidden = ask((user) => (user === "eve" ? "unknown" : "false"));
  expect(hidden).toMatchObject({
    requests: [{ unclear: 0, failed: 0, covered: 1 }],
    gained: { people: 0 },
    strangers: { gained: [], lost: [] },
  });
  expect(hidden.digest).not.toBe(ask((user) => (user === "ann" ? "unknown" : "false")).digest);
  expect(ask(() => "unknown")).toMatchObject({ requests: [{ covered: 0 }], strangers: { unknown: ["r"] } });
});

test("each entrypoint decides every request, told apart by its name, and people count once", () => {
  const ask = (budget: number): Impact =>
    impactOf({
      before: () => "false",
      after: (_, entrypoint) => String(entrypoint !== "d/allow"),
      classes: [{ roles: ["a"], subjects: ["ann", "bob"] }],
      requests: [{ name: "r", input: { user: "ann" } }],
      entrypoints: ["d/allow", "d/export", "d/show"],
      refusals: [],
      ...{ place: undefined, budget, deadline: Number.POSITIVE_INFINITY, most: 1 },
    });
  expect(ask(100)).toMatchObject({
    gained: { people: 2, subjects: [{ subject: "ann", requests: ["r (d/export, d/show)"] }] },
    strangers: { gained: ["r (d/export, d/show)"] },
    requests: [
      { entrypoint: "d/allow", gained: 0, covered: 2 },
      { entrypoint: "d/export", gained: 2, covered: 2 },
      { entrypoint: "d/show", gained: 2, covered: 2 },
    ],
  });
  expect(ask(10)).toMatchObject({ evaluations: 10, requests: [{ covered: 2 }, { covered: 2 }, { covered: 0 }] });
});

test("whom a refusal lets alone gains, and whom it stops loses; another reason is another decision", () => {
  const reasons: Readonly<Record<string, readonly [string, string]>> = {
    ann: ['["late"]', "[]"],
    bob: ["undefined", '["late"]'],
    eve: ['["late"]', '["late","alone"]'],
    gus: ["[]", "error: too many"],
  };
  const side = (at: 0 | 1) => (text: string) =>
    reasons[(JSON.parse(text) as { readonly user: string }).user]?.[at] ?? '["unknown"]';
  const found = impactOf({
    ...{ before: side(0), after: side(1), entrypoints: ["d/deny"], refusals: ["d/deny"] },
    classes: Object.keys(reasons).map((one) => ({ roles: [], subjects: [one] })),
    requests: [{ name: "r", input: { user: "ann" } }],
    ...{ place: undefined, budget: 100, deadline: Number.POSITIVE_INFINITY, most: 9 },
  });
  const who = ({ subjects }: Impact["gained"]): readonly string[] => subjects.map(({ subject }) => subject);
  expect([found.gained, found.lost, found.changed].map(who)).toEqual([["ann"], ["bob", "gus"], ["eve"]]);
  expect(found.strangers).toEqual({ gained: [], lost: [] });
});
