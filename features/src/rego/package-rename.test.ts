// Renaming and moving packages: text with a cursor in, all changed files out.
import { expect, test } from "vitest";
import { apply, dedent, open } from "../fixture.test-helper.ts";
import { renameAt } from "./navigation.ts";
import { movePackages } from "./package-rename.ts";

async function rename(text: string, name: string): Promise<string> {
  const { project, file, offset } = await open(dedent(text));
  const renamed = renameAt(project, file, offset, name);
  return "refusal" in renamed ? renamed.refusal : apply(project, renamed.edits);
}

async function move(text: string, ...moves: readonly string[]): Promise<string> {
  const { project } = await open(dedent(text));
  const pairs = moves.map((one) => one.split(" ").map((path) => `/p/${path}`));
  return apply(
    project,
    movePackages(
      project,
      pairs.map(([from, to]) => ({ from: from!, to: to! })),
    ),
  );
}

test("the last part of a package, its packages below, imports, full paths and quoted parts", async () => {
  const text = `
    #- a.rego
    package lib.roles$0

    x := 1
    #- b.rego
    package lib.roles.deep

    z := 2
    #- c.rego
    package c

    import data.lib.roles
    import data.lib.roles.deep
    import data.lib.roles as other

    y := [roles.x, deep.z, other.x, data.lib.roles.x, data.lib["roles"].x, roles.deep.z, other.deep.z]
  `;
  expect(await rename(text, "people")).toBe(
    dedent(`
    #- a.rego
    package lib.people

    x := 1
    #- b.rego
    package lib.people.deep

    z := 2
    #- c.rego
    package c

    import data.lib.people
    import data.lib.people.deep
    import data.lib.people as other

    y := [people.x, deep.z, other.x, data.lib.people.x, data.lib["people"].x, people.deep.z, other.deep.z]
  `),
  );
});

test("a part above packages", async () => {
  const text = `
    #- a.rego
    package lib$0.roles

    x := 1
    #- c.rego
    package c

    import data.lib
    import data.lib as l

    y := [lib.roles.x, l.roles.x, data.lib.roles.x]
  `;
  expect(await rename(text, "shared")).toBe(
    dedent(`
    #- a.rego
    package shared.roles

    x := 1
    #- c.rego
    package c

    import data.shared
    import data.shared as l

    y := [shared.roles.x, l.roles.x, data.shared.roles.x]
  `),
  );
});

test.each([
  ["another package", "#- a.rego\npackage a$0\n#- b.rego\npackage b\n", "b", "`data.b` is another package"],
  [
    "another name",
    "#- a.rego\npackage a$0\n#- b.rego\npackage b\n\nimport data.a\n\nc := a.x\n",
    "c",
    "`c` is another name in b.rego",
  ],
  ["data", '#- a.rego\npackage a$0\n#- data.json\n{"a": {"n": 1}}\n', "c", "`data.a` is in the data files too"],
  ["the library", "package p\n\nimport data.rms.rbac$0\n", "c", "`data.rms.rbac` belongs to the library of RMS"],
  ["a data key", "package p\n\nx := data.n$0\n", "c", "`data.n` comes from data files"],
])("refused: %s", async (_, text, name, reason) => {
  const { project, file, offset } = await open(text);
  expect(renameAt(project, file, offset, name)).toEqual({ refusal: reason });
});

const tree = `
  #- lib/roles/a.rego
  package lib.roles

  x := 1
  #- lib/roles/a_test.rego
  package lib.roles_test

  import data.lib.roles

  test_x if roles.x == 1
  #- b.rego
  package b

  import data.lib.roles

  y := [roles.x, data.lib.roles.x]
`;

test("a moved folder takes its packages along", async () => {
  expect(await move(tree, "lib/roles/a.rego core/people/v2/a.rego", "lib/roles/a_test.rego core/people/v2/a_test.rego")).toBe(
    dedent(`
    #- b.rego
    package b

    import data.core.people.v2

    y := [v2.x, data.core.people.v2.x]
    #- lib/roles/a.rego
    package core.people.v2

    x := 1
    #- lib/roles/a_test.rego
    package core.people.v2_test

    import data.core.people.v2

    test_x if v2.x == 1
  `),
  );
});

test("a file that leaves others of its package behind takes only itself", async () => {
  const text =
    "#- lib/a.rego\npackage lib\n\nx := 1\n#- lib/b.rego\npackage lib\n\ny := 1\n#- c.rego\npackage c\n\nz := data.lib.y\n";
  expect(await move(text, "lib/a.rego other/a.rego")).toBe("package other\n\nx := 1\n");
});

test("a package that names its file follows the name; one that mirrors nothing stays", async () => {
  expect(await move("#- lib/roles.rego\npackage lib.roles\n\nx := 1\n", "lib/roles.rego lib/people.rego")).toBe(
    "package lib.people\n\nx := 1\n",
  );
  expect(await move("#- lib/roles.rego\npackage z\n\nx := 1\n", "lib/roles.rego lib/people.rego")).toBe("");
  expect(await move("#- lib/a.rego\npackage lib\n\nx := 1\n", "lib/a.rego lib/b.rego")).toBe("");
});

test("entrypoints of rw.conf and expected decisions follow their package", async () => {
  const text = `
    #- rw.conf
    entrypoints = [shop/cart/allow, data.shop.cart.deny, shop/other/allow]
    #- shop/cart.rego
    package shop.cart$0

    allow if input.x
    #- inputs/a.conf
    x = 1
    #- inputs/a.expected.json
    { "decisions": { "data.shop.cart.allow": { "value": true } } }
  `;
  const renamed = await rename(text, "basket");
  expect(renamed).toContain("entrypoints = [shop/basket/allow, data.shop.basket.deny, shop/other/allow]");
  expect(renamed).toContain('"data.shop.basket.allow"');
  const moved = await move(
    text.replace("shop/cart.rego", "shop/cart/cart.rego").replace("$0", ""),
    "shop/cart/cart.rego store/cart/cart.rego",
  );
  expect(moved).toContain("entrypoints = [store/cart/allow, data.store.cart.deny, shop/other/allow]");
});
