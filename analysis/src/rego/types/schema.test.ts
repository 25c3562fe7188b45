// Schemas as types: references with escapes of JSON pointers and of URIs, what leads nowhere, and what is merged.
import { expect, test } from "vitest";
import { printType } from "./print.ts";
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
  ["#/definitions/%zz", "invalid escape in the reference #/definitions/%zz"],
  ["#/definitions/constructor", "Object has no key 'constructor'"],
])("%s leads nowhere", (reference, problem) => {
  expect(referenced(root, reference)).toEqual({ problem });
  expect(typeOfSchema({ $ref: reference, ...root })).toEqual({ error: `unable to compile the schema: ${problem}` });
});

test.each([
  ["other.json", "Reference /other.json must be canonical"],
  ["http://a/b.json#/x", "remote reference loading disabled: http://a/b.json"],
])("%s is no part of the schema", (reference, problem) => {
  expect(typeOfSchema({ $ref: reference, ...root })).toEqual({ error: `unable to compile the schema: ${problem}` });
});

test("references are relative to the address of the schema around them", () => {
  const schema = {
    $id: "http://a.b/root.json",
    definitions: {
      s: { $id: "sub.json", type: "object", properties: { n: { $ref: "root.json#/definitions/n" } } },
      n: { type: "number" },
    },
    $ref: "sub.json",
  };
  expect(printed(schema)).toBe("object<n: number>");
});

test.each([
  [{ $ref: "#" }, "any"],
  [{ $ref: "#/definitions/e", definitions: { e: { $ref: "#" } } }, "any"],
  [{ anyOf: [{ $ref: "#" }, { type: "string" }] }, "string"],
])("%j leads back to itself, which says nothing", (schema, kind) => {
  expect(typeOfSchema(schema)).toMatchObject({ type: { kind } });
});

/** The type of a schema as messages show it, or why it has none. */
function printed(schema: unknown): string {
  const result = typeOfSchema(schema);
  return "error" in result ? result.error : printType(result.type);
}

test.each([
  // An empty list of choices is none.
  [{ type: "string", anyOf: [] }, "string"],
  [{ type: "array", items: {}, allOf: [] }, "array[any]"],
  // Parts of `allOf` are schemas of their own.
  [
    { allOf: [{ type: "object", properties: { a: { type: "string" } }, anyOf: [{ type: "boolean" }, { type: "number" }] }] },
    "any<boolean, number, object<a: string>>",
  ],
  [
    { allOf: [{ allOf: [{ properties: { a: { type: "string" } } }, { properties: { b: { type: "number" } } }] }] },
    "object<a: string, b: number>",
  ],
  // Items are merged place by place, and must be of like types.
  [{ allOf: [{ items: [{ type: "string" }] }, { items: [{ type: "string" }, { type: "number" }] }] }, "array<string, number>"],
  [{ allOf: [{ items: { type: "string" } }, { items: [{ type: "number" }] }] }, "type checking: unable to merge these schemas"],
  [
    { allOf: [{ properties: { a: {} } }, {}] },
    "type checking: unable to merge these schemas: type mismatch: object and Undefined",
  ],
  // What refers to a part sees what was merged into it.
  [
    {
      type: "object",
      properties: {
        a: { allOf: [{ $ref: "#/definitions/d" }, { properties: { y: { type: "number" } } }] },
        b: { $ref: "#/definitions/d" },
      },
      definitions: { d: { properties: { x: { type: "string" } } } },
    },
    "object<a: object<x: string, y: number>, b: object<x: string, y: number>>",
  ],
])("%j is read as OPA reads it", (schema, type) => {
  expect(printed(schema)).toBe(type);
});
