// Conversions: a value written as HOCON or YAML reads back as the same value.
import fc from "fast-check";
import { expect, test } from "vitest";
import { parse as parseYaml } from "yaml";
import { parseHocon } from "#grammars/hocon/parse.ts";
import { resolveHocon, toJsonText } from "./resolve.ts";
import { toHoconText, toYamlText } from "./write.ts";

function read(text: string, file = "a.json") {
  return resolveHocon(parseHocon(text, { file })).value;
}

test("JSON to HOCON: no quotes where none are needed", () => {
  const value = read(
    '{"order": {"id": "A-1", "lines": [{"sku": "x y", "n": 2}], "note": "a\\nb"}, "include": true, "a.b": null}',
  );
  expect(toHoconText(value)).toBe(
    'order {\n  id = A-1\n  lines = [\n    {\n      sku = "x y"\n      n = 2\n    }\n  ]\n  note = """a\nb"""\n}\n"include" = true\n"a.b" = null\n',
  );
});

test("HOCON to YAML in block style", () => {
  expect(toYamlText(read("a { b = [1, x], c = {} }, d = yes, e = [{ f = 1 }]", "a.conf"))).toBe(
    'a:\n  b:\n    - 1\n    - x\n  c: {}\nd: "yes"\ne:\n  -\n    f: 1\n',
  );
});

test("both read back as the same value", () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 })), (document) => {
      const json = JSON.stringify(document);
      const value = read(json);
      expect(JSON.parse(toJsonText(read(toHoconText(value)!, "b.conf")))).toEqual(JSON.parse(toJsonText(value)));
      expect(parseYaml(toYamlText(value))).toEqual(JSON.parse(toJsonText(value)));
    }),
    { numRuns: 500 },
  );
});
