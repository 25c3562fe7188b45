// Completion: a text with a cursor in, the first labels out.
import { expect, test } from "vitest";
import { sortText } from "../../completion-item.ts";
import { open } from "../../fixture.test-helper.ts";
import { completionAt } from "./index.ts";

async function items(text: string) {
  const { project, file, offset } = await open(text);
  const { items: found } = completionAt(project, file, offset, { autoImport: true });
  return [...found].sort((a, b) => (sortText(a) < sortText(b) ? -1 : 1));
}

// The rms.* library is part of every project; these tests are about the rest.
const labels = async (text: string, count = 5) =>
  (await items(text))
    .filter((item) => !/^(?:data\.)?rms\b/u.test(item.label))
    .slice(0, count)
    .map((item) => item.label);
const all = async (text: string) => (await items(text)).map((item) => item.label);

test("locals and arguments come first, then rules, imports, documents", async () => {
  expect(await labels("package p\n\nimport data.q\n\nrule := 1\n\nf(item) if {\n\tlocal := 1\n\t$0\n}\n", 6)).toEqual([
    "local",
    "item",
    "rule",
    "q",
    "data",
    "input",
  ]);
});

test("members of a package, behind an alias and by full path", async () => {
  const lib = "#- lib.rego\npackage lib\n\nlimit := 1\n\nhas(u) if u\n#- p.rego\npackage p\n\nimport data.lib as tools\n\n";
  expect(await labels(`${lib}x if tools.$0\n`)).toEqual(["has", "limit"]);
  expect(await labels(`${lib}x if data.lib.l$0\n`)).toEqual(["limit"]);
});

test("members of a package that is not imported yet bring the import; a variable of that name has none of them", async () => {
  const lib = "#- lib.rego\npackage acme.tools\n\nlimit := 1\n\n_own := 2\n\nhas(u) if u\n#- p.rego\npackage p\n\n";
  const found = await items(`${lib}x if tools.$0\n`);
  expect(found.map(({ label, detail, edits }) => [label, detail, edits?.[0]?.newText.trim()])).toEqual([
    ["has", "import data.acme.tools", "import data.acme.tools"],
    ["limit", "import data.acme.tools", "import data.acme.tools"],
  ]);
  expect(await labels(`${lib}x if {\n\ttools := input\n\ttools.$0\n}\n`)).toEqual([]);
  expect(await labels(`${lib}import data.other.tools\n\nx if tools.$0\n`)).toEqual([]);
});

test("keys of the input come from the samples, with how many have them", async () => {
  const text =
    '#- inputs/a.json\n{"user": {"name": "ann", "age": 1}}\n#- inputs/b.json\n{"user": {"name": "bob"}}\n#- p.rego\npackage p\n\nx if input.user.$0\n';
  expect((await items(text)).map((item) => `${item.label}: ${item.detail}`)).toEqual([
    "age: number, in 1 of 2 samples",
    "name: string, in 2 of 2 samples",
  ]);
});

test("keys of data files", async () => {
  expect(await labels('#- data.json\n{"limits": {"clerk": 1}}\n#- p.rego\npackage p\n\nx if data.limits.$0\n')).toEqual([
    "clerk",
  ]);
});

test("built-ins by name and below their family", async () => {
  expect(await all("package p\n\nx if coun$0\n")).toContain("count");
  expect(await all("package p\n\nx if time.$0\n")).toContain("now_ns");
});

test("inside of a name, what it is written as so far is not taken for a variable", async () => {
  expect((await items("package p\n\nx := cou$0nt\n")).filter(({ label }) => label === "count").map(({ kind }) => kind)).toEqual([
    "builtin",
  ]);
});

test("a package that is not imported yet brings its import", async () => {
  const found = (await items("#- lib.rego\npackage a.lib\n\nx := 1\n#- p.rego\npackage p\n\ny if l$0\n")).find(
    (item) => item.label === "lib",
  );
  expect(found?.edits?.[0]?.newText).toBe("\n\nimport data.a.lib");
});

