// Scopes of the Rego grammar: a drawn table per construct, and no `invalid` scope over every policy of OPA's suite that parses.
import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { drawScopes, tokenize } from "./tokenize.test-helper.ts";

const check = async (text: string, expected: string) =>
  expect(await drawScopes("rego", text)).toBe(expected.trim().replaceAll(/^ +/gmu, ""));

test("package, import, alias", () =>
  check(
    "package a.b\nimport data.roles as r",
    `package → keyword.other
     a → entity.name.namespace
     . → punctuation.separator.dot
     b → entity.name.namespace
     import → keyword.other
     data → variable.language
     . → punctuation.separator.dot
     roles → entity.name.namespace
     as → keyword.other
     r → entity.name.namespace.alias`,
  ));

test("rule with default, body, call and comparison", () =>
  check(
    "default allow := false\nallow if count(input.items) >= 3",
    `default → keyword.other
     allow → entity.name.function.rule
     := → keyword.operator.assignment
     false → constant.language
     allow → entity.name.function.rule
     if → keyword.other
     count → support.function.any-method
     ( → punctuation.section.parens
     input → variable.language
     . → punctuation.separator.dot
     items → meta.identifier
     ) → punctuation.section.parens
     >= → keyword.operator.comparison
     3 → constant.numeric`,
  ));

test("strings: escapes, wrong escapes, raw, an open string ends with its line", () =>
  check(
    'a := "x\\n\\q"\nb := `r`\nc := "open\nd := 1',
    `a → entity.name.function.rule
     := → keyword.operator.assignment
     " → punctuation.definition.string.begin
     x → string.quoted.double
     \\n → constant.character.escape
     \\q → invalid.illegal.unrecognized-string-escape
     " → punctuation.definition.string.end
     b → entity.name.function.rule
     := → keyword.operator.assignment
     \` → punctuation.definition.string.begin
     r → string.other.raw
     \` → punctuation.definition.string.end
     c → entity.name.function.rule
     := → keyword.operator.assignment
     " → punctuation.definition.string.begin
     open → string.quoted.double
     d → entity.name.function.rule
     := → keyword.operator.assignment
     1 → constant.numeric`,
  ));

test("template strings hold expressions, also with braces", () =>
  check(
    't := $"a {x.y} \\{ {{"k": 1}}"',
    `t → entity.name.function.rule
     := → keyword.operator.assignment
     $" → punctuation.definition.string.begin
     a → string.template
     { → punctuation.section.embedded
     x → meta.identifier
     . → punctuation.separator.dot
     y → meta.identifier
     } → punctuation.section.embedded
     \\{ → constant.character.escape
     { → punctuation.section.embedded
     { → punctuation.section.braces.begin
     " → punctuation.definition.string.begin
     k → string.quoted.double
     " → punctuation.definition.string.end
     : → punctuation.separator.key-value
     1 → constant.numeric
     } → punctuation.section.braces.end
     } → punctuation.section.embedded
     " → punctuation.definition.string.end`,
  ));

test("metadata is YAML until the comment block ends", () =>
  check(
    "# METADATA\n# title: Orders\n# scope: rule\np if true",
    `# → punctuation.definition.comment
     METADATA → storage.type.metadata
     # → punctuation.definition.comment
     title → entity.name.tag.yaml
     : → punctuation.separator.key-value.mapping.yaml
     Orders → comment.block.documentation
     # → punctuation.definition.comment
     scope → entity.name.tag.yaml
     : → punctuation.separator.key-value.mapping.yaml
     rule → comment.block.documentation
     p → entity.name.function.rule
     if → keyword.other
     true → constant.language`,
  ));

test("every, some, with, contains, not, else; keywords after a dot are members", () =>
  check(
    "p contains x if {\n\tsome x in xs\n\tnot x.default with input as y\n} else := 1",
    `p → entity.name.function.rule
     contains → keyword.other
     x → meta.identifier
     if → keyword.other
     { → punctuation.section.braces
     some → keyword.other
     x → meta.identifier
     in → keyword.other
     xs → meta.identifier
     not → keyword.other
     x → meta.identifier
     . → punctuation.separator.dot
     default → meta.identifier
     with → keyword.other
     input → variable.language
     as → keyword.other
     y → meta.identifier
     } → punctuation.section.braces
     else → keyword.other
     := → keyword.operator.assignment
     1 → constant.numeric`,
  ));

test("contains(…) is a call of the builtin", () =>
  check(
    'p if contains(x, "a")',
    `p → entity.name.function.rule
     if → keyword.other
     contains → support.function.any-method
     ( → punctuation.section.parens
     x → meta.identifier
     , → punctuation.separator
     " → punctuation.definition.string.begin
     a → string.quoted.double
     " → punctuation.definition.string.end
     ) → punctuation.section.parens`,
  ));

test("no policy that parses has an invalid scope", async () => {
  const folder = "test-fixtures/conformance/rego/fmt";
  const invalid: string[] = [];
  let texts = 0;
  for (const name of readdirSync(folder).filter((file) => file.endsWith(".json"))) {
    const kit = JSON.parse(readFileSync(`${folder}/${name}`, "utf8")) as {
      cases: { id: string; source: string; runs?: { fmt?: { exit: number } } }[];
    };
    for (const { id, source, runs } of kit.cases) {
      if (runs?.fmt?.exit !== 0) continue;
      texts += 1;
      for (const token of await tokenize("rego", source)) {
        if (token.scopes.some((scope) => scope.startsWith("invalid"))) invalid.push(`${id}:${token.line} ${token.text}`);
      }
    }
  }
  expect(invalid).toEqual([]);
  expect(texts).toBeGreaterThan(100);
});
