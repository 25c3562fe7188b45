// A source of kind scim, read from a server of its own: pages, groups in groups, managers; and servers that mean no good.
import type { IncomingMessage, ServerResponse } from "node:http";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { SourceSettings } from "../store/sources.ts";
import type { Grant } from "./grants.ts";
import { httpsServer, type TestServer } from "./https-server.test-helper.ts";
import { readSubjects } from "./read.ts";
import { settingsFault } from "./settings.ts";

type Handler = (request: IncomingMessage, response: ServerResponse) => void;
let web: TestServer;
let answer: Handler = (_, response) => response.end();
const asked: string[] = [];

beforeAll(async () => {
  process.env["TEST_SCIM_TOKEN"] = "the-secret-of-scim";
  web = await httpsServer((request, response) => {
    asked.push(`${request.url} ${request.headers.authorization}`);
    answer(request, response);
  });
});
afterAll(() => web.stop());

const enterprise = "/urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
const settings = (more: Partial<SourceSettings> = {}): SourceSettings => ({
  kind: "scim",
  url: `https://${web.host}/scim/v2/`,
  secret: "env:TEST_SCIM_TOKEN",
  map: { subject: "/userName", manager: `${enterprise}/manager/value`, attributes: { department: `${enterprise}/department` } },
  groupSearch: {},
  ...more,
});
const grants = (): readonly Grant[] => [{ domain: "bank", host: web.host, ca: web.ca, secrets: ["env:TEST_SCIM_TOKEN"] }];
const read = (more: Partial<SourceSettings> = {}) => readSubjects(grants(), "bank", settings(more), new AbortController().signal);

const user = (id: string, more: object = {}): object => ({ id, userName: `${id}@bank.example`, active: true, ...more });
const unit = (department: string, manager?: string): object => ({
  [enterprise.slice(1)]: { department, ...(manager === undefined ? {} : { manager: { value: manager } }) },
});
const group = (id: string, displayName: string, ...members: readonly string[]): object => ({
  id,
  displayName,
  members: members.map((value) => ({ value })),
});
const json = (response: ServerResponse, body: unknown): void => void response.end(JSON.stringify(body));

/** A service that gives at most two resources a page, whatever is asked for. */
const service =
  (users: readonly object[], groups: readonly object[]): Handler =>
  ({ url }, response) => {
    const { pathname, searchParams } = new URL(url ?? "", "https://x");
    const all = pathname.endsWith("/Users") ? users : groups;
    const start = Number(searchParams.get("startIndex")) - 1;
    json(response, { totalResults: all.length, startIndex: start + 1, Resources: all.slice(start, start + 2) });
  };

test("users come page after page, with groups in groups, the manager as a subject, and who is deactivated", async () => {
  answer = service(
    [user("ann", unit("sales")), user("bob", { ...unit("sales", "ann"), active: false }), user("eve", unit("risk", "outside"))],
    // The last two contain each other.
    [group("1", "Clerks", "bob", "eve"), group("2", "Staff", "1", "3"), group("3", "All", "2", "ann")],
  );
  asked.length = 0;
  expect(await read({ filter: 'userType eq "Employee"' })).toEqual(
    new Map([
      ["ann@bank.example", { status: "active", attributes: { department: "sales" }, groups: ["All", "Staff"] }],
      [
        "bob@bank.example",
        {
          status: "suspended",
          manager: "ann@bank.example",
          attributes: { department: "sales" },
          groups: ["All", "Clerks", "Staff"],
        },
      ],
      [
        "eve@bank.example",
        { status: "active", manager: "outside", attributes: { department: "risk" }, groups: ["All", "Clerks", "Staff"] },
      ],
    ]),
  );
  const users = "/scim/v2/Users?filter=userType+eq+%22Employee%22&startIndex";
  expect(asked).toEqual(
    [`${users}=1`, `${users}=3`, "/scim/v2/Groups?startIndex=1", "/scim/v2/Groups?startIndex=3"].map(
      (url) => `${url}&count=500 Bearer the-secret-of-scim`,
    ),
  );
});

