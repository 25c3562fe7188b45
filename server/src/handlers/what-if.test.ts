// What would make a rule true, over the wire: proposals that were tried, and one that is applied to the sample.
import { expect, test } from "vitest";
import type * as messages from "#protocol/messages.ts";
import { connect, richCapabilities, uri } from "../client.test-helper.ts";
import { evaluator } from "../evaluator.test-helper.ts";

const policy = `package p

default allow := false

allow if {
	input.role == "boss"
	input.amount < 100
}

names contains x if some x in input.names
`;

async function start(files: Record<string, string>) {
  const client = await connect({ "p.rego": policy, ...files }, { evaluator, initialize: { capabilities: richCapabilities } });
  client.open("p.rego", policy);
  await client.diagnostics("p.rego");
  const asked = (more: object): object => ({ uri: uri("p.rego"), query: "data.p.allow", ...more });
  return {
    whatIf: (more: object = {}): Promise<messages.WhatIfResult> => client.request("rw/whatIf", asked(more)),
    apply: (more: object): Promise<messages.ApplyWhatIfResult> => client.request("rw/applyWhatIf", asked(more)),
    edits: (): string => JSON.stringify(client.notifications.get("workspace/applyEdit") ?? []),
  };
}

test("two changes that together make a rule true, applied to the sample", async () => {
  const { whatIf, apply, edits } = await start({ "inputs/a.conf": "role = clerk\namount = 500\n" });
  const { proposals, sample, isCut } = await whatIf();
  expect([sample, isCut]).toEqual(["a.conf", false]);
  expect(proposals[0]).toEqual([
    { kind: "set", path: ["role"], value: "boss", name: "input.role", before: "clerk" },
    { kind: "set", path: ["amount"], value: 99, name: "input.amount", before: 500 },
  ]);
  expect(await apply({ changes: proposals[0] })).toEqual({ uri: uri("inputs/a.conf") });
  expect(edits()).toContain('"newText":"\\"boss\\""');
});

test("what is laid over a sample keeps it from being changed", async () => {
  const { whatIf, apply, edits } = await start({
    "rw.conf": "profiles.uat.overlays = [over.conf]\n",
    "over.conf": "role = clerk\n",
    "inputs/a.conf": "role = clerk\namount = 5\n",
  });
  const { proposals } = await whatIf({ sample: uri("inputs/a.conf"), profile: "uat" });
  expect(proposals).toHaveLength(1);
  expect(await apply({ sample: uri("inputs/a.conf"), profile: "uat", changes: proposals[0] })).toEqual({
    problem: "a.conf cannot be changed so: what it is made of says otherwise",
  });
  expect(edits()).toBe("[]");
});

test("of a set what would put a member in; of a rule that is true nothing", async () => {
  const { whatIf } = await start({ "inputs/a.json": '{"names": ["ann"], "role": "boss", "amount": 1}' });
  expect((await whatIf()).proposals).toEqual([]);
  expect((await whatIf({ query: "data.p.names", member: "bob" })).proposals).toMatchObject([
    [{ kind: "add", name: "input.names", value: "bob" }],
    [{ kind: "set", name: "input.names[0]", value: "bob", before: "ann" }],
  ]);
  expect((await whatIf({ query: "data.p" })).proposals).toEqual([]);
});
