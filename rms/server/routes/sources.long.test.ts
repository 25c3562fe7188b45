// Sources of people through the API: from a file or an address to memberships, groups and attributes that policies see.
import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { httpsServer, type TestServer } from "../../sources/https-server.test-helper.ts";
import { type Answered, type TestRms, testRms } from "../rms.test-helper.ts";
import { sourcesHost } from "../sources-host.ts";

const orders = "/api/v1/domains/orders";
const folder = mkdtempSync(join(tmpdir(), "feeds-"));
let rms: TestRms;
let web: TestServer;
let now = Date.parse("2026-03-02T12:00:00Z");
let answer: (request: IncomingMessage, response: ServerResponse) => void = (_, response) => response.end();
const asked: { readonly url: string | undefined; readonly authorization: string | undefined }[] = [];

beforeAll(async () => {
  web = await httpsServer((request, response) => {
    asked.push({ url: request.url, authorization: request.headers.authorization });
    answer(request, response);
  });
  process.env["TEST_HR_TOKEN"] = "the-secret-of-hr";
  mkdirSync(join(folder, "orders"));
  const grants = [
    { domain: "orders", folder: join(folder, "orders"), secrets: [] },
    { domain: "orders", host: web.host, ca: web.ca, secrets: ["env:TEST_HR_TOKEN", "env:TEST_NOT_THERE"] },
  ];
  rms = await testRms({}, () => new Date(now), grants);
  await rms.call("POST", "/api/v1/domains", { id: "orders" });
  await rms.call("POST", "/api/v1/domains", { id: "other" });
  await rms.call("POST", `${orders}/policies`, { id: "main", entrypoints: ["orders/told"] });
  const files = { "main.rego": policy };
  await rms.call("POST", `${orders}/policies/main/versions`, { version: "1.0.0", files });
  await rms.call("PUT", `${orders}/policies/main/channels/prod`, { version: "1.0.0" });
  await rms.call("PUT", `${orders}/roles/clerk`, { responsibilities: [{ action: "approve", resource: "orders/*" }] });
});
afterAll(async () => {
  web.stop();
  expect(rms.log.join("\n")).not.toContain("the-secret-of-hr");
  await rms.stop();
});

const policy = `package orders

told := {
	"approves": data.rms.rbac.user_has_responsibility(input.user, "approve", "orders/1"),
	"sales": data.rms.ldap.user_in_group(input.user, "SALES"),
	"department": [d | d := data.rms.user.attr(input.user, "department")],
	"reports": data.rms.user.reports_to(input.user, "mia"),
	"span": data.rms.user.span(input.user),
	"fresh": data.rms.rbac.fresh,
	"hr": data.rms.rbac.fresh_source("hr"),
}
`;

const told = async (user: string, more = {}): Promise<unknown> =>
  (await rms.call("POST", `${orders}/policies/main/decide`, { channel: "prod", input: { user }, ...more })).body["result"];
const sync = (id: string, body: object = {}, headers = {}): Promise<Answered> =>
  rms.call("POST", `${orders}/sources/${id}/sync`, body, headers);
const runOf = ({ body }: Answered): Record<string, unknown> => body["run"] as Record<string, unknown>;
const members = async (role = "clerk"): Promise<unknown> =>
  (await rms.call("GET", `${orders}/roles/${role}/members`)).body["items"];
const people = (...lines: readonly string[]): void =>
  writeFileSync(join(folder, "orders", "people.csv"), `id,state,boss,dept,groups\n${lines.map((line) => `${line}\n`).join("")}`);

const hr = {
  kind: "csv",
  file: "people.csv",
  map: {
    subject: "id",
    status: { from: "state", active: ["A"], suspended: ["S"] },
    manager: "boss",
    attributes: { department: "dept" },
    groups: { from: "groups", split: "|" },
  },
  directory: "ldap",
  rules: [{ group: "sales", role: "clerk" }],
  maxAge: 3600,
};

