// Holds a value against a schema in the words of json-schema.ts; the same schemas are the API's document.
import type { Schema } from "./json-schema.ts";
import { schemas } from "./schemas.ts";

export interface SchemaFault {
  /** JSON Pointer of the part that does not fit; empty for the whole. */
  readonly pointer: string;
  /** What it must be, as the end of a sentence. */
  readonly message: string;
}

/** Faults that one check tells of. */
const maxFaults = 20;

/** RFC 3339 with its zone. */
const timePattern = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[-+]\d\d:\d\d)$/;

/** How a value differs from a schema; empty when it does not. */
export function schemaFaults(value: unknown, schema: Schema): readonly SchemaFault[] {
  const check = new Check();
  check.value(value, schema, "");
  return check.faults;
}

class Check {
  readonly faults: SchemaFault[] = [];

  value(value: unknown, schema: Schema, at: string): void {
    if (typeof schema["$ref"] === "string") {
      const name = schema["$ref"].slice("#/components/schemas/".length);
      const named = schemas[name];
      if (named === undefined) throw new Error(`there is no schema ${name}`);
      return this.value(value, named, at);
    }
    if (Array.isArray(schema["anyOf"])) return this.oneOf(value, schema["anyOf"] as readonly Schema[], at);
    const { type } = schema;
    if (typeof type === "string" && !hasType(value, type)) return this.fault(at, `must be ${typeNames[type] ?? type}`);
    if (Array.isArray(schema["enum"]) && !schema["enum"].includes(value))
      return this.fault(at, `must be one of ${schema["enum"].map((one) => JSON.stringify(one)).join(", ")}`);
    if (typeof value === "string") this.text(value, schema, at);
    else if (typeof value === "number") this.number(value, schema, at);
    else if (Array.isArray(value)) this.items(value, schema, at);
    else if (typeof value === "object" && value !== null) this.members(value as Readonly<Record<string, unknown>>, schema, at);
  }

  private fault(pointer: string, message: string): void {
    if (this.faults.length < maxFaults) this.faults.push({ pointer, message });
  }

  private oneOf(value: unknown, choices: readonly Schema[], at: string): void {
    const tried = choices.map((one) => schemaFaults(value, one));
    if (tried.some((faults) => faults.length === 0)) return;
    for (const fault of tried[0] ?? []) this.fault(`${at}${fault.pointer}`, fault.message);
  }

  private text(value: string, schema: Schema, at: string): void {
    const { pattern, description, format, minLength, maxLength } = schema;
    if (typeof maxLength === "number" && value.length > maxLength)
      return this.fault(at, `may have ${maxLength} characters at most`);
    if (typeof minLength === "number" && value.length < minLength) return this.fault(at, "must not be empty");
    if (typeof pattern === "string" && !compiled(pattern).test(value))
      return this.fault(at, typeof description === "string" ? `must be ${description}` : `must match ${pattern}`);
    if (format === "date-time" && !isTime(value)) this.fault(at, "must be a time such as 2030-01-31T12:00:00Z");
  }

  private number(value: number, { minimum, maximum }: Schema, at: string): void {
    if (typeof minimum === "number" && value < minimum) this.fault(at, `must be ${minimum} or more`);
    if (typeof maximum === "number" && value > maximum) this.fault(at, `must be ${maximum} or less`);
  }

  private items(values: readonly unknown[], { items, maxItems }: Schema, at: string): void {
    if (typeof maxItems === "number" && values.length > maxItems) return this.fault(at, `may have ${maxItems} items at most`);
    if (typeof items !== "object" || items === null) return;
    for (const [index, value] of values.entries()) this.value(value, items as Schema, `${at}/${index}`);
  }

  private members(value: Readonly<Record<string, unknown>>, schema: Schema, at: string): void {
    const properties = (schema["properties"] ?? {}) as Readonly<Record<string, Schema>>;
    const { additionalProperties: others, minProperties } = schema;
    for (const name of (schema["required"] ?? []) as readonly string[])
      if (!Object.hasOwn(value, name)) this.fault(`${at}/${escaped(name)}`, "is missing");
    if (typeof minProperties === "number" && Object.keys(value).length < minProperties) this.fault(at, "must not be empty");
    for (const [name, member] of Object.entries(value)) {
      const own = Object.hasOwn(properties, name) ? properties[name] : others;
      if (typeof own === "object" && own !== null) this.value(member, own as Schema, `${at}/${escaped(name)}`);
      else if (own === false) {
        const known = Object.keys(properties);
        const names = known.length === 0 ? "there are none here" : `known are ${known.join(", ")}`;
        this.fault(`${at}/${escaped(name)}`, `is an unknown name; ${names}`);
      }
    }
  }
}

const typeNames: Readonly<Record<string, string>> = {
  string: "a text",
  integer: "a whole number",
  number: "a number",
  boolean: "true or false",
  array: "a list",
  object: "an object",
  null: "null",
};

function hasType(value: unknown, type: string): boolean {
  switch (type) {
    case "array":
      return Array.isArray(value);
    case "object":
      return typeof value === "object" && value !== null && !Array.isArray(value);
    case "integer":
      return Number.isSafeInteger(value);
    case "null":
      return value === null;
    default:
      return typeof value === type;
  }
}

/** `Date.parse` takes the 30th of February for a day of March: the day must come back. */
function isTime(text: string): boolean {
  if (!timePattern.test(text)) return false;
  const millis = Date.parse(text);
  return !Number.isNaN(millis) && new Date(`${text.slice(0, 10)}T00:00:00Z`).toISOString().startsWith(text.slice(0, 10));
}

const patterns = new Map<string, RegExp>();

function compiled(pattern: string): RegExp {
  const known = patterns.get(pattern) ?? new RegExp(pattern, "u");
  patterns.set(pattern, known);
  return known;
}

const escaped = (name: string): string => name.replaceAll("~", "~0").replaceAll("/", "~1");
