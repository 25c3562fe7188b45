// METADATA blocks as OPA reads them: YAML values, the fields' types, and what is wrong in OPA's words.
import { expect, test } from "vitest";
import { parseModule } from "#grammars/rego/parse.ts";
import { readAnnotations } from "./annotations.ts";
import { moduleUnit } from "./begin.ts";
import { readMetadata } from "./metadata-yaml.ts";

function error(...lines: string[]): string {
  const read = readMetadata(lines, 1);
  return "error" in read ? read.error : "";
}

function custom(...lines: string[]): unknown {
  const read = readMetadata(["custom:", ...lines.map((line) => `  ${line}`)], 1);
  return "error" in read ? read.error : read.metadata.custom;
}

test("values are those of OPA's YAML reader", () => {
  expect(custom("a: 017", "b: 1_000", "c: 0x1F", "d: 1.50", "e: yes", "f: ~", "g: 2020-1-2")).toEqual({
    a: 15n,
    b: 1000n,
    c: 31n,
    d: 1.5,
    e: "yes",
    f: null,
    g: "2020-01-02T00:00:00Z",
  });
  expect(custom("base: &b {x: 1, y: 2}", "mine: {<<: *b, y: 3}", "list: &l [a]", "again: *l")).toEqual({
    base: { x: 1n, y: 2n },
    mine: { x: 1n, y: 3n },
    list: ["a"],
    again: ["a"],
  });
});

test("fields take what fits their type; everything that does not is told", () => {
  expect(readMetadata(["title: 017", "entrypoint: yes", "organizations: [1, ~, b]", "---", "title: ["], 1)).toMatchObject({
    metadata: { title: "017", entrypoint: true, organizations: ["1", "b"] },
  });
  expect(error("title: [a]", "entrypoint: maybe", "custom: a long text", "schemas: [<<]")).toBe(
    "yaml: unmarshal errors:\n  line 1: cannot unmarshal !!seq into string\n  line 2: cannot unmarshal !!str `maybe` into bool\n" +
      "  line 3: cannot unmarshal !!str `a long ...` into map[string]interface {}\n" +
      "  line 4: cannot unmarshal !!merge `<<` into map[string]interface {}",
  );
  expect(error("title: a", "description: b", "description: c", "title: d", "title: e").split("\n  ").slice(1)).toEqual([
    'line 4: mapping key "title" already defined at line 1',
    'line 5: mapping key "title" already defined at line 1',
    'line 3: mapping key "description" already defined at line 2',
    'line 5: mapping key "title" already defined at line 4',
  ]);
  expect(error("custom: x", "? title: a", "entrypoint: <<")).toBe(
    "yaml: unmarshal errors:\n  line 1: cannot unmarshal !!str `x` into map[string]interface {}\n" +
      "  line 2: cannot unmarshal !!map into string\n  line 3: cannot unmarshal !!merge `<<` into bool",
  );
  expect(readMetadata(["schemas:", "- input: 2020-01-01"], 1)).toMatchObject({ metadata: { schemas: [["input", null]] } });
  expect(error("related_resources: [{a: .inf, b: -.inf}]")).toContain("map[a:%!s(float64=+Inf) b:%!s(float64=-Inf)]");
  expect(error("related_resources: [{a: ~, b: [~, 1]}]")).toContain("definition map[a:<nil> b:[<nil> %!s(int=1)]]: ");
  expect(error("title: a", "title: b")).toBe('yaml: unmarshal errors:\n  line 2: mapping key "title" already defined at line 1');
});

test("what cannot be read stands in its line", () => {
  expect(readMetadata(["title: a", "custom:", "\tb: 1"], 1)).toEqual({
    error: "yaml: line 3: found character that cannot start any token",
    line: 3,
  });
  expect(error("custom: &a {b: *a}")).toBe("yaml: anchor 'a' value contains itself");
  expect(error("custom: {a: !!int x}")).toBe("yaml: cannot decode !!str `x` as a !!int");
});

test("aliases cannot blow a block up", () => {
  const lines = ["custom:", "  a0: &a0 [x, x, x, x, x, x, x, x, x]"];
  for (let i = 1; i < 12; i++)
    lines.push(
      `  a${i}: &a${i} [${Array(9)
        .fill(`*a${i - 1}`)
        .join(", ")}]`,
    );
  expect(error(...lines)).toBe("yaml: document contains excessive aliasing");
});

test("what a filter is compiled with has refs", () => {
  expect(readMetadata(["compile: {unknowns: [input.x], mask_rule: mask}"], 1)).toMatchObject({
    metadata: { compile: { unknowns: ["input.x"], maskRule: "mask" } },
  });
});

test("authors and resources of other kinds are named as Go prints them", () => {
  expect(error("authors: [3]")).toBe("invalid author definition %!s(int=3): invalid value type, must be string or map");
  expect(error("authors: [2020-01-01]")).toBe(
    "invalid author definition 2020-01-01 00:00:00 +0000 UTC: invalid value type, must be string or map",
  );
  expect(error("related_resources: [{1: a}]")).toBe(
    "invalid related-resource definition map[%!s(int=1):a]: invalid map key type(s): ",
  );
  expect(error('related_resources: ["%zz"]')).toBe(
    'invalid related-resource definition %zz: parse "%zz": invalid URL escape "%zz"',
  );
});

test("related resources are URLs as Go reads and writes them", () => {
  const written = (url: string): string => {
    const read = readMetadata([`related_resources: ['${url}']`], 1);
    return "error" in read ? read.error : read.metadata.relatedResources.map(({ ref }) => ref).join();
  };
  expect(written("HTTP://é.com/a b?c d#e f")).toBe("http://%C3%A9.com/a%20b?c d#e%20f");
  expect(written("mailto:a b#")).toBe("mailto:a b");
  expect(written("http://x/%41 [b]")).toBe("http://x/A%20%5Bb%5D");
  expect(written("./a:b/c")).toBe("./a:b/c");
  expect(written("1:b")).toContain("first path segment in URL cannot contain colon");
  expect(written("http://a:b")).toContain('invalid port ":b" after host');
});

test("a document ends where what is behind it can be read: a directive takes its line break with it", () => {
  expect(error("labels: {a: b}", "%YAML 1.1", "title: x")).toBe("yaml: line 3: mapping values are not allowed in this context");
  expect(error("labels: {a: b}", "---", "title: x")).toBe("");
});

test("a hint of the parser that no syntax error took is the first block's", () => {
  const text = "package a\n\np { some i\nin\nx }\n\n# METADATA\nq := 1\n\n# METADATA\nr := 2\n";
  const { problems } = readAnnotations(moduleUnit(parseModule(text, { file: "a.rego", version: "v0" })));
  expect(problems.map(({ message }) => message)).toEqual([
    "expected METADATA block, found whitespace (hint: `import future.keywords.in` for `some x in xs` expressions)",
    "expected METADATA block, found whitespace",
  ]);
});
