// The schema of what was seen: what it says, that it takes all of it, and that the order does not matter.
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { jsonSchema } from "#evaluation/builtins/json-schema/index.ts";
import { inferredSchema } from "./inferred-schema.ts";
import { merged, nothingSeen, seenIn } from "./seen-values.ts";

const schemaOf = (...values: readonly unknown[]): Record<string, unknown> => {
  const { $schema: _, ...schema } = inferredSchema(values.map(seenIn).reduce(merged, nothingSeen));
  return schema;
};

test("keys that all objects have are required, the others are not", () => {
  expect(schemaOf({ user: "ann", age: 3 }, { user: "bob", tags: [] })).toEqual({
    type: "object",
    properties: { age: { type: "integer" }, tags: { type: "array" }, user: { type: "string" } },
    required: ["user"],
  });
});

test.each<[string, unknown[], object]>([
  ["whole numbers", [1, 2], { type: "integer" }],
  ["numbers", [1, 2.5], { type: "number" }],
  ["several kinds", ["a", 1, null], { type: ["null", "integer", "string"] }],
  ["few values that come again", ["read", "pay", "read", "pay"], { type: "string", enum: ["pay", "read"] }],
  ["with null among them", ["read", null, "pay", "read", "pay"], { type: ["null", "string"], enum: ["pay", "read", null] }],
  ["one value", ["read", "read"], { type: "string" }],
  ["values that come once", ["ann", "bob"], { type: "string" }],
  ["dates", ["2026-01-02", "2026-02-03"], { type: "string", format: "date" }],
  ["times", ["2026-01-02T03:04:05Z", "2026-02-03T03:04:05+01:00"], { type: "string", format: "date-time" }],
  ["addresses of mail", ["ann@example.com", "bob@example.com"], { type: "string", format: "email" }],
  ["addresses of the web", ["https://a.example/x", "ftp://b.example"], { type: "string", format: "uri" }],
  ["durations of HOCON", ["10s", "5 minutes"], { type: "string", format: "hocon-duration" }],
  ["sizes of HOCON", ["512K", "10 MB"], { type: "string", format: "hocon-size" }],
  ["a format that one has not", ["10s", "never"], { type: "string" }],
  ["elements", [[1, 2], ["a"], []], { type: "array", items: { type: ["integer", "string"] } }],
  ["nothing", [], {}],
])("%s", (_, values, schema) => {
  expect(schemaOf(...values)).toEqual(schema);
});

test("many keys of which none is always there are data", () => {
  const users = Array.from({ length: 50 }, (_, at) => ({ [`user${at}`]: { role: "clerk" } }));
  expect(schemaOf(...users)).toEqual({ type: "object" });
});

/** Documents as inputs are: few keys, strings of which many have a format. */
const documents = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.constantFrom(
      "read",
      "pay",
      "10s",
      "5 MB",
      "2026-01-02",
      "2026-01-02T03:04:05Z",
      "a@b.example",
      "http://x.example/",
      "::1",
      "10.0.0.1",
    ),
    fc.string(),
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(fc.constantFrom("a", "b", "c", "at", "__proto__"), tie("value"), { maxKeys: 4 }),
  ),
})).value;

/** What OPA's own `json.match_schema` complains of. */
function complaints(value: unknown, schema: unknown): unknown {
  const match = jsonSchema["json.match_schema"] as (given: readonly string[], context: object) => readonly unknown[];
  return match([JSON.stringify(value), JSON.stringify(schema)], {})[1];
}

test("every value that was seen is taken", () => {
  fc.assert(
    fc.property(fc.array(documents, { minLength: 1, maxLength: 8 }), (values) => {
      const roots = values.map((value) => ({ value }));
      const schema = inferredSchema(roots.map(seenIn).reduce(merged, nothingSeen));
      for (const root of roots) expect(complaints(root, schema)).toEqual([]);
    }),
  );
});

test("the order does not matter, nor what is taken together first", () => {
  fc.assert(
    fc.property(documents, documents, documents, (one, two, three) => {
      const [a, b, c] = [seenIn(one), seenIn(two), seenIn(three)];
      const text = JSON.stringify(inferredSchema(merged(merged(a, b), c)));
      expect(JSON.stringify(inferredSchema(merged(a, merged(b, c))))).toBe(text);
      expect(JSON.stringify(inferredSchema(merged(c, merged(b, a))))).toBe(text);
      expect(JSON.stringify(inferredSchema(merged(merged(a, nothingSeen), merged(b, c))))).toBe(text);
    }),
  );
});
