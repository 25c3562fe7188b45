// JSON Schema in few words: what the API's document says of bodies and answers.

export type Schema = Readonly<Record<string, unknown>>;

export const text: Schema = { type: "string" };
/** A text that a caller gives. */
export const given: Schema = { type: "string", maxLength: 4096 };
export const integer: Schema = { type: "integer" };
export const boolean: Schema = { type: "boolean" };
export const anything: Schema = {};
export const time: Schema = { type: "string", format: "date-time" };
export const digest: Schema = { type: "string", pattern: "^[0-9a-f]{64}$" };

export const oneOf = (...values: readonly string[]): Schema => ({ type: "string", enum: values });
export const list = (items: Schema): Schema => ({ type: "array", items });
export const mapOf = (values: Schema): Schema => ({ type: "object", additionalProperties: values });
export const ref = (name: string): Schema => ({ $ref: `#/components/schemas/${name}` });

/** An object with these members and no others; a name that ends in `?` may be missing. */
export function object(members: Readonly<Record<string, Schema>>): Schema {
  const names = Object.keys(members);
  return {
    type: "object",
    properties: Object.fromEntries(names.map((name) => [name.replace("?", ""), members[name]])),
    required: names.filter((name) => !name.endsWith("?")),
    additionalProperties: false,
  };
}

/** A page of a list, with further members beside it. */
export function pageOfItems(items: Schema, more: Readonly<Record<string, Schema>> = {}): Schema {
  return object({ items: list(items), "next?": { type: "string", description: "The cursor of the next page" }, ...more });
}
