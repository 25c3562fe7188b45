// What tests reach, as the Test Explorer shows it: the expressions and heads of policies, in the client's positions.
import { expect, test } from "vitest";
import type { PolicyCoverage, Range, RunTestsResult } from "#protocol/messages.ts";
import { connect, uri } from "./client.test-helper.ts";
import { evaluator } from "./evaluator.test-helper.ts";

const textAt = (text: string, { start, end }: Range): string => {
  const lines = text.split("\n");
  const offset = ({ line, character }: Range["start"]): number =>
    lines.slice(0, line).join("\n").length + (line > 0 ? 1 : 0) + character;
  return text.slice(offset(start), offset(end));
};

async function covered(
  files: Record<string, string>,
  ids: readonly string[] = [],
): Promise<readonly PolicyCoverage[] | undefined> {
  const client = await connect(files, { evaluator, initialize: { capabilities: {} } });
  return (await client.request<RunTestsResult>("rw/runTests", { ids, coverage: true })).coverage;
}

test("what tests and expected decisions reach together, and what they do not", async () => {
  const policy = 'package p\n\nallow if {\n\tinput.a == "é😀"; input.b\n}\n\nallow if input.c\n\nnever if input.d\n';
  const found = await covered({
    "p.rego": policy,
    "p_test.rego": 'package p_test\n\nimport data.p\n\ntest_a if p.allow with input as {"a": "é😀", "b": true}\n',
    "inputs/x.json": '{"a": 1}',
    "inputs/x.expected.json": '{"decisions": {"data.p.allow": {"undefined": true}}}',
  });
  expect(found?.map((one) => one.uri)).toEqual([uri("p.rego")]);
  expect(found?.[0]?.covered.map((range) => textAt(policy, range))).toEqual(["allow", 'input.a == "é😀"', "input.b"]);
  expect(found?.[0]?.missing.map((range) => textAt(policy, range))).toEqual(["allow", "input.c", "never", "input.d"]);
});

test("nothing where it was not asked for, and nothing of policies that no test leads to", async () => {
  const client = await connect({ "p.rego": "package p\n" }, { evaluator, initialize: { capabilities: {} } });
  expect(await client.request("rw/runTests", { ids: [] })).toEqual({ outcomes: [] });
  expect(await covered({ "p.rego": "package p\n\nx := 1\n" })).toEqual([]);
});
