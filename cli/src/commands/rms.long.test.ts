// The commands that talk to RMS, against a server of its own: what they print, and their exit codes.
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { repository, rmsServer, token } from "../rms-server.test-helper.ts";

const { folder, project, url, rw } = rmsServer("rw-rms-", ({ project }) => {
  cpSync(join(repository, "examples/orders"), project, { recursive: true });
  return [];
});

/** What a command prints, with the parts that differ from run to run replaced. */
const steady = (text: string): string =>
  text
    .replaceAll(/\+s\d+\.t\d+/g, "+s<n>.t<n>")
    .replaceAll(project, "<project>")
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "<time>");

const policyFile = join(project, "policy/orders.rego");

test("publish, compare, promote, roll back, ask and pull", async () => {
  expect((await rw("publish", ".", "--create", "--channel", "dev")).code).toBe(0);
  const roles = join(project, "roles.conf");
  const kim = 'members = [bob, { subject = kim, until = "2099-01-01T00:00:00Z" }]';
  writeFileSync(roles, readFileSync(roles, "utf8").replace("members = [bob]", kim));
  expect((await rw("roles", "apply")).code).toBe(0);
  for (const flags of [[], ["--channel", "dev"], ["--version", "7.0.0"]]) {
    const tried = await rw("publish", ".", "--dry-run", ...flags);
    expect([tried.code, tried.err, tried.out.trim().split("\n").at(-1)]).toEqual([0, "", "nothing was published"]);
  }
  expect((await rw("promote", "dev", "7.0.0")).err).toContain("no version");
  expect(await rw("diff", "dev", "--fail")).toMatchObject({
    code: 0,
    out: expect.stringContaining(" the project: 0 files differ\n"),
  });

  const before = readFileSync(policyFile, "utf8");
  writeFileSync(policyFile, `${before}\nadded := 1\n`);
  const changed = await rw("diff", "dev", "--fail");
  expect(changed.code).toBe(1);
  expect(changed.out).toContain("--- a/policy/orders.rego\n+++ b/policy/orders.rego\n@@ ");
  expect(changed.out).toContain("\n+added := 1\n");
  const named = JSON.parse((await rw("diff", "dev", "--json")).out);
  expect(named).toMatchObject({ against: "1.0.0", files: [{ path: "policy/orders.rego", change: "changed" }], changes: [] });

  expect((await rw("publish", ".", "--no-channel")).code).toBe(0);
  expect((await rw("diff", "1.0.0", "1.1.0", "--name-only")).out).toBe(
    "orders/main@1.0.0 → 1.1.0: 1 file differs\nchanged  policy/orders.rego\n",
  );
  expect(steady((await rw("promote", "prod", "--from", "dev", "-m", "first")).out)).toBe(
    "prod: nothing → 1.0.0, revision orders/main@1.0.0+s<n>.t<n>\n",
  );
  expect((await rw("promote", "prod", "1.1.0")).code).toBe(0);
  expect((await rw("promote", "prod", "1.1.0")).out).toBe("prod is at 1.1.0 already\n");
  expect(await rw("promote", "prod", "9.9.9")).toMatchObject({ code: 1, err: expect.stringContaining("error: ") });
  expect(await rw("promote", "prod", "1.0.0")).toEqual({
    code: 1,
    out: "",
    err: "error: 1.0.0 is older than 1.1.0, where prod is: nothing was moved; --force moves all the same\n",
  });
  expect(JSON.parse((await rw("rollback", "prod", "--json", "-m", "back")).out)).toMatchObject({ version: "1.0.0", seq: 3 });
  expect((await rw("activations", "--channel", "prod")).out).toBe("no sidecar has reported yet\n");
  expect((await rw("activations", "--fail")).code).toBe(1);

  const moved = JSON.parse((await rw("history", "prod", "--json")).out);
  expect(moved).toMatchObject([
    { seq: 3, version: "1.0.0", reason: "back" },
    { seq: 2, version: "1.1.0" },
    { seq: 1, version: "1.0.0", reason: "first", actor: "admin" },
  ]);
  expect(steady((await rw("history", "prod")).out).replaceAll(/ +/gu, " ")).toBe(
    "SEQ VERSION FROM UNTIL BY WHY\n3 1.0.0 <time> admin back\n2 1.1.0 <time> <time> admin\n1 1.0.0 <time> <time> admin first\n",
  );
  // A folder stands for the project, as in the commands that take one.
  expect(await rw("history", "./", "prod")).toMatchObject({ code: 0 });
  expect(JSON.parse((await rw("history", "prod", "--at", moved[0].at, "--json")).out)).toEqual([moved[0]]);
  expect((await rw("history", "prod", "--at", "2020-01-01T00:00:00Z")).out).toBe("prod: nothing was in force then\n");

  const decided = await rw("decide", "-", "--channel", "prod", "--fail");
  expect([decided.code, decided.out.trim()]).toEqual([1, "false"]);
  const why = (await rw("decide", "-", "--channel", "prod", "--explain", "fails", "-e", "orders/allow")).out.split("\n");
  expect(why[0]).toMatch(/^query:1 +Enter data\.orders\.allow = _$/u);
  expect(Math.max(...why.map((line) => / {20,}/u.exec(line.slice(40))?.[0].length ?? 0))).toBe(0);
  expect(JSON.parse((await rw("decide", "-", "--version", "1.1.0", "--json")).out)).toMatchObject({ result: false, fresh: true });

  // The sample includes a file of the project, which RMS does not have: it is resolved here.
  const sample = ["decide", join(project, "inputs/clerk-small-order.conf"), "--channel", "prod", "-e", "orders/allow"];
  expect((await rw(...sample, "--json")).err).toBe("");
  expect((await rw(...sample)).out).toBe("true\n");

  const question = ["access", "--action", "approve", "--resource", "orders/eu", "--json"];
  expect(JSON.parse((await rw(...question, "--at", "2020-01-01T00:00:00Z")).out)).toMatchObject({
    items: [],
    basis: { kind: "asKnown", at: "2020-01-01T00:00:00.000Z" },
  });
  const early = await rw("decide", "-", "--channel", "prod", "--at", "2020-01-01T00:00:00Z");
  expect([early.code, early.err]).toEqual([1, "error: The channel prod served nothing then.\n"]);

  expect((await rw("access", "--subject", "kim", "--action", "view")).out).toMatch(
    /^SUBJECT +ROLE +ACTION +RESOURCE +ONLY IF +UNTIL\nkim +order-clerk +view +orders\/\* +2099-01-01T00:00:00(?:\.000)?Z\n$/u,
  );

  const refused = await rw("pull", "prod");
  expect([refused.code, refused.err]).toEqual([
    1,
    "error: policy/orders.rego would change: nothing was written; --force overwrites\n",
  ]);
  expect((await rw("pull", "prod", "--force")).code).toBe(0);
  expect(readFileSync(policyFile, "utf8")).toBe(before);
  if (existsSync("/proc"))
    expect(await rw("pull", "1.1.0", "-o", "/proc/x")).toMatchObject({
      code: 1,
      err: "error: mkdir /proc/x: no such file or directory\n",
    });
  expect((await rw("pull", "1.1.0", "-o", join(folder, "elsewhere/new"))).code).toBe(0);
  expect(readFileSync(join(folder, "elsewhere/new/policy/orders.rego"), "utf8")).toContain("added := 1");
}, 60_000);

