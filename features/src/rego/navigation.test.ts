// Definition, references, highlights, rename: text with a cursor in, places out.
import { expect, test } from "vitest";
import { apply, dedent, draw, open } from "../fixture.test-helper.ts";
import { definitionsAt, highlightsAt, prepareRename, referencesAt, renameAt } from "./navigation.ts";

const two = (body: string) => `
#- roles.rego
package lib.roles

has(user, role) if role in data.members[user]

limit := 10
#- policy.rego
package orders

import data.lib.roles
import data.lib.roles.limit as most

${body}`;

async function definition(text: string): Promise<string> {
  const { project, file, offset } = await open(text);
  return draw(project, definitionsAt(project, file, offset));
}

async function references(text: string): Promise<string> {
  const { project, file, offset } = await open(text);
  return draw(project, referencesAt(project, file, offset, true));
}

async function rename(text: string, name: string): Promise<string> {
  const { project, file, offset } = await open(text);
  const renamed = renameAt(project, file, offset, name);
  return "refusal" in renamed ? renamed.refusal : apply(project, renamed.edits);
}

test.each([
  ["a local of some", "p if {\n\tsome x in input.xs\n\tx$0 > 1\n}", 'policy.rego:7:7 "x"'],
  ["an assigned local", "p if {\n\tx := 1\n\t$0x > 1\n}", 'policy.rego:7:2 "x"'],
  ["an argument", "f(item) := item$0 + 1", 'policy.rego:6:3 "item"'],
  ["a rule of this file", "p if q$0\n\nq := 1", 'policy.rego:8:1 "q"'],
  ["every clause", "p if q$0\n\nq := 1 if input.a\n\nq := 2 if input.b", 'policy.rego:10:1 "q"\npolicy.rego:8:1 "q"'],
  ["a rule of another package", 'p if roles.ha$0s("u", "r")', 'roles.rego:3:1 "has"'],
  ["a package through its alias", 'p if role$0s.has("u", "r")', 'roles.rego:1:1 "package lib.roles"'],
  ["a rule through an alias", "p if mos$0t > 1", 'roles.rego:5:1 "limit"'],
  ["a full path", "p if data.lib.roles.limit$0 > 1", 'roles.rego:5:1 "limit"'],
  ["a comprehension's own variable", "p := [x$0 | some x in input.xs]", 'policy.rego:6:16 "x"'],
  ["every", "p if every y in input.xs { y$0 > 1 }", 'policy.rego:6:12 "y"'],
  ["a variable that unification binds", "p if {\n\tinput.xs[i] > 1\n\tinput.ys[i$0] > 1\n}", 'policy.rego:7:11 "i"'],
  ["a value below a rule", 'q := {"a": 1}\n\np if q.a$0', 'policy.rego:6:1 "q"'],
])("definition of %s", async (_, body, expected) => {
  expect(await definition(two(body))).toBe(expected);
});

test.each([
  ["the input, where no sample has it", "import input.user as u\n\np if u$0.name", '3:22 "u"'],
  ["a package that is not in the workspace", "import data.elsewhere.lib\n\np if lib.has$0(1)", '3:23 "lib"'],
  ["its own import", "import data.elsewhere.lib$0", ""],
])("definition of a name for %s is the import", async (_, body, place) => {
  expect(await definition(`package orders\n\n${body}\n`)).toBe(place === "" ? "" : `policy.rego:${place}`);
});

test("the front of rules leads to all of them, and is renamed in all", async () => {
  const rules = "users.ann := 1\n\nusers.bob := 2\n\nx := us$0ers.ann\n";
  expect(await definition(two(rules))).toBe('policy.rego:6:7 "ann"\npolicy.rego:8:7 "bob"');
  expect(await rename(`package p\n\n${rules}`, "people")).toBe(
    "package p\n\npeople.ann := 1\n\npeople.bob := 2\n\nx := people.ann\n",
  );
});

test.each([
  ["an alias that a rule has", "import data.q as l$0\n\nr := 1\n\nx := l.y\n", "r", "`r` is a rule of this package"],
  [
    "an alias that a variable has",
    "import data.q as l$0\n\nx if { v := 1; l.y == v }\n",
    "v",
    "`v` is a variable where the import is used",
  ],
  ["an argument", "f(a$0) := count(a)\n", "count", "`count` is a built-in function that is called in this scope"],
  ["a rule", "f$0(a) := count(a)\n", "count", "`count` is a built-in function that this file calls"],
])("a new name for %s is refused", async (_, body, name, reason) => {
  expect(await rename(`package p\n\n${body}`, name)).toBe(reason);
});

