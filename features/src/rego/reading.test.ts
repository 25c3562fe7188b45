// Hover, signatures, hints, lenses, links, actions, outline and folds.
import { expect, test } from "vitest";
import { diagnosticsOf } from "../diagnostics.ts";
import { editDistance } from "../edit-distance.ts";
import { apply, open } from "../fixture.test-helper.ts";
import { actionsAt } from "./actions.ts";
import { foldsOf } from "./folding.ts";
import { hoverAt } from "./hover.ts";
import { inlayHintsOf } from "./inlay-hints.ts";
import { lensesOf } from "./lenses.ts";
import { linksOf } from "./links.ts";
import { selectionAt } from "./selection.ts";
import { signatureAt } from "./signature.ts";
import { type DocumentSymbol, symbolsOf } from "./symbols.ts";

async function hover(text: string): Promise<string> {
  const { project, file, offset } = await open(text);
  return hoverAt(project, file, offset)?.markdown ?? "";
}

async function signature(text: string): Promise<string> {
  const { project, file, offset } = await open(text);
  const help = signatureAt(project, file, offset);
  const active = help?.signatures[help.activeSignature];
  return active === undefined ? "" : `${active.label} @ ${active.parameters[help!.activeParameter] ?? "none"}`;
}

test("hover of a built-in has its signature, description, arguments and result", async () => {
  const text = await hover("package p\n\nx := cou$0nt([])\n");
  expect(text).toContain("count(");
  expect(text).toContain("#### Arguments");
  expect(text).toContain("Returns");
});

test("hover of a rule has its heads, path, METADATA; of another package too", async () => {
  const lib =
    "#- lib.rego\npackage lib\n\n# METADATA\n# title: The limit\n# description: How much.\nlimit := 1 if input.a\n\nlimit := 2 if input.b\n#- p.rego\npackage p\n\nimport data.lib\n\n";
  const text = await hover(`${lib}x if lib.lim$0it > 1\n`);
  expect(text).toContain("limit := 1\nlimit := 2");
  expect(text).toContain("**The limit**\n\nHow much.");
  expect(await hover(`${lib}x if li$0b.limit > 1\n`)).toContain("package lib");
});

test("hover of the first keys of rules names the rules", async () => {
  expect(await hover("package p\n\na.b.c := 1\n\na.b.d := 2\n\ny := a.b$0.c\n")).toContain("Rules: `c`, `d`");
});

test("hover of a rule without METADATA shows the comment right above", async () => {
  expect(await hover("package p\n\n# Who may pay.\nallow if input.x\n\ny if al$0low\n")).toContain("Who may pay.");
});

test("hover of a document says its name once", async () => {
  expect(await hover("package p\n\nx if inp$0ut.user\n")).toBe("```rego\ninput\n```\n\nWhat the decision is asked about.");
  expect(await hover("package p\n\nx if da$0ta.user\n")).toBe(
    "```rego\ndata\n```\n\nThe base document together with the values of all rules, by package.",
  );
});

test("hover of an input path lists the samples' values; of a keyword a reminder", async () => {
  expect(await hover('#- inputs/a.json\n{"user": "ann"}\n#- p.rego\npackage p\n\nx if input.use$0r\n')).toContain(
    '- a.json: `"ann"`',
  );
  expect(await hover("package p\n\nx i$0f true\n")).toContain("every expression of the body");
});

test("of clauses the first that the literals given so far can match is the active one", async () => {
  const clauses = 'package p\n\nf("a", x) := x\n\nf("b", y) := y\n\nf(other, z) := other\n\n';
  expect(await signature(`${clauses}v := f("b", $0)\n`)).toBe('f("b", y) @ y');
  expect(await signature(`${clauses}v := f("c", $0)\n`)).toBe("f(other, z) @ z");
  expect(await signature(`${clauses}v := f($0)\n`)).toBe('f("a", x) @ "a"');
});

