// Lint in the server: published after checking, moved with what is typed before it, told in the status, off where settings say so.
import { expect, test } from "vitest";
import type { StatusParams } from "#protocol/messages.ts";
import { connect } from "./client.test-helper.ts";
import { evaluator } from "./evaluator.test-helper.ts";

const policy = "package p\n\n#reads\nallow if input.x\n";
const on = { initialize: { initializationOptions: {} } };

/** `row:column code severity` of each finding of lint rules. */
async function linted(client: Awaited<ReturnType<typeof connect>>): Promise<readonly string[]> {
  const found = await client.diagnostics("p/p.rego");
  return found
    .filter(({ source }) => source?.startsWith("regal/"))
    .map(({ range, code, severity }) => `${range.start.line + 1}:${range.start.character + 1} ${code} ${severity}`);
}

/** On a machine with other work a rule in Rego takes longer than a second to be compiled. */
const patience = { timeout: 15_000 };

test("findings come with the others and go when they are mended", async () => {
  const client = await connect({ "p/p.rego": policy }, on);
  client.open("p/p.rego", policy);
  expect(await linted(client)).toEqual(["3:1 no-whitespace-comment 2"]);
  const status = client.notifications.get("rw/status")!.at(-1) as StatusParams;
  expect(status.lint).toMatchObject({ state: "warnings", errors: 0, warnings: 1 });
  const start = { line: 0, character: 0 };
  client.change("p/p.rego", 2, [{ range: { start, end: start }, text: "# A line more.\n" }]);
  expect(await linted(client)).toEqual(["4:1 no-whitespace-comment 2"]);
  client.change("p/p.rego", 3, [{ text: policy.replace("#reads", "# reads") }]);
  expect(await linted(client)).toEqual([]);
});

test("settings say how findings are shown, and whether", async () => {
  const severity = { "no-whitespace-comment": "hint", style: "off" };
  const hinting = await connect(
    { "p/p.rego": policy },
    { initialize: { initializationOptions: { rw: { lint: { severity } } } } },
  );
  hinting.open("p/p.rego", policy);
  expect(await linted(hinting)).toEqual(["3:1 no-whitespace-comment 4"]);
  const without = await connect({ "p/p.rego": policy });
  without.open("p/p.rego", policy);
  expect(await linted(without)).toEqual([]);
});

test("rules about decisions are heard when samples and tests were evaluated", async () => {
  const text = "package p\n\n# METADATA\n# entrypoint: true\nallow if input.ok\n";
  const files = {
    "p/p.rego": text,
    "p/inputs/a.json": '{"ok": false, "why": 1}',
    ".regal/config.yaml": "rules: {decision: {default: {level: error}}}\n",
  };
  const client = await connect(files, { ...on, evaluator });
  client.open("p/p.rego", text);
  const found = async (path: string): Promise<readonly string[]> =>
    (await client.diagnostics(path)).flatMap(({ source, code, message }) =>
      source === "rw/decision" ? [`${code}: ${message}`] : [],
    );
  await expect
    .poll(() => found("p/p.rego"))
    .toEqual([
      "dead-clause: Clause is true in no sample and no test",
      "sample-undefined: Decision data.p.allow is undefined for a.json",
    ]);
  expect(await found("p/inputs/a.json")).toEqual(["unused-input-path: No rule reads input.why"]);
  const status = client.notifications.get("rw/status")!.at(-1) as StatusParams;
  expect(status.lint).toMatchObject({ warnings: 3 });
  client.change("p/p.rego", 2, [{ text: text.replace("input.ok", "input.why == 1") }]);
  await expect.poll(() => found("p/p.rego"), patience).toEqual([]);
  expect(await found("p/inputs/a.json")).toEqual(["unused-input-path: No rule reads input.ok"]);
});

test("rules in Rego are asked when the project has some, and their own files are checked with their library", async () => {
  const rule = `# METADATA
# description: No rule is called old
# schemas:
# - input: schema.regal.ast
package custom.regal.rules.naming["no-old"]

import data.regal.ast
import data.regal.result

report contains violation if {
	some rule in ast.rules
	regal.last([ast.ref_to_string(rule.head.ref)]) == "old"
	violation := result.fail(rego.metadata.chain(), result.location(rule.head))
}
`;
  const policyOf = (name: string): string => `package p\n\n${name} := input.x\n`;
  const files = { "p/p.rego": policyOf("old"), ".regal/rules/naming.rego": rule };
  const client = await connect(files, { ...on, evaluator });
  client.open("p/p.rego", policyOf("old"));
  const found = async (path: string): Promise<readonly string[]> =>
    (await client.diagnostics(path)).flatMap(({ source, code, message }) =>
      source === "regal/naming" ? [`${code}: ${message}`] : [],
    );
  await expect.poll(() => found("p/p.rego"), patience).toEqual(["no-old: No rule is called old"]);
  client.change("p/p.rego", 2, [{ text: policyOf("new_one") }]);
  await expect.poll(() => found("p/p.rego"), patience).toEqual([]);
  client.open(".regal/rules/naming.rego", rule);
  const own = await client.diagnostics(".regal/rules/naming.rego");
  expect(own.filter(({ severity }) => severity === 1)).toEqual([]);
  client.change(".regal/rules/naming.rego", 2, [{ text: rule.replace('"old"', '"new_one"') }]);
  await expect.poll(() => found("p/p.rego"), patience).toEqual(["no-old: No rule is called old"]);
});