test("a version that decides otherwise than it expects itself is promoted by --force alone", async () => {
  const sample = join(project, "inputs/nobody.json");
  writeFileSync(sample, '{"user": "nobody"}');
  writeFileSync(join(project, "inputs/nobody.expected.json"), '{"decisions": {"orders/allow": {"value": true}}}');
  const wrong = "1 of 13 expected decisions fail: inputs/nobody.expected.json:1: data.orders.allow expected true, got false";
  const refused = await rw("publish", ".", "--dry-run");
  expect([refused.code, refused.err]).toEqual([1, `error: ${wrong}\n`]);
  const files = Object.fromEntries(
    ["policy/orders.rego", "inputs/nobody.json", "inputs/nobody.expected.json"].map((path) => [
      path,
      readFileSync(join(project, path), "utf8"),
    ]),
  );
  // Somebody publishes past `rw`.
  const published = await fetch(`${url()}/api/v1/domains/orders/policies/main/versions`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify({ version: "2.0.0", files, message: "" }),
  });
  expect(published.status).toBe(201);
  const alone = wrong.replace("1 of 13", "1 of 1");
  expect(await rw("promote", "uat", "2.0.0")).toEqual({
    code: 1,
    out: "",
    err: `error: 2.0.0: ${alone}: nothing was moved; --force moves all the same\n`,
  });
  expect((await rw("promote", "uat", "2.0.0", "--force")).out).toContain("uat: nothing → 2.0.0");
  rmSync(sample);
  rmSync(join(project, "inputs/nobody.expected.json"));
}, 60_000);