test.each([
  ["a built-in", "package p\n\nx := contains(a, $0)\n", "needle"],
  ["nested calls", 'package p\n\nx := concat(",", split(a, $0))\n', "delimiter"],
  ["commas in strings do not count", 'package p\n\nx := concat("a,b,c", $0)\n', "collection"],
  ["a function of the project", "package p\n\nf(user, role) := 1\n\nx := f(1, $0)\n", "role"],
  ["text that is broken", "package p\n\nx := split(a, $0\n\ny := 1\n", "delimiter"],
])("signature help: %s", async (_, text, parameter) => {
  expect((await signature(text)).split(" @ ")[1]).toContain(parameter);
});

test("no signature behind the closing parenthesis, nor in brackets of an array", async () => {
  expect(await signature("package p\n\nx := count([])$0\n")).toBe("");
  expect(await signature("package p\n\nx := [1, $0]\n")).toBe("");
});

test("parameter names, but not where the argument says the same", async () => {
  const { project, file } = await open('package p\n\nf(user, role) := 1\n\nx := f("ann", input.role)\n');
  expect(inlayHintsOf(project, file, { start: 0, end: file.text.length }).map((hint) => `${hint.offset}${hint.label}`)).toEqual([
    "38user:",
  ]);
});

test("types of local variables: by their declaration, the checker, and the samples", async () => {
  const { project, file } = await open(
    `
#- p.rego
package p

names contains name if some name in ["a", "b"]

sum(a, b) := a + b

allow if {
	some item in input.items
	some other in names
	n := count(input.items)
	total := sum(n, 2)
	every part in item.parts { part > total }
	other == "a"
	unknown := input.nowhere
	unknown
}
#- inputs/one.json
{"items": [{"price": 20, "parts": [1]}]}
`.trimStart(),
  );
  const hints = inlayHintsOf(project, file, { start: 0, end: file.text.length }, { parameters: false, types: true });
  const shown = hints.map(({ offset, label }) => `${/\w+$/u.exec(file.text.slice(0, offset))?.[0]}${label}`);
  expect(shown).toEqual(["name: string", "item: object", "other: string", "n: number", "total: number", "part: integer"]);
});

const everyLens = { evaluate: true, try: true, test: true, debug: true, why: true, samples: true, publish: true };

test("lenses stay at their rules in a broken file; functions are tried", async () => {
  const { project, file } = await open("package p\n\nbroken := [\n\nallow if input.x\n\nf(x) := x\n\ntest_a if allow\n");
  const all = lensesOf(project, file, everyLens, () => ({ passed: 5, failed: 2 }));
  const titles = all.map((lens) => `${file.text.slice(0, lens.range.start).split("\n").length} ${lens.title}`);
  expect(titles).toEqual(
    expect.arrayContaining(["1 Evaluate", "1 Publish…", "5 Evaluate", "7 Try…", "5 7 samples: 5 ✓ 2 ✗", "9 Run test"]),
  );
  expect(titles).toEqual(expect.arrayContaining(["5 Debug", "9 Debug test"]));
  expect(titles.filter((title) => /^7 [ED]/u.test(title))).toEqual([]);
});

test.each([
  [1, 0, "1 sample: 1 ✓"],
  [0, 1, "1 sample: 1 ✗"],
  [3, 0, "3 samples: 3 ✓"],
])("%d samples that hold and %d that do not", async (passed, failed, title) => {
  const { project, file } = await open("package p\n\nallow if input.x\n");
  const none = { evaluate: false, try: false, test: false, debug: false, why: false, samples: true, publish: false };
  expect(lensesOf(project, file, none, () => ({ passed, failed })).map((lens) => lens.title)).toEqual([title]);
});

test("links of addresses and of ignore directives", async () => {
  const { project, file } = await open(
    "package p\n\n# see https://example.com/a.\nx = 1 # regal ignore:use-assignment-operator\n",
  );
  expect(linksOf(project, file).map((link) => link.target)).toEqual([
    "https://example.com/a",
    "https://www.openpolicyagent.org/projects/regal/rules/style/use-assignment-operator",
  ]);
});

