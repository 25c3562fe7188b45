// An evaluation told line by line, and what it reaches.
import { expect, test } from "vitest";
import type { CoverageResult, EvaluateParams, TellParams, TellResult } from "#protocol/messages.ts";
import { connect, uri } from "./client.test-helper.ts";
import { evaluator } from "./evaluator.test-helper.ts";

const files = {
  "p.rego": `package p

default allow := false

allow if {
	some role in input.roles
	role == "clerk"
}

deny if {
	input.blocked
	input.role == "x"
}
`,
  "inputs/boss.json": '{"roles": ["boss", "clerk"]}',
};

async function ask<T>(method: string, params: Omit<TellParams, "uri" | "how"> | Omit<EvaluateParams, "uri">): Promise<T> {
  const client = await connect(files, { evaluator, initialize: { capabilities: {} } });
  client.open("p.rego", files["p.rego"]);
  return client.request(method, { uri: uri("p.rego"), ...params });
}

test("a trace, as the command line prints it, and the place of each line", async () => {
  const how = { how: "trace" } as const;
  const { lines, isCut, value } = await ask<TellResult>("rw/tell", { ...how, query: "data.p.allow" });
  expect(value).toBe("true");
  expect(isCut).toBe(false);
  expect(lines.map(({ text }) => text).join("\n")).toMatchInlineSnapshot(`
    "query:1   Enter data.p.allow = _
    query:1   | Eval data.p.allow = _
    query:1   | Index data.p.allow (matched 1 rule, early exit)
    p.rego:5  | Enter data.p.allow
    p.rego:6  | | Eval role = input.roles[__local0__]
    p.rego:7  | | Eval role = "clerk"
    p.rego:7  | | Fail role = "clerk"
    p.rego:6  | | Redo role = input.roles[__local0__]
    p.rego:7  | | Eval role = "clerk"
    p.rego:5  | | Exit data.p.allow early
    query:1   | Exit data.p.allow = _
    query:1   Redo data.p.allow = _
    query:1   | Redo data.p.allow = _
    p.rego:5  | Redo data.p.allow
    p.rego:7  | | Redo role = "clerk"
    p.rego:6  | | Redo role = input.roles[__local0__]"
  `);
  const at = lines.find(({ text }) => text.includes('Fail role = "clerk"'));
  expect(at).toMatchObject({ uri: uri("p.rego"), line: 6, depth: 2 });
  expect(lines[0]?.uri).toBe(undefined);
});

test("a profile: a row for each line of a policy, with its text", async () => {
  const how = { how: "profile" } as const;
  const { lines } = await ask<TellResult>("rw/tell", { ...how, query: "data.p.allow" });
  const rows = lines.map(({ text }) =>
    text
      .replace(/[\d.]+ ms/u, "T")
      .trim()
      .replace(/ +/gu, " "),
  );
  expect([rows[0], ...rows.slice(1).sort()].join("\n")).toMatchInlineSnapshot(`
    "time evals redos exprs place text
    T 1 1 1 query data.p.allow
    T 1 2 1 p.rego:6 some role in input.roles
    T 2 1 1 p.rego:7 role == "clerk""
  `);
  expect(lines.filter(({ line }) => line === 6)).toMatchObject([{ uri: uri("p.rego") }]);
});

test("what is reached, what is not, and what the rule index leaves out", async () => {
  const { policies, value } = await ask<CoverageResult>("rw/coverage", { query: "[allow, deny]" });
  expect(value).toBe(undefined);
  const lines = (of: "covered" | "missing" | "excluded") =>
    policies.map(
      (one) =>
        `${of}: ${one[of].map(({ start, end }) => `${start.line}:${start.character}-${end.line}:${end.character}`).join(" ")}`,
    );
  expect([...lines("covered"), ...lines("missing"), ...lines("excluded")].join("\n")).toMatchInlineSnapshot(`
    "covered: 4:0-4:5 5:1-5:25 6:1-6:16
    missing: 2:0-2:7 2:8-2:22 9:0-9:4 11:1-11:18
    excluded: 10:1-10:14"
  `);
});

test("a query that cannot be evaluated says so once", async () => {
  const asked = { how: "trace", query: "data.p.allow ==" } as const;
  const { error, lines } = await ask<TellResult>("rw/tell", asked);
  expect(error).toMatch(/unexpected/u);
  expect(lines).toEqual([]);
});