test.each([
  [["promote", "prod"], "name either a version or --from CHANNEL"],
  [["promote"], "a word is missing: rw promote <channel> [version] [flags] (`rw help promote` names the flags)"],
  [["access", "sell", "x"], "a word too many, sell: rw access [flags] (`rw help access` names the flags)"],
  [["rollback", "nowhere"], "orders/main has no channel nowhere: it has dev, prod, uat"],
  [["decide", "--channel", "nowhere", "-"], "orders/main has no channel nowhere, or the token may not see it"],
  [["decide", "--version", "9.9.9", "-"], "orders/main has no version 9.9.9, or the token may not see it"],
  [["pull", "9.9.9"], "orders/main has no version 9.9.9, or the token may not see it"],
  [["diff", "9.9.9"], "orders/main has no version 9.9.9, or the token may not see it"],
  [["decide", "missing.json", "--channel", "dev"], "there is no input file missing.json"],
  [["decide", "--channel", "dev", "--version", "1.0.0"], "name either a channel or a version"],
  [["history", "nowhere"], "orders/main has no channel nowhere: it has dev, prod, uat"],
  [["publish", "--channel", "dev", "--no-channel"], "give either --channel or --no-channel"],
  [
    ["roles", "apply", "--domain", "nowhere"],
    "RMS has no domain nowhere, or the token may not see it (`rw publish --create` makes it)",
  ],
  [["versions", "--policy", "other"], "RMS has no policy other in a domain orders, or the token may not see it"],
  [["audit", "--limit", "0"], "--limit must be at least 1"],
  [["access"], "name --subject, --action or --resource"],
])("%j is a fault that says what to do", async (words, message) => {
  expect(await rw(...words)).toEqual({ code: 1, out: "", err: `error: ${message}\n` });
});

test("roles are put after those that they include, however they are written; settings that cannot be read stop it", async () => {
  const chain = join(folder, "chain");
  mkdirSync(chain);
  const role = (name: string, included: string): string =>
    `${name} { includes = [${included}], responsibilities = [], members = [] }`;
  writeFileSync(join(chain, "roles.conf"), `roles { ${role("a", "b")}, ${role("b", "c")}, ${role("c", "")} }\n`);
  writeFileSync(join(chain, "rw.conf"), "roles = roles.conf\nrms.domain = orders\n");
  expect(await rw("roles", "apply", chain)).toEqual({
    code: 0,
    out: expect.stringMatching(
      /^\+ the role c\n\+ the role b\n\+ the role a\n3 roles, 0 memberships, 0 suspended in orders\nin RMS and not in roles\.conf.*\n {2}the role order-manager\n {2}the role order-clerk\n$/u,
    ),
    err: "",
  });
  writeFileSync(join(chain, "rw.conf"), "roles = roles.conf\nrms.domain = orders\nroots = 17\n");
  const told = { code: 1, out: "", err: "error: rw.conf:3: `roots` must be a list of folders\n" };
  expect(await rw("roles", "apply", chain)).toEqual(told);
  expect(await rw("access", "--action", "view", "--project", chain)).toEqual(told);
});

test("a publish moves the channel of rw.conf, and none with --no-channel", async () => {
  writeFileSync(policyFile, `${readFileSync(policyFile, "utf8")}\nlater := 2\n`);
  expect((await rw("publish", ".", "--no-channel", "--version", "3.0.0")).out).toContain(
    "– channel    none is moved (`rms.channel` in rw.conf names one)\n– activation no channel was moved\n",
  );
  expect((await rw("publish", ".")).out).toContain("✓ channel    dev 3.0.0");
}, 60_000);

