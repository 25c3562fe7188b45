// Sources behind OAuth 2.0: user and secret go to who gives tokens and to nobody else, and the token to the service.
import type { IncomingMessage, ServerResponse } from "node:http";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { ClientCredentials, SourceSettings } from "../store/sources.ts";
import type { Grant } from "./grants.ts";
import { httpsServer, type TestServer } from "./https-server.test-helper.ts";
import { readSubjects } from "./read.ts";
import { settingsFault } from "./settings.ts";

type Handler = (form: string, request: IncomingMessage, response: ServerResponse) => void;
let login: TestServer;
let people: TestServer;
let give: Handler;
const asked: string[] = [];

const text = async (request: IncomingMessage): Promise<string> => Buffer.concat(await request.toArray()).toString();

beforeAll(async () => {
  process.env["TEST_OAUTH_SECRET"] = "a secret: 1%";
  login = await httpsServer(async (request, response) => give(await text(request), request, response));
  people = await httpsServer((request, response) => {
    asked.push(`${request.method} ${request.url} ${request.headers.authorization}`);
    const last = request.url?.includes("page=2") === true;
    response.end(JSON.stringify({ items: last ? [] : [{ mail: "ann" }] }));
  });
});
afterAll(() => {
  login.stop();
  people.stop();
});
beforeEach(() => {
  asked.length = 0;
  give = (form, { method, url, headers }, response) => {
    asked.push(`${method} ${url} ${headers["content-type"]} ${form} ${headers.authorization ?? "plain"}`);
    response.end(JSON.stringify({ access_token: "t0ken", token_type: "bearer", expires_in: 60 }));
  };
});

const oauth = (more: Partial<ClientCredentials> = {}): ClientCredentials => ({ url: `https://${login.host}/token`, ...more });
const settings = (more: Partial<SourceSettings> = {}): SourceSettings => ({
  kind: "rest",
  url: `https://${people.host}/people`,
  rows: "/items",
  paging: { parameter: "page" },
  user: "svc:rms",
  secret: "env:TEST_OAUTH_SECRET",
  oauth: oauth(),
  map: { subject: "/mail" },
  ...more,
});
const grants = (): readonly Grant[] => [
  { domain: "bank", host: people.host, ca: people.ca, secrets: [] },
  { domain: "bank", host: login.host, ca: login.ca, secrets: ["env:TEST_OAUTH_SECRET"] },
];
const read = (more: Partial<SourceSettings> = {}) => readSubjects(grants(), "bank", settings(more), new AbortController().signal);

test("one token for all pages; user and secret stand in the header as a form has them", async () => {
  expect([...(await read()).keys()]).toEqual(["ann"]);
  expect(asked).toEqual([
    `POST /token application/x-www-form-urlencoded grant_type=client_credentials Basic ${btoa("svc%3Arms:a+secret%3A+1%25")}`,
    "GET /people?page=1 Bearer t0ken",
    "GET /people?page=2 Bearer t0ken",
  ]);
});

test("scope, audience, and user and secret in the body", async () => {
  await read({ oauth: oauth({ scope: "people.read groups.read", audience: "https://hr.example", send: "body" }) });
  expect(asked[0]).toBe(
    "POST /token application/x-www-form-urlencoded grant_type=client_credentials&scope=people.read+groups.read&audience=https%3A%2F%2Fhr.example&client_id=svc%3Arms&client_secret=a+secret%3A+1%25 plain",
  );
});

const answered =
  (status: number, body: unknown): Handler =>
  (_form, _request, response) => {
    response.statusCode = status;
    response.end(typeof body === "string" ? body : JSON.stringify(body));
  };

test.each<[why: string, Handler]>([
  ["answers with status 401", answered(401, { error: "invalid_client" })],
  ["redirects (302), which is not followed", answered(302, "")],
  ["is no JSON in UTF-8", answered(200, "hello")],
  ["gives no bearer token, but one of the type nothing", answered(200, { access_token: "t" })],
  ['gives no bearer token, but one of the type "mac"', answered(200, { access_token: "t", token_type: "mac" })],
  ["gives no access_token", answered(200, { token_type: "Bearer" })],
  ["gives no access_token", answered(200, { access_token: "t\r\nx: y", token_type: "Bearer" })],
])("a login that %s is a failed read, and nothing is asked of the service", async (why, handler) => {
  give = handler;
  const error = await read().catch((thrown: unknown) => thrown);
  expect(String(error)).toContain(why);
  expect(String(error)).not.toContain("secret");
  expect(asked).toEqual([]);
});

test("settings are refused where something is missing or the operator does not allow it", () => {
  const fault = (more: Partial<SourceSettings>, allowed = grants()): string | undefined => {
    const found = settingsFault(settings(more), allowed, "bank");
    return found && `${found.pointer} ${found.message}`;
  };
  expect(fault({})).toBeUndefined();
  const { user: _user, ...nobody } = settings();
  expect(settingsFault(nobody, grants(), "bank")?.pointer).toBe("/oauth");
  expect(fault({ oauth: { url: "http://login.example/token" } })).toContain("/oauth/url must be an https: address");
  expect(fault({ oauth: { url: "https://login.example/token" } })).toContain(
    "/oauth/url cannot be asked: the operator lets bank read nothing from login.example:443",
  );
  const [service] = grants();
  const noSecret = grants().map((grant) => ({ ...grant, secrets: [] }));
  expect(fault({}, noSecret)).toContain("/oauth/url cannot be asked: the operator lets nobody send env:TEST_OAUTH_SECRET");
  expect(fault({}, [service!])).toContain("/oauth/url cannot be asked");
  const { rows: _rows, paging: _paging, ...plain } = settings();
  const directory = { ...plain, kind: "ldap", url: "ldaps://dc.example", base: "dc=x" } as const;
  expect(settingsFault(directory, grants(), "bank")?.message).toBe("is nothing that a source of kind ldap has");
});

test("a token that has run out is exchanged anew between two pages", async () => {
  let given = 0;
  give = (_form, _request, response) => {
    response.end(JSON.stringify({ access_token: `t${++given}`, token_type: "Bearer", expires_in: 0 }));
  };
  await read();
  expect(asked).toEqual(["GET /people?page=1 Bearer t1", "GET /people?page=2 Bearer t2"]);
});

test("what a service says never makes a long message", async () => {
  give = (_form, _request, response) => {
    response.end(JSON.stringify({ access_token: "t0ken", token_type: "mac".repeat(1_000_000) }));
  };
  const message = await read().then(String, (error: Error) => error.message);
  expect(message).toMatch(/gives no bearer token, but one of the type "macmac/);
  expect(message.length).toBeLessThanOrEqual(1001);
});
