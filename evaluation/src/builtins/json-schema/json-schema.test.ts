// Documents against schemas: gojsonschema's findings, its faults of schemas, and what bounds a hostile schema.
import { expect, test } from "vitest";
import { readRegoText, writeRegoText } from "../../rego-text.ts";
import type { Value } from "../../value.ts";
import { BuiltinFailure } from "../builtin.ts";
import { jsonSchema } from "./index.ts";

function call(name: string, ...texts: readonly string[]): string {
  const context = { now: 0n, random: () => 0.5, cache: new Map<string, Value>(), print: () => {}, ports: {} };
  try {
    return writeRegoText(jsonSchema[name]!(texts.map(readRegoText), context) ?? "undefined");
  } catch (error) {
    if (error instanceof BuiltinFailure) return `error: ${error.message}`;
    throw error;
  }
}

const found = (document: string, schema: string): readonly string[] =>
  [...call("json.match_schema", document, schema).matchAll(/"error": "((?:[^"\\]|\\.)*)"/g)].map((match) => match[1]!);

test("findings come with their place", () => {
  expect(found('{"a": {"b": [1, "x"]}}', '{"properties": {"a": {"properties": {"b": {"items": {"type": "string"}}}}}}')).toEqual([
    "a.b.0: Invalid type. Expected: string, given: integer",
  ]);
  expect(found("{}", '{"required": ["k"]}')).toEqual(["(Root): k is required"]);
});

test("limits are exact and written as Go writes big floats", () => {
  expect(found('{"n": 0.3}', '{"properties": {"n": {"multipleOf": 0.1}}}')).toEqual([]);
  expect(found('{"n": 1}', '{"properties": {"n": {"minimum": 1234567}}}')).toEqual([
    "n: Must be greater than or equal to 1.234567e+06",
  ]);
});

test("the closest of several schemas says what is wrong", () => {
  expect(found('{"a": 1}', '{"oneOf": [{"required": ["z"]}, {"required": ["a", "y"]}]}')).toEqual([
    "(Root): Must validate one and only one schema (oneOf)",
    "(Root): y is required",
  ]);
});

test("references follow $id and JSON pointers; none leaves the document", () => {
  const schema = '{"$id": "http://e.com/r.json", "definitions": {"x": {"$id": "#short", "type": "null"}}, "$ref": "#short"}';
  expect(found("{}", schema)).toEqual(["(Root): Invalid type. Expected: null, given: object"]);
  expect(call("json.verify_schema", '{"$ref": "http://e.com/other.json"}')).toBe(
    '[false, "jsonschema: remote reference loading disabled: http://e.com/other.json"]',
  );
});

test("a schema without an end is refused", () => {
  expect(call("json.match_schema", "{}", '{"$ref": "#"}')).toBe("error: the validation nests too deeply");
  const doubling = Array.from(
    { length: 40 },
    (_, at) => `"d${at}": {"allOf": [{"$ref": "#/definitions/d${at + 1}"}, {"$ref": "#/definitions/d${at + 1}"}]}`,
  );
  expect(call("json.match_schema", "{}", `{"$ref": "#/definitions/d0", "definitions": {${doubling.join(",")}, "d40": {}}}`)).toBe(
    "error: the validation takes too many steps",
  );
});
