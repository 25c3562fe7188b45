// Holds each request against what the route table says it takes: nothing unknown and nothing of another shape comes to a handler.
import type { Schema } from "./json-schema.ts";
import type { Operation } from "./operations.ts";
import { invalid } from "./problem.ts";
import { type SchemaFault, schemaFaults } from "./schema-check.ts";

/** 422 for names in the query that mean nothing, come twice, or have another value than they may. */
export function checkQuery(operation: Operation | undefined, query: URLSearchParams): void {
  if (query.size === 0) return;
  const known = operation?.query ?? {};
  const names = Object.keys(known);
  for (const name of new Set(query.keys())) {
    const schema = Object.hasOwn(known, name) ? known[name] : undefined;
    if (schema === undefined) {
      const others = names.length === 0 ? "there are none here" : `known are ${names.join(", ")}`;
      throw invalid(`The query has the unknown name ${JSON.stringify(name)}; ${others}.`);
    }
    const [value = "", ...more] = query.getAll(name);
    if (more.length > 0) throw invalid(`The query has ${name} twice.`);
    const [fault] = schemaFaults(queryValue(value, schema), schema);
    if (fault !== undefined) throw invalid(`${name} in the query ${fault.message}.`);
  }
}

/** A query's text as what its schema wants; a text that is none of it stays a text. */
function queryValue(text: string, { type }: Schema): unknown {
  if (type === "boolean") return text === "true" ? true : text === "false" ? false : text;
  if (type === "integer") return /^-?\d{1,15}$/.test(text) ? Number(text) : text;
  return text;
}

/** 422 for a JSON body that is missing or of another shape, with a pointer to each fault. */
export function checkBody(operation: Operation | undefined, body: unknown): void {
  const schema = operation?.body;
  if (schema === undefined) return;
  if (body === undefined) {
    if (operation?.bodyOptional === true) return;
    throw invalid("A JSON body is missing.");
  }
  refuse(schemaFaults(body, schema), "The body");
}

/** 422 with every fault of a value; `what` begins the sentence. */
export function refuse(faults: readonly SchemaFault[], what: string): void {
  const [first] = faults;
  if (first === undefined) return;
  const detail = first.pointer === "" ? `${what} ${first.message}.` : `${what}'s ${first.pointer} ${first.message}.`;
  throw invalid(
    detail,
    faults.map(({ pointer, message }) => ({ pointer, code: "rms_shape", message })),
  );
}
