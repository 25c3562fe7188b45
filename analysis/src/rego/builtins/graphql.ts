// GraphQL queries and schemas.
import { ANY, BOOLEAN, objectOf, STRING, tuple, union } from "../types/type.ts";
import { arg, type BuiltinRow } from "./builtin.ts";

export const graphql: readonly BuiltinRow[] = [
  {
    name: "graphql.is_valid",
    description: "True when the query is valid against the schema.",
    args: [arg("query", union(STRING, objectOf(ANY, ANY))), arg("schema", union(STRING, objectOf(ANY, ANY)))],
    result: arg("output", BOOLEAN),
    where: "host",
  },
  {
    name: "graphql.parse",
    description: "The syntax trees of a query and a schema, if the query is valid.",
    args: [arg("query", union(STRING, objectOf(ANY, ANY))), arg("schema", union(STRING, objectOf(ANY, ANY)))],
    result: arg("output", tuple([objectOf(ANY, ANY), objectOf(ANY, ANY)])),
    where: "host",
  },
  {
    name: "graphql.parse_and_verify",
    description: "Whether the query is valid, with the syntax trees of query and schema.",
    args: [arg("query", union(STRING, objectOf(ANY, ANY))), arg("schema", union(STRING, objectOf(ANY, ANY)))],
    result: arg("output", tuple([BOOLEAN, objectOf(ANY, ANY), objectOf(ANY, ANY)])),
    where: "host",
  },
  {
    name: "graphql.parse_query",
    description: "The syntax tree of a query.",
    args: [arg("query", STRING)],
    result: arg("output", objectOf(ANY, ANY)),
    where: "host",
  },
  {
    name: "graphql.parse_schema",
    description: "The syntax tree of a schema.",
    args: [arg("schema", STRING)],
    result: arg("output", objectOf(ANY, ANY)),
    where: "host",
  },
  {
    name: "graphql.schema_is_valid",
    description: "True when the schema is valid.",
    args: [arg("schema", union(STRING, objectOf(ANY, ANY)))],
    result: arg("output", BOOLEAN),
    where: "host",
  },
];
