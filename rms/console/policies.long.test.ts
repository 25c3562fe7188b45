// From a domain to a version: what pages say of it, and how it is approved, moved and rolled back by people with a browser.
import { afterAll, beforeAll, expect, test } from "vitest";
import { type TestRms, testRms } from "../server/rms.test-helper.ts";
import { signedIn, type TestBrowser, textOf } from "./browser.test-helper.ts";

const policy = "/api/v1/domains/orders/policies/main";
const page = "/console/domains/orders/policies/main";
let rms: TestRms;
let ann: TestBrowser;

async function publish(version: string, rego: string, message: string, token = rms.admin): Promise<void> {
  const files = { "orders.rego": `package orders\n\ndefault allow := false\n${rego}` };
  const headers = { authorization: `Bearer ${token}` };
  const answer = await rms.call("POST", `${policy}/versions`, { version, files, message }, headers);
  if (answer.status !== 201) throw new Error(answer.text);
}

beforeAll(async () => {
  rms = await testRms();
  await rms.call("POST", "/api/v1/domains", { id: "orders", title: "Order desk", owners: ["olga"] });
  await rms.call("POST", "/api/v1/domains/orders/policies", { id: "main", entrypoints: ["orders/allow"] });
  await publish("1.0.0", "", "first\u202e");
  await publish("1.1.0", "\nallow if input.admin\n", "<b>admins</b>");
  await rms.call("PUT", `${policy}/channels/prod`, { version: "1.0.0", reason: "first" });
  await rms.call("PUT", `${policy}/channels/prod`, { version: "1.1.0", reason: "second" });
  await rms.call("PATCH", policy, { gates: { approvals: 1 } });
  await publish("1.2.0", "\nallow if input.owner\n", "owners", await rms.token(["publish"], ["orders"], "bob"));
  ann = await signedIn(rms, ["read", "channel:write"], ["orders"], "ann");
});
afterAll(() => rms.stop());

test("a domain shows its policies and what each channel serves, a policy its versions", async () => {
  const domain = textOf((await ann.get("/console/domains/orders")).page);
  expect(domain).toMatch(
    /Order desk .* Owners olga .* main prod 1\.1\.0 \d{4}-\d\d-\d\d \d\d:\d\d UTC \(\d+ seconds? ago\) none yet/,
  );
  const { page: html } = await ann.get(page);
  expect(textOf(html)).toMatch(/1\.2\.0 awaiting approval bob .* owners 1\.1\.0 published prod tester .* <b>admins<\/b> 1\.0\.0/);
  expect(html).toContain('<th scope="col">Served by</th>');
  expect(html).toContain('aria-label="Domain orders"');
});

test("a version shows its changes since the one in force, line by line, and its files", async () => {
  const { page: html } = await ann.get(`${page}/versions/1.2.0`);
  expect(textOf(html)).toMatch(/Changes since 1\.1\.0 .* -allow if input\.admin \+allow if input\.owner/);
  expect(html).toContain('<span class="removed">-allow if input.admin</span>');
  const older = textOf((await ann.get(`${page}/versions/1.2.0?against=1.0.0`)).page);
  expect(older).toContain("+allow if input.owner");
  expect(older).not.toContain("input.admin");
  expect(textOf((await ann.get(`${page}/versions/1.0.0`)).page)).toContain("Changes since 1.1.0");
  const file = await ann.get(`${page}/versions/1.2.0/file?path=orders.rego`);
  expect(textOf(file.page)).toContain("default allow := false allow if input.owner");
  const hidden = '\nallow if input.user != "ann\u202e"\n';
  await publish("1.2.1", hidden, "", await rms.token(["publish"], ["orders"], "bob"));
  expect(textOf((await ann.get(`${page}/versions/1.2.1`)).page)).toContain('+allow if input.user != "ann U+202E "');
  expect((await ann.get(`${page}/versions/1.2.1/file?path=orders.rego`)).page).not.toContain("\u202e");
  expect((await ann.get(`${page}/versions/1.2.0/file?path=..%2Fx`)).status).toBe(404);
  expect((await ann.get(`${page}/versions/9.9.9`)).status).toBe(404);
});

