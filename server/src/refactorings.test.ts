// Refactorings as clients get them: proved when they are chosen, as a warning where a decision changes, and not at all where they would not compile.
import { expect, test } from "vitest";
import type { CodeAction, WorkspaceEdit } from "vscode-languageserver";
import { connect, uri } from "./client.test-helper.ts";
import { evaluator } from "./evaluator.test-helper.ts";

const kinds = { codeActionLiteralSupport: { codeActionKind: { valueSet: ["refactor"] } } };
const resolving = {
  textDocument: { codeAction: { ...kinds, dataSupport: true, resolveSupport: { properties: ["edit"] } } },
  workspace: { workspaceEdit: { documentChanges: true, changeAnnotationSupport: {} } },
};
const asking = { textDocument: { codeAction: kinds } };

interface Asked {
  readonly action: CodeAction | undefined;
  /** The action with its edit, or why there is none. */
  resolve(): Promise<CodeAction | string>;
}

/** Selects a part of `policy.rego` and takes the refactoring whose title begins so. */
async function choose(
  files: Record<string, string>,
  selected: string,
  title: string,
  options: object,
  context = {},
): Promise<Asked> {
  const client = await connect(files, { evaluator, initialize: options });
  const text = files["policy.rego"] ?? "";
  client.open("policy.rego", text);
  const position = (offset: number) => {
    const lines = text.slice(0, offset).split("\n");
    return { line: lines.length - 1, character: lines.at(-1)!.length };
  };
  const at = text.indexOf(selected);
  const found = await client.request<readonly CodeAction[]>("textDocument/codeAction", {
    textDocument: { uri: uri("policy.rego") },
    range: { start: position(at), end: position(at + selected.length) },
    context: { diagnostics: [], ...context },
  });
  const action = found.find((one) => one.title.startsWith(title));
  return {
    action,
    resolve: () =>
      client
        .request<CodeAction>("codeAction/resolve", action)
        .catch((error: unknown) => (error instanceof Error ? error.message : JSON.stringify(error))),
  };
}

const annotationsOf = ({ changeAnnotations = {} }: WorkspaceEdit = {}): readonly unknown[] => Object.values(changeAnnotations);

const policy = 'package p\n\nallow if "clerk" in input.roles\n';
const sample = { "inputs/ann.json": '{"roles": ["clerk"]}' };

test("it has its edit when it is chosen, and its name can be changed at once", async () => {
  const own = { capabilities: resolving, initializationOptions: { client: "vscode" } };
  const { action, resolve } = await choose({ "policy.rego": policy, ...sample }, "input.roles", "Extract variable", own);
  expect(action).toMatchObject({ title: "Extract variable `roles`", kind: "refactor.extract" });
  expect(action?.edit).toBeUndefined();
  const resolved = (await resolve()) as CodeAction;
  expect(annotationsOf(resolved.edit)).toEqual([]);
  expect(JSON.stringify(resolved.edit)).toContain("roles := input.roles");
  expect(resolved.command).toMatchObject({ command: "rw.renameAt", arguments: [uri("policy.rego"), { line: 3, character: 1 }] });
});

test("what a test or a sample is decided otherwise is a warning before it is applied", async () => {
  const files = {
    "policy.rego": 'package p\n\nr := upper("a")\n',
    "policy_test.rego": 'package p_test\n\nimport data.p\n\ntest_all if object.keys(p) == {"r"}\n',
  };
  const { resolve } = await choose(files, 'upper("a")', "Extract rule", { capabilities: resolving });
  expect(annotationsOf(((await resolve()) as CodeAction).edit)).toEqual([
    { label: "Decisions change", description: "decisions change: p_test.test_all: true → undefined", needsConfirmation: true },
  ]);
});

test("what would not compile is refused with the reason", async () => {
  const text = "package p\n\np if {\n\tsome x\n\tinput.xs[x] == x\n}\n";
  const { resolve } = await choose({ "policy.rego": text }, "input.xs[x]", "Extract function", { capabilities: resolving });
  expect(await resolve()).toMatch(/Extract function `xs`: it would not compile: policy\.rego:5: var x is unsafe/u);
});

test("a client that asks no more gets it proved, when its user asks; one that shows no warning nothing to warn of", async () => {
  const files = { "policy.rego": policy, ...sample };
  const lamp = await choose(files, "input.roles", "Extract", { capabilities: asking }, { triggerKind: 2 });
  expect(lamp.action).toBeUndefined();
  const asked = await choose(files, "input.roles", "Extract variable", { capabilities: asking }, { triggerKind: 1 });
  expect(JSON.stringify(asked.action?.edit)).toContain("roles := input.roles");
  const changing = {
    "policy.rego": 'package p\n\nr := upper("a")\n',
    "policy_test.rego": 'package p_test\n\nimport data.p\n\ntest_all if object.keys(p) == {"r"}\n',
  };
  const refused = await choose(changing, 'upper("a")', "Extract rule", { capabilities: asking }, { only: ["refactor"] });
  expect(refused.action).toBeUndefined();
});
