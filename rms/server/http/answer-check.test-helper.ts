// Holds an answer of the API against what its document says: status, type and every member of the body.
import { routes } from "../server.ts";
import type { Schema } from "./json-schema.ts";
import { operationOf } from "./operations.ts";
import type { Route } from "./router.ts";
import { schemas } from "./schemas.ts";

const patterns = routes.map((route) => ({
  route,
  pattern: new RegExp(
    `^${route.path
      .replaceAll(".", "\\.")
      .replace(/\/:(\w+)/g, "/[^/]+")
      .replace(/\/\*(\w+)/g, "/.+")}$`,
  ),
}));

/** The route of a call; undefined where there is none. */
export function routeOf(method: string, path: string): Route | undefined {
  const wanted = method === "HEAD" ? "GET" : method;
  return patterns.find(({ route, pattern }) => route.method === wanted && pattern.test(path))?.route;
}

/** In words, how the answer differs from the document; undefined when it does not. */
export function answerFault(method: string, path: string, status: number, type: string, body: string): string | undefined {
  if (status >= 400) {
    if (method === "HEAD") return undefined;
    if (type !== "application/problem+json") return `${status} has the type ${type}`;
    return schemaFault(parsed(body), schemas["Problem"] ?? {}, "problem");
  }
  const route = routeOf(method, path);
  if (route === undefined || method === "OPTIONS" || status === 304) return undefined;
  const answers = operationOf(route)?.answers ?? {};
  if (!(status in answers)) return `${status} is not in the document`;
  const schema = answers[status];
  if (schema === undefined || method === "HEAD") return undefined;
  if (!type.startsWith("application/json")) return `the type is ${type}`;
  return schemaFault(parsed(body), schema, "body");
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** How a value differs from a schema in the words of json-schema.ts. */
export function schemaFault(value: unknown, schema: Schema, at: string): string | undefined {
  if (typeof schema["$ref"] === "string") {
    const name = schema["$ref"].slice("#/components/schemas/".length);
    const named = schemas[name];
    return named === undefined ? `${at}: there is no schema ${name}` : schemaFault(value, named, at);
  }
  if (Array.isArray(schema["anyOf"])) {
    const faults = (schema["anyOf"] as readonly Schema[]).map((one) => schemaFault(value, one, at));
    return faults.includes(undefined) ? undefined : faults.join(" or ");
  }
  const { type } = schema;
  if (type !== undefined && !hasType(value, String(type))) return `${at} is no ${type}: ${JSON.stringify(value)}`;
  if (Array.isArray(schema["enum"]) && !schema["enum"].includes(value)) return `${at} is ${JSON.stringify(value)}`;
  if (typeof value === "string") {
    if (typeof schema["pattern"] === "string" && !new RegExp(schema["pattern"]).test(value)) return `${at} is ${value}`;
    if (schema["format"] === "date-time" && !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[-+]\d\d:\d\d)$/.test(value))
      return `${at} is no time: ${value}`;
  }
  if (typeof value === "number") {
    if (typeof schema["minimum"] === "number" && value < schema["minimum"]) return `${at} is ${value}`;
    if (typeof schema["maximum"] === "number" && value > schema["maximum"]) return `${at} is ${value}`;
  }
  if (Array.isArray(value)) {
    const items = schema["items"] as Schema | undefined;
    return items === undefined ? undefined : first(value, (item, index) => schemaFault(item, items, `${at}[${index}]`));
  }
  if (typeof value !== "object" || value === null) return undefined;
  const members = value as Readonly<Record<string, unknown>>;
  const properties = (schema["properties"] ?? {}) as Readonly<Record<string, Schema>>;
  const missing = ((schema["required"] ?? []) as readonly string[]).find((name) => !Object.hasOwn(members, name));
  if (missing !== undefined) return `${at}.${missing} is missing`;
  return first(Object.entries(members), ([name, member]) => {
    const own = Object.hasOwn(properties, name) ? properties[name] : schema["additionalProperties"];
    if (own === false) return `${at}.${name} is not in the document`;
    return typeof own === "object" && own !== null ? schemaFault(member, own as Schema, `${at}.${name}`) : undefined;
  });
}

function hasType(value: unknown, type: string): boolean {
  switch (type) {
    case "array":
      return Array.isArray(value);
    case "object":
      return typeof value === "object" && value !== null && !Array.isArray(value);
    case "integer":
      return Number.isInteger(value);
    case "null":
      return value === null;
    default:
      return typeof value === type;
  }
}

function first<T>(items: readonly T[], fault: (item: T, index: number) => string | undefined): string | undefined {
  for (const [index, item] of items.entries()) {
    const found = fault(item, index);
    if (found !== undefined) return found;
  }
  return undefined;
}
