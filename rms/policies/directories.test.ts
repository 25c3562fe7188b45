// The rms.ldap, rms.ad, rms.mail and rms.user libraries against sets: the same answers for random groups, lists and managers.
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { checkModules } from "#analysis/rego/check.ts";
import { canonicalJson } from "#bundles/canonical-json.ts";
import { rmsDocument } from "#bundles/rms-data.ts";
import { compile } from "#compiler/compile.ts";
import { createInstance, type Instance } from "#evaluation/instance.ts";
import { parseModule } from "#grammars/rego/parse.ts";

const question = `package question

answer := {
	"ldap": data.rms.ldap.user_in_group(input.user, input.group),
	"ad": data.rms.ad.user_in_group(input.user, input.group),
	"mail": data.rms.mail.user_in_list(input.user, input.group),
	"reports": data.rms.user.reports_to(input.user, input.other),
	"span": data.rms.user.span(input.user),
	"manager": object.get({"known": m | m := data.rms.user.attr(input.user, "manager")}, "known", "none"),
}
`;

const instance = ((): Instance => {
  const names = ["rbac", "ldap", "ad", "mail", "user"];
  const library = names.map((name) => ({ name, text: readFileSync(new URL(`rms/${name}.rego`, import.meta.url), "utf8") }));
  const modules = [...library, { name: "question", text: question }].map(({ name, text }) =>
    parseModule(text, { file: `${name}.rego` }),
  );
  const { module, diagnostics } = compile(checkModules(modules), { entrypoints: ["question/answer"] });
  if (module === undefined) throw new Error(diagnostics[0]?.message);
  return createInstance(module, { now: () => 0n });
})();

const users = ["ann", "bob", "O'Neil", "__proto__", "cn=zoe,ou=x"];
/** Some are the same name in another case. */
const groups = ["Sales", "SALES", "sales", "CN=Ops,DC=ex", "Straße", "ΟΔΟΣ", "İzmir", "constructor"];
const kinds = ["ldap", "ad", "mail"] as const;
const directory = fc
  .array(fc.record({ name: fc.constantFrom(...groups), members: fc.subarray(users) }), { maxLength: 4 })
  .map((entries) => ({ groups: Object.fromEntries(entries.map(({ name, members }) => [name, members])) }));
const attributes = fc
  .array(
    fc.record({ user: fc.constantFrom(...users), manager: fc.option(fc.constantFrom(...users, "boss"), { nil: undefined }) }),
  )
  .map((entries) => Object.fromEntries(entries.map(({ user, manager }) => [user, manager === undefined ? {} : { manager }])));
const facts = fc.record({
  domain: fc.constant("shop"),
  roles: fc.constant([]),
  suspended: fc.constant([]),
  directories: fc.record({ ldap: directory, ad: directory, mail: directory }),
  attributes,
});
const asked = fc.record({
  user: fc.constantFrom(...users, "boss", "nobody"),
  other: fc.constantFrom(...users, "boss"),
  group: fc.constantFrom(...groups, "other"),
});
type Facts = typeof facts extends fc.Arbitrary<infer Drawn> ? Drawn : never;

/** As OPA's `lower`: `İ` becomes one `i`, and the last `Σ` of a word is like any other. */
const fold = (name: string): string => Array.from(name, (point) => (point === "İ" ? "i" : point.toLowerCase())).join("");

function expected(
  { directories, attributes: known }: Facts,
  { user, other, group }: { user: string; other: string; group: string },
  fresh: boolean,
): unknown {
  const member = (kind: (typeof kinds)[number]): boolean =>
    fresh &&
    Object.entries(directories[kind].groups).some(([name, members]) => fold(name) === fold(group) && members.includes(user));
  const managerOf = (one: string): string | undefined => (Object.hasOwn(known, one) ? known[one]?.manager : undefined);
  const above = (one: string): ReadonlySet<string> => {
    const found = new Set<string>();
    for (let next = managerOf(one); next !== undefined && !found.has(next); next = managerOf(next)) found.add(next);
    found.delete(one);
    return found;
  };
  return {
    ldap: member("ldap"),
    ad: member("ad"),
    mail: member("mail"),
    reports: fresh && above(user).has(other),
    span: fresh ? Object.keys(known).filter((one) => above(one).has(user)).length : 0,
    manager: (fresh ? managerOf(user) : undefined) ?? "none",
  };
}

test("groups, lists and managers answer as the sets do", () => {
  fc.assert(
    fc.property(facts, fc.array(asked, { minLength: 1, maxLength: 6 }), fc.boolean(), (drawn, questions, fresh) => {
      instance.setData(canonicalJson(new Map([["rms", rmsDocument(drawn, { asOf: 1000, freshUntil: 2000, snapshot: 1 })]])));
      for (const one of questions) {
        const outcome = instance.evaluate("question/answer", JSON.stringify(one), {
          now: fresh ? 1500_000_000_000n : 2000_000_000_000n,
        });
        const answer = outcome.kind === "result" ? (JSON.parse(outcome.text) as { result: unknown }[])[0]?.result : outcome.error;
        expect(answer, JSON.stringify(one)).toEqual(expected(drawn, one, fresh));
      }
    }),
    { numRuns: 300 },
  );
});
