// References of schemas: escapes of JSON pointers and of URIs, and what leads nowhere.
import { expect, test } from "vitest";
import { typeOfSchema } from "./schema.ts";
import { referenced } from "./schema-reference.ts";

const root = { definitions: { "a b": { type: "string" }, "c/d~e": { type: "number" }, list: [{ type: "boolean" }] } };

test.each([
  ["#/definitions/a%20b", { type: "string" }],
  ["#/definitions/c~1d~0e", { type: "number" }],
  ["#/definitions/list/0", { type: "boolean" }],
  ["#", root],
])("%s", (reference, value) => {
  expect(referenced(root, reference)).toMatchObject({ value });
});

test.each([
  ["#/nope", "Object has no key 'nope'"],
  ["other.json", "remote reference loading disabled: other.json"],
  ["#/definitions/%zz", "invalid escape in the reference #/definitions/%zz"],
  ["#/definitions/constructor", "Object has no key 'constructor'"],
])("%s leads nowhere", (reference, problem) => {
  expect(referenced(root, reference)).toEqual({ problem });
  expect(typeOfSchema({ $ref: reference, ...root })).toEqual({ error: `unable to compile the schema: ${problem}` });
});

test.each([
  [{ $ref: "#" }, "any"],
  [{ $ref: "#/definitions/e", definitions: { e: { $ref: "#" } } }, "any"],
  [{ anyOf: [{ $ref: "#" }, { type: "string" }] }, "string"],
])("%j leads back to itself, which says nothing", (schema, kind) => {
  expect(typeOfSchema(schema)).toMatchObject({ type: { kind } });
});
