// A version as an archive, and what becomes of it: approved by another, rejected, withdrawn.
import { createHash } from "node:crypto";
import { gunzipSync, gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { writeTar } from "#bundles/tar.ts";
import { type TestRms, testRms } from "../rms.test-helper.ts";

let rms: TestRms;
const policy = "/api/v1/domains/orders/policies/main";
const files = { "main.rego": "package orders\n\ndefault allow := false\n" };
const gzip = { "content-type": "application/gzip" };

beforeAll(async () => {
  rms = await testRms();
  await rms.call("POST", "/api/v1/domains", { id: "orders" });
  await rms.call("POST", "/api/v1/domains/orders/policies", { id: "main", entrypoints: ["orders/allow"] });
});
afterAll(() => rms.stop());

const archive = (texts: Readonly<Record<string, string>>): Uint8Array =>
  gzipSync(writeTar(Object.entries(texts).map(([name, text]) => ({ name, bytes: new TextEncoder().encode(text) }))));

test("an archive is the same version as its files in JSON, and comes back with the digest", async () => {
  const sent = await rms.call("POST", `${policy}/versions?version=1.0.0&message=first`, archive(files), gzip);
  expect([sent.status, sent.body["state"]]).toEqual([201, "published"]);
  expect((await rms.call("POST", `${policy}/versions`, { version: "1.0.0", files })).status).toBe(200);
  const answer = await fetch(`${rms.url}${policy}/versions/1.0.0/source.tar.gz`, {
    headers: { authorization: `Bearer ${rms.admin}` },
  });
  const bytes = gunzipSync(Buffer.from(await answer.arrayBuffer()));
  expect(createHash("sha256").update(bytes).digest("hex")).toBe(sent.body["digest"]);
});

test.each([
  [400, "no gzip", Buffer.from("nonsense")],
  [413, "a bomb", gzipSync(Buffer.alloc(65 * 1024 * 1024))],
  [422, "no archive", gzipSync(Buffer.from("x".repeat(600)))],
  [422, "no text", gzipSync(writeTar([{ name: "main.rego", bytes: new Uint8Array([0xff]) }]))],
])("%i for %s", async (status, _, body) => {
  expect((await rms.call("POST", `${policy}/versions?version=9.0.0`, body, gzip)).status).toBe(status);
});

test.each(["1", "1.0", "v1.0.0", "01.0.0", "1.0.0-", "1.0.0-a..b", "1.0.0-01", "latest"])(
  "%s is no semantic version",
  async (version) => {
    expect((await rms.call("POST", `${policy}/versions?dryRun=true`, { version, files })).status).toBe(422);
  },
);

test("a path that a version cannot hold, or a text that ends too early, is refused with the file and its row", async () => {
  for (const file of ["../a.rego", "/a.rego", "a//b.rego", "rms/x.rego", "MAIN.rego"]) {
    const { status, body } = await rms.call("POST", `${policy}/versions`, { version: "8.0.0", files: { ...files, [file]: "x" } });
    expect([status, body["errors"]], file).toMatchObject([422, [{ row: 1, col: 1, code: "rms_path" }]]);
  }
  const early = { "main.rego": "package orders\n\nallow if {\n" };
  const { body } = await rms.call("POST", `${policy}/versions`, { version: "8.0.0", files: early });
  expect(body["errors"]).toEqual([
    { file: "main.rego", row: 4, col: 1, code: "rego_parse_error", message: "unexpected eof token" },
  ]);
});

test("entrypoints are rules of the domain's package; a package is no keyword", async () => {
  const make = (entrypoint: string) =>
    rms.call("POST", "/api/v1/domains/orders/policies?", { id: "second", entrypoints: [entrypoint] });
  for (const wrong of ["other/allow", "orders", "orders allow", "orders/a b", "orders//allow", "/orders/allow"])
    expect((await make(wrong)).body["errors"], wrong).toMatchObject([{ pointer: "/entrypoints/0" }]);
  expect((await make("data.orders.eu.allow")).body["entrypoints"]).toEqual(["orders/eu/allow"]);
  expect((await rms.call("POST", "/api/v1/domains", { id: "default" })).status).toBe(422);
  expect((await rms.call("POST", "/api/v1/domains", { id: "default", package: "defaults" })).status).toBe(201);
});

test("with the gate `approval` a version waits for another person, and no channel moves to it before", async () => {
  await rms.call("PATCH", policy, { gates: { approval: true } });
  const sent = await rms.call("POST", `${policy}/versions`, {
    version: "2.0.0",
    files: { ...files, "b.rego": "package orders.b\n" },
  });
  expect([sent.status, sent.body["state"]]).toEqual([201, "awaiting_approval"]);
  expect((await rms.call("PUT", `${policy}/channels/prod`, { version: "2.0.0" })).status).toBe(409);
  const own = await rms.call("POST", `${policy}/versions/2.0.0/approve`);
  expect([own.status, own.body["type"]]).toEqual([403, "urn:rms:own-version"]);
  await rms.call("PATCH", policy, { gates: {} });
});

test("a version that a channel serves stays; afterwards it is withdrawn for good", async () => {
  await rms.call("POST", `${policy}/versions`, { version: "3.0.0", files: { ...files, "c.rego": "package orders.c\n" } });
  await rms.call("PUT", `${policy}/channels/prod`, { version: "3.0.0" });
  expect((await rms.call("POST", `${policy}/versions/3.0.0/withdraw`)).status).toBe(409);
  await rms.call("PUT", `${policy}/channels/prod`, { version: "1.0.0" });
  expect((await rms.call("POST", `${policy}/versions/3.0.0/withdraw`, { reason: "wrong" })).body["state"]).toBe("withdrawn");
  expect((await rms.call("PUT", `${policy}/channels/prod`, { version: "3.0.0" })).status).toBe(409);
});

test("who can, and what can she", async () => {
  const roles = "/api/v1/domains/orders/roles";
  await rms.call("PUT", `${roles}/clerk`, { responsibilities: [{ action: "approve", resource: "orders/eu/*" }] });
  await rms.call("PUT", `${roles}/chief`, { includes: ["clerk"], responsibilities: [{ action: "*", resource: "reports" }] });
  for (const [role, subject] of [
    ["clerk", "ann"],
    ["chief", "bob"],
    ["clerk", "gone"],
  ])
    await rms.call("PUT", `${roles}/${role}/members/${subject}`);
  await rms.call("PUT", `${roles}/clerk/members/late`, { validFrom: "2999-01-01T00:00:00Z" });
  await rms.call("POST", "/api/v1/domains/orders/subjects/gone/suspend");
  const ask = async (query: string): Promise<unknown> =>
    ((await rms.call("GET", `/api/v1/access?domain=orders&${query}`)).body["items"] as readonly Record<string, string>[]).map(
      ({ subject, role, action, resource }) => `${subject} as ${role}: ${action} ${resource}`,
    );
  expect(await ask("action=approve&resource=orders/eu/7")).toEqual([
    "ann as clerk: approve orders/eu/*",
    "bob as chief: approve orders/eu/*",
  ]);
  expect(await ask("action=read&resource=reports")).toEqual(["bob as chief: * reports"]);
  expect(await ask("subject=bob")).toHaveLength(2);
  expect(await ask("resource=orders/us/1")).toEqual([]);
  expect((await rms.call("GET", "/api/v1/access?domain=nowhere&subject=a")).status).toBe(404);
});

test("the audit log as lines, and by object", async () => {
  const { text, headers } = await rms.call("GET", "/api/v1/audit/export?object=orders/main@3.0.0");
  expect(headers.get("content-type")).toBe("application/x-ndjson");
  expect(
    text
      .trim()
      .split("\n")
      .map((line) => (JSON.parse(line) as { action: string }).action),
  ).toEqual(["version.withdraw", "version.publish"]);
});

test("what is no version is told in words", async () => {
  const { status, body } = await rms.call("POST", `${policy}/versions`, { version: "1.0", files });
  expect([status, body["detail"]]).toEqual([422, "The body's /version must be a semantic version such as 1.4.2 or 2.0.0-rc.1."]);
});
