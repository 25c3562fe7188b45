// Of random clauses every proposal makes the rule true, and none of its changes can be left out.
import fc from "fast-check";
import { expect, test } from "vitest";
import { createInstance } from "#evaluation/instance.ts";
import { finish } from "#grammars/text/steps.ts";
import { open } from "../fixture.test-helper.ts";
import { changedBy } from "./change.ts";
import { searchFor } from "./what-if.ts";

const input = { a: 1, b: 2, c: "x", d: [1, 2, 3], e: { f: 4 }, gone: true };

const expressions = [
  ...["input.a == 2", "input.b > 5", 'input.c == "y"', "input.nope", "not input.gone", "3 in input.d", "7 in input.d"],
  ...[
    "input.e.f < 4",
    "some x in input.d; x > 3",
    "q(input.b)",
    "r",
    "not input.a == 1",
    'input.c in {"y", "z"}',
    "input.a == input.b",
  ],
  ...["every k in input.d { k > 1 }", "input.e.g.h == [1]", "input.b != 2", "data.roles[input.role].may"],
];
const rules = "q(x) if x > 3\n\nr if {\n\tinput.a == 2\n\tinput.b == 3\n}\n\nr if input.root\n";

async function searched(bodies: readonly (readonly string[])[]) {
  const clauses = bodies.map((body) => `allow if {\n${body.map((line) => `\t${line.replaceAll("; ", "\n\t")}\n`).join("")}}\n`);
  const data = '#- data.json\n{"roles": {"boss": {"may": true}, "clerk": {}}}\n';
  const { project } = await open(`#- p.rego\npackage p\n\n${clauses.join("\n")}\n${rules}${data}`);
  const checked = finish(project.compilation.checkedSteps(["p/allow"]));
  const compiled = project.compilation.module(["p/allow"]);
  if ("problem" in checked || "problem" in compiled) throw new Error("the policy has errors");
  const instance = createInstance(compiled.module, { now: () => 0n });
  instance.setData(project.data.json);
  const holds = (json: string): boolean => {
    const outcome = instance.evaluate("p/allow", json);
    return outcome.kind === "result" && outcome.text.trim() === '[{"result":true}]';
  };
  if (holds(JSON.stringify(input))) return { proposals: [], holds, isTrue: true };
  const search = searchFor(project, checked, "data.p.allow", JSON.stringify(input))!;
  const tries = search.tries();
  for (let step = tries.next(); step.done !== true; ) step = tries.next(step.value.map(holds));
  return { proposals: search.proposals, holds, isTrue: false };
}

test("proposals make the rule true, and no less does", { timeout: 240_000 }, async () => {
  const body = fc.uniqueArray(fc.constantFrom(...expressions), { minLength: 1, maxLength: 4 });
  let asked = 0;
  let found = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(body, { minLength: 1, maxLength: 2 }), async (bodies) => {
      const { proposals, holds, isTrue } = await searched(bodies);
      if (!isTrue) asked += 1;
      if (proposals.length > 0) found += 1;
      for (const { changes, input: after } of proposals) {
        expect(holds(after)).toBe(true);
        for (const left of changes) {
          const fewer = changedBy(
            input,
            changes.filter((one) => one !== left),
          );
          if (fewer !== undefined) expect(holds(JSON.stringify(fewer.input))).toBe(false);
        }
      }
    }),
    { numRuns: 150, seed: 8 },
  );
  // Some clauses contradict themselves; of the others most have an answer.
  expect(found / asked).toBeGreaterThan(0.95);
});
