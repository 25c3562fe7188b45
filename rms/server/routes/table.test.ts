// Over the whole route table: the OpenAPI document has each route, a foreign domain is not found, and nonsense is refused without a trace.
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Schema } from "../http/json-schema.ts";
import { operationOf, operationTable } from "../http/operations.ts";
import { RateLimits } from "../http/rate-limit.ts";
import { type Answered, type TestRms, testRms } from "../rms.test-helper.ts";
import { routes } from "../server.ts";

let rms: TestRms;
let foreign: string;
const inDomain = routes.filter(({ path }) => path.includes(":domain"));
const names: Readonly<Record<string, string>> = {
  domain: "orders",
  policy: "main",
  channel: "prod",
  selector: "prod",
  version: "1.0.0",
  campaign: "1",
};
const addressOf = (path: string): string => path.replace(/\/[:*](\w+)/g, (_, name: string) => `/${names[name] ?? "x"}`);

beforeAll(async () => {
  rms = await testRms({}, undefined, [{ domain: "orders", folder: "/nowhere", secrets: [] }]);
  await rms.call("POST", "/api/v1/domains", { id: "orders" });
  await rms.call("POST", "/api/v1/domains", { id: "other" });
  await rms.call("POST", "/api/v1/domains/orders/policies", { id: "main", entrypoints: ["orders/allow"] });
  const files = { "main.rego": "package orders\n\ndefault allow := false\n" };
  await rms.call("POST", "/api/v1/domains/orders/policies/main/versions", { version: "1.0.0", files });
  await rms.call("PUT", "/api/v1/domains/orders/policies/main/channels/prod", { version: "1.0.0" });
  await rms.call("PUT", "/api/v1/domains/orders/roles/x", {});
  for (const subject of ["ann", "bob"]) await rms.call("PUT", `/api/v1/domains/orders/roles/x/members/${subject}`);
  await rms.call("POST", "/api/v1/domains/orders/campaigns", { title: "All", due: "2100-01-01T00:00:00Z", reviewer: "eve" });
  await rms.call("PUT", "/api/v1/domains/orders/sources/x", { kind: "csv", file: "x.csv", map: { subject: "id" } });
  const all = ["read", "publish", "channel:write", "roles:write", "audit:read", "domain:admin", "bundle:read", "telemetry:write"];
  foreign = await rms.token(all, ["other"]);
});
afterAll(() => rms.stop());

/** Everything that a change would leave: the audit log has one event for each. */
const events = async (): Promise<number> => (await rms.rms.store.audit.head())?.seq ?? 0;

test.each(inDomain.map((route) => [route.method, route.path, route]))(
  "%s %s: a foreign domain is as one that does not exist",
  async (method, path) => {
    const before = await events();
    const headers = { authorization: `Bearer ${foreign}` };
    const body = method === "GET" || method === "DELETE" ? undefined : {};
    const there = await rms.call(method, addressOf(path), body, headers);
    const nowhere = await rms.call(method, addressOf(path).replace("/orders", "/nowhere"), body, headers);
    expect([there.status, nowhere.status]).toEqual([404, 404]);
    expect({ ...there.body, instance: "" }).toEqual({ ...nowhere.body, instance: "" });
    expect(await events()).toBe(before);
  },
);

const hostile: readonly unknown[] = [
  null,
  1,
  [],
  "x",
  { unknown: 1 },
  { reason: 1 },
  { __proto__: 1, constructor: [] },
  { id: {}, files: { "../x": "" }, version: [] },
];

test.each(
  routes
    .filter(({ method, path }) => method !== "GET" && method !== "DELETE" && path.startsWith("/api/"))
    .map((route) => [route.method, route.path]),
)("%s %s: nonsense never ends in a 5xx, and what is refused changes nothing", async (method, path) => {
  for (const body of hostile) {
    const before = await events();
    const answer = await rms.call(method, addressOf(path), JSON.stringify(body));
    expect(answer.status, answer.text).toBeLessThan(500);
    if (answer.status >= 400)
      expect([await events(), answer.headers.get("content-type")]).toEqual([before, "application/problem+json"]);
  }
});

