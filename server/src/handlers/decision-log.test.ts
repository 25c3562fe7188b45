// A decision log over the wire: its decisions beside those of now, and samples made of chosen ones.
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import type { DecisionLogResult, LogSamplesResult } from "#protocol/decision-log.ts";
import { connect, uri } from "../client.test-helper.ts";
import { evaluator } from "../evaluator.test-helper.ts";

const event = (id: string, kind: string, result: boolean): string =>
  JSON.stringify({
    decision_id: id,
    path: "loans/allow",
    timestamp: "2026-01-02T03:04:05Z",
    input: { kind, member: { name: "Ann" } },
    result,
  });
const log = [event("aaaa-1", "novel", true), "no event", event("bbbb-2", "atlas", true), event("cccc-3", "atlas", false)].join(
  "\n",
);
const files = {
  "loans.rego": 'package loans\n\ndefault allow := false\n\nallow if input.kind == "novel"\n',
  "inputs/log-aaaa-1.json": '{"kind": "novel"}',
  "decisions.ndjson": log,
  "decisions.ndjson.gz": gzipSync(log),
  "empty.ndjson": "nothing\n",
};
const trusted = { evaluator, initialize: { initializationOptions: { rw: { trusted: true } } } };

test.each(["decisions.ndjson", "decisions.ndjson.gz"])("%s: what is decided otherwise comes first", async (name) => {
  const client = await connect(files, trusted);
  const found = await client.request<DecisionLogResult>("rw/decisionLog", { uri: uri("loans.rego"), log: uri(name) });
  if ("problem" in found) throw new Error(found.problem);
  expect(found.events.map(({ id, kind, logged, now }) => `${id} ${kind} ${logged} ${now}`)).toEqual([
    "bbbb-2 changed true false",
    "aaaa-1 same true true",
    "cccc-3 same false false",
  ]);
  expect(found.events[0]).toMatchObject({ path: "loans/allow", input: '{"kind":"atlas","member":{"name":"Ann"}}' });
  expect(found.all).toBe(3);
});

test("chosen ones become samples with what was decided, masked, under names that are free", async () => {
  const client = await connect(files, trusted);
  const samples = (more: object) =>
    client.request<LogSamplesResult>("rw/logSamples", {
      uri: uri("loans.rego"),
      log: uri("decisions.ndjson"),
      ids: ["aaaa-1", "bbbb-2"],
      masks: ["/input/member/name"],
      ...more,
    });
  const made = await samples({});
  if ("problem" in made) throw new Error(made.problem);
  expect(made.files.map((one) => one.uri)).toEqual([
    uri("inputs/log-aaaa-1-2.json"),
    uri("inputs/log-aaaa-1-2.expected.json"),
    uri("inputs/log-bbbb-2.json"),
    uri("inputs/log-bbbb-2.expected.json"),
  ]);
  expect(JSON.parse(made.files[2]?.text ?? "")).toEqual({ kind: "atlas", member: { name: "***" } });
  expect(JSON.parse(made.files[3]?.text ?? "")).toEqual({ decisions: { "data.loans.allow": { value: true } } });
  expect(await samples({ masks: ["/result"] })).toEqual({ problem: "/result is no place of the input: write /input/user/email" });
  expect(await samples({ ids: ["none"] })).toEqual({ problem: "none of these decisions has an input" });
});

test("what is no log says so, and nothing is decided without trust", async () => {
  const client = await connect(files, trusted);
  const ask = (name: string) => ({ uri: uri("loans.rego"), log: uri(name) });
  expect(await client.request("rw/decisionLog", ask("empty.ndjson"))).toEqual({
    problem: "the log holds no decision: events have a decision_id and a path",
  });
  expect(await client.request("rw/decisionLog", ask("none.ndjson"))).toEqual({
    problem: "the log is not there, or cannot be read",
  });
  const wary = await connect(files, { evaluator, initialize: { initializationOptions: { rw: { trusted: false } } } });
  expect(await wary.request("rw/decisionLog", ask("decisions.ndjson"))).toEqual({
    problem: "reading a decision log needs a trusted workspace",
  });
});
