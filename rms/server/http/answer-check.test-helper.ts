// Holds an answer of the API against what its document says: status, type and every member of the body.
import { routes } from "../server.ts";
import type { Schema } from "./json-schema.ts";
import { openApi } from "./openapi.ts";
import { operationOf } from "./operations.ts";
import type { Route } from "./route.ts";
import { schemaFaults } from "./schema-check.ts";
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
    const refused = routeOf(method, path);
    if (refused !== undefined && !(status in responsesOf(refused))) return `${status} is not in the document`;
    return faultOf(parsed(body), schemas["Problem"] ?? {});
  }
  const route = routeOf(method, path);
  if (route === undefined || method === "OPTIONS" || status === 304) return undefined;
  const answers = operationOf(route)?.answers ?? {};
  if (!(status in answers)) return `${status} is not in the document`;
  const schema = answers[status];
  if (schema === undefined || method === "HEAD") return undefined;
  const others = (route.produces ?? []).filter((one) => one !== "application/json");
  if (others.some((one) => type.startsWith(one))) return undefined;
  if (!type.startsWith("application/json")) return `the type is ${type}`;
  return faultOf(parsed(body), schema);
}

const document = openApi(routes, "v1")["paths"] as Readonly<
  Record<string, Readonly<Record<string, { readonly responses: object }>>>
>;

function responsesOf({ method, path }: Route): object {
  return document[path.replace(/\/[:*](\w+)/g, "/{$1}")]?.[method.toLowerCase()]?.responses ?? {};
}

function faultOf(value: unknown, schema: Schema): string | undefined {
  const [fault] = schemaFaults(value, schema);
  return fault === undefined ? undefined : `${fault.pointer} ${fault.message} in ${JSON.stringify(value).slice(0, 300)}`;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
