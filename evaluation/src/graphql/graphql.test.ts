// GraphQL: trees as OPA shows them, findings with their place, schemas that do not hold, bounds of hostile texts.
import { expect, test } from "vitest";
import { BuiltinFailure } from "../builtins/builtin.ts";
import { graphql } from "../builtins/graphql.ts";
import { readRegoText, writeRegoText } from "../rego-text.ts";
import type { Value } from "../value.ts";

const schema = `
  type Query { dog(id: ID!): Dog pet: Pet }
  interface Named { name(upper: Boolean = false): String }
  type Dog implements Named { name(upper: Boolean = false): String barks: Int! }
  type Cat { lives: Int }
  union Pet = Dog | Cat`;

function call(name: string, ...args: readonly Value[]): string {
  const context = { now: 0n, random: () => 0.5, cache: new Map<string, Value>(), print: () => {}, ports: {} };
  try {
    return writeRegoText(graphql[`graphql.${name}`]!(args, context) ?? "undefined");
  } catch (error) {
    if (error instanceof BuiltinFailure) return `error: ${error.message}`;
    throw error;
  }
}

const fault = (query: string): string => call("parse", query, schema);

test("empty members of a tree are left out, comments stay", () => {
  expect(call("parse_query", "query Q {\n  # why\n  a: b(x: [1, $v])\n}")).toBe(
    writeRegoText(
      readRegoText(
        '{"Operations": [{"Name": "Q", "Operation": "query", "SelectionSet": [{"Alias": "a", "Arguments": [{"Name": "x", "Value": {"Children": [{"Name": "", "Value": {"ExpectedTypeHasDefault": false, "Kind": 1, "Raw": "1"}}, {"Name": "", "Value": {"ExpectedTypeHasDefault": false, "Kind": 0, "Raw": "v"}}], "ExpectedTypeHasDefault": false, "Kind": 8, "Raw": ""}}], "Comment": {"List": [{"Value": "# why"}]}, "Name": "b"}]}]}',
      ),
    ),
  );
});

test("a query is checked against its schema, with names that are close", () => {
  expect(call("is_valid", "{ dog(id: 1) { name barks } }", schema)).toBe("true");
  expect(fault("{ dog(id: 1) { nam } }")).toBe(
    'error: Cannot query field "nam" on type "Dog". Did you mean "name"?\n in GraphQL string at location 1:16',
  );
  expect(fault("{ pet { name } }")).toBe(
    'error: Cannot query field "name" on type "Pet". Did you mean to use an inline fragment on "Named" or "Dog"?\n in GraphQL string at location 1:9',
  );
  expect(fault("{ dog { barks } }")).toBe(
    'error: Field "dog" argument "id" of type "ID!" is required, but it was not provided in GraphQL string at location 1:3',
  );
  expect(fault("{ a: dog(id: 1) { barks } a: dog(id: 2) { barks } }")).toBe(
    'error: Fields "a" conflict because they have differing arguments. Use different aliases on the fields to fetch both if this was intentional in GraphQL string at location 1:27',
  );
});

test("texts end in the fault of their first wrong token", () => {
  expect(call("parse_query", "{ a(")).toBe(
    "error: expected at least one definition, found <EOF> in GraphQL string at location 1:5".replace(
      "expected at least one definition, found <EOF>",
      "Expected Name, found <EOF>",
    ),
  );
  expect(call("parse_schema", "type A {}")).toBe(
    "error: expected at least one definition, found } in GraphQL string at location 1:9",
  );
});

test("a schema must hold together", () => {
  expect(call("schema_is_valid", schema)).toBe("true");
  expect(call("parse", "{ a }", "type Query { a: Nope }")).toBe(
    "error: Error in gqlparser SchemaDocument to Schema conversion: input:1:17: Undefined type Nope.",
  );
  expect(call("schema_is_valid", "input I { a: I! }")).toBe("false");
});

test("trees can be handed in again", () => {
  const tree = graphql["graphql.parse_query"]!(["{ dog(id: 1) { barks } }"], {} as never)!;
  expect(call("is_valid", tree, schema)).toBe("true");
});

test("nesting and fragments that multiply are bounded", () => {
  expect(call("parse_query", "{a".repeat(100_000))).toContain("nests too deeply");
  const doubling = Array.from(
    { length: 40 },
    (_, at) => `fragment F${at} on Query { a: pet { ...on Dog { name } } ...F${at + 1} ...F${at + 1} }`,
  );
  expect(call("is_valid", `{ ...F0 } ${doubling.join(" ")} fragment F40 on Query { pet { __typename } }`, schema)).toBe("true");
});