test("a file becomes memberships, groups and attributes; what it says no more ends", async () => {
  people("ann,A,mia,eu,Sales|Ops", "bob,A,mia,eu,Ops", "mia,A,,eu,");
  await rms.call("PUT", `${orders}/roles/clerk/members/eve`, { reason: "by hand" });
  expect((await rms.call("PUT", `${orders}/sources/hr`, { ...hr, reason: "first" })).status).toBe(201);
  expect((await rms.call("PUT", `${orders}/sources/hr`, hr)).status).toBe(200);
  const before = (await rms.rms.store.audit.head())?.seq;
  const tried = await rms.call("POST", `${orders}/sources/hr/test`);
  expect(tried.body).toMatchObject({
    counts: { people: 3, joined: 3, granted: 1 },
    rows: [{ subject: "ann", groups: ["Ops", "Sales"], manager: "mia", attributes: { department: "eu" } }, {}, {}],
    members: [{ role: "clerk", subject: "ann", change: "begins", reason: "in the group sales" }],
  });
  expect([(await rms.rms.store.audit.head())?.seq, (await rms.call("GET", `${orders}/sources/hr/runs`)).body["items"]]).toEqual([
    before,
    [],
  ]);
  expect(runOf(await sync("hr"))).toMatchObject({ run: 1, result: "changed", actor: "tester", counts: { joined: 3 } });
  expect(await members()).toEqual([{ subject: "ann", source: "hr" }, { subject: "eve" }]);
  expect(await told("ann")).toEqual({
    approves: true,
    sales: true,
    department: ["eu"],
    reports: true,
    span: 0,
    fresh: true,
    hr: true,
  });
  expect(await told("mia")).toMatchObject({ approves: false, sales: false, span: 2 });
  now += 60_000;
  expect(runOf(await sync("hr"))).toMatchObject({ run: 2, result: "unchanged" });
  people("ann,A,mia,eu,Ops", "bob,A,mia,eu,Ops|Sales", "mia,A,,eu,");
  expect(runOf(await sync("hr"))).toMatchObject({ result: "changed", counts: { granted: 1, ended: 1 } });
  expect(await members()).toEqual([{ subject: "bob", source: "hr" }, { subject: "eve" }]);
  expect(await told("ann", { at: "2026-03-02T12:00:30Z" })).toMatchObject({ approves: true, sales: true, department: ["eu"] });
  const item = await rms.call("GET", `${orders}/sources/hr`);
  expect(item.body).toMatchObject({ id: "hr", by: "tester", lastRun: { run: 3 }, freshUntil: "2026-03-02T13:01:00.000Z" });
});

test("what a person ended by hand the source does not make again; a leaver is suspended at once", async () => {
  await rms.call("DELETE", `${orders}/roles/clerk/members/bob?reason=not+him`);
  expect(runOf(await sync("hr"))).toMatchObject({ result: "unchanged", counts: { withheld: 1 } });
  expect(await members()).toEqual([{ subject: "eve" }]);
  await rms.call("PUT", `${orders}/roles/clerk/members/bob`, { reason: "him after all" });
  people("ann,A,mia,eu,Ops", "bob,X,mia,eu,Ops|Sales", "mia,A,,eu,");
  expect(runOf(await sync("hr"))).toMatchObject({ counts: { left: 1, suspended: 1, ended: 0 } });
  expect(await members()).toEqual([{ subject: "bob" }, { subject: "eve" }]);
  const subject = await rms.call("GET", `${orders}/subjects/bob`);
  expect(subject.body).toMatchObject({ suspended: true, sources: [{ source: "hr", status: "left" }] });
  expect(await told("bob")).toMatchObject({ approves: false, sales: false, department: [] });
  people("ann,A,mia,eu,Ops", "bob,A,mia,eu,Ops|Sales", "mia,A,,eu,");
  expect(runOf(await sync("hr"))).toMatchObject({ counts: { returned: 1 } });
  expect(await told("bob")).toMatchObject({ approves: true, sales: true });
  const { body } = await rms.call("GET", `/api/v1/audit?domain=orders&actor=source:hr`);
  const actions = (body["items"] as readonly { readonly action: string }[]).map(({ action }) => action);
  expect(actions.slice(0, 6)).toEqual([
    "source.sync",
    "subject.restore",
    "source.sync",
    "subject.suspend",
    "subject.left",
    "source.sync",
  ]);
});

test("too much at once is refused and keeps the old data; force needs a reason, and with four eyes a second person", async () => {
  const all = Array.from({ length: 40 }, (_, n) => `user-${n},A,,eu,Sales`);
  people(...all);
  await sync("hr");
  people(...all.slice(0, 30));
  const refused = runOf(await sync("hr"));
  expect(refused).toMatchObject({
    result: "refused",
    message: expect.stringContaining("too much is gone at once: attribute:department from 40 to 30"),
  });
  expect(await members()).toHaveLength(42);
  expect((await sync("hr", { force: true })).status).toBe(422);
  await rms.call("PATCH", `${orders}/policies/main`, { gates: { approvals: 1 } });
  const first = { authorization: `Bearer ${await rms.token(["sources:write"], ["orders"], "ann")}` };
  const second = { authorization: `Bearer ${await rms.token(["sources:write"], ["orders"], "bob")}` };
  const force = { force: true, reason: "the office in Rome closed" };
  for (const _ of [1, 2]) expect(runOf(await sync("hr", force, first))).toMatchObject({ result: "refused", consent: "ann" });
  people(...all.slice(0, 29));
  expect(runOf(await sync("hr", force, second))).toMatchObject({ result: "refused", consent: "bob" });
  expect(runOf(await sync("hr", force, first))).toMatchObject({ result: "changed" });
  people();
  expect(runOf(await sync("hr", force, first))).toMatchObject({
    result: "refused",
    message: "the source has no rows at all, which is never taken",
  });
  people("ann,A,mia");
  expect(runOf(await sync("hr"))).toMatchObject({
    result: "failed",
    message: "row 2 of the table has 3 cells, where there are 5 columns",
  });
  await rms.call("PATCH", `${orders}/policies/main`, { gates: {} });
});

