// Semantic tokens of Rego: each word with what it is.
import { expect, test } from "vitest";
import { open } from "../fixture.test-helper.ts";
import { semanticTokensIn } from "../semantic-tokens.ts";

async function told(text: string): Promise<readonly string[]> {
  const { project, file } = await open(text);
  return semanticTokensIn(project, file).map(
    ({ range, type, modifiers }) => `${[text.slice(range.start, range.end), type, ...modifiers].join(" ")}`,
  );
}

test("`contains` is a keyword in a head, a builtin where it is called, a key in a path", async () => {
  expect(await told('package p\n\nusers contains name if {\n\tsome name in input.contains\n\tcontains(name, "a")\n}\n')).toEqual([
    "package keyword",
    "p namespace declaration",
    "users variable definition",
    "contains keyword",
    "name variable",
    "if keyword",
    "some keyword",
    "name variable declaration",
    "in keyword",
    "input variable readonly input",
    "contains property",
    "contains method defaultLibrary",
    "name variable",
    '"a" string',
  ]);
});

test("`or` of the future is a keyword where it is imported", async () => {
  expect(await told("package p\n\nimport future.keywords.or\n\nx if { (input.a or input.b) }\n")).toContain("or keyword");
});
