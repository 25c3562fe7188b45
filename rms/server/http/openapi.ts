// The OpenAPI document, made from the route table and from what each route takes and gives: what is not a route is not in it.
import { scopes } from "../access.ts";
import { ref, type Schema } from "./json-schema.ts";
import { type Operation, operationOf } from "./operations.ts";
import type { Route } from "./route.ts";
import { schemas } from "./schemas.ts";

const jsonType = "application/json";

const problems: Readonly<Record<string, string>> = {
  400: "The request cannot be read",
  401: "No valid token",
  403: "The token lacks the scope",
  404: "There is no such thing, or the token may not see it",
  406: "The answer has another type than Accept allows",
  409: "It does not fit to what is there",
  412: "The object has changed since it was read",
  413: "The body is too large",
  415: "The body has a type that is not taken here",
  422: "The request is readable but cannot be taken",
  429: "Too many calls; Retry-After says when to come again",
  503: "Not ready",
  507: "The disk of the server is full; nothing was changed",
};

/** The path as OpenAPI writes it, with the names of its parameters. */
function template(path: string): { readonly path: string; readonly names: readonly string[] } {
  const names = [...path.matchAll(/\/[:*](\w+)/g)].flatMap(([, name]) => (name === undefined ? [] : [name]));
  return { path: path.replace(/\/[:*](\w+)/g, "/{$1}"), names };
}

/** The refusals that a route can answer with. */
function refusals(route: Route, operation: Operation | undefined, takesBody: boolean): Readonly<Record<string, unknown>> {
  const { names } = template(route.path);
  const signed = route.scope !== undefined;
  const can: Readonly<Record<string, boolean>> = {
    400: true,
    401: signed,
    403: signed,
    404: names.length > 0 || (signed && operation?.query?.["domain"] !== undefined),
    406: true,
    409: route.method !== "GET",
    412: route.method !== "GET",
    413: takesBody,
    415: takesBody,
    422: true,
    429: signed && route.path.startsWith("/api/"),
    503: route.path.endsWith("/readyz") || (route.method === "POST" && route.path.endsWith("/versions")),
    507: route.method !== "GET",
  };
  const codes = Object.keys(problems).filter((status) => can[status]);
  return Object.fromEntries(
    codes.map((status) => [
      status,
      { description: problems[status], content: { "application/problem+json": { schema: ref("Problem") } } },
    ]),
  );
}

function good(route: Route, operation: Operation | undefined): Readonly<Record<string, unknown>> {
  const types = route.produces ?? [jsonType];
  const answers = Object.entries(operation?.answers ?? {}).map(([status, schema]: [string, Schema | undefined]) => [
    status,
    status === "204"
      ? { description: "Done" }
      : {
          description: "Done",
          content: Object.fromEntries(
            types.map((type) => [type, schema === undefined || !type.endsWith("json") ? {} : { schema }]),
          ),
        },
  ]);
  if (route.method === "GET") answers.push(["304", { description: "The caller has it already" }]);
  return Object.fromEntries(answers);
}

function describe(route: Route): Readonly<Record<string, unknown>> {
  const { names } = template(route.path);
  const operation = operationOf(route);
  const takesBody = ["POST", "PUT", "PATCH"].includes(route.method) || operation?.body !== undefined;
  const content = {
    [jsonType]: operation?.body === undefined ? {} : { schema: operation.body },
    ...Object.fromEntries((route.consumes ?? []).map((type) => [type, {}])),
  };
  return {
    operationId: `${route.method} ${route.path}`.toLowerCase().replace(/[^a-z0-9]+/g, "_"),
    summary: route.summary,
    security: route.scope === undefined ? [] : [{ token: [] }],
    ...(route.scope === undefined ? {} : { "x-rms-scope": route.scope }),
    parameters: [
      ...names.map((name) => ({ name, in: "path", required: true, schema: { type: "string" } })),
      ...Object.entries(operation?.query ?? {}).map(([name, schema]) => ({ name, in: "query", required: false, schema })),
    ],
    ...(takesBody
      ? { requestBody: { required: operation?.body !== undefined && operation.bodyOptional !== true, content } }
      : {}),
    responses: { ...good(route, operation), ...refusals(route, operation, takesBody) },
  };
}

/** OpenAPI 3.1 for the routes. */
export function openApi(routes: readonly Route[], version: string): Readonly<Record<string, unknown>> {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of routes) {
    const { path } = template(route.path);
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: describe(route) };
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
