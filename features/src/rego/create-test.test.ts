// A test that is created for a policy is formatted, has no error, and says what the policy decides for the chosen input.
import { expect, test } from "vitest";
import { formatPolicy } from "#analysis/rego/fmt.ts";
import { memoryHost } from "#workspace/host.ts";
import { openProject } from "#workspace/workspace.ts";
import { diagnosticsOf } from "../diagnostics.ts";
import { dedent, open } from "../fixture.test-helper.ts";
import { type Asked, createTests } from "./create-test.ts";

const nobody: Asked = { name: undefined, json: undefined, decision: undefined };

/** The titles, and the file that the last action leaves, after a proof that it is formatted and has no error. */
async function created(fixture: string, asked: Asked = nobody): Promise<string> {
  const { project, file, offset } = await open(dedent(fixture));
  const actions = createTests(project, file, { start: offset, end: offset }, () => asked);
  const last = actions.at(-1);
  if (last === undefined) return "nothing";
  const files = Object.fromEntries([...project.files].map(([path, { text }]) => [path, text]));
  const path = last.edits[0]?.file ?? "";
  let text = files[path] ?? "";
  // As in LSP, of edits at one place the first stands first.
  for (const { range, newText } of last.edits.toReversed().sort((a, b) => b.range.start - a.range.start))
    text = text.slice(0, range.start) + newText + text.slice(range.end);
  files[path] = text;
  expect(formatPolicy(text, { file: path, from: "v1" })).toEqual({ text });
  const after = diagnosticsOf(await openProject(memoryHost(files), "/p"), () => 0);
  expect([...after.byFile.values()].flat()).toEqual([]);
  const { line = 0, character = 0 } = last.show ?? {};
  expect(text.split("\n")[line]?.slice(character)).toMatch(/ with input as /u);
  return `${actions.map(({ title }) => title).join(", ")}\n#- ${path.slice("/p/".length)}\n${text}`;
}

const policy =
  'package shop.orders\n\ndefault allow := false\n\nallow if input.user == $0"ann"\n\nlimit := 5\n\nis_clerk(user) if user\n';

test("for all rules of a policy without tests, and for the rule at the cursor", async () => {
  expect(await created(policy.replace("$0", ""))).toBe(
    "Create a test for this policy\n#- policy_test.rego\npackage shop.orders_test\n\nimport data.shop.orders\n\n" +
      "test_allow if {\n\torders.allow with input as {}\n}\n",
  );
  expect(await created(policy.replace("allow", "may").replace("allow", "may"))).toBe(
    "Create a test for this policy, Create a test for `may`\n#- policy_test.rego\npackage shop.orders_test\n\n" +
      "import data.shop.orders\n\ntest_may if {\n\torders.may with input as {}\n}\n",
  );
});

test.each([
  [{ kind: "value", text: "true", input: "ann.conf" }, 'p.x with input as {"user": "ann"}'],
  [{ kind: "value", text: "false", input: "ann.conf" }, 'not p.x with input as {"user": "ann"}'],
  [{ kind: "undefined", text: "", input: "ann.conf" }, 'not p.x with input as {"user": "ann"}'],
  [{ kind: "value", text: "3", input: "ann.conf" }, 'p.x == 3 with input as {"user": "ann"}'],
  [{ kind: "value", text: "false", input: "bob.conf" }, 'p.x with input as {"user": "ann"}'],
] as const)("the chosen input, and what was decided for it: %o", async (decision, body) => {
  const asked = { name: "ann.conf", json: '{"user":"ann"}', decision };
  expect(await created("package p\n\nx := input.user\n", asked)).toContain(`test_x if {\n\t${body}\n}\n`);
});

test("below the tests that there are, with the import they lack", async () => {
  expect(
    await created(`
      #- p.rego
      package p

      x := 1

      y$0 := 2
      #- tests/all_test.rego
      package p_test

      test_x if data.p.x == 1
    `),
  ).toBe(
    "Create a test for `y`\n#- tests/all_test.rego\npackage p_test\n\nimport data.p\n\ntest_x if data.p.x == 1\n\n" +
      "test_y if {\n\tp.y with input as {}\n}\n",
  );
});

test("in a file of tests that has only its package", async () => {
  expect(await created("#- p.rego\npackage p\n\nx$0 := 1\n#- p_test.rego\npackage p_test\n")).toBe(
    "Create a test for `x`\n#- p_test.rego\npackage p_test\n\nimport data.p\n\ntest_x if {\n\tp.x with input as {}\n}\n",
  );
});

test.each([
  ["a rule that has its test", "#- p.rego\npackage p\n\nx$0 := 1\n#- q.rego\npackage p_test\n\ntest_x if data.p.x\n"],
  ["a function", "package p\n\nf(x)$0 := x\n"],
  ["a test", "#- p_test.rego\npackage p_test\n\ntest_x$0 if true\n"],
  ["a policy in v0", "#- p_v0.rego\npackage p\n\nx$0 { true }\n"],
  ["a file that is in the way", "#- p.rego\npackage p\n\nx$0 := 1\n#- p_test.rego\npackage other\n"],
])("nothing for %s", async (_, text) => {
  expect(await created(text)).toBe("nothing");
});
