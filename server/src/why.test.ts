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
  const { tree, ...told } = await why({ range: { start: at, end: at } });
  expect(told).toEqual({
    query: "data.p.allow",
    inputUsed: "boss.json",
    head: "p.allow = false",
    asked: { rule: "p.allow", value: "false" },
    text: 'p.allow = false\n\np.allow\n  ✓ p.rego:3 default\n  ✗ p.rego:5 — left out by the rule index\n    ✗ input.role == "clerk" — input.role is "boss"',
  });
  expect(tree?.[0]).toMatchObject({ kind: "rule", label: "p.allow", detail: "false" });
  expect(tree?.[0]?.children[1]?.children).toEqual([
    {
      kind: "expression",
      mark: "failed",
      label: 'input.role == "clerk"',
      detail: 'input.role is "boss"',
      says: { kind: "values", values: [{ title: "input.role", value: '"boss"' }] },
      isFirstFailure: true,
      uri: uri("p.rego"),
      range: { start: { line: 4, character: 9 }, end: { line: 4, character: 30 } },
      children: [],
    },
  ]);
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

test("of a set what can be asked about, and why something is in it or is not", async () => {
  const given = {
    "p.rego": 'package p\n\nnames contains x if {\n\tsome x in input.names\n\tx != "bob"\n}\n',
    "inputs/two.json": '{"names": ["ann", "bob"]}',
  };
  expect((await why({ query: "data.p.names" }, given)).members).toEqual(['"ann"']);
  expect((await why({ query: "data.p.names", member: "ann" }, given)).head).toBe('"ann" is in p.names');
  const { head, tree } = await why({ query: "data.p.names", member: "bob" }, given);
  expect(head).toBe('"bob" is not in p.names');
  expect(tree?.[0]?.children[0]?.children.map(({ kind, mark, detail }) => `${kind} ${mark} ${detail}`)).toEqual([
    'expression held x is "bob"',
    'expression failed x is "bob"',
    "nearest undefined 1 of 2 tries came so far",
  ]);
});

test("an expectation stands for its sample", async () => {
  const given = { ...files, "inputs/clerk.json": '{"role": "clerk"}', "inputs/clerk.expected.json": "{}" };
  const { inputUsed, head } = await why({ query: "data.p.allow", sample: uri("inputs/clerk.expected.json") }, given);
  expect([inputUsed, head]).toEqual(["clerk.json", "p.allow = true"]);
});
