// A function that is missing is created where its name says, for what its caller does with it; the project then has no error.
import { expect, test } from "vitest";
import { memoryHost } from "#workspace/host.ts";
import { openProject } from "#workspace/workspace.ts";
import { diagnosticsOf } from "../diagnostics.ts";
import { dedent, open } from "../fixture.test-helper.ts";
import { actionsIn } from "../reading.ts";

/** The title and the file with the function, after a proof that the edit mends what it was offered for. */
async function created(fixture: string): Promise<string> {
  const { project, file } = await open(dedent(fixture));
  const found = diagnosticsOf(project, () => 0).byFile.get(file.path) ?? [];
  const whole = { start: 0, end: file.text.length };
  const action = actionsIn(project, file, whole, found).find(({ title }) => title.startsWith("Create "));
  if (action === undefined) return found.map(({ message }) => `no fix: ${message}`).join("\n");
  const files = Object.fromEntries([...project.files].map(([path, { text }]) => [path, text]));
  const [edit] = action.edits;
  const path = edit?.file ?? file.path;
  const text = files[path] ?? "";
  files[path] = text.slice(0, edit?.range.start) + (edit?.newText ?? "") + text.slice(edit?.range.end);
  const after = diagnosticsOf(await openProject(memoryHost(files), "/p"), () => 0);
  const left = [...after.byFile.values()].flat().map(({ message }) => `left: ${message}\n`);
  return `${action.title}\n#- ${path.slice("/p/".length)}\n${files[path]}${left.join("")}`;
}

test("in the caller's package, as a condition", async () => {
  expect(await created("package shop\n\nallow if is_clerk(input.user)\n\nx := 1\n")).toBe(
    "Create function `is_clerk`\n#- policy.rego\npackage shop\n\nallow if is_clerk(input.user)\n\nis_clerk(user) if user\n\nx := 1\n",
  );
});

test("a condition on several values, one of them without a name", async () => {
  expect(await created("package shop\n\nallow if {\n\tnot denied(input.user, 3, input.user)\n}\n")).toBe(
    "Create function `denied`\n#- policy.rego\npackage shop\n\nallow if {\n\tnot denied(input.user, 3, input.user)\n}\n\ndenied(user, arg2, arg3) if {\n\tuser\n\targ2\n\targ3\n}\n",
  );
});

test("where its value is used it has one of any type", async () => {
  expect(await created("package shop\n\ntotal := price(input.item, input.count) + 1\n")).toBe(
    "Create function `price`\n#- policy.rego\npackage shop\n\ntotal := price(input.item, input.count) + 1\n\nprice(item, arg2) := item if arg2\n",
  );
});

test("in the package that the call names", async () => {
  expect(
    await created(`
      #- shop.rego
      package shop

      import data.lib.roles

      allow if roles.has(input.user)
      #- lib/roles.rego
      package lib.roles

      all := ["clerk"]
    `),
  ).toBe(
    'Create function `has` in data.lib.roles\n#- lib/roles.rego\npackage lib.roles\n\nall := ["clerk"]\n\nhas(user) if user\n',
  );
});

test("as a new package, in the folder that its name says", async () => {
  expect(
    await created(`
      #- policy/shop/orders/orders.rego
      package shop.orders

      import data.shop.prices

      sum := prices.of(input.item)
    `),
  ).toBe(
    "Create package data.shop.prices with `of`\n#- policy/shop/prices/prices.rego\npackage shop.prices\n\nof(item) := item\n",
  );
});

test("as a new package beside its caller, where the folders do not follow the packages", async () => {
  expect(await created("package p\n\nimport data.lib\n\nx := lib.f(input.a)\n")).toBe(
    "Create package data.lib with `f`\n#- lib.rego\npackage lib\n\nf(a) := a\n",
  );
});

test.each(["package p\n\nx := strings.any(input.a)\n", "package p\n\nx := nope.f(1)\n"])(
  "not for a namespace of built-ins or of nothing: %s",
  async (text) => {
    expect(await created(text)).toMatch(/^no fix: /u);
  },
);
