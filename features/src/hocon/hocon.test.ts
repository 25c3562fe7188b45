// HOCON features: text with a cursor in, text out.
import { expect, test } from "vitest";
import { diagnosticsOf } from "../diagnostics.ts";
import { draw, open } from "../fixture.test-helper.ts";
import { definitionsIn, referencesIn } from "../navigation.ts";
import { completionIn, hoverIn } from "../reading.ts";
import type { DocumentSymbol } from "../rego/symbols.ts";
import { semanticTokensIn } from "../semantic-tokens.ts";
import { foldsIn, selectionIn, symbolsIn } from "../structure.ts";
import { includeLinks } from "./links.ts";

const files = (sample: string) =>
  `#- common/base.conf\n# Where it runs.\nregion = eu-west\norder { id = "1", amount = 5 }\n#- inputs/a.conf\ninclude "../common/base.conf"\n\n${sample}\n#- inputs/b.conf\nuser = bob\norder.amount = 7\n`;

async function hover(text: string): Promise<string> {
  const { project, file, offset } = await open(files(text));
  return hoverIn(project, file, offset)?.markdown ?? "";
}

async function definition(text: string): Promise<string> {
  const { project, file, offset } = await open(files(text));
  return draw(project, definitionsIn(project, file, offset));
}

async function labels(text: string): Promise<string[]> {
  const { project, file, offset } = await open(files(text));
  return completionIn(project, file, offset, { autoImport: true }).items.map((item) => item.label);
}

test("hover of a substitution and of a key shows the resolved value and where it was written", async () => {
  expect(await hover("path = ${reg$0ion}/x")).toContain('"eu-west"');
  expect(await hover("path = ${reg$0ion}/x")).toContain("`common/base.conf:2`");
  const key = await hover("# The whole path.\npa$0th = ${region}/x");
  expect(key).toContain('"eu-west/x"');
  expect(key).toContain("The whole path.");
  expect(await hover('x = 1\ninclude "../com$0mon/base.conf"')).toContain("`common/base.conf`");
});

test("definition of a substitution is every assignment of its path, of an include the file", async () => {
  expect(await definition("region = us\npath = ${region$0}")).toBe('common/base.conf:2:1 "region"\ninputs/a.conf:3:1 "region"');
  expect(await definition("x = ${order.am$0ount}")).toBe('common/base.conf:3:19 "amount"');
  expect(await definition('y = 1\ninclude "../common/ba$0se.conf"')).toBe('common/base.conf:1:1 ""');
});

test("references of a path over the files of the project", async () => {
  const { project, file, offset } = await open(files("order.amou$0nt = 9\nx = ${order.amount}"));
  expect(draw(project, referencesIn(project, file, offset, true))).toBe(
    'common/base.conf:3:19 "amount"\ninputs/a.conf:3:7 "amount"\ninputs/a.conf:4:13 "amount"\ninputs/b.conf:2:7 "amount"',
  );
});

test("completion: paths in substitutions, files in includes, keys that other samples have", async () => {
  expect(await labels("path = ${$0}")).toEqual(["region", "order", "order.id", "order.amount"]);
  expect(await labels('x = 1\ninclude "$0"')).toEqual(["../common/base.conf", "b.conf"]);
  expect(await labels("us$0")).toContain("user");
  expect(await labels("order { am$0 }")).toContain("amount");
  expect(await labels("# us$0")).toEqual([]);
});

test("the name of an include is a link to its file; an open substitution is one fault", async () => {
  const { project, file } = await open('#- inputs/a.conf\ninclude "base"\ninclude "gone"\nx = ${y\n#- inputs/base.conf\nz = 1\n');
  expect(
    includeLinks(project, file).map((link) => `${file.text.slice(link.range.start, link.range.end)} ${link.tooltip}`),
  ).toEqual(['"base" Open inputs/base.conf']);
  expect(
    project.inputs
      .resolveHocon(file)
      .diagnostics.filter(({ severity }) => severity === "error")
      .map(({ code }) => code),
  ).toEqual(["hocon_open_substitution"]);
});

test("includes in a row fold like imports", async () => {
  const { project, file } = await open('#- inputs/a.conf\ninclude "b"\ninclude "c"\nx = 1\ninclude "d"\n');
  expect(foldsIn(project, file).map(({ range, kind }) => `${kind} ${file.text.slice(range.start, range.end)}`)).toEqual([
    'imports include "b"\ninclude "c"',
  ]);
});

test("outline, folds and selection", async () => {
  const { project, file, offset } = await open(
    '#- a.conf\n# one\n# two\na {\n  b = [\n    { c = $01 }\n  ]\n  d.e = """x\ny"""\n}\n',
  );
  const names = (symbols: readonly DocumentSymbol[]): unknown =>
    symbols.map((item) => [item.name, item.kind, names(item.children)]);
  expect(names(symbolsIn(project, file))).toEqual([
    [
      "a",
      "object",
      [
        ["b", "array", []],
        ["d.e", "string", []],
      ],
    ],
  ]);
  const row = (at: number) => file.text.slice(0, at).split("\n").length;
  const folds = foldsIn(project, file).map(({ range, kind }) => `${row(range.start)}-${row(range.end)} ${kind ?? ""}`.trim());
  expect(folds.sort()).toEqual(["1-2 comment", "3-9", "4-6", "7-8"]);
  const steps = selectionIn(project, file, offset).map((range) =>
    file.text.slice(range.start, range.end).replaceAll(/\s+/gu, " "),
  );
  expect(steps.slice(0, 3)).toEqual(["1", "c = 1", "{ c = 1 }"]);
  expect(steps.at(-1)).toBe(file.text.replaceAll(/\s+/gu, " "));
});

test("semantic tokens are ordered and do not overlap", async () => {
  const { project, file } = await open('#- a.conf\na.b = "x" ${c} # note\n"q" : """l\nm"""\n');
  const drawn = semanticTokensIn(project, file).map(({ range, type }) => `${file.text.slice(range.start, range.end)} ${type}`);
  expect(drawn).toEqual([
    "a.b property",
    "= operator",
    '"x" string',
    "${c} variable",
    "# note comment",
    '"q" property',
    '"""l string',
    'm""" string',
  ]);
});

test.each(["{a=", "[", "a { b = [{", "a = [[], "])(
  "a document of 2,000 times `%s` says that it nests too deeply, and whatever is asked of it is answered",
  async (opener) => {
    const { project, file, offset } = await open(`#- inputs/deep.conf\n${opener.repeat(2000)}$0`);
    const told = diagnosticsOf(project, () => 0).byFile.get(file.path) ?? [];
    expect(told.map(({ code }) => code)).toEqual(["hocon_too_deep"]);
    const answers = [
      symbolsIn(project, file),
      foldsIn(project, file),
      selectionIn(project, file, offset).slice(1),
      semanticTokensIn(project, file).slice(0, 0),
      definitionsIn(project, file, offset),
      referencesIn(project, file, offset, true),
      includeLinks(project, file),
    ];
    expect(answers).toEqual(answers.map(() => []));
    expect(hoverIn(project, file, offset)).toBeUndefined();
    expect(completionIn(project, file, offset, { autoImport: true }).items.length).toBeLessThan(10);
  },
);
