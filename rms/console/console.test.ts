// Who comes in and who does not: sessions, forms of other sites, scopes, foreign domains, and headers that keep pages to themselves.
import { afterAll, beforeAll, expect, test } from "vitest";
import { type TestRms, testRms } from "../server/rms.test-helper.ts";
import { formsOf, signedIn, TestBrowser, textOf } from "./browser.test-helper.ts";

const hostile = `<script>alert(1)</script>"'&`;
let rms: TestRms;

beforeAll(async () => {
  rms = await testRms();
  await rms.call("POST", "/api/v1/domains", { id: "orders", title: hostile, owners: [`${hostile}\u202e`] });
  await rms.call("POST", "/api/v1/domains", { id: "other" });
});
afterAll(() => rms.stop());

test("who is not signed in signs in, and comes to the page that was wanted", async () => {
  const browser = new TestBrowser(rms.url);
  const asked = await browser.get("/console/domains/orders?cursor=x%3C");
  expect([asked.status, asked.address]).toEqual([200, "/console/sign-in?to=%2Fconsole%2Fdomains%2Forders%3Fcursor%3Dx%253C"]);
  expect(asked.page).toContain('<a href="/console/domains/orders?cursor=x%3C">go on to the page</a>');
  const [form] = formsOf(asked.page);
  const wrong = await browser.post("/console/sign-in", { ...form?.hidden, token: "rms_nonsense" });
  expect([wrong.status, textOf(wrong.page)]).toEqual([401, expect.stringContaining("There is no such token, or it has ended.")]);
  expect(wrong.page).toContain('aria-invalid="true"');
  const [again] = formsOf(wrong.page);
  const token = await rms.token(["read"], ["orders"]);
  const inside = await browser.post("/console/sign-in", { ...again?.hidden, token });
  expect([inside.status, inside.address]).toEqual([422, "/console/domains/orders?cursor=x%3C"]);
  expect((await browser.get("/console/domains/orders")).status).toBe(200);
});

test("a session's cookie is out of reach for scripts and other sites, and for what is not encrypted where RMS is", async () => {
  const browser = new TestBrowser(rms.url);
  const { page } = await browser.get("/console/sign-in");
  const token = await rms.token(["read"], ["orders"]);
  const cookieFor = async (headers: Readonly<Record<string, string>>): Promise<string | null> => {
    const answer = await fetch(`${rms.url}/console/sign-in`, {
      method: "POST",
      body: new URLSearchParams({ ...formsOf(page)[0]?.hidden, token }),
      headers: { cookie: `rms-sign-in=${browser.cookies.get("rms-sign-in")}`, ...headers },
      redirect: "manual",
    });
    return answer.headers.get("set-cookie");
  };
  expect(await cookieFor({})).toMatch(/^rms-session=[\w-]{43}; Path=\/console; HttpOnly; SameSite=Strict$/);
  expect(await cookieFor({ "x-forwarded-proto": "https" })).toMatch(/; Secure$/);
});

test("where somebody goes after signing in is a page of the console", async () => {
  const token = await rms.token(["read"], ["orders"]);
  for (const to of [
    "https://evil.example/",
    "//evil.example",
    "/console/../x\\",
    "/consolex",
    "/console\n",
    "javascript:alert(1)",
  ]) {
    const browser = new TestBrowser(rms.url);
    const { page } = await browser.get(`/console/sign-in?${new URLSearchParams({ to })}`);
    const inside = await browser.post("/console/sign-in", { ...formsOf(page)[0]?.hidden, token });
    expect([inside.status, inside.address], to).toEqual([200, "/console"]);
  }
});

test("who signs out, and whose token is revoked, must sign in again", async () => {
  const browser = await signedIn(rms, ["read"], ["orders"]);
  const home = await browser.get("/console");
  const cookies = new Map(browser.cookies);
  const out = await browser.post("/console/sign-out", formsOf(home.page)[0]?.hidden ?? {});
  expect(textOf(out.page)).toContain("You are signed out.");
  for (const [name, value] of cookies) browser.cookies.set(name, value);
  expect((await browser.get("/console")).address).toContain("/console/sign-in");

  const other = await signedIn(rms, ["read"], ["orders"], "leaver");
  const tokens = (await rms.call("GET", "/api/v1/tokens?limit=200")).body["items"] as readonly { id: string; subject: string }[];
  await rms.call("DELETE", `/api/v1/tokens/${tokens.find(({ subject }) => subject === "leaver")?.id}`);
  expect(textOf((await other.get("/console")).page)).toContain("Your session has ended.");
});

