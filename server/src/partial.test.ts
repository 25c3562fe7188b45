// What is left of a rule while documents are not known, for the rest of the input that the chosen sample has.
import { expect, test } from "vitest";
import type { PartialParams, PartialResult } from "#protocol/messages.ts";
import { connect, uri } from "./client.test-helper.ts";
import { evaluator } from "./evaluator.test-helper.ts";

const policy = `package loans

import data.limits

default allow := false

allow if {
	input.member.active
	count(input.member.loans) < limits[input.member.kind]
}

never if {
	input.member.active
	1 == 2
}

endless if {
	some i in numbers.range(1, 100000)
	some j in numbers.range(1, 100000)
	i * j == input.n
}
`;
const files = {
  "loans.rego": policy,
  "data.json": '{"limits": {"adult": 5}}',
  "inputs/ann.json": '{"member": {"active": true, "kind": "adult", "loans": []}}',
};

async function left(params: Omit<PartialParams, "uri">): Promise<PartialResult> {
  const client = await connect(files, { evaluator });
  return client.request<PartialResult>("rw/partial", { uri: uri("loans.rego"), ...params });
}

test("what may be unknown: the input, and what the rule reads", async () => {
  const at = { line: 6, character: 0 };
  expect(await left({ range: { start: at, end: at } })).toEqual({
    query: "data.loans.allow",
    possible: ["input", "data.limits", "input.member.active", "input.member.kind", "input.member.loans"],
    inputUsed: "ann.json",
  });
});

test("without the input its conditions are left, with a part of it those of that part", async () => {
  const text = async (unknowns: readonly string[], query = "data.loans.allow == true") => (await left({ query, unknowns })).text;
  expect(await text(["input"])).toBe(`# Query 1
input.member.active
"adult" = input.member.kind
count(input.member.loans) < 5
`);
  expect(await text(["input.member.kind"])).toBe('# Query 1\n"adult" = input.member.kind\n');
  expect(await text([])).toBe("# true: it always holds, whatever the unknown documents are\n");
  expect(await text(["input"], "data.loans.never")).toBe("# undefined: it never holds, whatever the unknown documents are\n");
});

test("what is wrong is said, and what takes too long ends", async () => {
  expect((await left({ query: "nope(1)", unknowns: ["input"] })).problem).toBe("undefined function nope");
  expect((await left({ query: "true", unknowns: ["time.now"] })).problem).toBe("time.now is no path of input or data");
  const start = performance.now();
  await left({ query: "data.loans.endless", unknowns: ["input"] });
  expect(performance.now() - start).toBeLessThan(15_000);
});