test("a name that is nearly right is offered, and taking it mends the text", async () => {
  const { project, file } = await open("package p\n\nx := cuont([])\n");
  const start = file.text.indexOf("cuont");
  const findings = diagnosticsOf(project, () => 0).byFile.get(file.path)!;
  const [action] = actionsAt(project, file, { start, end: start }, findings);
  expect(action?.title).toBe("Use `count`");
  expect(
    apply(
      project,
      action!.edits.map((edit) => ({ file: file.path, ...edit })),
    ),
  ).toBe("package p\n\nx := count([])\n");
});

test("organize imports sorts a block and drops repetitions", async () => {
  const { project, file } = await open("package p\n\nimport data.b\nimport data.a\nimport data.b\n\nx := 1\n");
  const action = actionsAt(project, file, { start: 0, end: 0 }, []).find((found) => found.kind === "source.organizeImports");
  expect(
    apply(
      project,
      action!.edits.map((edit) => ({ file: file.path, ...edit })),
    ),
  ).toBe("package p\n\nimport data.a\nimport data.b\n\nx := 1\n");
});

test("edit distance counts a swap of neighbours as one", () => {
  expect([editDistance("cuont", "count"), editDistance("a", "a"), editDistance("abc", "xyz")]).toEqual([1, 0, 3]);
});

test("outline: package, rules, clauses grouped, arguments below functions", async () => {
  const { project, file } = await open("package a.b\n\nx := 1 if input.a\n\nx := 2 if input.b\n\nf(u) := u\n");
  const draw = (symbols: readonly DocumentSymbol[], indent = ""): string =>
    symbols.map((item) => `${indent}${item.kind} ${item.name} ${item.detail}\n${draw(item.children, `${indent}  `)}`).join("");
  expect(draw(symbolsOf(project.parsed(file).module, file.text))).toBe(
    "package a.b package\n  variable x 2 clauses\n    variable #1 \n    variable #2 \n  function f (u)\n    variable u argument\n",
  );
});

test("the outline's selections lie in their ranges, also of a further body, whose head stands elsewhere", async () => {
  const { project, file } = await open("package a\n\nf(x) if {\n\tx == 1\n} {\n\tx == 2\n}\n");
  const places = (symbols: readonly DocumentSymbol[]): readonly string[] =>
    symbols.flatMap(({ name, range, selection, children }) => {
      expect(range.start <= selection.start && selection.end <= range.end).toBe(true);
      return [`${name} ${file.text.slice(selection.start, selection.end)}`, ...places(children)];
    });
  expect(places(symbolsOf(project.parsed(file).module, file.text))).toEqual([
    "a package a",
    "f f",
    "#1 f",
    "x x",
    "#2 {\n\tx == 2\n}",
  ]);
});

test("folds: imports, comments, rules, clause groups, collections, comprehensions", async () => {
  const text =
    "package p\n\nimport data.a\nimport data.b\n\n# one\n# two\nx if {\n\ty := [1 |\n\t\tinput.z\n\t]\n}\n\nx if {\n\ttrue\n}\n";
  const { project, file } = await open(text);
  const rows = (offset: number) => text.slice(0, offset).split("\n").length;
  const folds = foldsOf(project.parsed(file).module, text).map(({ range, kind }) =>
    `${rows(range.start)}-${rows(range.end)} ${kind ?? ""}`.trim(),
  );
  expect(folds.sort()).toEqual(["14-16", "3-4 imports", "6-7 comment", "8-12", "8-16", "9-11"]);
});

test("selection grows from the word to the file, each step around the one before", async () => {
  const { project, file, offset } = await open("package p\n\nallow if {\n\tinput.us$0er.name == 1\n\ttrue\n}\n");
  const steps = selectionAt(project.parsed(file).module, file.text, offset).map((range) =>
    file.text.slice(range.start, range.end),
  );
  expect(steps.slice(0, 4)).toEqual(["user", "input.user", "input.user.name", "input.user.name == 1"]);
  for (let at = 1; at < steps.length; at++) expect(steps[at]).toContain(steps[at - 1]);
  expect(steps.at(-1)).toBe(file.text);
});