test("a source that the data need makes them stale when it is not read; a good read makes them fresh again", async () => {
  people("ann,A,mia,eu,Sales");
  await rms.call("PUT", `${orders}/sources/hr`, { ...hr, maxAge: 600, required: true, thresholds: { percent: 100 } });
  await sync("hr");
  expect(await told("ann")).toMatchObject({ fresh: true, hr: true });
  now += 601_000;
  expect(await told("ann")).toMatchObject({ fresh: false, hr: false, approves: false });
  expect(runOf(await sync("hr"))).toMatchObject({ result: expect.stringMatching(/changed/) });
  expect(await told("ann")).toMatchObject({ fresh: true, hr: true, approves: true });
  const metrics = (await rms.call("GET", "/metrics")).text;
  expect(metrics).toContain('rms_source_age_seconds{domain="orders",source="hr"} 0');
  expect(metrics).toContain('rms_source_ok{domain="orders",source="hr"} 1');
  expect((await rms.call("GET", "/metrics", undefined, { authorization: "" })).text).not.toContain('source="hr"');
});

test("no path leads out of the folder, and no domain reads another one's", async () => {
  writeFileSync(join(folder, "secret.csv"), "id\nroot\n");
  symlinkSync(join(folder, "secret.csv"), join(folder, "orders", "link.csv"));
  const put = (domain: string, more: object): Promise<Answered> =>
    rms.call("PUT", `/api/v1/domains/${domain}/sources/odd`, { kind: "csv", map: { subject: "id" }, ...more });
  for (const file of ["../secret.csv", "/etc/passwd", "a/../../secret.csv"])
    expect((await put("orders", { file })).status, file).toBe(422);
  expect((await put("other", { file: "people.csv" })).body["detail"]).toContain("the operator lets other read none");
  expect((await put("orders", { file: "link.csv" })).status).toBe(201);
  expect(runOf(await sync("odd"))).toMatchObject({ result: "failed", message: "there is no file link.csv that orders may read" });
  for (const [url, why] of [
    [`http://${web.host}/`, "must be an https: address"],
    ["https://user:pw@hr.example/", "must be an https: address"],
    ["https://:pw@hr.example/", "must be an https: address"],
    ["https://169.254.169.254/latest", "lets orders read nothing from"],
    [`https://${web.host.split(":")[0]}/`, "lets orders read nothing from"],
  ] as const)
    expect((await put("orders", { url })).body["detail"], url).toContain(why);
  const secret = "env:PATH";
  expect((await put("orders", { url: `https://${web.host}/`, secret })).body["detail"]).toContain(
    "the operator lets nobody send env:PATH",
  );
  await rms.call("DELETE", `${orders}/sources/odd`);
});

const rest = () => ({
  kind: "rest",
  url: `https://${web.host}/people?size=2`,
  rows: "/items",
  paging: { next: "/next" },
  total: "/total",
  secret: "env:TEST_HR_TOKEN",
  map: { subject: "/mail", groups: { from: "/groups", name: "/name" }, attributes: { office: "/office" } },
  rules: [{ attribute: "office", is: "Rome", role: "clerk" }],
});

const json = (response: ServerResponse, body: unknown): void => {
  response.setHeader("content-type", "application/json");
  response.end(JSON.stringify(body));
};

/** The whole table in pages of two. */
const pages =
  (rows: readonly object[]) =>
  ({ url = "" }: IncomingMessage, response: ServerResponse): void => {
    const page = Number(new URLSearchParams(url.split("?")[1]).get("page") ?? 0);
    const next = (page + 1) * 2 < rows.length ? `/people?size=2&page=${page + 1}` : null;
    json(response, { items: rows.slice(page * 2, page * 2 + 2), next, total: rows.length });
  };