test("who may only read finds no form; who published does not approve", async () => {
  const reader = await signedIn(rms, ["read"], ["orders"], "rita");
  const seen = await reader.get(`${page}/versions/1.2.0`);
  expect(seen.page).not.toContain('value="approve"');
  const author = await signedIn(rms, ["read", "channel:write"], ["orders"], "bob");
  expect(textOf((await author.get(`${page}/versions/1.2.0`)).page)).toContain("somebody else approves or rejects it");
  const token = /name="form-token" value="([^"]*)"/.exec(seen.page)?.[1] ?? "";
  const forced = await reader.post(`${page}/versions/1.2.0`, { "form-token": token, act: "approve", reason: "x" });
  expect([forced.status, textOf(forced.page)]).toEqual([
    403,
    expect.stringContaining("The token lacks the scope channel:write."),
  ]);
});

test("what waits for somebody stands on the domain's page, and nothing of their own", async () => {
  expect(textOf((await ann.get("/console/domains/orders")).page)).toMatch(
    /Waiting for you .*main 1\.2\.0 by bob : approve it or reject it/,
  );
  const author = await signedIn(rms, ["read", "channel:write"], ["orders"], "bob");
  expect(textOf((await author.get("/console/domains/orders")).page)).not.toContain("Waiting for you");
});

test("a version is approved with a reason by somebody else, once, and only as it was seen", async () => {
  const [one, other] = [await ann.get(`${page}/versions/1.2.0`), await ann.get(`${page}/versions/1.2.0`)];
  const approved = await ann.send(one, "approve", { reason: "seen" });
  expect([approved.status, approved.address]).toEqual([200, `${page}/versions/1.2.0?done=approved`]);
  expect(textOf(approved.page)).toMatch(/Your approval is recorded\. State published/);
  expect((await ann.send(one, "approve", { reason: "seen" })).address).toContain("done=approved");
  const late = await ann.send(other, "reject", { reason: "no" });
  expect([late.status, textOf(late.page)]).toEqual([412, expect.stringContaining("look again before changing it")]);
  const events = (await rms.call("GET", "/api/v1/audit?action=version.approve")).body["items"] as readonly object[];
  expect(events).toMatchObject([{ actor: "ann", object: "orders/main@1.2.0", reason: "seen" }]);
});

test("a channel is moved and rolled back from what was seen, with what a rollback changes", async () => {
  const seen = await ann.get(`${page}/channels/prod`);
  expect(textOf(seen.page)).toMatch(/Roll back to 1\.0\.0 .* What that changes in the files: .* -allow if input\.admin/);
  const moved = await ann.send(seen, "move", { version: "1.2.0", reason: "owners may" });
  expect(moved.page).toContain("<title>Done: main prod &ndash; RMS</title>");
  expect(textOf(moved.page)).toMatch(/The channel is moved.* Serves version 1\.2\.0 .* 3 1\.2\.0 .* ann owners may 2 1\.1\.0/);
  const stale = await ann.send(seen, "roll-back", { reason: "late" });
  expect([stale.status, stale.page]).toEqual([412, expect.stringContaining('value="late"')]);
  const back = await ann.send(moved, "roll-back", { reason: "too early" });
  expect(textOf(back.page)).toMatch(/The channel is rolled back.* Serves version 1\.1\.0/);
  const { body } = await rms.call("GET", `${policy}/channels/prod`);
  expect([body["version"], body["seq"]]).toEqual(["1.1.0", 4]);
});

test("a version that no channel serves is withdrawn; what is refused is told", async () => {
  const seen = await ann.get(`${page}/versions/1.0.0`);
  await rms.call("PUT", `${policy}/channels/dev`, { version: "1.0.0" });
  const refused = await ann.send(seen, "withdraw", { reason: `"old" <version>` });
  expect([refused.status, textOf(refused.page)]).toEqual([
    409,
    expect.stringContaining("The version is served by dev; move that first."),
  ]);
  expect(refused.page).toContain("<title>Not done: main 1.0.0 &ndash; RMS</title>");
  expect((await rms.call("GET", `${policy}/versions/1.0.0`)).body["state"]).toBe("published");
});