test.each([
  ["package line, by folder", "#- authz/roles/r.rego\npackage $0\n", ["authz.roles"]],
  ["package of a test", "#- authz/r_test.rego\npackage a$0\n", ["authz_test"]],
  ["import", "#- a.rego\npackage a.b\n#- p.rego\npackage p\n\nimport data.$0\n", ["a.b", "p"]],
  ["after a rule's head", "package p\n\nallow $0", ["if", "contains", ":="]],
  ["after half an assignment of a head", "package p\n\nallow :$0", [":="]],
  ["after half an assignment of a function", "package p\n\nf(x) :$0", [":="]],
  ["after half an assignment of a default", "package p\n\ndefault allow :$0", [":="]],
  ["after half an assignment in a body", "package p\n\nallow if {\n\tx :$0\n}\n", [":="]],
  ["default, for rules that have none", "package p\n\ndefault $0\n\nallow if input.x\n", ["allow"]],
  [
    "METADATA keys",
    "package p\n\n# METADATA\n# ti$0\nx := 1\n",
    ["authors", "custom", "description", "entrypoint", "organizations"],
  ],
  ["nothing in a string", 'package p\n\nx := "inp$0"\n', []],
  ["nothing in an open string", 'package p\n\nx := "inp$0\n', []],
  ["nothing in a comment", "package p\n\n# inp$0\n", []],
  ["nothing where a name is made", "package p\n\nx if some $0\n", []],
])("%s", async (_, text, expected) => {
  expect(await labels(text)).toEqual(expected);
});

test("of names of one kind the one that was written nearest comes first", async () => {
  expect(await labels("package p\n\nfixtures_a := 1\n\nfixtures_b := 2\n\nx if fixtures_b > 1\n\ny if fix$0\n", 2)).toEqual([
    "fixtures_b",
    "fixtures_a",
  ]);
});

test("built-ins that policies use often come before the others", async () => {
  expect(await labels("package p\n\nx := s$0\n", 3)).toEqual(["sprintf", "split", "startswith"]);
});

test("keys that the project writes behind the same name, when nothing else is known of the value", async () => {
  const text =
    "#- other.rego\npackage q\n\ny if {\n\tsome pod\n\tpod.spec.hostNetwork\n}\n#- p.rego\npackage p\n\nx if {\n\tsome obj\n\tobj.spec.containers[_].name == 1\n\tobj.spec.$0\n}\n";
  expect(await all(text)).toEqual(["containers", "hostNetwork"]);
});

test("functions of the program that runs the policies, once they are called somewhere", async () => {
  const text = '#- other.rego\npackage q\n\ny := result.new("a", {})\n#- p.rego\npackage p\n\nx := res$0\n';
  expect(await all(text)).toContain("result.new");
});

test("imports that other files name, though nothing is there", async () => {
  const text = "#- other.rego\npackage q\n\nimport data.fugue.resource_view\n#- p.rego\npackage p\n\nimport data.fugue.$0\n";
  expect(await all(text)).toEqual(["resource_view"]);
});

test("the own package comes last among imports", async () => {
  const text = "#- other.rego\npackage lib.other\n#- p.rego\npackage lib.own\n\nimport data.lib.$0\n\nx := 1\n";
  expect(await labels(text)).toEqual(["other", "own", "own.x"]);
});

test("a variable is not offered for its own value; with is on a line of its own", async () => {
  expect(await all("package p\n\nx if {\n\tvalue := val$0\n}\n")).not.toContain("value");
  expect(await all("package p\n\nx if {\n\ty\n\t\twi$0\n}\n")).toContain("with");
});

test("functions of the package may be replaced by with", async () => {
  expect(await labels("package p\n\nfetch(x) := x\n\ntest_y if y with fe$0\n", 1)).toEqual(["fetch"]);
});

test("a function that another package declares for itself is not offered by its bare name; one that nobody declares is", async () => {
  const other =
    "#- q.rego\npackage q\n\nimport data.lib\n\nhelper(x) := x\n\ny := helper(1)\n\nz := helped.by(1)\n\nw := hello.there(lib.x)\n";
  const found = await all(`${other}#- p.rego\npackage p\n\nx if hel$0\n`);
  expect(found).toEqual(expect.arrayContaining(["q.helper", "helped.by"]));
  expect(found).not.toContain("helper");
});

test("`some x in c` goes when the words behind `some` are typed", async () => {
  expect((await items("package p\n\nx if {\n\tsome$0\n}\n")).find(({ label }) => label === "some x in c")?.filter).toBe("some");
});

test("a rule is not offered to itself; names that begin with _ come last outside of their package", async () => {
  expect(await all("package p\n\nfirst := 1\n\nx if $0\n")).not.toContain("x");
  expect(await all("package p\n\nfirst := 1\n\nx contains y if {\n\tsome y in $0\n}\n")).not.toContain("x");
  expect(await labels("package p\n\nfirst := 1\n\nx := $0\n", 1)).toEqual(["first"]);
  const lib = "#- lib.rego\npackage lib\n\n_inner := 1\n\nouter := 2\n#- p.rego\npackage p\n\nimport data.lib\n\n";
  expect(await labels(`${lib}x := lib.$0\n`)).toEqual(["outer", "_inner"]);
});

