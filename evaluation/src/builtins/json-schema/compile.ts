// JSON schemas read as gojsonschema reads them: in its order of keywords, with its faults.
import { addressFault, isCanonical, normalAddress, resolveAddress, splitFragment } from "#analysis/rego/types/schema-address.ts";
import { isGoRegex } from "../../go-regex.ts";
import { RegoNumber, RegoObject, type Value } from "../../value.ts";
import { failure } from "../builtin.ts";
import { constantText, countOf, readable } from "./numbers.ts";
import { pointedAt } from "./pointer.ts";
import { atLeast, type Draft, emptySchema, type PooledDocument, type Schema } from "./schema.ts";

const typeNames = ["array", "boolean", "integer", "number", "null", "object", "string"];
/** References that are followed into one another, and schemas inside of schemas. */
const deepest = 1_000;

/** The schema of a JSON document (string keys, no sets); throws BuiltinFailure with gojsonschema's sentence. `patterns`: those of `pattern` are read. */
export function compileSchema(document: Value, patterns = true): Schema {
  return new SchemaCompiler(document, patterns).compile();
}

/** Where a schema stands: what its keywords mean and what its addresses are relative to. */
interface Scope {
  readonly draft: Draft;
  readonly depth: number;
}

class SchemaCompiler {
  private readonly root: Value;
  private readonly patterns: boolean;
  private readonly pool = new Map<string, PooledDocument>();
  /** The absolute address of `$ref`, by the schema that holds it. */
  private readonly references = new Map<RegoObject, string>();
  private readonly referenced = new Map<string, Schema>();

  constructor(root: Value, patterns: boolean) {
    this.root = root;
    this.patterns = patterns;
  }

  compile(): Schema {
    const draft = draftOf(this.root);
    this.collect(this.root, "", draft, 0);
    this.pool.set("", { document: this.root, draft });
    const schema = emptySchema();
    this.fill(schema, this.root, { draft: draft ?? "hybrid", depth: 0 });
    return schema;
  }

  /** Notes every `$id` and makes every `$ref` absolute. */
  private collect(node: Value, base: string, draft: Draft | undefined, depth: number): void {
    if (depth > deepest) throw failure("the schema nests too deeply");
    if (Array.isArray(node)) {
      for (const item of node as readonly Value[]) this.collect(item, base, draft, depth + 1);
      return;
    }
    if (!(node instanceof RegoObject)) return;
    let local = base;
    const id = node.get("id") ?? node.get("$id");
    if (typeof id === "string" && addressFault(id) === undefined) {
      local = resolveAddress(base, id);
      if (this.pool.has(local)) throw failure(`Reference already exists: "${local}"`);
      this.pool.set(local, { document: node, draft });
    }
    const reference = node.get("$ref");
    if (typeof reference === "string" && addressFault(reference) === undefined)
      this.references.set(node, resolveAddress(local, reference));
    for (const [key, value] of node.entries) {
      if (key === "const" || key === "enum") continue;
      const named = key === "properties" || key === "dependencies" || key === "patternProperties";
      if (!named) this.collect(value, local, draft, depth + 1);
      else if (value instanceof RegoObject) for (const [, item] of value.entries) this.collect(item, local, draft, depth + 1);
    }
  }

  private child(document: Value, scope: Scope): Schema {
    const schema = emptySchema();
    this.fill(schema, document, { ...scope, depth: scope.depth + 1 });
    return schema;
  }

