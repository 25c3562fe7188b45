// What is known of broken statements: outline, definitions and renames work inside of them.
import { expect, test } from "vitest";
import { apply, dedent, draw, open } from "../fixture.test-helper.ts";
import { definitionsIn, renameIn } from "../navigation.ts";
import { symbolsIn } from "../structure.ts";

async function outline(text: string): Promise<string> {
  const { project, file } = await open(dedent(text));
  const rules = symbolsIn(project, file).flatMap((symbol) => (symbol.kind === "package" ? symbol.children : [symbol]));
  return rules.map(({ name, children }) => [name, ...children.map((child) => child.name)].join(" ")).join(", ");
}

test("every rule of a broken text is in its outline", async () => {
  const text = `
    package p

    x := {
      "a": [1,

    f(a, b) := count(a, [c | some c in b]

    y := 

    garbage(z) here $$ := }{

    constructor := [toString(

    last := 1
  `;
  expect(await outline(text)).toBe("x, f a b, y, garbage z, constructor, last");
});

test("the rules of a text without a package are in its outline", async () => {
  expect(await outline("a := 1\n\nb if a\n\nc := [1 2]\n")).toBe("a, b, c");
});

test("names in a broken statement lead to their rules and arguments", async () => {
  const { project, file, offset } = await open("package p\n\nf(argument) := x if {\n\tx := count(argu$0ment, [1\n");
  expect(draw(project, definitionsIn(project, file, offset))).toBe('policy.rego:3:3 "argument"');
});

test("a rename reaches broken statements, and what was filled in is no name", async () => {
  const { project, file, offset } = await open("package p\n\nfo$0o := 1\n\nx := [foo\n\ny if foo == \n\nname := foo\n");
  const renamed = renameIn(project, file, offset, "bar");
  expect("edits" in renamed && apply(project, renamed.edits)).toBe(
    "package p\n\nbar := 1\n\nx := [bar\n\ny if bar == \n\nname := bar\n",
  );
});
