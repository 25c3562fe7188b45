// People in classes: by the roles that hold now, and by names.
import { expect, test } from "vitest";
import { namedTexts, peopleClasses } from "./people.ts";

const role = (id: string, ...members: readonly (string | { subject: string; from?: number; until?: number })[]) => ({
  id,
  includes: [],
  responsibilities: [],
  members: members.map((one) => (typeof one === "string" ? { subject: one } : one)),
});
const facts = {
  domain: "d",
  roles: [
    role("clerk", "ann", "bob", { subject: "gus", until: 10 }),
    role("lead", "bob", { subject: "ann", from: 200 }, { subject: "tom", from: 5, until: 200 }),
  ],
  suspended: ["eve"],
  attributes: { ann: {}, zoe: { office: "Rome" }, yan: {} },
};
const options = { now: 100, each: false, named: new Set<string>() };
const shown = (more: Partial<typeof options> = {}): readonly string[] =>
  peopleClasses(facts, { ...options, ...more }).map(({ roles, subjects }) => `${roles.join("+")}: ${subjects.join(" ")}`);

test("equal roles make a class, the largest first; who is suspended is apart", () => {
  expect(shown()).toEqual([": gus yan zoe", "clerk: ann", "clerk+lead: bob", ": eve", "lead: tom"]);
});

test("whom a policy names is a class of their own, and with `each` everybody is", () => {
  expect(shown({ named: new Set(["yan"]) })).toEqual([
    ": gus zoe",
    "clerk: ann",
    "clerk+lead: bob",
    ": eve",
    "lead: tom",
    ": yan",
  ]);
  expect(shown({ each: true })).toHaveLength(7);
});

test("decided one by one, everybody's turn comes after the first of each combination of roles", () => {
  const many = { domain: "d", roles: [role("a", "a1", "a2", "a3"), role("b", "b1")], suspended: [] };
  const people = peopleClasses(many, { ...options, each: true });
  expect(people.map(({ subjects }) => subjects[0])).toEqual(["a1", "b1", "a2", "a3"]);
});

test("texts in quotes", () => {
  expect([...namedTexts(['allow if input.user in {"ann", "b\\u006fb"}', "x := `raw`", '{"eve": 1}'])]).toEqual([
    "ann",
    "bob",
    "raw",
    "eve",
  ]);
});