  private fill(schema: Schema, document: Value, scope: Scope): void {
    if (scope.depth > deepest) throw failure("the schema nests too deeply");
    if (typeof document === "boolean" && atLeast(scope.draft, 6)) {
      schema.pass = document;
      return;
    }
    if (!(document instanceof RegoObject)) throw failure("Expected: Valid Schema, given: Invalid JSON");
    const idKey = scope.draft === 4 || (scope.draft === "hybrid" && document.get("id") !== undefined) ? "id" : "$id";
    checkAddress(stringOf(document, idKey));
    this.definitions(document, scope);
    stringOf(document, "title");
    stringOf(document, "description");
    const reference = stringOf(document, "$ref");
    if (reference !== undefined) {
      checkAddress(reference);
      schema.reference = this.reference(this.references.get(document) ?? normalAddress(reference), scope);
      return;
    }
    readTypes(schema, document);
    this.objectKeywords(schema, document, scope);
    this.arrayItems(schema, document, scope);
    readNumberLimits(schema, document, scope.draft);
    readStringLimits(schema, document, this.patterns);
    readObjectLimits(schema, document);
    readArrayLimits(schema, document);
    const contains = document.get("contains");
    if (contains !== undefined && atLeast(scope.draft, 6)) schema.contains = this.child(contains, scope);
    readConstants(schema, document, scope.draft);
    schema.oneOf = this.list(document, "oneOf", scope);
    schema.anyOf = this.list(document, "anyOf", scope);
    schema.allOf = this.list(document, "allOf", scope);
    const not = this.condition(document, "not", scope);
    if (not !== undefined) schema.not = not;
    if (!atLeast(scope.draft, 7)) return;
    for (const key of ["if", "then", "else"] as const) {
      const condition = this.condition(document, key, scope);
      if (condition !== undefined) schema[key] = condition;
    }
  }

  private definitions(document: RegoObject, scope: Scope): void {
    const definitions = document.get("definitions");
    if (definitions === undefined) return;
    if (!(definitions instanceof RegoObject)) throw invalidType("Array Of Schemas", "definitions");
    for (const [, definition] of definitions.entries) {
      if (!isSchemaLike(definition)) throw invalidType("Array Of Schemas", "definitions");
      this.child(definition, scope);
    }
  }

  private reference(address: string, scope: Scope): Schema {
    const known = this.referenced.get(address);
    if (known !== undefined) return known;
    const schema = emptySchema();
    this.referenced.set(address, schema);
    const { document, draft } = this.document(address);
    if (!isSchemaLike(document)) throw failure("Valid Schema must be of type object");
    this.fill(schema, document, { draft: draft ?? scope.draft, depth: scope.depth + 1 });
    return schema;
  }

  private document(address: string): PooledDocument {
    const known = this.pool.get(address);
    if (known !== undefined) return known;
    const [base, fragment] = splitFragment(address);
    const whole = this.pool.get(base);
    if (whole !== undefined) return { document: pointedAt(whole.document, fragment), draft: whole.draft };
    if (!isCanonical(address)) throw failure(`Reference ${address} must be canonical`);
    throw failure(`remote reference loading disabled: ${base}`);
  }

  private objectKeywords(schema: Schema, document: RegoObject, scope: Scope): void {
    const properties = document.get("properties");
    if (properties !== undefined) {
      if (!(properties instanceof RegoObject)) throw failure("Properties must be of type object");
      schema.properties = properties.entries.map(([key, value]) => [key as string, this.child(value, scope)]);
    }
    const additional = this.booleanOrSchema(document, "additionalProperties", scope);
    if (additional !== undefined) schema.additionalProperties = additional;
    const patterns = document.get("patternProperties");
    if (patterns !== undefined) {
      if (!(patterns instanceof RegoObject)) throw invalidType("Valid Schema", "patternProperties");
      schema.patternProperties = patterns.entries.map(([pattern, value]) => {
        if (!isGoRegex(pattern as string)) throw failure(`Invalid regex pattern '${pattern as string}'`);
        return [pattern as string, this.child(value, scope)];
      });
    }
    const names = document.get("propertyNames");
    if (names !== undefined && atLeast(scope.draft, 6)) {
      if (!isSchemaLike(names)) throw invalidType("Valid Schema", "patternProperties");
      schema.propertyNames = this.child(names, scope);
    }
    const dependencies = document.get("dependencies");
    if (dependencies !== undefined) this.dependencies(schema, dependencies, scope);
  }

  private dependencies(schema: Schema, dependencies: Value, scope: Scope): void {
    if (!(dependencies instanceof RegoObject)) throw failure("dependencies must be of type object");
    const wrong = failure("Dependency must be of type Schema Or Array Of Strings");
    for (const [key, value] of dependencies.entries) {
      if (Array.isArray(value)) {
        const names = value as readonly Value[];
        if (!names.every((name) => typeof name === "string")) throw wrong;
        schema.dependencies.set(key as string, names);
      } else if (isSchemaLike(value)) schema.dependencies.set(key as string, this.child(value, scope));
      else throw wrong;
    }
  }

