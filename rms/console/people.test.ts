// Who has what: people are found, roles given, changed and ended, by who may and as it was seen, whatever people are called.
import { afterAll, beforeAll, expect, test } from "vitest";
import { type TestRms, testRms } from "../server/rms.test-helper.ts";
import { signedIn, type TestBrowser, textOf } from "./browser.test-helper.ts";

const hostile = `../O'Neil <script>alert(1)</script>"&?#`;
const domain = "/console/domains/orders";
const person = (id: string): string => `${domain}/person?${new URLSearchParams({ id })}`;
let rms: TestRms;
let olga: TestBrowser;

beforeAll(async () => {
  rms = await testRms();
  await rms.call("POST", "/api/v1/domains", { id: "orders" });
  const responsibilities = [
    { action: "approve", resource: "orders/eu/*", constraints: { max: { amount: 1000 }, in: { kind: ["a"] } } },
  ];
  await rms.call("PUT", "/api/v1/domains/orders/roles/clerk", { title: "Clerk", owner: "olga", risk: "low", responsibilities });
  await rms.call("PUT", "/api/v1/domains/orders/roles/payer", { includes: ["clerk"] });
  const members = ["ann", "bob", hostile, ".."].map((subject) => JSON.stringify({ subject, reason: "<i>desk</i>" })).join("\n");
  await rms.call("POST", "/api/v1/domains/orders/roles/clerk/members:batch", members, { "content-type": "application/x-ndjson" });
  olga = await signedIn(rms, ["read", "roles:write"], ["orders"], "olga");
});
afterAll(() => rms.stop());

test("people are found by a part of their ids, in pages, and roles by a part of theirs", async () => {
  expect(textOf((await olga.get(`${domain}/people`)).page)).toMatch(
    /\.\. clerk \.\.\/O'Neil <script>.* clerk ann clerk bob clerk/,
  );
  const found = await olga.get(`${domain}/people?q=${encodeURIComponent("o'NEIL")}`);
  expect([found.status, found.page.match(/<tr>/g)]).toEqual([200, ["<tr>", "<tr>"]]);
  expect(textOf((await olga.get(`${domain}/people?q=nobody`)).page)).toContain("Nobody's id has this in it.");
  expect(textOf((await olga.get(`${domain}/roles?q=CLERK`)).page)).toMatch(/clerk Clerk olga low 4$/);
  expect((await olga.get(`${domain}/people?cursor=forged`)).status).toBe(422);
});

test("a person's page tells what they hold, since when, by whom and why, and what they may do", async () => {
  for (const id of ["ann", hostile, ".."]) {
    const seen = await olga.get(person(id));
    const text = textOf(seen.page);
    expect(text).toContain(`Person ${id} State active`);
    expect(text).toMatch(/clerk without an end \d{4}-.* tester <i>desk<\/i> by hand Change/);
    expect(text).toContain('approve orders/eu/* amount at most 1000; kind one of "a" clerk');
    expect(seen.page).not.toContain("<script>alert");
  }
  expect((await olga.get(`${domain}/person`)).status).toBe(404);
});