test("without groupSearch no groups are asked for; a user says its own where the map points to them", async () => {
  answer = service([user("ann", { groups: [{ value: "1", display: "Clerks" }] })], []);
  asked.length = 0;
  const { groupSearch: _none, ...plain } = settings();
  const map = { subject: "/id", groups: { from: "/groups", name: "/display" } };
  const subjects = await readSubjects(grants(), "bank", { ...plain, map }, new AbortController().signal);
  expect([subjects.get("ann")?.groups, asked.length]).toEqual([["Clerks"], 1]);
});

const deep = `{"totalResults":1,"Resources":[{"id":"a\\"[","x":${"[".repeat(100_000)}${"]".repeat(100_000)}}]}`;

test.each<[string, Handler]>([
  ["page 1 of Users has no totalResults", (_, response) => json(response, { Resources: [] })],
  ["page 1 of Users is empty, though 0 of 3 have come", (_, response) => json(response, { totalResults: 3 })],
  ["page 1 of Users has no list of Resources", (_, response) => json(response, { totalResults: 1, Resources: {} })],
  ["page 1 of Users has a resource without an id", (_, response) => json(response, { totalResults: 1, Resources: [null] })],
  [
    "page 2 of Users has ann again: the pages overlap",
    (_, response) => json(response, { totalResults: 2, Resources: [user("ann")] }),
  ],
  [
    "2 Users have come, where totalResults says 1",
    (_, response) => json(response, { totalResults: 1, Resources: [user("a"), user("b")] }),
  ],
  [
    "Users changed while they were read: 9 became 8",
    ({ url = "" }, response) =>
      json(
        response,
        url.includes("startIndex=1&") ? { totalResults: 9, Resources: [user("a")] } : { totalResults: 8, Resources: [user("b")] },
      ),
  ],
  ["there are more than 500000 Users", (_, response) => json(response, { totalResults: 1e9, Resources: [user("a")] })],
  ["page 1 of Users is nested deeper than 64 levels", (_, response) => void response.end(deep)],
  ["page 1 of Users is no JSON in UTF-8", (_, response) => void response.end("<html>")],
  [
    "redirects (307), which is not followed",
    (_, response) => response.writeHead(307, { location: "https://elsewhere.example" }).end(),
  ],
  ["the group 1 has no displayName", service([user("a")], [{ id: "1" }])],
  ["two groups have the displayName CLERKS", service([user("a")], [group("1", "Clerks"), group("2", "CLERKS")])],
  ["the members of the group 1 are no list", service([user("a")], [{ id: "1", displayName: "x", members: "all" }])],
])("%s: a failed read, and no secret in its words", async (message, bad) => {
  answer = bad;
  const fault = await read().then(
    () => "read",
    (error: Error) => error.message,
  );
  expect(fault).toContain(message);
  expect(fault).not.toContain("the-secret-of-scim");
});

test.each<[string, Partial<SourceSettings>, string]>([
  ["no address", { url: undefined }, "/url"],
  ["a clear-text address", { url: "http://idp.example/scim" }, "/url"],
  ["a base, which only directories have", { base: "dc=x" }, "/base"],
  ["members told by users", { groupSearch: { by: "memberOf" } }, "/groupSearch"],
  ["groups from two places", { map: { subject: "/id", groups: { from: "/groups" } } }, "/map/groups"],
  ["a field that is no pointer", { map: { subject: "userName" } }, "/map/subject"],
  ["a host that the operator does not allow", { url: "https://elsewhere.example/scim" }, "/url"],
])("settings with %s are refused", (_what, more, pointer) => {
  const { url, ...others } = { ...settings(), ...more };
  expect(settingsFault({ ...others, ...(url === undefined ? {} : { url }) } as SourceSettings, grants(), "bank")?.pointer).toBe(
    pointer,
  );
  expect(settingsFault(settings(), grants(), "bank")).toBeUndefined();
});
