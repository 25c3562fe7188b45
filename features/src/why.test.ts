// Why a rule is what it is, for one input: what held, what failed and on what, what was not reached, and the rules behind it.
import { expect, test } from "vitest";
import { type HeardMark, listenTo } from "#evaluation/heard-marks.ts";
import { finish } from "#grammars/text/steps.ts";
import { dedent, open } from "./fixture.test-helper.ts";
import { type HeardModule, tracedRule } from "./why.ts";
import { whyLines } from "./why-text.ts";

async function why(policy: string, path: string, input: unknown, member?: string): Promise<string> {
  const { project } = await open(dedent(policy));
  const traced = finish(tracedRule(project, path, member));
  if ("problem" in traced) return traced.problem;
  const heard = (one: HeardModule): readonly HeardMark[] => {
    const { instance, take } = listenTo(one.module, one.lookedAt, { now: () => 0n });
    instance.setData(project.data.json);
    instance.evaluate(path.replace(/^data\./u, "").replaceAll(".", "/"), JSON.stringify(input));
    return take() ?? [];
  };
  return whyLines(traced.why(heard(traced.all), heard(traced.indexed), "")).join("\n");
}

test("the clauses of a rule, with the values that an expression failed on, and the rules that it asked", async () => {
  expect(
    await why(
      `
      package p

      default allow := false

      allow if {
      	input.action == "pay"
      	is_clerk
      	input.amount < limit
      }

      allow if input.action == "view"

      limit := 10

      is_clerk if "clerk" in input.roles

      is_clerk if input.root
      `,
      "data.p.allow",
      { action: "pay", roles: ["boss"], amount: 3 },
    ),
  ).toBe(
    dedent(`
      p.allow
        ✓ policy.rego:3 default
        ✗ policy.rego:5
          ✓ input.action == "pay"
          ✗ is_clerk
            p.is_clerk
              ✗ policy.rego:15 — left out by the rule index
                ✗ "clerk" in input.roles — input.roles is ["boss"]
              ✗ policy.rego:17 — left out by the rule index
                ✗ input.root — undefined
          ○ input.amount < limit
        ✗ policy.rego:11 — left out by the rule index
          ✗ input.action == "view" — input.action is "pay"
    `).trimEnd(),
  );
});

test("a rule is named as it is written where it is asked, whatever another name begins with", async () => {
  const policy = `
    package p

    allow if not deny_reason

    deny_reason if some _ in deny

    deny contains "x" if input.b
  `;
  expect(await why(policy, "data.p.allow", { b: true })).toBe(
    dedent(`
      p.allow
        ✗ policy.rego:3
          ✗ not deny_reason
            p.deny_reason = true
              ✓ policy.rego:5
                ✓ some _ in deny — _ is "x"
    `).trimEnd(),
  );
});

test("a rule that holds, one whose negation fails, branches of else, and functions with what they were given", async () => {
  const policy = `
    package p

    allow if not denied

    denied if {
    	some x in input.xs
    	big(x)
    }

    big(n) if n > 10

    level := "a" if input.n > 5 else := "b" if input.n > 1
  `;
  expect(await why(policy, "data.p.allow", { xs: [1, 20] })).toBe(
    dedent(`
      p.allow
        ✗ policy.rego:3
          ✗ not denied
            p.denied = true
              ✓ policy.rego:5
                ✓ some x in input.xs — x is 20
                ✓ big(x) — x is 20
    `).trimEnd(),
  );
  expect(await why(policy, "data.p.denied", { xs: [1, 2] })).toBe(
    dedent(`
      p.denied
        ✗ policy.rego:5
          ✓ some x in input.xs — x is 2
          ✗ big(x) — x is 2
            p.big
              ✗ policy.rego:10
                ✗ n > 10 — n is 2
          nearest: x is 2 — 2 tries came so far
    `).trimEnd(),
  );
  expect(await why(policy, "data.p.level", { n: 3 })).toBe(
    dedent(`
      p.level
        ✗ policy.rego:12
          ✗ input.n > 5 — input.n is 3
        ✓ else
          ✓ input.n > 1 — input.n is 3
    `).trimEnd(),
  );
});