test("pages of JSON over HTTPS, with a secret by reference", async () => {
  const rows = ["zoe", "yan", "xia"].map((mail) => ({ mail, office: mail === "yan" ? "Oslo" : "Rome", groups: [] }));
  answer = pages(rows);
  await rms.call("PUT", `${orders}/sources/web`, rest());
  asked.length = 0;
  expect(runOf(await sync("web"))).toMatchObject({ result: "changed", counts: { people: 3, granted: 2 } });
  expect(asked).toEqual([
    { url: "/people?size=2", authorization: "Bearer the-secret-of-hr" },
    { url: "/people?size=2&page=1", authorization: "Bearer the-secret-of-hr" },
  ]);
  await rms.call("PUT", `${orders}/sources/web`, { ...rest(), user: "svc" });
  await sync("web");
  expect(asked.at(-1)?.authorization).toBe(`Basic ${btoa("svc:the-secret-of-hr")}`);
  expect((await rms.call("GET", `${orders}/sources/web`)).text).not.toContain("the-secret-of-hr");
});

test.each<[string, (request: IncomingMessage, response: ServerResponse) => void]>([
  ["answers with status 500", (_, response) => response.writeHead(500).end()],
  ["redirects (302), which is not followed", (_, response) => response.writeHead(302, { location: "/x" }).end()],
  ["page 1 is no JSON in UTF-8", (_, response) => response.end("{")],
  ['page 1 has no list at "/items"', (_, response) => json(response, { item: [] })],
  [
    "the next page is on another host, which is not followed",
    (_, response) => json(response, { items: [], next: "https://elsewhere.example/" }),
  ],
  ["the pages lead in a circle", (_, response) => json(response, { items: [], next: "?size=2" })],
  ["the pages have 1 rows, where", (_, response) => json(response, { items: [{ mail: "x" }], total: 2 })],
  [
    "broke off its answer",
    (_, response) => response.writeHead(200, { "content-length": 100 }).write("{", () => response.destroy()),
  ],
  ["packs its answer", (_, response) => response.writeHead(200, { "content-encoding": "gzip" }).end()],
])("a failed page is a failed sync: %s", async (message, bad) => {
  const before = await members();
  answer = bad;
  expect(runOf(await sync("web"))).toMatchObject({ result: "failed", message: expect.stringContaining(message) });
  expect(await members()).toEqual(before);
});

test("a sync whose source is changed meanwhile takes nothing", async () => {
  const { total: _total, ...slow } = rest();
  answer = (_, response) =>
    void rms
      .call("PUT", `${orders}/sources/slow`, { ...slow, title: "another one" })
      .then(() => json(response, { items: [{ mail: "kim", office: "Oslo" }] }));
  await rms.call("PUT", `${orders}/sources/slow`, slow);
  expect((await sync("slow")).status).toBe(409);
  expect((await rms.call("GET", `${orders}/sources/slow/runs`)).body["items"]).toEqual([]);
  answer = (_, response) => json(response, { items: [{ mail: "kim", office: "Oslo" }] });
  expect(runOf(await sync("slow"))).toMatchObject({ run: 1, result: "changed" });
  await rms.call("DELETE", `${orders}/sources/slow`);
});

test("the end of the server ends a sync that waits for its source, which is not told as a failure", async () => {
  let waiting: (() => void) | undefined;
  const asks = new Promise<void>((begun) => {
    waiting = begun;
  });
  answer = () => waiting?.();
  const stopped = await testRms({}, () => new Date(now), [{ domain: "*", host: web.host, ca: web.ca, secrets: [] }]);
  await stopped.call("POST", "/api/v1/domains", { id: "orders" });
  const { secret: _secret, ...open } = rest();
  await stopped.call("PUT", `${orders}/sources/web`, open);
  const left = stopped.call("POST", `${orders}/sources/web/sync`).catch(() => undefined);
  await asks;
  const began = performance.now();
  await stopped.stop();
  expect(performance.now() - began).toBeLessThan(8000);
  expect((await left)?.status ?? 409).toBe(409);
  expect(stopped.log.filter((line) => line.includes("sync failed") || line.includes("source synced"))).toEqual([]);
});

test("a certificate that nobody vouches for, and a secret that is not there, are failures in words", async () => {
  answer = pages([{ mail: "zoe", office: "Rome" }]);
  await rms.call("PUT", `${orders}/sources/web`, { ...rest(), secret: "env:TEST_NOT_THERE" });
  expect(runOf(await sync("web"))).toMatchObject({ message: "env:TEST_NOT_THERE is empty or not there" });
  const strict = await testRms({}, () => new Date(now), [{ domain: "*", host: web.host, secrets: [] }]);
  await strict.call("POST", "/api/v1/domains", { id: "orders" });
  const { secret: _secret, ...open } = rest();
  await strict.call("PUT", `${orders}/sources/web`, open);
  expect(runOf(await strict.call("POST", `${orders}/sources/web/sync`))["message"]).toContain("self-signed certificate");
  await strict.stop();
});

