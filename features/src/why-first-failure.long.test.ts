// The expression that is named as the first failure is the one that matters: made true, its clause holds or fails further behind.
import fc from "fast-check";
import { expect, test } from "vitest";
import { type HeardMark, listenTo } from "#evaluation/heard-marks.ts";
import { finish } from "#grammars/text/steps.ts";
import { open } from "./fixture.test-helper.ts";
import { type HeardModule, tracedRule } from "./why.ts";
import type { WhyNode } from "./why-tree.ts";

const input = { a: 1, b: 2, c: "x", d: [1, 2, 3], e: { f: 4 } };

/** Each holds or fails by itself, whatever stands before it. */
const expressions = [
  ...[
    "input.a == 1",
    "input.a == 2",
    "input.b > 5",
    "input.b < 5",
    'input.c == "y"',
    "input.nope",
    "not input.a",
    "not input.nope",
  ],
  ...[
    "some i in input.d; i > 2",
    "some j in input.d; j > 3",
    "3 in input.d",
    "7 in input.d",
    "count(input.d) == 3",
    "q(input.b)",
    "r",
  ],
  ...["every k in input.d { k > 0 }", "every k in input.d { k > 1 }", "n := input.e.f; n > 9", 'startswith(input.c, "z")'],
];

const rules = "q(x) if x > 1\n\nr if {\n\tinput.a == 1\n\tinput.b == 3\n}\n";

async function told(body: readonly string[]): Promise<{ readonly clause: WhyNode; readonly at: number }> {
  const { project } = await open(`package p\n\nallow if {\n${body.map((line) => `\t${line}\n`).join("")}}\n\n${rules}`);
  const traced = finish(tracedRule(project, "data.p.allow"));
  if ("problem" in traced) throw new Error(traced.problem);
  const heard = ({ module, lookedAt }: HeardModule): readonly HeardMark[] => {
    const { instance, take } = listenTo(module, lookedAt, { now: () => 0n });
    instance.setData(project.data.json);
    instance.evaluate("p/allow", JSON.stringify(input));
    return take() ?? [];
  };
  const [rule] = traced.why(heard(traced.all), heard(traced.indexed), "");
  const clause = rule!.children[0]!;
  const rows = clause.children.filter(({ kind }) => kind === "expression");
  return { clause, at: rows.findIndex(({ isFirstFailure }) => isFirstFailure === true) };
}

test("the first failure, made true, changes its clause", { timeout: 120_000 }, async () => {
  const bodies = fc.uniqueArray(fc.constantFrom(...expressions), { minLength: 1, maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(bodies, async (body) => {
      const lines = body.flatMap((text) => (text.startsWith("every") ? [text] : text.split("; ")));
      const { clause, at } = await told(lines);
      expect(clause.mark === "failed").toBe(at >= 0);
      if (at < 0) return;
      const mended = await told(lines.with(at, lines[at]!.startsWith("some") ? "true" : "1 == 1"));
      expect(mended.clause.mark === "held" || mended.at > at).toBe(true);
    }),
    { numRuns: 200 },
  );
});
