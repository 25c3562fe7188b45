// What runs around every handler: methods, types, tags, limits, and clients that do not keep to the protocol.
import { connect } from "node:net";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Answered, type TestRms, testRms } from "../rms.test-helper.ts";

let rms: TestRms;
beforeAll(async () => {
  rms = await testRms();
  await rms.call("POST", "/api/v1/domains", { id: "orders" });
});
afterAll(() => rms.stop());

/** Sends bytes as they are and gives what comes back until the end. */
function raw(text: string): Promise<string> {
  return new Promise((resolve) => {
    const { hostname, port } = new URL(rms.url);
    const socket = connect(Number(port), hostname, () => socket.end(text));
    let answer = "";
    socket.on("data", (chunk) => {
      answer += chunk.toString();
    });
    socket.on("error", () => resolve(answer));
    socket.on("close", () => resolve(answer));
  });
}

test("a target that is no path is refused, and the server lives on", async () => {
  for (const target of ["//[", "http://[", "//a/b", "*"]) {
    expect(await raw(`GET ${target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`)).toMatch(/^HTTP\/1\.1 40[04]/);
  }
  expect((await rms.call("GET", "/healthz")).status).toBe(200);
});

test("an address may be written as to a proxy; a request without Host is refused like any other", async () => {
  const ask = async (target: string, host: string): Promise<string> =>
    (await raw(`GET ${target} HTTP/1.1\r\n${host}Connection: close\r\n\r\n`)).replaceAll("\r", "");
  expect(await ask("http://rms.example:8182/healthz", "Host: rms.example\r\n")).toMatch(/^HTTP\/1\.1 200 /);
  expect(await ask("http://[::1]/healthz?x=1", "Host: [::1]\r\n")).toMatch(/^HTTP\/1\.1 422 /);
  expect(await ask("http://169.254.169.254/healthz", "Host: rms.example\r\n")).toMatch(/^HTTP\/1\.1 400 /);
  const without = (await raw("GET /healthz HTTP/1.1\r\n\r\n")).replaceAll("\r", "");
  expect(without).toMatch(/^HTTP\/1\.1 400 .*\n(?:.*\n)*Content-Type: application\/problem\+json\n(?:.*\n)*Connection: close\n/);
});

test("a client that goes away in the middle of a body changes nothing", async () => {
  await raw(
    `POST /api/v1/domains HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${rms.admin}\r\nContent-Length: 100\r\n\r\n{"id":"cut"`,
  );
  expect((await rms.call("GET", "/api/v1/domains/cut")).status).toBe(404);
  expect(rms.log.some((line) => line.includes('"event":"error"'))).toBe(false);
});

test("other methods: OPTIONS and HEAD work, the rest is 405 with Allow", async () => {
  const options = await rms.call("OPTIONS", "/api/v1/domains");
  expect([options.status, options.headers.get("allow")]).toEqual([204, "GET, HEAD, POST"]);
  const head = await rms.call("HEAD", "/api/v1/domains/orders");
  expect([head.status, head.text]).toEqual([200, ""]);
  const put = await rms.call("PUT", "/api/v1/domains", {});
  expect([put.status, put.headers.get("allow"), put.body["type"]]).toEqual([
    405,
    "GET, HEAD, POST",
    "urn:rms:method-not-allowed",
  ]);
});

test.each([
  [415, { "content-type": "text/xml" }, "<a/>"],
  [415, { "content-encoding": "br" }, "{}"],
  [400, { "content-encoding": "gzip" }, "{}"],
  [413, {}, `"${"x".repeat(1024 * 1024)}"`],
  [413, { "content-encoding": "gzip" }, gzipSync(Buffer.alloc(9 * 1024 * 1024))],
  [400, {}, "{"],
  [400, {}, Buffer.from([0x22, 0xff, 0x22])],
  [422, {}, "[".repeat(65) + "]".repeat(65)],
  [422, {}, '{"id": "\\ud800"}'],
  [406, { accept: "text/html" }, "{}"],
])("a body or an expectation that cannot be met is %i", async (status, headers, body) => {
  const answer = await rms.call("POST", "/api/v1/domains", body, headers);
  expect([answer.status, answer.headers.get("content-type")]).toEqual([status, "application/problem+json"]);
});

test("who sends a large body that is refused unread gets the answer, and not the end of the connection", async () => {
  const { hostname, port } = new URL(rms.url);
  const size = 20 * 1024 * 1024;
  for (const [authorization, status] of [[`Bearer ${rms.admin}`, 413] as const, ["Bearer wrong-token", 401] as const]) {
    const answer = await new Promise<string>((resolve, reject) => {
      const socket = connect(Number(port), hostname);
      socket.write(
        `POST /api/v1/domains HTTP/1.1\r\nHost: a\r\nAuthorization: ${authorization}\r\nContent-Length: ${size}\r\n\r\n`,
      );
      // Reads nothing before it has sent everything.
      socket.pause();
      socket.write(Buffer.alloc(size, " "), () => socket.once("data", (chunk) => resolve(chunk.toString())).resume());
      socket.on("error", reject);
    });
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
  }
});