test("where a policy asks for an approval, a publish says what comes next, and somebody else approves", async () => {
  const api = async (method: string, path: string, body: unknown): Promise<Record<string, string>> => {
    const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
    const answer = await fetch(`${url()}/api/v1${path}`, { method, headers, body: JSON.stringify(body) });
    return (await answer.json()) as Record<string, string>;
  };
  const scopes = ["read", "channel:write", "audit:read"];
  const owner = await api("POST", "/tokens", { kind: "user", subject: "bob", domains: ["orders"], scopes });
  writeFileSync(join(folder, "bob"), owner["token"]!);
  const asBob = ["--token-file", join(folder, "bob")];
  await api("PATCH", "/domains/orders/policies/main", { gates: { approvals: 1 } });

  const published = await rw("publish", ".", "--channel", "dev", "--version", "4.0.0", "-m", "four eyes");
  expect(published).toMatchObject({ code: 0, err: "" });
  const next =
    "4.0.0 waits until somebody else approves it (`rw approve 4.0.0`, or the console); then publish again, or `rw promote dev 4.0.0`";
  expect(published.out).toContain(`– channel    ${next}\n– activation no channel was moved\npublished orders/main@4.0.0\n`);
  const waiting = ["versions", "--state", "awaiting_approval"];
  expect(steady((await rw(...waiting)).out).replaceAll(/ +/gu, " ")).toBe(
    "VERSION STATE CHANNELS AT BY MESSAGE\n4.0.0 awaiting approval <time> admin four eyes\n",
  );
  expect(await rw("approve", "4.0.0")).toMatchObject({ code: 1, err: "error: Nobody decides on a version of their own.\n" });
  expect((await rw("approve", "9.9.9", ...asBob)).err).toBe(
    "error: orders/main has no version 9.9.9, or the token may not see it\n",
  );
  expect(await rw("approve", "4.0.0", "-m", "seen", ...asBob)).toEqual({
    code: 0,
    out: `orders/main@3.0.0 → 4.0.0, orders/allow, orders/decision
nobody gains, nobody loses
  all 4 people in 6 requests by 2 entrypoints, each by themselves
orders/main@4.0.0 is approved: a channel can move to it
`,
    err: "",
  });
  expect((await rw(...waiting)).out).toBe("there is none\n");
  expect((await rw("promote", "dev", "4.0.0", "-m", "out", ...asBob)).code).toBe(0);
  expect(JSON.parse((await rw("versions", "--json")).out)[0]).toMatchObject({
    version: "4.0.0",
    state: "published",
    channels: ["dev"],
  });

  expect((await rw("publish", ".", "--no-channel", "--version", "4.1.0")).code).toBe(0);
  expect((await rw("reject", "4.1.0", "-m", "no", ...asBob)).out).toBe("orders/main@4.1.0 is rejected: no channel moves to it\n");
  expect((await rw("withdraw", "4.0.0", ...asBob)).err).toBe("error: The version is served by dev; move that first.\n");
  await api("PATCH", "/domains/orders/policies/main", { gates: {} });

  const told = await rw("audit", "--actor", "bob", "--domain", "orders");
  expect(steady(told.out).replaceAll(/ +/gu, " ")).toBe(
    "AT BY ACTION OBJECT WHY\n<time> bob version.reject orders/main@4.1.0 no\n<time> bob channel.move orders/main/dev out\n<time> bob version.approve orders/main@4.0.0 seen\n",
  );
  const some = await rw("audit", "--actor", "bob", "--limit", "1", "--json", ...asBob);
  expect(some.err).toBe("these are the newest 1; --limit shows more\n");
  expect(JSON.parse(some.out)).toMatchObject([{ action: "version.reject", reason: "no" }]);
  expect((await rw("audit", "--to", "2020-01-01T00:00:00Z", "--everywhere")).out).toBe("nothing was changed\n");
}, 60_000);

