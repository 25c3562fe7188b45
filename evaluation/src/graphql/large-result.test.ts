// A tree of seven kilobytes leaves the module whole, also where its text and the stack meet and memory has to grow.
import { expect, test } from "vitest";
import { checkModules } from "#analysis/rego/check.ts";
import { compile } from "#compiler/compile.ts";
import { parseModule } from "#grammars/rego/parse.ts";
import { graphql } from "../builtins/graphql.ts";
import { createInstance } from "../instance.ts";
import { writeRegoText } from "../rego-text.ts";

const schema = `
interface Node { id: ID! }
interface Named implements Node { id: ID! name(upper: Boolean = false): String }
type Dog implements Node & Named { id: ID! name(upper: Boolean = false): String barks: Int! owner: Human }
type Cat implements Node { id: ID! meows: Float tags: [String!]! mood(kind: Mood = HAPPY, since: In): Mood }
type Human implements Node & Named { id: ID! name(upper: Boolean = false, lang: String): String pets(first: Int!, filter: Filter): [Pet] }
union Pet = Dog | Cat
enum Mood { HAPPY SAD ANGRY }
scalar Date
input In { a: Int! b: String = "x" c: [In!] d: Date }
input Filter @oneOf { name: String age: Int }
directive @auth(role: String!, n: Int = 1) repeatable on FIELD | QUERY | FRAGMENT_SPREAD
directive @once on FIELD
type Query { node(id: ID!): Node pet: Pet human(in: In, ids: [ID!], at: Date): Human dog: Dog cats(n: Int, f: Float, s: String, b: Boolean, m: Mood): [Cat!]! }
type Mutation { set(in: In!): Boolean }
type Subscription { ev: Int other: String }
`.trimStart();

test("a large result is written whole wherever memory has to grow for it", () => {
  const query = "query ($x: Boolean = true) { dog @skip(if: $x) { id } }";
  const value = graphql["graphql.parse"]!([query, schema], {} as never)!;
  for (const filler of [0, 500, 800, 1000, 1200, 1400, 2000, 3000]) {
    const policy = `package p\n\nx := uri.parse("${"a".repeat(filler)}")\n`;
    const { module } = compile(checkModules([parseModule(policy, { file: "p.rego" })]), { entrypoints: ["p/x"] });
    const instance = createInstance(module!, { now: () => 0n, builtins: { "uri.parse": () => value } });
    const outcome = instance.evaluate("p/x", undefined, { format: "rego" });
    expect(outcome.kind === "result" && outcome.text).toBe(`{{"result": ${writeRegoText(value)}}}`);
  }
});
