// RMS reads its people from a real OpenLDAP server: pages, groups in groups, TLS both ways, and what must not be read.
import { type AddressInfo, connect, createServer } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Answered, type TestRms, testRms } from "../../rms/server/rms.test-helper.ts";
import { adminDn, adminPassword, type Slapd, startSlapd, suffix } from "./slapd.ts";

const orders = "/api/v1/domains/orders";
const count = 1203;
const people = `ou=people,${suffix}`;
const groups = `ou=groups,${suffix}`;
const uid = (n: number): string => `user${String(n).padStart(4, "0")}`;
const person = (n: number): string =>
  `dn: uid=${uid(n)},${people}\nobjectClass: inetOrgPerson\nuid: ${uid(n)}\ncn: User ${n}\nsn: ${n}\nmail: ${uid(n)}@example.org\nou: ${n % 2 === 0 ? "eu" : "us"}\n${n === 0 ? "" : `manager: uid=${uid(0)},${people}\n`}`;
const group = (cn: string, members: readonly string[]): string =>
  `dn: cn=${cn},${groups}\nobjectClass: groupOfNames\ncn: ${cn}\n${members.map((dn) => `member: ${dn}\n`).join("")}`;
const ldif = [
  `dn: ${suffix}\nobjectClass: dcObject\nobjectClass: organization\ndc: example\no: Example\n`,
  ...[people, groups].map((dn) => `dn: ${dn}\nobjectClass: organizationalUnit\nou: ${/ou=(\w+)/.exec(dn)?.[1]}\n`),
  ...Array.from({ length: count }, (_, n) => person(n)),
  `dn: cn=reader,${suffix}\nobjectClass: organizationalRole\nobjectClass: simpleSecurityObject\ncn: reader\nuserPassword: weak\n`,
  group("Sales", [`cn=EU,${groups}`, ...Array.from({ length: 30 }, (_, n) => `uid=${uid(n)},${people}`)]),
  group("EU", [`uid=${uid(100)},${people}`, `cn=Sales,${groups}`]),
].join("\n");

let slapd: Slapd;
let rms: TestRms;

beforeAll(async () => {
  slapd = await startSlapd(ldif);
  process.env["TEST_LDAP"] = adminPassword;
  process.env["TEST_LDAP_WRONG"] = "wrong";
  process.env["TEST_LDAP_READER"] = "weak";
  const secrets = ["env:TEST_LDAP", "env:TEST_LDAP_WRONG", "env:TEST_LDAP_READER"];
  rms = await testRms({}, undefined, [
    { domain: "orders", host: slapd.secure, ca: slapd.ca, secrets },
    { domain: "orders", host: slapd.plain, ca: slapd.ca, secrets },
  ]);
  await rms.call("POST", "/api/v1/domains", { id: "orders" });
  await rms.call("PUT", `${orders}/roles/clerk`, { responsibilities: [{ action: "approve", resource: "*" }] });
});
afterAll(async () => {
  expect(rms.log.join("\n")).not.toContain(adminPassword);
  await rms.stop();
  await slapd.stop();
});

const settings = (more: object = {}) => ({
  kind: "ldap",
  url: `ldaps://${slapd.secure}`,
  base: suffix,
  user: adminDn,
  secret: "env:TEST_LDAP",
  map: { subject: "mail", manager: "manager", attributes: { department: "ou" } },
  groupSearch: { base: groups },
  directory: "ldap",
  rules: [{ group: "sales", role: "clerk" }],
  ...more,
});
const sync = (): Promise<Answered> => rms.call("POST", `${orders}/sources/people/sync`, {});
const run = async (more: object = {}): Promise<Record<string, unknown>> => {
  const put = await rms.call("PUT", `${orders}/sources/people`, settings(more));
  if (put.status >= 300) throw new Error(put.text);
  return (await sync()).body["run"] as Record<string, unknown>;
};