test("without a token only the welcome, health, metrics, keys and the document itself answer", async () => {
  const open = routes.filter(({ scope }) => scope === undefined).map(({ path }) => path);
  expect(open.sort()).toEqual(
    ["", "/api/v1"]
      .flatMap((base) => ["/healthz", "/metrics", "/openapi.json", "/readyz", "/version"].map((path) => base + path))
      .concat("/", "/api/v1/keys")
      .sort(),
  );
  for (const { method, path, scope } of routes) {
    if (scope === undefined) continue;
    expect((await rms.call(method, addressOf(path), undefined, { authorization: "" })).status).toBe(401);
  }
});

test("the OpenAPI document has every route, and nothing else", async () => {
  const { body } = await rms.call("GET", "/openapi.json");
  const documented = Object.entries(body["paths"] as Record<string, object>).flatMap(([path, item]) =>
    Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`),
  );
  expect(documented.sort()).toEqual(
    routes.map(({ method, path }) => `${method} ${path.replace(/\/[:*](\w+)/g, "/{$1}")}`).sort(),
  );
  expect(
    new Set(
      Object.values(body["paths"] as Record<string, Record<string, { operationId: string }>>).flatMap((item) =>
        Object.values(item).map((one) => one.operationId),
      ),
    ).size,
  ).toBe(routes.length);
});

test("the document says of every route what it takes and gives, and of nothing else", () => {
  const described = Object.keys(operationTable).sort();
  expect(described).toEqual(routes.map(({ method, path }) => `${method} ${path}`).sort());
});

test("lists come in pages, which stay right while others write", async () => {
  await rms.call("POST", "/api/v1/domains", { id: "paged" });
  const roles = "/api/v1/domains/paged/roles";
  for (const id of ["a", "c", "e", "g"]) await rms.call("PUT", `${roles}/${id}`, {});
  const ids = ({ body }: Answered): unknown => (body["items"] as readonly { readonly id: string }[]).map(({ id }) => id);
  const first = await rms.call("GET", `${roles}?limit=2`);
  expect(ids(first)).toEqual(["a", "c"]);
  await rms.call("PUT", `${roles}/b`, {});
  await rms.call("DELETE", `${roles}/c`);
  await rms.call("PUT", `${roles}/d`, {});
  const second = await rms.call("GET", `${roles}?limit=2&cursor=${String(first.body["next"])}`);
  expect(ids(second)).toEqual(["d", "e"]);
  const last = await rms.call("GET", `${roles}?limit=2&cursor=${String(second.body["next"])}`);
  expect([ids(last), last.body["next"]]).toEqual([["g"], undefined]);
  for (const query of ["limit=0", "limit=201", "limit=x", "cursor=x", "cursor=", "cursor=W10"])
    expect((await rms.call("GET", `${roles}?${query}`)).status, query).toBe(422);
});

const listed = routes.filter((route) => operationOf(route)?.query?.["cursor"] !== undefined);

test.each(listed.map(({ path }) => [path]))("%s: a page as long as asked for, and no cursor but its own", async (path) => {
  const address = addressOf(path);
  const query = path === "/api/v1/access" ? "domain=orders&action=x&" : "";
  const page = await rms.call("GET", `${address}?${query}limit=1`);
  expect([page.status, (page.body["items"] as readonly unknown[]).length <= 1]).toEqual([200, true]);
  for (const wrong of ["cursor=x", "cursor=bnVsbA", "limit=0", "limit=201", "limit=1&limit=2", "limits=1"])
    expect((await rms.call("GET", `${address}?${query}${wrong}`)).status, wrong).toBe(422);
});

/** A body for each way in which it can differ from the schema of a route, with the pointer to the fault. */
function wrongBodies({ properties = {}, required = [] }: Schema): readonly (readonly [string, object])[] {
  const wrong = (schema: Schema): unknown => (schema["type"] === "string" || schema["$ref"] !== undefined ? 1 : "text");
  const typed = Object.entries(properties as Readonly<Record<string, Schema>>).flatMap(([name, schema]) =>
    Object.keys(schema).some((key) => key === "type" || key === "$ref")
      ? [[`/${name}`, { [name]: wrong(schema) }] as const, [`/${name}`, { [name]: null }] as const]
      : [],
  );
  const missing = (required as readonly string[]).map((name) => [`/${name}`, {}] as const);
  return [["/unknown~1name", { "unknown/name": 1 }], ...typed, ...missing];
}

const shaped = routes.filter((route) => operationOf(route)?.body?.["type"] === "object" && route.path.startsWith("/api/"));

test.each(shaped.map((route) => [route.method, route.path, route]))(
  "%s %s: a body of another shape is refused with a pointer to each fault",
  async (method, path, route) => {
    const before = await events();
    for (const [pointer, body] of wrongBodies(operationOf(route)?.body ?? {})) {
      const answer = await rms.call(method, addressOf(path), body);
      const errors = (answer.body["errors"] ?? []) as readonly { readonly pointer: string }[];
      expect([answer.status, errors.some((one) => one.pointer === pointer)], JSON.stringify(body)).toEqual([422, true]);
    }
    expect(await events()).toBe(before);
  },
);

test("a change with an unknown name in its query is refused", async () => {
  const answer = await rms.call("PUT", "/api/v1/domains/orders/roles/x/members/nina?dryrun=true", {});
  expect([answer.status, answer.body["detail"]]).toEqual([422, expect.stringContaining('the unknown name "dryrun"')]);
  expect((await rms.call("GET", "/api/v1/domains/orders/roles/x/members")).text).not.toContain("nina");
});

test("a token that calls too often is told when to come again; sidecars are not slowed down", async () => {
  const limits = new RateLimits({ token: { perSecond: 0.5, burst: 2 }, domain: { perSecond: 100, burst: 100 } });
  const slow = await testRms({ limits });
  const statuses: unknown[] = [];
  for (let call = 0; call < 3; call++) {
    const { status, headers } = await slow.call("GET", "/api/v1/domains");
    statuses.push([status, headers.get("retry-after")]);
  }
  expect(statuses).toEqual([
    [200, null],
    [200, null],
    [429, "2"],
  ]);
  expect((await slow.call("POST", "/opa/v1/status", {})).status).toBe(200);
  await slow.stop();
});

test("no log line holds a token", () => {
  expect(rms.log.filter((line) => line.includes("rms_") && !line.includes('"event":"request"'))).toEqual([]);
  expect(rms.log.join("\n")).not.toContain(rms.admin);
  expect(rms.log.join("\n")).not.toContain(foreign);
});

test("a batch of members is one act: all lines or none", async () => {
  await rms.call("PUT", "/api/v1/domains/orders/roles/clerks", {});
  const batch = "/api/v1/domains/orders/roles/clerks/members:batch";
  const type = { "content-type": "application/x-ndjson" };
  const bad = await rms.call("POST", batch, '{"subject":"ann"}\n{"subject":"bob","validUntill":"x"}\nnonsense\n', type);
  expect([bad.status, bad.body["errors"]]).toMatchObject([422, [{ row: 2 }, { row: 3 }]]);
  expect((await rms.call("GET", "/api/v1/domains/orders/roles/clerks/members")).body["items"]).toEqual([]);
  const lines = Array.from({ length: 500 }, (_, n) => JSON.stringify({ subject: `user ${n}` })).join("\n");
  expect((await rms.call("POST", batch, lines, type)).body).toEqual({ lines: 500, changed: 500, unchanged: 0, dryRun: false });
  const again = `${lines.replace("user 0", "user 1000")}\n{"op":"delete","subject":"user 0"}`;
  expect((await rms.call("POST", batch, again, type)).body).toMatchObject({ lines: 501, changed: 2 });
});

test("two equal batches at the same time are recorded once", async () => {
  await rms.call("PUT", "/api/v1/domains/orders/roles/packers", { responsibilities: [] });
  const batch = "/api/v1/domains/orders/roles/packers/members:batch";
  const lines = Array.from({ length: 3000 }, (_, n) => JSON.stringify({ subject: `packer-${n}` })).join("\n");
  const type = { "content-type": "application/x-ndjson" };
  const answers = await Promise.all([rms.call("POST", batch, lines, type), rms.call("POST", batch, lines, type)]);
  expect(answers.map(({ body }) => body["changed"]).sort()).toEqual([0, 3000]);
  const { body } = await rms.call("GET", "/api/v1/domains/orders/subjects/packer-7");
  expect(body["history"]).toHaveLength(1);
});

test("who opens the address in a browser is told what it is", async () => {
  const { status, text, headers } = await rms.call("GET", "/", undefined, { authorization: "" });
  expect([status, headers.get("content-type")]).toEqual([200, "text/plain; charset=utf-8"]);
  expect(text).toMatch(/^RMS \d[\s\S]*rw history/u);
});
