// The thread that evaluates, where it cannot be told to give up.
import { expect, test } from "vitest";
import { checkModules } from "#analysis/rego/check.ts";
import { compile } from "#compiler/compile.ts";
import { parseModule } from "#grammars/rego/parse.ts";
import { answerRequest } from "./evaluation-jobs.ts";

test("a job that takes longer than its limit says where it was", () => {
  const text = `package slow

xs := numbers.range(1, 2000)

r if {
	some a in xs
	some b in xs
	some c in xs
	some d in xs
	a < b
	b < c
	c < d
	d < a
}
`;
  const { module } = compile(checkModules([parseModule(text, { file: "slow.rego" })]), { entrypoints: ["slow/r"] });
  const reply = answerRequest(
    {
      id: 1,
      key: "slow",
      module,
      dataKey: "none",
      data: "{}",
      questions: [{ entrypoint: "slow/r", input: undefined, mocks: undefined }],
      now: 0n,
      limit: 300,
      forget: [],
    },
    undefined,
  );
  expect(reply).toEqual({ id: 1, answer: { stoppedAt: { file: "slow.rego", row: 5, col: 1 } } });
});