test("in an argument what has another type comes later, and the only name that fits is chosen", async () => {
  const text = 'package p\n\nname := "ann"\n\nlimit := 5\n\nx if {\n\txs := [1]\n\tsum($0)\n}\n';
  const found = await items(text);
  expect(found.slice(0, 3).map(({ label, preselect }) => (preselect === true ? `${label}*` : label))).toEqual([
    "xs*",
    "data",
    "input",
  ]);
  const place = (label: string): number => found.findIndex((item) => item.label === label);
  expect(place("numbers.range")).toBeLessThan(place("name"));
  expect(place("name")).toBeLessThan(place("lower"));
});

test("nothing is chosen where several names fit, or any type does", async () => {
  const chosen = async (text: string) => (await items(text)).filter(({ preselect }) => preselect === true).length;
  expect(await chosen('package p\n\na := "a"\n\nb := "b"\n\nx := lower($0)\n')).toBe(0);
  expect(await chosen('package p\n\na := "a"\n\nx := is_string($0)\n')).toBe(0);
  expect(await chosen('package p\n\na := "a"\n\nx := concat(",", [$0])\n')).toBe(0);
});

const users = '#- inputs/a.json\n{"user": {"name": "ann", "roles": [{"id": 1}]}, "action": "view"}\n#- p.rego\npackage p\n\n';

test.each([
  ["keys of the input that a test gives", "test_x if allow with input as {$0", ['"action"', '"user"']],
  ["without those that stand there", 'test_x if allow with input as {"user": 1, $0}', ['"action"']],
  ["deeper ones", 'test_x if allow with input as {"user": {$0}}', ['"name"', '"roles"']],
  ["in lists", 'test_x if allow with input as {"user": {"roles": [{$0}]}}', ['"id"']],
  ["below a path", "test_x if allow with input.user as {$0}", ['"name"', '"roles"']],
  ["in quotes", 'test_x if allow with input as {"us$0"}', ["user"]],
  ["in open quotes", 'test_x if allow with input as {\n\t"user": {"na$0\n', ["name"]],
])("%s", async (_, text, expected) => {
  const found = await labels(`${users}${text}\n`, expected.length + 1);
  expect(
    found.filter((label) => /^"|^[a-z]+$/u.test(label) && !/^(?:data|input)$/u.test(label)).slice(0, expected.length),
  ).toEqual(expected);
});

test("the value of a default is a constant", async () => {
  expect(await labels("package p\n\ndefault allow := $0\n")).toEqual(["false", "true", "null", '""', "[]"]);
  expect(await labels("package p\n\ndefault limit(x) := $0\n", 1)).toEqual(["false"]);
});

test("what some and every declare is not offered for their own collection", async () => {
  expect(await all("package p\n\nx if some item in i$0\n")).not.toContain("item");
  expect(await all("package p\n\nx := {k | some k, v in $0}\n")).not.toContain("k");
  expect(await all("package p\n\nx if every item in $0\n")).not.toContain("item");
  expect(await all("package p\n\nf(item) if some item in i$0\n")).toContain("item");
});

test("in an object, a call or a template no statement begins", async () => {
  for (const text of ["x := {\n\t$0\n}", "x := f({$0", 'x := $"{$0', "x := [\n\t$0\n]", "x := f(a | $0", 'x := $"{a | $0'])
    expect(await all(`package p\n\n${text}\n`), text).not.toContain("every");
  for (const text of ["x if {\n\t$0\n}", "x := {y | $0", "x {\n\t$0\n}", "f(a) if {\n\tevery b in a {\n\t\t$0\n\t}\n}"])
    expect(await all(`package p\n\n${text}\n`), text).toContain("every");
});

test("a colon behind a name begins an assignment in bodies alone", async () => {
  expect(await all("package p\n\nx if {\n\tname :$0\n}\n")).toEqual([":="]);
  expect(await all("package p\n\nx := {\n\tname :$0\n}\n")).not.toContain(":=");
});

test("a rule of a package that is imported is found by its own letters", async () => {
  const found = (
    await items("#- lib.rego\npackage a.lib\n\nhas_role(x) := x\n#- p.rego\npackage p\n\nimport data.a.lib as l\n\ny if has$0\n")
  )[0];
  expect([found?.label, found?.edits]).toEqual(["l.has_role", undefined]);
});