test("a form that the session did not make changes nothing", async () => {
  const browser = await signedIn(rms, ["read"], ["orders"]);
  const { page } = await browser.get("/console");
  const hidden = formsOf(page)[0]?.hidden ?? {};
  for (const [fields, headers] of [
    [{}, {}],
    [{ "form-token": "x".repeat(43) }, {}],
    [hidden, { "sec-fetch-site": "cross-site" }],
    [hidden, { "sec-fetch-site": "same-site" }],
  ] as const) {
    const refused = await browser.post("/console/sign-out", fields, headers);
    expect([refused.status, textOf(refused.page)]).toEqual([403, expect.stringContaining("This form is not of your session")]);
  }
  expect((await browser.get("/console")).address).toBe("/console");
  const stranger = new TestBrowser(rms.url);
  const token = await rms.token(["read"], ["orders"]);
  const asked = await stranger.get("/console/sign-in");
  stranger.cookies.clear();
  const refused = await stranger.post("/console/sign-in", { ...formsOf(asked.page)[0]?.hidden, token });
  expect([refused.status, stranger.cookies.has("rms-session")]).toEqual([403, false]);
});

test("a missing scope is 403, and a foreign domain is as one that does not exist", async () => {
  const writer = await signedIn(rms, ["publish"], ["orders"]);
  const refused = await writer.get("/console/domains/orders");
  expect([refused.status, textOf(refused.page)]).toEqual([403, expect.stringContaining("The token lacks the scope read.")]);
  const reader = await signedIn(rms, ["read"], ["orders"]);
  const [foreign, nowhere] = [await reader.get("/console/domains/other"), await reader.get("/console/domains/nowhere")];
  expect([foreign.status, textOf(foreign.page)]).toEqual([404, textOf(nowhere.page)]);
  expect((await reader.get("/console/nonsense")).status).toBe(404);
  expect((await reader.get("/console/")).address).toBe("/console");
});

test("every answer keeps pages to themselves, and names are texts", async () => {
  const browser = await signedIn(rms, ["read"], ["orders"], hostile);
  for (const address of ["/console", "/console/domains/orders", "/console/nonsense", "/console/sign-in"]) {
    const { headers, page } = await browser.get(address);
    expect(headers.get("content-security-policy")).toMatch(/^default-src 'self'; .*frame-ancestors 'none'/);
    expect([headers.get("cache-control"), headers.get("x-content-type-options")]).toEqual(["no-store", "nosniff"]);
    expect(page).not.toMatch(/<script>|\son\w+=|\sstyle=|<style|javascript:/i);
    expect(page.match(/<script/g)).toHaveLength(1);
  }
  const { page } = await browser.get("/console/domains/orders");
  expect(textOf(page)).toContain(hostile);
  expect(page).not.toContain("\u202e");
});

test("styles, script and icon are served, to be kept", async () => {
  const { page } = await new TestBrowser(rms.url).get("/console/sign-in");
  const found = [...page.matchAll(/(?:href|src)="(\/console\/assets\/[^"]*)"/g)].map(([, address]) => address ?? "");
  expect(found).toHaveLength(3);
  for (const address of found) {
    const answer = await fetch(`${rms.url}${address}`);
    expect([answer.status, answer.headers.get("cache-control")]).toEqual([200, "public, max-age=31536000, immutable"]);
  }
});

test("the API takes no cookie, and the console no token of a header", async () => {
  const browser = await signedIn(rms, ["read"], ["orders"]);
  const cookie = `rms-session=${browser.cookies.get("rms-session")}`;
  expect((await fetch(`${rms.url}/api/v1/domains`, { headers: { cookie } })).status).toBe(401);
  const answer = await fetch(`${rms.url}/console`, { headers: { authorization: `Bearer ${rms.admin}` }, redirect: "manual" });
  expect([answer.status, answer.headers.get("location")]).toEqual([303, "/console/sign-in?to=%2Fconsole"]);
});

test("where the operator wants no console there is none", async () => {
  const bare = await testRms({ console: false });
  expect((await bare.call("GET", "/console")).status).toBe(404);
  await bare.stop();
});

test("sessions are counted nowhere but in memory: no log has their cookies", () => {
  expect(rms.log.join("\n")).not.toMatch(/rms-session|[?&]to=/);
});
