// A test of one decision: it says what was decided, for the whole input, and stands where the tests of the package stand.
import { expect, test } from "vitest";
import type { CreateTestResult } from "#protocol/messages.ts";
import { connect, uri } from "../client.test-helper.ts";
import { evaluator } from "../evaluator.test-helper.ts";

const policy = [
  "package p",
  "",
  "default allow := false",
  "",
  'allow if input.user == "ann"',
  "",
  'deny contains "late" if input.hour > 20',
  "",
  'limit := {"n": input.hour * 2} if input.hour',
  "",
  "both := 1 if input.user",
  "",
  "both := 2 if input.hour",
  "",
].join("\n");

const files = {
  "p.rego": policy,
  "inputs/ann.json": '{"user": "ann"}',
  "inputs/late-bob.json": '{"user": "bob", "hour": 22}',
};

/** What is written, and the line that the reader goes on at; or the problem. */
async function written(query: string, sample: string, more: Record<string, string> = {}): Promise<string> {
  const client = await connect({ ...files, ...more }, { evaluator });
  const applied: string[] = [];
  const params = { uri: uri("p.rego"), query: `data.p.${query}`, sample: uri(`inputs/${sample}`), profile: null };
  const result = await client.request<CreateTestResult>("rw/createTest", params);
  if ("problem" in result) return result.problem;
  const edit = client.notifications.get("workspace/applyEdit")?.at(-1) as {
    edit: { documentChanges: readonly { edits?: readonly { newText: string }[] }[] };
  };
  for (const change of edit.edit.documentChanges) applied.push(...(change.edits ?? []).map(({ newText }) => newText));
  return applied.join("");
}

const head = "package p_test\n\nimport data.p\n\n";

test.each([
  ["allow", "ann.json", 'test_allow_ann if {\n\tp.allow with input as {"user": "ann"}\n}\n'],
  ["allow", "late-bob.json", 'test_allow_late_bob if {\n\tp.allow == false with input as {"user": "bob", "hour": 22}\n}\n'],
  ["deny", "ann.json", 'test_deny_ann if {\n\tp.deny == set() with input as {"user": "ann"}\n}\n'],
  ["deny", "late-bob.json", 'test_deny_late_bob if {\n\tp.deny == {"late"} with input as {"user": "bob", "hour": 22}\n}\n'],
  ["limit", "ann.json", 'test_limit_ann if {\n\tnot p.limit with input as {"user": "ann"}\n}\n'],
  ["limit", "late-bob.json", 'test_limit_late_bob if {\n\tp.limit == {"n": 44} with input as {"user": "bob", "hour": 22}\n}\n'],
])("%s for %s", async (query, sample, text) => {
  expect(await written(query, sample)).toBe(head + text);
});

test("a name that is taken gets a number; an error is no decision to test", async () => {
  const taken = { "p_test.rego": `${head}test_allow_ann if p.allow\n` };
  expect(await written("allow", "ann.json", taken)).toContain("test_allow_ann_2 if {");
  expect(await written("both", "late-bob.json")).toBe("no test can be created for p.both: it ends with an error");
  expect(await written("nothing", "ann.json")).toMatch(/^no test can be created for p\.nothing: it needs a rule/u);
});
