// The OpenAPI document, made from the route table: what is not a route is not in it.
import { scopes } from "../access.ts";
import type { Route } from "./router.ts";

const jsonType = "application/json";
const problem = {
  description: "Refused; nothing was changed",
  content: {
    "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } },
  },
};

const schemas = {
  Problem: {
    type: "object",
    required: ["type", "title", "status", "detail", "instance"],
    properties: {
      type: { type: "string", description: "urn:rms: and a stable code" },
      title: { type: "string" },
      status: { type: "integer" },
      detail: { type: "string" },
      instance: { type: "string", description: "The request's id, as in the log" },
      errors: {
        type: "array",
        items: {
          type: "object",
          required: ["code", "message"],
          properties: {
            file: { type: "string" },
            pointer: { type: "string" },
            row: { type: "integer", minimum: 1 },
            col: { type: "integer", minimum: 1 },
            code: { type: "string" },
            message: { type: "string" },
          },
        },
      },
    },
  },
};

/** The path as OpenAPI writes it, with the names of its parameters. */
function template(path: string): { readonly path: string; readonly names: readonly string[] } {
  const names = [...path.matchAll(/\/[:*](\w+)/g)].map((match) => match[1]!);
  return { path: path.replace(/\/[:*](\w+)/g, "/{$1}"), names };
}

function operation(route: Route): Readonly<Record<string, unknown>> {
  const { names } = template(route.path);
  const produces = route.produces ?? jsonType;
  const takesBody = route.method === "POST" || route.method === "PUT" || route.method === "PATCH";
  const types = [jsonType, ...(route.consumes ?? [])];
  return {
    operationId: `${route.method} ${route.path}`.toLowerCase().replace(/[^a-z0-9]+/g, "_"),
    summary: route.summary,
    security: route.scope === undefined ? [] : [{ token: [] }],
    ...(route.scope === undefined ? {} : { "x-rms-scope": route.scope }),
    parameters: names.map((name) => ({ name, in: "path", required: true, schema: { type: "string" } })),
    ...(takesBody ? { requestBody: { required: false, content: Object.fromEntries(types.map((type) => [type, {}])) } } : {}),
    responses: {
      "2XX": route.method === "DELETE" ? { description: "Done" } : { description: "Done", content: { [produces]: {} } },
      ...(route.method === "GET" ? { "304": { description: "The caller has it already" } } : {}),
      "4XX": problem,
    },
  };
}

/** OpenAPI 3.1 for the routes. */
export function openApi(routes: readonly Route[], version: string): Readonly<Record<string, unknown>> {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of routes) {
    const { path } = template(route.path);
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(route) };
  }
  return {
    openapi: "3.1.0",
    info: { title: "RMS", version, description: `Scopes of tokens: ${scopes.join(", ")}.` },
    paths,
    components: { schemas, securitySchemes: { token: { type: "http", scheme: "bearer" } } },
  };
}

/** The routes that give the document of `served` and of themselves. */
export function openApiRoutes(served: readonly Route[]): readonly Route[] {
  const own: readonly Route[] = ["/api/v1/openapi.json", "/openapi.json"].map((path) => ({
    method: "GET",
    path,
    scope: undefined,
    summary: "This document",
    handle: () => ({ status: 200, body: openApi([...served, ...own], "v1") }),
  }));
  return own;
}
