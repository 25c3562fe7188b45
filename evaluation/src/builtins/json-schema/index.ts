// json.match_schema and json.verify_schema: documents and schemas as JSON text or as values.
import { readJsonText, writeJsonText } from "../../json-text.ts";
import { invalidLiteral, unwritableNumber } from "../../unwritable-number.ts";
import { RegoObject, type Value } from "../../value.ts";
import { type BuiltinContext, BuiltinFailure, type Family, failure } from "../builtin.ts";
import { compileSchema } from "./compile.ts";
import type { Schema } from "./schema.ts";
import { type Finding, validate } from "./validate.ts";

/** Why a schema, as plain JSON, cannot give types. The expressions in `pattern` may be of another language. */
export function schemaFault(schema: unknown): string | undefined {
  if (typeof schema !== "object" || schema === null || Array.isArray(schema)) return undefined;
  try {
    compileSchema(jsonDocument(JSON.stringify(schema, plainNumber)), false);
    return undefined;
  } catch (error) {
    if (error instanceof BuiltinFailure) return error.message;
    throw error;
  }
}

/** Whole numbers of METADATA are bigints. */
function plainNumber(_: string, value: unknown): unknown {
  return typeof value === "bigint" ? Number(value) : value;
}

/** What a document has otherwise than a schema says, both as JSON text; undefined where the schema is none. */
export function schemaFindings(document: string, schema: string): readonly Finding[] | undefined {
  try {
    const value = readJsonText(document);
    return "fault" in value ? undefined : validate(compileSchema(jsonDocument(schema)), value.value);
  } catch (error) {
    if (error instanceof BuiltinFailure) return undefined;
    throw error;
  }
}

export const jsonSchema: Family = {
  "json.verify_schema": ([schema]: readonly Value[]) => {
    try {
      compileSchema(jsonDocument(schema ?? null));
      return [true, null];
    } catch (error) {
      if (error instanceof BuiltinFailure) return [false, `jsonschema: ${error.message}`];
      throw error;
    }
  },

  "json.match_schema": ([document, schema]: readonly Value[], context) => {
    const value = jsonDocument(document ?? null);
    const findings = validate(compiled(schema ?? null, context), value);
    return [
      findings.length === 0,
      findings.map(({ type, field, text }) =>
        RegoObject.of([
          ["error", `${field}: ${text}`],
          ["type", type],
          ["field", field],
          ["desc", text],
        ]),
      ),
    ];
  },
};

/** Schemas that this evaluation has compiled, by their text. */
const known = new WeakMap<BuiltinContext, Map<string, Schema>>();

function compiled(schema: Value, context: BuiltinContext): Schema {
  const document = jsonDocument(schema);
  const schemas = known.get(context) ?? new Map<string, Schema>();
  known.set(context, schemas);
  const text = writeJsonText(document);
  const found = schemas.get(text) ?? compileSchema(document);
  schemas.set(text, found);
  return found;
}

/** A text read as JSON, an object or array as the JSON it is written as. */
function jsonDocument(value: Value): Value {
  const unwritable = unwritableNumber(value);
  if (unwritable !== undefined) throw failure(invalidLiteral(unwritable.text));
  const text =
    typeof value === "string" ? value : value instanceof RegoObject || Array.isArray(value) ? writeJsonText(value) : undefined;
  if (text === undefined) throw failure("wrong type, expected string or object");
  const read = readJsonText(text);
  if ("fault" in read) throw failure("invalid JSON string");
  return read.value;
}
