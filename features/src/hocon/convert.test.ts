// Conversions between HOCON, JSON and YAML.
import { expect, test } from "vitest";
import { open } from "../fixture.test-helper.ts";
import { type ConversionTarget, convertDocument } from "./convert.ts";

async function convert(text: string, to: ConversionTarget): Promise<string> {
  const { project, file } = await open(text);
  const converted = convertDocument(project, file, to, undefined);
  return "refusal" in converted ? `refused: ${converted.refusal}` : `${converted.path}\n${converted.text}`;
}

test("HOCON to JSON and YAML, resolved", async () => {
  const text = "#- inputs/a.conf\na = 1\nb { c = ${a}, d = 5m }\n";
  expect(await convert(text, "json")).toBe('/p/inputs/a.json\n{\n  "a": 1,\n  "b": {\n    "c": 1,\n    "d": "5m"\n  }\n}\n');
  expect(await convert(text, "yaml")).toBe('/p/inputs/a.yaml\na: 1\nb:\n  c: 1\n  d: "5m"\n');
});

test("JSON and YAML to HOCON", async () => {
  expect(await convert('#- inputs/a.json\n{"a": {"b": [1, "x y"]}, "include": true}', "hocon")).toBe(
    '/p/inputs/a.conf\na {\n  b = [1, "x y"]\n}\n"include" = true\n',
  );
  expect(await convert("#- inputs/a.yaml\na:\n  - b: 1\n", "hocon")).toBe("/p/inputs/a.conf\na = [\n  {\n    b = 1\n  }\n]\n");
});

test("what cannot be resolved, or is of that format, is refused", async () => {
  expect(await convert("#- inputs/a.conf\na = ${x}\n", "json")).toContain("refused: no value for `x`");
  expect(await convert("#- inputs/a.json\n{}", "json")).toBe("refused: the file is json already");
});
