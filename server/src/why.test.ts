// The text that tells why a rule is what it is, for the input that counts for it.
import { expect, test } from "vitest";
import type { WhyParams, WhyResult } from "#protocol/messages.ts";
import { connect, uri } from "./client.test-helper.ts";
import { evaluator } from "./evaluator.test-helper.ts";

const files = {
  "p.rego": 'package p\n\ndefault allow := false\n\nallow if input.role == "clerk"\n\nn := 1\n',
  "inputs/boss.json": '{"role": "boss"}',
};

async function why(params: Omit<WhyParams, "uri">, given: Record<string, string> = files): Promise<WhyResult> {
  const client = await connect(given, { evaluator, initialize: { capabilities: {} } });
  client.open("p.rego", given["p.rego"] ?? "");
  return client.request("rw/why", { uri: uri("p.rego"), ...params });
}

test("the rule at the cursor, its value and its clauses", async () => {
  const at = { line: 4, character: 3 };
  expect(await why({ range: { start: at, end: at } })).toEqual({
    query: "data.p.allow",
    inputUsed: "boss.json",
    text: 'p.allow = false\n\np.allow\n  ✓ p.rego:3 default\n  ✗ p.rego:5\n    ✗ input.role == "clerk"\n        input.role is "boss"',
  });
  expect((await why({ query: "data.p.allow", input: '{"role": "clerk"}' })).text).toBe(
    'p.allow = true\n\np.allow\n  ○ p.rego:3 default\n  ✓ p.rego:5\n    ✓ input.role == "clerk"',
  );
});

test("of a package each rule; of policies with errors the first one", async () => {
  expect((await why({})).text).toMatch(/^p = \{.*\}\n\np\.allow\n {2}✓ .*\n\n?.*p\.n\n {2}✓ p\.rego:7$/su);
  expect((await why({}, { "p.rego": "package p\n\nallow if nope(1)\n" })).text).toBe(
    "the policies have errors: p.rego:3: undefined function nope",
  );
});