test("a read has a strong tag: 304 to who has it, 412 to who wants to change what has moved on", async () => {
  const read = await rms.call("GET", "/api/v1/domains/orders");
  const tag = read.headers.get("etag")!;
  expect(tag).toMatch(/^"[0-9a-f]{32}"$/);
  expect((await rms.call("GET", "/api/v1/domains/orders", undefined, { "if-none-match": tag })).status).toBe(304);
  const role = "/api/v1/domains/orders/roles/clerk";
  expect((await rms.call("PUT", role, {}, { "if-match": '"0"' })).status).toBe(201);
  const before = (await rms.call("GET", role)).headers.get("etag")!;
  expect((await rms.call("PUT", role, { title: "Clerk" }, { "if-match": before })).status).toBe(200);
  expect((await rms.call("PUT", role, { title: "Late" }, { "if-match": before })).status).toBe(412);
  expect((await rms.call("GET", role)).body["title"]).toBe("Clerk");
});

test("status and logs of a sidecar that sends nonsense are taken, and kept only where they make sense", async () => {
  const bodies = [
    null,
    7,
    [],
    { labels: null, bundles: null },
    { bundles: { "orders/main": null, x: 1 } },
    { labels: { instance: {} } },
  ];
  for (const body of bodies) {
    expect((await rms.call("POST", "/opa/v1/status", body)).status).toBe(200);
    expect((await rms.call("POST", "/opa/v1/logs", [body, { decision_id: "d", timestamp: {} }])).status).toBe(200);
  }
});

test("what is no HTTP request is a problem, too", async () => {
  const problem = (answer: string): unknown => JSON.parse(answer.split("\r\n\r\n")[1] ?? "");
  const long = await raw(`GET /healthz HTTP/1.1\r\nHost: a\r\nX-Long: ${"x".repeat(17_000)}\r\n\r\n`);
  expect([long.slice(0, 12), problem(long)]).toMatchObject(["HTTP/1.1 431", { type: "urn:rms:headers-too-large", status: 431 }]);
  const nonsense = await raw("nonsense\r\n\r\n");
  expect([nonsense.slice(0, 12), problem(nonsense)]).toMatchObject(["HTTP/1.1 400", { type: "urn:rms:bad-request" }]);
});

test("a path is taken as it is written: dots are names, and what is no UTF-8 is refused", async () => {
  const members = "/api/v1/domains/orders/roles/dotted/members";
  await rms.call("PUT", "/api/v1/domains/orders/roles/dotted", {});
  const head = `Host: a\r\nAuthorization: Bearer ${rms.admin}\r\nConnection: close\r\n`;
  for (const subject of ["..", "%2e", "a%2F.."])
    expect(await raw(`PUT ${members}/${subject} HTTP/1.1\r\n${head}Content-Length: 2\r\n\r\n{}`)).toMatch(/^HTTP\/1\.1 201/);
  const { body } = await rms.call("GET", members);
  expect(body["items"]).toEqual([{ subject: "." }, { subject: ".." }, { subject: "a/.." }]);
  const cut = await rms.call("PUT", `${members}/%E0%A4%A`, {});
  expect([cut.status, cut.body["type"]]).toEqual([400, "urn:rms:bad-address"]);
});

test("If-None-Match: * makes an object and changes none", async () => {
  const role = "/api/v1/domains/orders/roles/fresh";
  const make = (title: string) => rms.call("PUT", role, { title }, { "if-none-match": "*" });
  expect([(await make("First")).status, (await make("Second")).status]).toEqual([201, 412]);
  expect((await rms.call("GET", role)).body["title"]).toBe("First");
});

test("pages of other origins may call only where the operator names them, and never with cookies", async () => {
  const preflight = { origin: "https://editor.example", "access-control-request-method": "PUT" };
  const cors = ({ headers }: Answered): unknown => [...headers].filter(([name]) => name.startsWith("access-control-"));
  expect(cors(await rms.call("OPTIONS", "/api/v1/domains/orders", undefined, preflight))).toEqual([]);
  const open = await testRms({ origins: ["https://editor.example"] });
  expect(cors(await open.call("OPTIONS", "/api/v1/domains", undefined, preflight))).toEqual([
    ["access-control-allow-headers", "Authorization, Content-Type, Accept, If-Match, If-None-Match, Idempotency-Key"],
    ["access-control-allow-methods", "GET, HEAD, POST"],
    ["access-control-allow-origin", "https://editor.example"],
    ["access-control-max-age", "600"],
  ]);
  const read = await open.call("GET", "/api/v1/domains", undefined, { origin: "https://editor.example" });
  expect([read.headers.get("access-control-allow-origin"), read.headers.get("vary")]).toEqual([
    "https://editor.example",
    "Origin",
  ]);
  expect(cors(await open.call("GET", "/api/v1/domains", undefined, { origin: "https://evil.example" }))).toEqual([]);
  await open.stop();
});