test("the end of a source ends what it made and says nothing more; another one that wants it takes it over", async () => {
  answer = pages([{ mail: "ann", office: "Rome" }]);
  await rms.call("PUT", `${orders}/sources/web`, { ...rest(), thresholds: { percent: 100 } });
  await sync("web");
  const ofAnn = async (): Promise<unknown> => (await rms.call("GET", `${orders}/roles/clerk/members/ann`)).body;
  expect(await ofAnn()).toMatchObject({ source: "hr" });
  people("ann,A,mia,eu,");
  await sync("hr");
  expect(await ofAnn()).toMatchObject({ source: "web" });
  // Two more that this source did not see for the first time count once more.
  const dry = await rms.call("DELETE", `${orders}/sources/web?dryRun=true`);
  expect(dry.body["diff"]).toMatchObject({ before: { memberships: 3 }, after: null });
  expect((await rms.call("DELETE", `${orders}/sources/web?reason=over`)).status).toBe(204);
  expect((await rms.call("GET", `${orders}/roles/clerk/members/ann`)).status).toBe(404);
  expect(await rms.rms.store.sources.faults()).toEqual([]);
});

test("by schedule: at once, then after its pause, and later and later while it fails", async () => {
  people("ann,A,mia,eu,");
  await rms.call("PUT", `${orders}/sources/hr`, { ...hr, every: 600 });
  const runs = async (): Promise<readonly unknown[]> => {
    await rms.rms.sources.beginDue(sourcesHost(rms.rms));
    while (rms.rms.sources.isRunning("orders", "hr")) await new Promise((turn) => setTimeout(turn, 5));
    const { body } = await rms.call("GET", `${orders}/sources/hr/runs?limit=200`);
    return body["items"] as readonly unknown[];
  };
  const before = (await runs()).length;
  expect((await runs()).length).toBe(before);
  now += 530_000;
  expect((await runs()).length).toBe(before);
  now += 140_000;
  expect(await runs()).toMatchObject([{ run: before + 1, result: "unchanged", actor: "source:hr" }, ...Array(before).fill({})]);
  people();
  now += 670_000;
  expect((await runs())[0]).toMatchObject({ result: "refused" });
  now += 670_000;
  expect((await runs()).length).toBe(before + 2);
  now += 670_000;
  expect((await runs()).length).toBe(before + 3);
  // A run of a clock that was ahead stands in the way of nothing once the clock is right.
  people("ann,A,mia,eu,");
  now += 10 * 86_400_000;
  const asked = { domain: "orders", id: "hr", actor: "operator", reason: "", force: false, requestId: "" };
  expect((await rms.rms.sources.sync(sourcesHost(rms.rms), asked))?.run.result).toBe("unchanged");
  now -= 10 * 86_400_000;
  expect((await runs())[0]).toMatchObject({ run: before + 5, result: "unchanged", at: new Date(now).toISOString() });
  expect(await told("ann")).toMatchObject({ hr: true });
  expect((await runs()).length).toBe(before + 5);
});

test("at its times: at once at first, then when one has come, and after a failure before the next", async () => {
  now = Date.parse("2026-03-02T12:10:00Z");
  people("ann,A,mia,eu,");
  const { every: _every, ...timed } = { ...hr, every: 0 };
  expect((await rms.call("PUT", `${orders}/sources/timed`, { ...timed, cron: "0 25 * * *" })).status).toBe(422);
  expect((await rms.call("PUT", `${orders}/sources/timed`, { ...timed, cron: "0 12 * * *", every: 600 })).status).toBe(422);
  expect((await rms.call("PUT", `${orders}/sources/timed`, { ...timed, cron: "30 12 * * *" })).status).toBe(201);
  const count = async (): Promise<number> => {
    await rms.rms.sources.beginDue(sourcesHost(rms.rms));
    while (rms.rms.sources.isRunning("orders", "timed")) await new Promise((turn) => setTimeout(turn, 5));
    return (await rms.rms.store.sources.lastRun("orders", "timed"))?.number ?? 0;
  };
  expect([await count(), await count()]).toEqual([1, 1]);
  now += 19 * 60_000;
  expect(await count()).toBe(1);
  now += 60_000;
  people();
  expect([await count(), await count()]).toEqual([2, 2]);
  now += 15 * 60_000;
  expect(await count()).toBe(3);
});