test("all pages, groups in groups that contain each other, managers by their entries; again by StartTLS", async () => {
  expect(await run()).toMatchObject({ result: "changed", counts: { people: count, granted: 31 } });
  const { body } = await rms.call("GET", `${orders}/subjects/${encodeURIComponent(`${uid(100)}@example.org`)}`);
  expect(body).toMatchObject({
    roles: ["clerk"],
    sources: [{ groups: ["EU", "Sales"], manager: `${uid(0)}@example.org`, attributes: { department: "eu" } }],
  });
  expect(await run({ url: `ldap://${slapd.plain}` })).toMatchObject({ result: "unchanged", counts: { people: count } });
});

test("who leaves a group loses the role with the next sync", async () => {
  slapd.modify(`dn: cn=Sales,${groups}\nchangetype: modify\ndelete: member\nmember: uid=${uid(3)},${people}\n`);
  expect(await run()).toMatchObject({ result: "changed", counts: { ended: 1 } });
  const member = `${orders}/roles/clerk/members/${encodeURIComponent(`${uid(3)}@example.org`)}`;
  expect((await rms.call("GET", member)).status).toBe(404);
});

test.each<[string, () => object]>([
  ["InvalidCredentialsError", () => ({ secret: "env:TEST_LDAP_WRONG" })],
  // Half of the people is not taken for all of them.
  ["SizeLimitExceededError", () => ({ user: `cn=reader,${suffix}`, secret: "env:TEST_LDAP_READER" })],
  ["NoSuchObjectError", () => ({ base: "ou=nowhere,dc=example,dc=org" })],
  ["the source has no rows at all", () => ({ filter: "(uid=nobody)" })],
  ["has no subject at telephoneNumber", () => ({ map: { subject: "telephoneNumber" } })],
  ["cannot be read", () => ({ filter: "((" })],
])("%s is a failed sync, and everything stays", async (message, more) => {
  const members = async (): Promise<string> => (await rms.call("GET", `${orders}/roles/clerk/members?limit=200`)).text;
  const before = await members();
  expect(await run(more())).toMatchObject({
    result: expect.stringMatching(/failed|refused/),
    message: expect.stringContaining(message),
  });
  expect(await members()).toBe(before);
});

test("a connection that breaks is a failed sync, and no other one is opened in its place", async () => {
  const [host = "", port = ""] = slapd.secure.split(":");
  let opened = 0;
  const proxy = createServer((client) => {
    opened++;
    let sent = 0;
    const server = connect(Number(port), host);
    client.on("error", () => server.destroy());
    server.on("error", () => client.destroy());
    client.on("data", (bytes) => server.write(bytes));
    server.on("data", (bytes) => {
      sent += bytes.length;
      if (sent < 100_000) client.write(bytes);
      else client.destroy();
    });
    client.on("close", () => server.destroy());
  });
  await new Promise<void>((listening) => proxy.listen(0, "127.0.0.1", listening));
  const through = `localhost:${(proxy.address() as AddressInfo).port}`;
  const grants = [{ domain: "orders", host: through, ca: slapd.ca, secrets: ["env:TEST_LDAP"] }];
  const broken = await testRms({}, undefined, grants);
  await broken.call("POST", "/api/v1/domains", { id: "orders" });
  await broken.call("PUT", `${orders}/sources/people`, settings({ url: `ldaps://${through}` }));
  const { body } = await broken.call("POST", `${orders}/sources/people/sync`, {});
  expect([body["run"], opened]).toMatchObject([{ result: "failed" }, 1]);
  await broken.stop();
  proxy.close();
});

test("a certificate that nobody vouches for is refused before a password is sent", async () => {
  const strict = await testRms({}, undefined, [
    { domain: "orders", host: slapd.secure, secrets: ["env:TEST_LDAP"] },
    { domain: "orders", host: slapd.plain, secrets: ["env:TEST_LDAP"] },
  ]);
  await strict.call("POST", "/api/v1/domains", { id: "orders" });
  for (const url of [`ldaps://${slapd.secure}`, `ldap://${slapd.plain}`]) {
    await strict.call("PUT", `${orders}/sources/people`, settings({ url }));
    const { body } = await strict.call("POST", `${orders}/sources/people/sync`, {});
    expect(body["run"]).toMatchObject({ result: "failed", message: expect.stringContaining("self-signed certificate") });
  }
  await strict.stop();
});