  private arrayItems(schema: Schema, document: RegoObject, scope: Scope): void {
    const items = document.get("items");
    if (Array.isArray(items)) {
      schema.items = (items as readonly Value[]).map((item) => {
        if (!isSchemaLike(item)) throw invalidType("Valid Schema/Array Of Schemas", "items");
        return this.child(item, scope);
      });
    } else if (items !== undefined) {
      if (!isSchemaLike(items)) throw invalidType("Valid Schema/Array Of Schemas", "items");
      schema.items = this.child(items, scope);
    }
    const additional = this.booleanOrSchema(document, "additionalItems", scope);
    if (additional !== undefined) schema.additionalItems = additional;
  }

  private booleanOrSchema(document: RegoObject, key: string, scope: Scope): boolean | Schema | undefined {
    const value = document.get(key);
    if (value === undefined || typeof value === "boolean") return value;
    if (!(value instanceof RegoObject)) throw invalidType("boolean/Valid Schema", key);
    return this.child(value, scope);
  }

  private list(document: RegoObject, key: string, scope: Scope): Schema[] {
    return (arrayOf(document, key) ?? []).map((item) => this.child(item, scope));
  }

  private condition(document: RegoObject, key: string, scope: Scope): Schema | undefined {
    const value = document.get(key);
    if (value === undefined) return undefined;
    if (!isSchemaLike(value)) throw failure(`${key} must be of an object`);
    return this.child(value, scope);
  }
}

/** The draft that `$schema` names; undefined when it names none that is known. */
function draftOf(document: Value): Draft | undefined {
  if (typeof document === "boolean") return undefined;
  if (!(document instanceof RegoObject)) throw failure("schema is invalid");
  const name = document.get("$schema");
  if (name === undefined) return undefined;
  if (typeof name !== "string") throw failure("$schema must be of type string");
  checkAddress(name);
  const found = /^http:\/\/json-schema\.org\/draft-0([467])\/schema$/u.exec(normalAddress(name));
  return found === null ? undefined : (Number(found[1]) as Draft);
}

function isSchemaLike(value: Value): value is boolean | RegoObject {
  return typeof value === "boolean" || value instanceof RegoObject;
}

function invalidType(expected: string, given: string): Error {
  return failure(`Invalid type. Expected: ${expected}, given: ${given}`);
}

function checkAddress(address: string | undefined): void {
  const fault = address === undefined ? undefined : addressFault(address);
  if (fault !== undefined) throw failure(fault);
}

function stringOf(document: RegoObject, key: string): string | undefined {
  const value = document.get(key);
  if (value !== undefined && typeof value !== "string") throw invalidType("string", key);
  return value;
}

function arrayOf(document: RegoObject, key: string): readonly Value[] | undefined {
  const value = document.get(key);
  if (value !== undefined && !Array.isArray(value)) throw failure(`${key} must be of an array`);
  return value as readonly Value[] | undefined;
}

function readTypes(schema: Schema, document: RegoObject): void {
  const type = document.get("type");
  if (type === undefined) return;
  const names = typeof type === "string" ? [type] : Array.isArray(type) ? (type as readonly Value[]) : undefined;
  if (names === undefined) throw invalidType("type", "string/Array Of Strings");
  for (const name of names) {
    if (typeof name !== "string") throw invalidType("type", "string/Array Of Strings");
    if (!typeNames.includes(name))
      throw failure(
        `has a primitive type that is NOT VALID -- given: /${name}/ Expected valid values are:[${typeNames.join(" ")}]`,
      );
    if (schema.types.includes(name)) throw failure(`${name} type is duplicated`);
    schema.types.push(name);
  }
}

function numberOf(document: RegoObject, key: string): string | undefined {
  const value = document.get(key);
  if (value === undefined) return undefined;
  if (!(value instanceof RegoNumber) || !readable(value.text)) throw failure(`${key} must be of a Number`);
  return value.text;
}