test("a role is given for a time, changed and ended, each with its reason in the record", async () => {
  const seen = await olga.get(person("ann"));
  const given = await olga.send(seen, "give", { role: "payer", validUntil: "2100-01-01T10:30", reason: "stands in" });
  expect(textOf(given.page)).toMatch(/The membership is recorded.* payer until 2100-01-01 10:30 UTC .* olga stands in by hand/);
  const again = await olga.send(seen, "give", { role: "payer", once: "other", reason: "again" });
  expect([again.status, textOf(again.page)]).toEqual([409, expect.stringContaining("ann is recorded in the role payer already")]);

  const address = `${domain}/roles/payer/member?id=ann`;
  const [one, other] = [await olga.get(address), await olga.get(address)];
  expect(one.page).toContain('value="2100-01-01T10:30"');
  const wrong = await olga.send(one, "change", { validFrom: "2100-01-01T10:30", validUntil: "2099-01-01T10:30", reason: "r" });
  expect([wrong.status, textOf(wrong.page)]).toEqual([422, expect.stringContaining("validUntil must be after validFrom")]);
  expect(wrong.page).toContain('<a href="#change-validUntil">validUntil must be after validFrom</a>');
  expect(wrong.page).toContain('<p class="fault" id="change-validUntil-fault">This must be after validFrom.</p>');
  const nonsense = await olga.send(one, "change", { validUntil: "soon", reason: "r" });
  expect([nonsense.status, nonsense.page]).toEqual([
    422,
    expect.stringContaining('aria-describedby="change-validUntil-hint change-validUntil-fault"'),
  ]);
  const longer = await olga.send(one, "change", { validUntil: "2101-01-01T00:00", reason: "longer" });
  expect(textOf(longer.page)).toContain("until 2101-01-01 00:00 UTC");
  const late = await olga.send(other, "end", { reason: "left" });
  expect(late.status).toBe(412);
  const ended = await olga.send(await olga.get(address), "end", { reason: "left" });
  expect(textOf(ended.page)).toMatch(/The membership has ended.*Ever recorded .* payer until 2101/);
  expect((await olga.get(address)).status).toBe(404);
  const { body } = await rms.call("GET", "/api/v1/audit?domain=orders&actor=olga");
  const events = (body["items"] as readonly { action: string; reason: string }[]).map(({ action, reason }) => [action, reason]);
  expect(events).toEqual([
    ["member.delete", "left"],
    ["member.put", "longer"],
    ["member.put", "stands in"],
  ]);
});

test("a member is added on the role's page, under any name", async () => {
  const role = await olga.get(`${domain}/roles/payer`);
  const added = await olga.send(role, "add", { subject: `${hostile}2`, reason: "new" });
  expect(textOf(added.page)).toContain(`${hostile}2 without an end by hand`);
  const { body } = await rms.call("GET", "/api/v1/domains/orders/roles/payer/members");
  expect(body["items"]).toEqual([{ subject: `${hostile}2` }]);
  const nobody = await olga.send(role, "add", { subject: " ", reason: "new" });
  expect(nobody.status).toBe(404);
});

test("a person is suspended and restored", async () => {
  const suspended = await olga.send(await olga.get(person("bob")), "suspend", { reason: "lost the laptop" });
  expect(textOf(suspended.page)).toContain("State suspended");
  const restored = await olga.send(suspended, "restore", { reason: "found it" });
  expect(textOf(restored.page)).toContain("State active");
});

test("who may only read finds no form, and can send none", async () => {
  const reader = await signedIn(rms, ["read"], ["orders"], "rita");
  for (const address of [person("ann"), `${domain}/roles/clerk`, `${domain}/roles/clerk/member?id=ann`]) {
    const seen = await reader.get(address);
    expect([seen.status, seen.page.match(/<form method="post"/g)]).toEqual([200, ['<form method="post"']]);
  }
  const { page } = await reader.get(person("ann"));
  const token = /name="form-token" value="([^"]*)"/.exec(page)?.[1] ?? "";
  const forced = await reader.post(person("ann"), { "form-token": token, act: "suspend", reason: "x" });
  expect([forced.status, textOf(forced.page)]).toEqual([403, expect.stringContaining("The token lacks the scope roles:write.")]);
});

test("what sources say of people stands on their pages", async () => {
  await rms.rms.store.transaction(async (tx) => {
    const by = { at: 1, actor: "test", reason: "" };
    await tx.sources.put("orders", "hr", { kind: "csv", file: "x.csv", map: { subject: "id" } }, by);
    const said = {
      status: "left",
      manager: "bob",
      attributes: { "<b>": "\u202edept", level: 3 },
      groups: ["Sales & co"],
    } as const;
    await tx.sources.record("orders", "hr", new Map([["zoe", said]]), 2);
  });
  const text = textOf((await olga.get(person("zoe"))).page);
  expect(text).toMatch(/What sources say .* hr left bob Sales & co <b>: U\+202E dept level: 3/);
  expect(textOf((await olga.get(`${domain}/people?q=zoe`)).page)).toContain("zoe");
});
