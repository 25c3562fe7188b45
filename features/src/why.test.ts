// Why a rule is what it is, for one input: what held, what failed and on what, what was not reached, and the rules behind it.
import { expect, test } from "vitest";
import { listenTo } from "#evaluation/heard-marks.ts";
import { finish } from "#grammars/text/steps.ts";
import { dedent, open } from "./fixture.test-helper.ts";
import { tracedRule } from "./why.ts";

async function why(policy: string, path: string, input: unknown): Promise<string> {
  const { project } = await open(dedent(policy));
  const traced = finish(tracedRule(project, path));
  if ("problem" in traced) return traced.problem;
  const { instance, take } = listenTo(traced.module, traced.lookedAt, { now: () => 0n });
  instance.setData(project.data.json);
  instance.evaluate(path.replace(/^data\./u, "").replaceAll(".", "/"), JSON.stringify(input));
  return traced.why(take() ?? []).join("\n");
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
              ✗ policy.rego:15
                ✗ "clerk" in input.roles
                    input.roles is ["boss"]
              ✗ policy.rego:17
                ✗ input.root
                    undefined
          ○ input.amount < limit
        ✗ policy.rego:11
          ✗ input.action == "view"
              input.action is "pay"
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
            p.denied
              ✓ policy.rego:5
                ✓ some x in input.xs
                ✓ big(x)
    `).trimEnd(),
  );
  expect(await why(policy, "data.p.denied", { xs: [1, 2] })).toBe(
    dedent(`
      p.denied
        ✗ policy.rego:5
          ✓ some x in input.xs
          ✗ big(x)
              x is 2
            p.big
              ✗ policy.rego:10
                ✗ n > 10
                    n is 2
    `).trimEnd(),
  );
  expect(await why(policy, "data.p.level", { n: 3 })).toBe(
    dedent(`
      p.level
        ✗ policy.rego:12
          ✗ input.n > 5
              input.n is 3
        ✓ else
          ✓ input.n > 1
    `).trimEnd(),
  );
});
