// What exceeds the limits of an owner, in words.
import { expect, test } from "vitest";
import { exceeded, type ImpactLimits, type Judged } from "./judge.ts";

const nobody = { people: 0, subjects: [] };
const one = (subject: string) => ({ subject, roles: [], requests: ["r"] });
const request = {
  name: "r",
  entrypoint: "d/allow",
  place: "/user",
  gained: 0,
  lost: 0,
  changed: 0,
  unclear: 0,
  failed: 0,
  covered: 40,
};
const impact: Judged = {
  ...{ people: 40, requests: [request], withoutSubject: [], gained: nobody, changed: nobody, unclear: nobody, watched: [] },
  lost: { people: 12, subjects: Array.from({ length: 12 }, (_, at) => one(`p${at}`)) },
  strangers: { gained: [], lost: [] },
};
const limits: ImpactLimits = {
  ...{
    channel: "prod",
    lose: undefined,
    gain: undefined,
    changed: undefined,
    never: [],
    strangers: false,
    refusals: undefined,
    otherwise: "approve",
  },
};
const lose = (people: number | undefined, percent?: number): ImpactLimits => ({ ...limits, lose: { people, percent } });

test.each<[ImpactLimits, readonly string[]]>([
  [limits, []],
  [lose(12), []],
  [lose(undefined, 30), []],
  [lose(11), ["12 people lose, and 11 of 40 may: p0, p1, p2, p3, p4, p5, p6, p7, p8, p9 and 2 more"]],
  [lose(12, 29.9), ["12 people lose, and 11 of 40 may: p0, p1, p2, p3, p4, p5, p6, p7, p8, p9 and 2 more"]],
  [lose(0), ["12 people lose, and none may: p0, p1, p2, p3, p4, p5, p6, p7, p8, p9 and 2 more"]],
])("people who lose by %j", (given, said) => {
  expect(exceeded(impact, given)).toEqual(said);
});

test("one person of a role that none may touch, and an open door", () => {
  const watched = [{ role: "lead", people: 1, subjects: ["kim"] }];
  const given = { ...impact, watched, strangers: { gained: ["r"], lost: [] } };
  expect(exceeded(given, { ...limits, never: ["lead"] })).toEqual([
    "somebody whom RMS does not know may now: r",
    "1 person of the role lead gains or loses, and none may: kim",
  ]);
  expect(exceeded(given, { ...limits, never: ["clerk"], strangers: true })).toEqual([]);
});

test("what was not looked at is not within any limits", () => {
  expect(exceeded({ ...impact, requests: [{ ...request, covered: 39 }] }, limits)).toEqual([
    "1 person was not looked at, since the time, the evaluations or what one decision may take ended before",
  ]);
  expect(exceeded({ ...impact, requests: [] }, limits)).toEqual([
    "nobody was decided for, since no sample of the policy says who asks",
  ]);
  expect(exceeded({ ...impact, requests: [], people: 0 }, limits)).toEqual([]);
});

test("what a stranger's decision would be is not known where it takes too long", () => {
  const given = { ...impact, strangers: { gained: [], lost: [], unknown: ["r"] } };
  expect(exceeded(given, limits)).toEqual([
    "whether somebody whom RMS does not know may is not known, since one decision takes too long or too much memory: r",
  ]);
  expect(exceeded(given, { ...limits, strangers: true })).toEqual([]);
});

test("people who are decided for otherwise, or in vain, and whoever is not known, where the owner bounds that", () => {
  const changed = { people: 2, subjects: [one("ann"), one("bob")] };
  const given = { ...impact, changed, strangers: { gained: [], lost: [], changed: ["r"] } };
  expect(exceeded(given, limits)).toEqual([]);
  expect(exceeded(given, { ...limits, changed: { people: 1, percent: undefined } })).toEqual([
    "somebody whom RMS does not know gets another decision: r",
    "2 people get another decision, and 1 of 40 may: ann, bob",
  ]);
  expect(exceeded(given, { ...limits, changed: { people: undefined, percent: 5 }, strangers: true })).toEqual([]);
});

test("who gets another decision that may be a yes or a no counts beside those who gain, and those who lose", () => {
  const either = { people: 2, subjects: [one("ann"), one("bob")] };
  const given = {
    ...impact,
    changed: either,
    unclear: either,
    strangers: { gained: [], lost: [], changed: ["r"], unclear: ["r"] },
  };
  const means =
    "of which nobody can tell whether it lets them in (`changed` of the gate would bound such decisions by themselves)";
  const door = `somebody whom RMS does not know gets another decision, ${means}: r`;
  const people = (may: string): string =>
    `2 people get another decision, ${means}, and ${may} may beside those who gain or lose: ann, bob`;
  const gain = (most: number): ImpactLimits => ({ ...limits, gain: { people: most, percent: undefined } });
  expect(exceeded(given, limits)).toEqual([door]);
  expect(exceeded(given, { ...limits, strangers: true })).toEqual([]);
  expect(exceeded(given, { ...gain(0), strangers: true })).toEqual([people("none")]);
  expect(exceeded(given, { ...gain(2), strangers: true })).toEqual([]);
  expect(exceeded(given, { ...lose(13), strangers: true })).toEqual([people("1 of 40")]);
  expect(exceeded(given, { ...lose(14), strangers: true })).toEqual([]);
  // Whoever bounds other decisions has said what becomes of these.
  expect(exceeded(given, { ...gain(0), changed: { people: 2, percent: undefined }, strangers: true })).toEqual([]);
});

test("of several entrypoints those are named by which somebody gains or loses", () => {
  const requests = [request, { ...request, entrypoint: "d/export", lost: 12 }];
  const watched = [{ role: "lead", people: 1, subjects: ["kim"] }];
  expect(exceeded({ ...impact, requests, watched }, { ...lose(0, 100), never: ["lead"] })).toEqual([
    "12 people lose by d/export, and none may: p0, p1, p2, p3, p4, p5, p6, p7, p8, p9 and 2 more",
    "1 person of the role lead gains or loses by d/export, and none may: kim",
  ]);
});
