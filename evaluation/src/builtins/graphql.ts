// graphql.*: queries and schemas as trees, and whether a query fits its schema.
import type { QueryDocument, SchemaDocument } from "../graphql/ast.ts";
import { GraphqlFault } from "../graphql/fault.ts";
import { parseQuery } from "../graphql/query-parser.ts";
import { buildSchema } from "../graphql/schema.ts";
import { parseSchema } from "../graphql/schema-parser.ts";
import { queryOf, schemaOf, treeValue } from "../graphql/tree-values.ts";
import { validateQuery } from "../graphql/validate.ts";
import { RegoObject, typeOf, type Value } from "../value.ts";
import { BuiltinFailure, type Family, failure, operand } from "./builtin.ts";

const nothing = RegoObject.of([]);

export const graphql: Family = {
  "graphql.parse": ([query, schema]: readonly Value[]) => parseAndValidate(query ?? null, schema ?? null),

  "graphql.parse_and_verify": ([query, schema]: readonly Value[]) => {
    const trees = attempt(() => parseAndValidate(query ?? null, schema ?? null));
    return trees === undefined ? [false, nothing, nothing] : [true, ...trees];
  },

  "graphql.parse_query": (args) => {
    const text = operand(args, 1, "string");
    return treeValue(located(() => parseQuery(text)));
  },

  "graphql.parse_schema": (args) => {
    const text = operand(args, 1, "string");
    return treeValue(located(() => parseSchema(text)));
  },

  "graphql.is_valid": ([query, schema]: readonly Value[]) =>
    attempt(() => parseAndValidate(query ?? null, schema ?? null)) !== undefined,

  "graphql.schema_is_valid": ([schema]: readonly Value[]) =>
    attempt(() => faulted(() => buildSchema(schemaTree(schema ?? null)))) !== undefined,
};

/** The trees of the query and of the schema; BuiltinFailure says why there are none. */
function parseAndValidate(query: Value, schema: Value): readonly Value[] {
  const document = queryTree(query);
  const tree = treeValue(document);
  const schemaDocument = schemaTree(schema);
  const schemaValue = treeValue(schemaDocument);
  const built = faulted(() => buildSchema(schemaDocument));
  located(() => validateQuery(built, document));
  return [tree, schemaValue];
}

function queryTree(value: Value): QueryDocument {
  if (typeof value === "string") return located(() => parseQuery(value));
  if (value instanceof RegoObject) return faulted(() => queryOf(value));
  throw operandFailure(0, value);
}

function schemaTree(value: Value): SchemaDocument {
  if (typeof value === "string") return located(() => parseSchema(value));
  if (value instanceof RegoObject) return faulted(() => schemaOf(value));
  throw operandFailure(1, value);
}

/** OPA counts these operands from 0. */
function operandFailure(position: number, value: Value): BuiltinFailure {
  return new BuiltinFailure("type", `operand ${position} must be one of {string, object} but got ${typeOf(value)}`);
}

/** Faults in OPA's form: the sentence, then the place in the text. */
function located<T>(run: () => T): T {
  return caught(run, (message) => {
    const found = /^[^:]*:([0-9]+):([0-9]+):(.*)$/su.exec(message);
    if (found === null) return `GraphQL parse error: ${message}`;
    const sentence = found[3]!.replace(/^ +/u, "");
    return `${sentence.endsWith(".\n") ? sentence.slice(0, -2) : sentence} in GraphQL string at location ${found[1]}:${found[2]}`;
  });
}

function faulted<T>(run: () => T): T {
  return caught(run, (message) => message);
}

function caught<T>(run: () => T, sentence: (message: string) => string): T {
  try {
    return run();
  } catch (error) {
    if (error instanceof GraphqlFault) throw failure(sentence(error.message));
    throw error;
  }
}

function attempt<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch (error) {
    if (error instanceof BuiltinFailure) return undefined;
    throw error;
  }
}