const team = `
  package p

  names contains "root"

  names contains x.name if {
  	some x in input.users
  	x.age > 17
  	not x.gone
  }

  ages[x.name] := x.age if some x in input.users

  allow if {
  	some x in input.users
  	x.age > 17
  	x.level == 3
  }
`;
const users = {
  users: [
    { name: "ann", age: 20, level: 1 },
    { name: "bob", age: 9, level: 3 },
    { name: "eve", age: 30, gone: true, level: 2 },
  ],
};

test.each(["ann", '"root"', "bob", "eve", "zoe", "7"])("why %s is in a set, or is not", async (member) => {
  expect(await why(team, "data.p.names", users, member)).toMatchSnapshot();
});

test("why a key is in an object, or is not; which element came nearest", async () => {
  expect(await why(team, "data.p.ages", users, "bob")).toMatchInlineSnapshot(`
    "p.ages
      ✓ policy.rego:11
        ✓ some x in input.users — x is {"age": 9, "level": 3, "name": "bob"}
        ✓ gives x.name"
  `);
  expect(await why(team, "data.p.ages", users, "zoe")).toMatchInlineSnapshot(`
    "p.ages
      ✗ policy.rego:11
        ✓ some x in input.users — x is {"age": 30, "gone": true, "level": 2, "name": "eve"}
        ✗ gives x.name — is not "zoe" in 3 tries"
  `);
  expect(await why(team, "data.p.allow", users)).toMatchInlineSnapshot(`
    "p.allow
      ✗ policy.rego:13
        ✓ some x in input.users — x is {"age": 30, "gone": true, "level": 2, "name": "eve"}
        ✓ x.age > 17 — x.age is 30
        ✗ x.level == 3 — x.level is 2
        nearest: x is {"age": 30, "gone": true, "level": 2, "name": "eve"} — 2 of 3 tries came so far"
  `);
});

test("clauses that the rule index leaves out are named", async () => {
  const policy = `
    package p

    allow if {
    	input.role == "clerk"
    	input.n > 1
    }

    allow if {
    	input.role == "boss"
    	input.n > 5
    }
  `;
  expect(await why(policy, "data.p.allow", { role: "boss", n: 3 })).toMatchInlineSnapshot(`
    "p.allow
      ✗ policy.rego:3 — left out by the rule index
        ✗ input.role == "clerk" — input.role is "boss"
        ○ input.n > 1
      ✗ policy.rego:8
        ✓ input.role == "boss"
        ✗ input.n > 5 — input.n is 3"
  `);
});

test("a function that is called several times is told for each call apart", async () => {
  const policy = `
    package p

    allow if {
    	within(input.amount, 100)
    	within(input.age, 10)
    }

    sum if score(input.a) + score(input.b) > 10

    none if {
    	within(input.amount, 100)
    	not within(input.amount, 100)
    }

    within(n, limit) if n < limit

    score(n) := n if n < 5

    score(n) := 5 if {
    	n >= 5
    	n < 100
    }
  `;
  expect(await why(policy, "data.p.allow", { amount: 5, age: 70 })).toBe(
    dedent(`
      p.allow
        ✗ policy.rego:3
          ✓ within(input.amount, 100) — input.amount is 5
          ✗ within(input.age, 10) — input.age is 70
            p.within
              ✗ policy.rego:15
                ✗ n < limit — n is 70, limit is 10
    `).trimEnd(),
  );
  expect(await why(policy, "data.p.sum", { a: 1, b: 7 })).toBe(
    dedent(`
      p.sum
        ✗ policy.rego:8
          ✗ score(input.a) + score(input.b) > 10 — score(input.a) is 1, score(input.a) + score(input.b) is 6, input.a is 1, score(input.b) is 5, input.b is 7
            p.score(1)
              ✓ policy.rego:17
                ✓ n < 5 — n is 1
              ○ policy.rego:19
                ○ n >= 5
                ○ n < 100
            p.score(7)
              ✗ policy.rego:17
                ✗ n < 5 — n is 7
              ✓ policy.rego:19
                ✓ n >= 5 — n is 7
                ✓ n < 100 — n is 7
    `).trimEnd(),
  );
  expect(await why(policy, "data.p.none", { amount: 5 })).toBe(
    dedent(`
      p.none
        ✗ policy.rego:10
          ✓ within(input.amount, 100) — input.amount is 5
          ✗ not within(input.amount, 100) — input.amount is 5
            p.within
              ✓ policy.rego:15
                ✓ n < limit — n is 5, limit is 100
    `).trimEnd(),
  );
});
