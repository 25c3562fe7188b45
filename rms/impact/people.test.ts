// People in classes: by the roles that hold now, unless a policy can tell them apart otherwise.
import { expect, test } from "vitest";
import { asksForRolesAlone, namedTexts, peopleClasses } from "./people.ts";

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

test.each<[asks: boolean, text: string]>([
  [true, "package a\n\nimport data.rms.rbac\n\nallow if rbac.user_has_role(input.user, data.roles.boss)"],
  [true, "package a\n\n# data.rms.user\nallow if data.rms.rbac.fresh"],
  [false, "allow if data.rms.user.attr(input.user, `x`)"],
  [false, "allow if data.rms.data.users[input.user]"],
  [false, "allow if data[input.what]"],
  [false, "import data.rms\n\nallow if rms.rbac.fresh"],
  [true, "allow if {\n\trbac.user_has_responsibility(\n\t\tinput.user,\n\t\tinput.action,\n\t\tinput.on,\n\t)\n}"],
  [false, 'allow if startswith(input.user, "ext-")'],
  [false, "allow if rbac.user_has_role(input.user, input.user)"],
  [false, 'allow if rbac.user_has_role(input["user"], "x")'],
  [false, "allow if f(input)"],
  [false, "import input.user as u\n\nallow if rbac.user_has_role(u, `x`)"],
  [false, "allow if rbac.user_has_role(input.user.id, `x`)"],
  [false, "import data.orders.rbac\n\nallow if rbac.odd(input.user)"],
  [false, "import data.orders.odd as rbac\n\nallow if rbac.odd(input.user)"],
  [false, "allow if rbac.fresh with time.now_ns as 1"],
])("roles alone: %s %j", (asks, text) => {
  expect(asksForRolesAlone([text], ["/user"])).toBe(asks);
});

test("what holds who asks is not handed on, and what stands beside is", () => {
  expect(asksForRolesAlone(["allow if rbac.user_has_role(input.user.id, input.user.wish)"], ["/user/id"])).toBe(true);
  expect(asksForRolesAlone(["allow if f(input.user)"], ["/user/id"])).toBe(false);
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
