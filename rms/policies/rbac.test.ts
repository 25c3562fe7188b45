// The rms.rbac library against a set computation: the same answers for random roles, members, times and questions.
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { checkModules } from "#analysis/rego/check.ts";
import { canonicalJson } from "#bundles/canonical-json.ts";
import { type Constraints, type DomainFacts, includedRoles, type RoleFacts, rmsDocument } from "#bundles/rms-data.ts";
import { compile } from "#compiler/compile.ts";
import { createInstance, type Instance } from "#evaluation/instance.ts";
import { parseModule } from "#grammars/rego/parse.ts";

const question = `package question

plain := data.rms.rbac.user_has_responsibility(input.user, input.action, input.resource)

bounded := data.rms.rbac.user_has_responsibility_for(input.user, input.action, input.resource, input.attributes)

roles := data.rms.rbac.roles(input.user)

why := data.rms.rbac.why(input.user, input.action, input.resource)

answer := {"plain": plain, "bounded": bounded, "roles": roles, "why": why}
`;

const instance = ((): Instance => {
  const library = readFileSync(new URL("rms/rbac.rego", import.meta.url), "utf8");
  const modules = [parseModule(library, { file: "rbac.rego" }), parseModule(question, { file: "question.rego" })];
  const { module, diagnostics } = compile(checkModules(modules), { entrypoints: ["question/answer"], build: "portable" });
  if (module === undefined) throw new Error(diagnostics[0]?.message);
  return createInstance(module, { now: () => 0n });
})();

interface Question {
  readonly user: string;
  readonly action: string;
  readonly resource: string;
  readonly attributes: Readonly<Record<string, unknown>>;
}

const users = ["ann", "O'Neil", "__proto__", "cn=bob,ou=x"];
const roleIds = ["clerk", "manager", "constructor"];
const actions = ["view", "approve", "*"];
const resources = ["orders", "orders/1", "orders/eu/1", "orders/*", "orders/eu/*", "ordersx/1", "*", ""];
const asOf = 1000;
const freshUntil = 2000;

const constraints: fc.Arbitrary<Constraints> = fc.record(
  {
    max: fc.record({ amount: fc.integer({ min: 0, max: 3 }) }),
    min: fc.record({ urgency: fc.integer({ min: 0, max: 3 }) }),
    in: fc.record({ currency: fc.subarray(["EUR", "USD"]) }),
  },
  { requiredKeys: [] },
);
const responsibility = fc
  .record({
    action: fc.constantFrom(...actions),
    resource: fc.constantFrom(...resources.filter((one) => one !== "")),
    bounds: fc.option(constraints, { nil: undefined }),
  })
  .map(({ action, resource, bounds }) => ({ action, resource, ...(bounds === undefined ? {} : { constraints: bounds }) }));
const time = fc.option(fc.integer({ min: 900, max: 2100 }), { nil: undefined });
const role = (id: string): fc.Arbitrary<RoleFacts> =>
  fc.record({
    id: fc.constant(id),
    includes: fc.subarray(roleIds),
    responsibilities: fc.array(responsibility, { maxLength: 4 }),
    members: fc.uniqueArray(
      fc.record({ subject: fc.constantFrom(...users), from: time, until: time }).map(({ subject, from, until }) => ({
        subject,
        ...(from === undefined ? {} : { from }),
        ...(until === undefined ? {} : { until }),
      })),
      { selector: (member) => member.subject, maxLength: 4 },
    ),
  });
const facts: fc.Arbitrary<DomainFacts> = fc.record({
  domain: fc.constant("shop"),
  roles: fc.tuple(...roleIds.map(role)),
  suspended: fc.subarray(users),
});
const asked: fc.Arbitrary<Question> = fc.record({
  user: fc.constantFrom(...users, "nobody"),
  action: fc.constantFrom(...actions, ""),
  resource: fc.constantFrom(...resources),
  attributes: fc.record(
    {
      amount: fc.constantFrom(0, 1, 2, 5, null, "1"),
      urgency: fc.constantFrom(0, 2, 5, null),
      currency: fc.constantFrom("EUR", "CHF", null),
    },
    { requiredKeys: [] },
  ),
});

/** What the library must answer, computed over sets of facts and not over the indexed layout. */
function expected(domain: DomainFacts, { user, action, resource, attributes }: Question, now: number): unknown {
  const fresh = now < freshUntil && now > asOf - 300;
  const held = domain.roles.filter(
    (one) =>
      fresh &&
      !domain.suspended.includes(user) &&
      one.members.some((member) => member.subject === user && now >= (member.from ?? 0) && now < (member.until ?? Infinity)),
  );
  const all = new Map(domain.roles.map((one) => [one.id, one]));
  const grantsOf = (id: string) =>
    includedRoles(id, all)
      .flatMap((included) => all.get(included)?.responsibilities ?? [])
      .filter((grant) => grant.action === action || grant.action === "*")
      .filter((grant) => covers(grant.resource, resource));
  const grants = held.flatMap((one) => grantsOf(one.id));
  const asks = action !== "*" && action !== "" && resource !== "";
  return {
    plain: asks && grants.some((grant) => Object.keys(grant.constraints ?? {}).length === 0),
    bounded: asks && grants.some((grant) => meets(grant.constraints ?? {}, attributes)),
    roles: sorted(held.flatMap((one) => includedRoles(one.id, all))),
    why:
      reason() ??
      sorted(held.flatMap((one) => grantsOf(one.id).map((grant) => `role:${one.id} grant:${grant.action} ${grant.resource}`))),
  };

  function reason(): readonly string[] | undefined {
    if (!fresh) return ["stale_data"];
    if (domain.suspended.includes(user)) return ["suspended"];
    if (!domain.roles.some((one) => one.members.some((member) => member.subject === user))) return ["unknown_user"];
    if (held.length === 0) return ["no_roles"];
    return asks && grants.length > 0 ? undefined : ["no_responsibility"];
  }
}

const sorted = (texts: readonly string[]): readonly string[] => [...new Set(texts)].sort();

function covers(granted: string, resource: string): boolean {
  if (granted === "*" || granted === resource) return true;
  return granted.endsWith("/*") && resource.startsWith(granted.slice(0, -1));
}

function meets({ max = {}, min = {}, in: choices = {} }: Constraints, attributes: Question["attributes"]): boolean {
  const number = (name: string): number => (typeof attributes[name] === "number" ? (attributes[name] as number) : Number.NaN);
  return (
    Object.entries(max).every(([name, limit]) => number(name) <= limit) &&
    Object.entries(min).every(([name, limit]) => number(name) >= limit) &&
    Object.entries(choices).every(([name, values]) => name in attributes && values.includes(attributes[name]))
  );
}

test("rms.rbac answers as the sets do", () => {
  fc.assert(
    fc.property(
      facts,
      fc.array(asked, { minLength: 1, maxLength: 8 }),
      fc.integer({ min: 600, max: 2100 }),
      (domain, questions, now) => {
        instance.setData(canonicalJson(new Map([["rms", rmsDocument(domain, { asOf, freshUntil, snapshot: 1 })]])));
        for (const one of questions) {
          const outcome = instance.evaluate("question/answer", JSON.stringify(one), { now: BigInt(now) * 1_000_000_000n });
          const answer =
            outcome.kind === "result" ? (JSON.parse(outcome.text) as { result: unknown }[])[0]?.result : outcome.error;
          expect(answer, `${JSON.stringify(one)} at ${now}`).toEqual(expected(domain, one, now));
        }
      },
    ),
    { numRuns: 300 },
  );
});
