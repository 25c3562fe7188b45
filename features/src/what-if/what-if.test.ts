// A policy and an input in; the changes of the input that make a rule true, each tried, out.
import { expect, test } from "vitest";
import { createInstance } from "#evaluation/instance.ts";
import { finish } from "#grammars/text/steps.ts";
import { dedent, open } from "../fixture.test-helper.ts";
import { changeText } from "./change.ts";
import { searchFor } from "./what-if.ts";

async function proposed(policy: string, input: unknown, path = "data.p.allow"): Promise<readonly string[]> {
  const { project } = await open(dedent(policy));
  const name = path.replace(/^data\./u, "").replaceAll(".", "/");
  const checked = finish(project.compilation.checkedSteps([name]));
  const compiled = project.compilation.module([name]);
  if ("problem" in checked || "problem" in compiled) throw new Error("the policy has errors");
  const instance = createInstance(compiled.module, { now: () => 0n });
  instance.setData(project.data.json);
  const holds = (json: string): boolean => {
    const outcome = instance.evaluate(name, json);
    return outcome.kind === "result" && outcome.text.trim() === '[{"result":true}]';
  };
  const search = searchFor(project, checked, path, JSON.stringify(input))!;
  const tries = search.tries();
  for (let step = tries.next(); step.done !== true; ) step = tries.next(step.value.map(holds));
  for (const { input: after } of search.proposals) expect(holds(after)).toBe(true);
  return search.proposals.map(({ changes }) => changes.map((change) => changeText(input, change)).join(" and "));
}

const head = "#- policy.rego\npackage p\n\ndefault allow := false\n\n";

test.each([
  ['allow if input.role == "boss"\n', { role: "clerk" }, ['input.role: "clerk" → "boss"']],
  ["allow if input.amount < 100\n", { amount: 500 }, ["input.amount: 500 → 99"]],
  ["allow if not input.amount < 100\n", { amount: 5 }, ["input.amount: 5 → 100"]],
  ['allow if "boss" in input.roles\n', { roles: ["clerk"] }, ['input.roles: with "boss"']],
  ['allow if {\n\tsome r in input.roles\n\tr == "boss"\n}\n', {}, ['input.roles: ["boss"]']],
  ["allow if not input.gone\n", { gone: true }, ["without input.gone"]],
  ["allow if input.user == input.owner\n", { user: "ann", owner: "bob" }, ['input.user: "ann" → "bob"']],
  [
    'allow if input.amount <= limit[input.role]\n\nlimit := {}\n\nallow if input.kind in {"a", "b"}\n',
    { kind: "c", amount: 1 },
    ['input.kind: "c" → "a"'],
  ],
  ["allow if within(input.age, 10)\n\nwithin(n, most) if n <= most\n", { age: 70 }, ["input.age: 70 → 10"]],
  [
    'allow if {\n\tinput.action == "pay"\n\tis_boss\n}\n\nis_boss if input.role == "boss"\n',
    { action: "view", role: "clerk" },
    ['input.action: "view" → "pay" and input.role: "clerk" → "boss"'],
  ],
  [
    "allow if {\n\tinput.a == 1\n\tinput.b == 2\n\tinput.c == 3\n\tinput.d == 4\n\tinput.e < 9\n}\n",
    { a: 0, e: 5, d: 4 },
    ["input.a: 0 → 1 and input.b: 2 and input.c: 3"],
  ],
  [
    "allow if {\n\tsome u in input.users\n\tu.level == 3\n}\n",
    { users: [{ level: 1 }, { level: 2 }] },
    ["input.users[0].level: 1 → 3", "input.users[1].level: 2 → 3"],
  ],
  ["allow if every u in input.users { u.ok }\n", { users: [{ ok: true }, { ok: false }] }, ["input.users[1].ok: false → true"]],
  ["allow if input.n * 7 == 3\n", { n: 1 }, []],
])("%s", async (rules, input, expected) => {
  expect(await proposed(head + rules, input)).toEqual(expect.arrayContaining(expected));
});

test("values come from base data and from other samples too", async () => {
  const files = `${head}allow if data.roles[input.role].may\n#- data.json\n{"roles": {"boss": {"may": true}, "clerk": {}}}\n`;
  expect(await proposed(files, { role: "clerk" })).toEqual(['input.role: "clerk" → "boss"']);
  const limits = '\n#- data.json\n{"limits": {"graz": 500, "vienna": 1000}}\n';
  const looked = "limit := data.limits[input.branch]\n\nallow if {\n\tinput.branch\n\tinput.amount <= limit\n}\n";
  expect(await proposed(head + looked + limits, { branch: "graz", amount: 700 })).toEqual([
    'input.branch: "graz" → "vienna"',
    "input.amount: 700 → 500",
  ]);
  const named = "most := input.limits.most\n\nallow if {\n\tlimit := most\n\tinput.amount <= limit\n}\n";
  expect(await proposed(head + named, { limits: { most: 5 }, amount: 7 })).toContain("input.amount: 7 → 5");
  const numbers = `${head}allow if input.amount < count(regex.split("", input.name))\n#- inputs/one.json\n{"amount": 1}\n`;
  expect(await proposed(numbers, { amount: 9, name: "bob" })).toContain("input.amount: 9 → 1");
  const sampled = `${head}allow if regex.match("^a+$", input.name)\n#- inputs/one.json\n{"name": "aaa"}\n`;
  expect(await proposed(sampled, { name: "b" })).toEqual(['input.name: "b" → "aaa"']);
});