test("definition of data is the key in the data file, of input the samples that hold it", async () => {
  const files = (body: string) =>
    `#- data.json\n{"members": {"ann": ["admin"]}}\n#- inputs/a.json\n{"user": {"name": "ann"}}\n#- policy.rego\npackage p\n\np if ${body}\n`;
  expect(await definition(files("data.members.an$0n"))).toBe('data.json:1:15 "ann"');
  expect(await definition(files('input.user.nam$0e == "x"'))).toBe('inputs/a.json:1:12 "name"');
});

test("references over packages, with the import and the declaration", async () => {
  expect(await references(two('p if roles.has("u", "r")\n\nq if data.lib.roles.has$0("u", "r")'))).toBe(
    'policy.rego:6:12 "has"\npolicy.rego:8:21 "has"\nroles.rego:3:1 "has"',
  );
});

test("highlights tell writes from reads", async () => {
  const { project, file, offset } = await open("package p\n\nx := 1\n\ny if x$0 > 1\n");
  const found = highlightsAt(project, file, offset);
  expect(found.map((item) => item.write)).toEqual([true, false]);
});

test("rename of a rule changes every package, not the alias", async () => {
  const text = `#- a.rego\npackage a\n\nlimit := 1\n#- b.rego\npackage b\n\nimport data.a\nimport data.a.limit as most\n\np if a.limit$0 > most\n`;
  expect(await rename(text, "top")).toBe(
    "#- a.rego\npackage a\n\ntop := 1\n#- b.rego\npackage b\n\nimport data.a\nimport data.a.top as most\n\np if a.top > most\n",
  );
});

test("rename of a local stays in its scope and is right after emoji", async () => {
  expect(await rename('package p\n\nf(item) := concat("😀漢", item$0)\n\ng(item) := item\n', "x")).toBe(
    'package p\n\nf(x) := concat("😀漢", x)\n\ng(item) := item\n',
  );
});

test("rename of an import's alias changes the file only", async () => {
  expect(await rename("package p\n\nimport data.a.limit as most\n\np if mo$0st > 1\n", "top")).toBe(
    "package p\n\nimport data.a.limit as top\n\np if top > 1\n",
  );
});

test.each([
  ["package p\n\nx$0 := 1\n", "every", "`every` is a keyword"],
  ["package p\n\nx$0 := 1\n", "not valid", "`not valid` is not a name: letters, digits and _, no digit first"],
  ["package p\n\nx$0 := 1\n\ny := 2\n", "y", "`data.p.y` is another rule"],
  ["package p\n\nf(a$0, b) := a + b\n", "b", "`b` is another variable in this scope"],
  ["package p\n\nx := cou$0nt([])\n", "n", "`count` is a built-in function"],
  ["package p\n\nx := input.us$0er\n", "n", "`input.user` comes from the input"],
  ["package p\n\nx := 1 # com$0ment\n", "n", "there is no name here that can be renamed"],
])("rename of %j to %s is refused", async (text, name, reason) => {
  expect(await rename(text, name)).toBe(reason);
});

test("prepare gives the range of the name", async () => {
  const { project, file, offset } = await open(dedent("package p\n\nallow$0ed := 1\n"));
  expect(prepareRename(project, file, offset)).toEqual({ range: { start: 11, end: 18 }, name: "allowed" });
});

test("a rename reaches the entrypoints of the editor's settings, and pinned inputs", async () => {
  const text = dedent(`
    #- policy.rego
    package shop.cart

    all$0ow if input.x
    #- .vscode/settings.json
    {
      // what the status bar shows
      "rw.entrypoints": ["shop/cart/allow", "data.shop.cart.deny"]
    }
    #- rw.conf
    inputs.pins { shop/cart/allow = inputs/a.conf }
    inputs.pins.data.shop.cart.allow = inputs/b.conf
  `);
  const renamed = await rename(text, "permit");
  expect(renamed).toContain('"rw.entrypoints": ["shop/cart/permit", "data.shop.cart.deny"]');
  expect(renamed).toContain("inputs.pins { shop/cart/permit = inputs/a.conf }");
  expect(renamed).toContain("inputs.pins.data.shop.cart.permit = inputs/b.conf");
});