test("a policy is asked what it decides, by a channel or a version, now or then, and tells what is wrong with the input", async () => {
  await rms.call("PUT", `${policy}/samples/admin.conf`, { text: "admin = true // <b>" });
  const empty = await ann.get(`${page}/decide`);
  expect(textOf(empty.page)).toContain("Begin with a sample: admin.conf");
  const sample = await ann.get(`${page}/decide?sample=admin.conf`);
  expect(sample.page).toContain("admin = true // &lt;b&gt;</textarea>");
  const asked = await ann.send(sample, "ask", {
    channel: "prod",
    entrypoint: "orders/allow",
    input: "admin = true",
    explain: "off",
  });
  expect(textOf(asked.page)).toMatch(/Decision: true true Decided as sidecars decide now Version 1\.1\.0 .* Data are fresh/);
  expect(asked.page).toContain("\nadmin = true</textarea>");
  expect(asked.page).toContain("<title>Answer: Ask main &ndash; RMS</title>");
  const named = await ann.send(empty, "ask", {
    channel: "prod",
    version: "1.0.0",
    entrypoint: "orders/allow",
    input: '{"admin": true}',
    explain: "full",
  });
  expect(textOf(named.page)).toMatch(/Decision: false false .* Version 1\.0\.0 .* Why .* orders\.rego/);
  const broken = await ann.send(empty, "ask", {
    channel: "prod",
    entrypoint: "orders/allow",
    input: "admin = {",
    explain: "off",
  });
  expect([broken.status, broken.page]).toEqual([422, expect.stringContaining("\nadmin = {</textarea>")]);
  const past = await ann.send(empty, "ask", {
    channel: "prod",
    entrypoint: "orders/allow",
    input: "",
    at: "2020-01-01T00:00",
    explain: "off",
  });
  expect([past.status, textOf(past.page)]).toEqual([422, expect.stringContaining("The channel prod served nothing then.")]);
});

test("a version tells who gains and who loses by it, by name, and is approved with just these people", async () => {
  await rms.call("PUT", "/api/v1/domains/orders/roles/clerk", { responsibilities: [{ action: "sell", resource: "x" }] });
  const member = (subject: string): Promise<unknown> =>
    rms.call("PUT", `/api/v1/domains/orders/roles/clerk/members/${encodeURIComponent(subject)}`);
  await member("zoe");
  await member("<b>yan</b>");
  await rms.call("PUT", `${policy}/samples/zoe.conf`, { text: "user = zoe" });
  await rms.call("PATCH", policy, { gates: { impact: { channel: "prod", gain: { people: 1 } } } });
  const bob = await rms.token(["publish"], ["orders"], "bob");
  await publish("2.0.0", '\nallow if data.rms.rbac.user_has_role(input.user, "clerk")\n', "clerks", bob);
  expect(textOf((await ann.get(page)).page)).toContain(
    "Who may gain and lose beside prod at most 1 person gains. What exceeds that waits for an approval.",
  );
  const version = await ann.get(`${page}/versions/2.0.0`);
  expect(textOf(version.page)).toMatch(
    /State awaiting approval .* Approvals 0 of 1 .* impact needs approval .* Who gains and who loses by it, of all people/,
  );
  expect(textOf((await ann.get(`${page}/versions/2.0.0/impact`)).page)).toMatch(/prod Compare$/);
  const told = await ann.get(`${page}/versions/2.0.0/impact?channel=prod`);
  expect(textOf(told.page)).toMatch(
    /2 people gain, 0 people lose, beside 1\.1\.0 needs approval That is more than .* Who gains .* <b>yan<\/b> clerk .* zoe clerk/,
  );
  await member("xia");
  const late = await ann.send(told, "approve", { reason: "new desk" });
  expect(late.status).toBe(409);
  const done = await ann.send(late, "approve", { reason: "new desk" });
  expect(textOf(done.page)).toMatch(
    /Your approval is recorded\. State published .* Approved by ann .* impact approved against prod/,
  );
  const after = textOf((await ann.get(`${page}/versions/2.0.0/impact?channel=prod`)).page);
  expect(after).toMatch(/3 people gain, .* approved That is more than .* Approved with just these people by ann/);
  expect((await ann.get(`${page}/versions/2.0.0/impact?channel=none`)).status).toBe(409);
  expect((await ann.get(`${page}/versions/9.9.9/impact`)).status).toBe(404);
  const author = await signedIn(rms, ["read", "channel:write"], ["orders"], "bob");
  expect(textOf((await author.get(`${page}/versions/2.0.0/impact?channel=prod`)).page)).toContain(
    "It is yours: somebody else approves it.",
  );
});