test("a time that is none is told before anybody is asked", async () => {
  for (const words of [
    ["access", "--subject", "ann", "--at", "yesterday"],
    ["decide", "-", "--known-at", "2026-03-02"],
    ["history", "dev", "--at", "2026-13-45T00:00:00Z"],
  ])
    expect(await rw(...words)).toMatchObject({
      code: 1,
      out: "",
      err: expect.stringMatching(
        /^Error: invalid argument ".*" for "--(?:known-)?at" flag: must be a time with its zone, such as 2026-03-02T12:00:00Z\n/u,
      ),
    });
});

test("who moved to another role or left is named while RMS keeps them, and ended by --prune", async () => {
  const desk = join(folder, "desk");
  mkdirSync(desk);
  writeFileSync(join(desk, "rw.conf"), "roles = roles.conf\nrms.domain = desk\n");
  const created = await fetch(`${url()}/api/v1/domains`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify({ id: "desk", title: "Desk" }),
  });
  expect(created.status).toBe(201);
  const role = (id: string, members: string, includes = ""): string =>
    `${id} { includes = [${includes}], responsibilities = [{ action = ${id}, resource = "*" }], members = [${members}] }`;
  const apply = (roles: readonly string[], ...flags: readonly string[]): ReturnType<typeof rw> => {
    writeFileSync(join(desk, "roles.conf"), `roles { ${roles.join(", ")} }\n`);
    return rw("roles", "apply", desk, ...flags);
  };
  const first = [role("lead", "eve", "clerk"), role("clerk", "ann, bob"), role("audit", "otto"), role("chief", "zoe", "lead")];
  expect((await apply(first)).out).toBe(
    `+ the role clerk\n+ the role lead\n+ the role audit\n+ the role chief\n+ eve in lead\n+ ann in clerk\n+ bob in clerk\n+ otto in audit\n+ zoe in chief\n4 roles, 5 memberships, 0 suspended in desk\n`,
  );
  expect((await apply(first)).out).toBe("4 roles, 5 memberships, 0 suspended in desk\n");
  const until = '{ subject = bob, until = "2099-01-01T00:00:00Z" }';
  const now = [role("clerk", until), role("audit", "otto, eve").replace("responsibilities", "title = Audit, responsibilities")];
  const comes = "~ the role audit: title\n~ bob in clerk until 2099-01-01T00:00:00.000Z\n+ eve in audit\n";
  const total = "2 roles, 3 memberships, 0 suspended in desk\n";
  const stays =
    "in RMS and not in roles.conf, so they stay (`rw roles apply --prune` ends them):\n  the role chief\n  the role lead\n  ann in clerk\n";
  const ends = "- the role chief\n- the role lead\n- ann in clerk\n";
  expect((await apply(now, "--dry-run")).out).toBe(`${comes}${total}${stays}nothing was changed\n`);
  expect((await apply(now, "--dry-run", "--prune")).out).toBe(`${comes}${ends}${total}nothing was changed\n`);
  expect(await apply(now)).toEqual({ code: 0, out: `${comes}${total}${stays}`, err: "" });
  expect((await rw("access", "--subject", "eve", "--action", "lead", "--project", desk)).out).toContain("eve");
  expect((await apply(now, "--prune", "--reason", "moved")).out).toBe(`${ends}${total}`);
  expect((await rw("access", "--subject", "eve", "--action", "lead", "--project", desk)).out).toMatch(/^nothing: eve/u);
  expect((await rw("access", "--subject", "ann", "--project", desk)).out).toMatch(/^nothing: ann/u);
  expect((await apply(now)).out).toBe("2 roles, 3 memberships, 0 suspended in desk\n");
  writeFileSync(
    join(desk, "roles.conf"),
    'directories { ldap { groups { "cn=desk" = [bob] } } }\nattributes { bob { manager = eve } }\n',
  );
  expect((await rw("roles", "apply", desk, "--dry-run")).err).toMatch(
    /^note: directories\.ldap and attributes of roles\.conf are for samples/u,
  );
}, 60_000);

test("an address where nobody answers is named", async () => {
  const { code, err } = await rw("activations", "--rms", "http://127.0.0.1:65001");
  expect([code, err]).toEqual([1, expect.stringContaining("RMS does not answer at http://127.0.0.1:65001 (ECONNREFUSED)")]);
});