function readNumberLimits(schema: Schema, document: RegoObject, draft: Draft): void {
  const multiple = document.get("multipleOf");
  if (multiple !== undefined) {
    if (!(multiple instanceof RegoNumber) || !readable(multiple.text)) throw invalidType("Number", "multipleOf");
    if (multiple.text.startsWith("-") || !/[1-9]/u.test(multiple.text.replace(/[eE].*$/u, "")))
      throw failure("multipleOf must be strictly greater than 0");
    schema.multipleOf = multiple.text;
  }
  readBound(schema, document, draft, "minimum", "exclusiveMinimum");
  readBound(schema, document, draft, "maximum", "exclusiveMaximum");
}

/** In draft 4 the exclusive keyword is a boolean about the other one; later it is a bound of its own. */
function readBound(
  schema: Schema,
  document: RegoObject,
  draft: Draft,
  bound: "minimum" | "maximum",
  exclusive: "exclusiveMinimum" | "exclusiveMaximum",
): void {
  const limit = numberOf(document, bound);
  if (limit !== undefined) schema[bound] = limit;
  const value = document.get(exclusive);
  if (value === undefined) return;
  const takesBoolean = draft === 4 || draft === "hybrid";
  if (takesBoolean && typeof value === "boolean") {
    if (limit === undefined) throw failure(`${exclusive} cannot be used without ${bound}`);
    if (!value) return;
    schema[exclusive] = limit;
    delete schema[bound];
  } else if (draft !== 4 && value instanceof RegoNumber) {
    if (readable(value.text)) schema[exclusive] = value.text;
  } else throw invalidType(draft === 4 ? "boolean" : takesBoolean ? "boolean/number" : "number", exclusive);
}

type CountKey = "minLength" | "maxLength" | "minProperties" | "maxProperties" | "minItems" | "maxItems";

function readCount(schema: Schema, document: RegoObject, key: CountKey): number | undefined {
  const value = document.get(key);
  if (value === undefined) return undefined;
  const count = countOf(value);
  if (count === undefined) throw failure(`${key} must be of an integer`);
  if (count < 0) throw failure(`${key} must be greater than or equal to 0`);
  schema[key] = count;
  return count;
}

function readPair(schema: Schema, document: RegoObject, low: CountKey, high: CountKey): void {
  const least = readCount(schema, document, low);
  const most = readCount(schema, document, high);
  if (least !== undefined && most !== undefined && least > most) throw failure(`${low} cannot be greater than ${high}`);
}

function readStringLimits(schema: Schema, document: RegoObject, patterns: boolean): void {
  readPair(schema, document, "minLength", "maxLength");
  const pattern = stringOf(document, "pattern");
  if (pattern !== undefined && patterns) {
    if (!isGoRegex(pattern)) throw failure("pattern must be a valid regex");
    schema.pattern = pattern;
  }
  const format = stringOf(document, "format");
  if (format !== undefined) schema.format = format;
}

function readObjectLimits(schema: Schema, document: RegoObject): void {
  readPair(schema, document, "minProperties", "maxProperties");
  for (const name of arrayOf(document, "required") ?? []) {
    if (typeof name !== "string") throw invalidType("string", "required");
    if (schema.required.includes(name)) throw failure("required items must be unique");
    schema.required.push(name);
  }
}

function readArrayLimits(schema: Schema, document: RegoObject): void {
  readCount(schema, document, "minItems");
  readCount(schema, document, "maxItems");
  const unique = document.get("uniqueItems");
  if (unique === undefined) return;
  if (typeof unique !== "boolean") throw failure("uniqueItems must be of a boolean");
  schema.uniqueItems = unique;
}

function readConstants(schema: Schema, document: RegoObject, draft: Draft): void {
  const constant = document.get("const");
  if (constant !== undefined && atLeast(draft, 6)) schema.const = comparable(constant);
  const values = arrayOf(document, "enum");
  if (values === undefined) return;
  schema.enum = values.map(comparable);
  if (new Set(schema.enum).size < schema.enum.length) throw failure("enum items must be unique");
}

function comparable(value: Value): string {
  const text = constantText(value);
  if (text === undefined) throw failure("a number is too large for a constant");
  return text;
}
