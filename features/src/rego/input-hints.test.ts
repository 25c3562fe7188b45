// Near misses of what samples show: keys that none has, strings that are nearly one of few values.
import { expect, test } from "vitest";
import { finish } from "#grammars/text/steps.ts";
import { dedent, draw, open } from "../fixture.test-helper.ts";
import { hoverIn } from "../reading.ts";
import { inputHints } from "./input-hints.ts";

const samples = `
    #- inputs/a.json
    {"action": "read", "user": "ann"}
    #- inputs/b.json
    {"action": "read", "user": "bob"}
    #- inputs/c.json
    {"action": "delete", "user": "eve"}
    #- inputs/d.json
    {"action": "delete", "user": "tom"}
`;

/** The hints about a body, each with its place. */
async function hints(body: string): Promise<readonly string[]> {
  const { project } = await open(dedent(`\n    #- p.rego\n    package p\n    allow if ${body}${samples}`));
  return finish(inputHints(project)).map((one) => `${draw(project, [one])}: ${one.message}`);
}

test("a key that no sample has, and one has nearly", async () => {
  expect(await hints("input.usre")).toEqual([
    'p.rego:2:16 "usre": `input.usre` is in none of the 4 samples: did you mean `user`?',
  ]);
});

test("a string that is nearly one of the few that samples have there", async () => {
  expect(await hints('input.action == "raed"')).toEqual([
    'p.rego:2:26 "\\"raed\\"": `"raed"` as `input.action` is in none of the 4 samples: did you mean `"read"`?',
  ]);
  expect(await hints('input.action != "delet"')).toHaveLength(1);
});

test.each(['input.action == "read"', 'input.action == "pay"', 'input.user == "anna"', '"input.action == \\"raed\\"" != ""'])(
  "%s is no near miss",
  async (body) => {
    expect(await hints(body)).toEqual([]);
  },
);

test("hover tells what the samples have in common where no schema is declared", async () => {
  const { project, file, offset } = await open(dedent(`\n    #- p.rego\n    package p\n    allow if input.act$0ion${samples}`));
  expect(hoverIn(project, file, offset)?.markdown).toContain('By the samples: one of `"delete"`, `"read"`');
});
