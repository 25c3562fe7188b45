// Who gains and who loses, through the API: a tightened condition, files that are not published, and what sidecars logged.
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Answered, type TestRms, testRms } from "../rms.test-helper.ts";

const orders = "/api/v1/domains/orders";
const main = `${orders}/policies/main`;
let rms: TestRms;

const policy = (condition: string): string => `package orders

import data.rms.rbac

default allow := false

allow if {
	rbac.user_has_responsibility(input.user, input.action, "orders")
	${condition}
}
`;

beforeAll(async () => {
  rms = await testRms({}, () => new Date("2026-03-02T12:00:00Z"));
  await rms.call("POST", "/api/v1/domains", { id: "orders" });
  await rms.call("POST", `${orders}/policies`, { id: "main", entrypoints: ["orders/allow"] });
  for (const [role, action, subjects] of [
    ["clerk", "read", ["ann", "bob", "eve"]],
    ["lead", "approve", ["bob"]],
  ] as const) {
    await rms.call("PUT", `${orders}/roles/${role}`, { responsibilities: [{ action, resource: "orders" }] });
    for (const subject of subjects) await rms.call("PUT", `${orders}/roles/${role}/members/${subject}`);
  }
  await rms.call("POST", `${orders}/subjects/eve/suspend`);
  await rms.call("POST", `${main}/versions`, { version: "1.0.0", files: { "a.rego": policy("true") } });
  await rms.call("PUT", `${main}/channels/prod`, { version: "1.0.0" });
  const narrow = policy('not rbac.user_has_role(input.user, "lead")');
  await rms.call("POST", `${main}/versions`, { version: "1.1.0", files: { "a.rego": narrow } });
});
afterAll(() => rms.stop());

const requests = ["read", "approve"].map((action) => ({ name: action, input: { user: "ann", action } }));
const impact = (more: object): Promise<Answered> => rms.call("POST", `${main}/impact`, { channel: "prod", requests, ...more });

test("a tightened condition: who can no longer do what", async () => {
  const { status, body } = await impact({ version: "1.1.0" });
  expect([status, body]).toMatchObject([
    200,
    {
      channel: "prod",
      against: "1.0.0",
      entrypoint: "orders/allow",
      basis: "each",
      people: 3,
      gained: { people: 0, subjects: [] },
      lost: { people: 1, subjects: [{ subject: "bob", roles: ["clerk", "lead"], requests: ["read", "approve"] }] },
      strangers: { gained: [], lost: [] },
      requests: [
        { name: "read", place: "/user", gained: 0, lost: 1, covered: 3 },
        { name: "approve", place: "/user", gained: 0, lost: 1, covered: 3 },
      ],
    },
  ]);
});

test("files that are not published: a door left open is told", async () => {
  const files = { "a.rego": 'package orders\n\nallow if input.action == "read"\n' };
  const { body } = await impact({ files });
  // Eve is suspended, so that she may not before; the stranger may read now, too.
  expect(body).toMatchObject({
    gained: { people: 1, subjects: [{ subject: "eve", requests: ["read"] }] },
    lost: { people: 1, subjects: [{ subject: "bob", requests: ["approve"] }] },
    strangers: { gained: ["read"], lost: [] },
  });
});

test("few evaluations are made for classes of equal roles", async () => {
  for (let person = 0; person < 20; person++) await rms.call("PUT", `${orders}/roles/clerk/members/p${person}`);
  const { body } = await impact({ version: "1.1.0", evaluations: 40 });
  expect(body).toMatchObject({ basis: "roles", people: 23, classes: 3, lost: { people: 1 } });
  expect(body["requests"]).toMatchObject([{ covered: 23 }, { covered: 23 }]);
});

test("samples of the policy where the question brings no requests", async () => {
  await rms.call("PUT", `${main}/samples/read.conf`, { text: "user = ann, action = read" });
  await rms.call("PUT", `${main}/samples/odd.conf`, { text: "action = read" });
  const { body } = await impact({ version: "1.1.0", requests: undefined });
  expect(body).toMatchObject({ requests: [{ name: "read.conf", lost: 1 }], withoutSubject: ["odd.conf"] });
});

test("what sidecars logged, decided by both; what is masked is counted", async () => {
  const event = (id: string, input: object | undefined, more: object = {}): object => ({
    ...{ decision_id: id, timestamp: "2026-03-02T11:00:00Z", bundles: { "orders/main": {} }, labels: {} },
    ...(input === undefined ? {} : { input }),
    ...more,
  });
  const log = [
    event("d1", { user: "bob", action: "read" }),
    event("d2", { user: "ann", action: "read" }),
    event("d3", { action: "read" }, { erased: ["/input/user"] }),
  ];
  const authorization = `Bearer ${await rms.token(["telemetry:write"], ["orders"])}`;
  expect((await rms.call("POST", "/opa/v1/logs", log, { authorization })).status).toBe(200);
  const { body } = await impact({ version: "1.1.0", requests: [] });
  expect(body["recorded"]).toEqual({
    ...{ read: 3, masked: 1, gained: 0, lost: 1, changed: 0 },
    shown: [{ id: "d1", entrypoint: "orders/allow", before: "true", after: "false" }],
  });
});

test("what sidecars logged is for those alone who may read it: a policy of one's own would tell the inputs", async () => {
  const authorization = `Bearer ${await rms.token(["read"], ["orders"])}`;
  const body = { channel: "prod", requests, version: "1.1.0" };
  const unasked = await rms.call("POST", `${main}/impact`, body, { authorization });
  expect(unasked.body).toMatchObject({ lost: { people: 1 }, recorded: { read: 0, shown: [] } });
  const asked = await rms.call("POST", `${main}/impact`, { ...body, logged: 10 }, { authorization });
  expect([asked.status, asked.body["detail"]]).toEqual([403, "The token lacks the scope audit:read."]);
  const auditor = `Bearer ${await rms.token(["read", "audit:read"], ["orders"])}`;
  const told = await rms.call("POST", `${main}/impact`, { ...body, logged: 10 }, { authorization: auditor });
  expect(told.body["recorded"]).toMatchObject({ read: 3 });
});

test("what cannot be compared is said", async () => {
  const said = async (more: object): Promise<unknown> => (await impact(more)).body["detail"];
  expect(await said({})).toBe("Name either a version or files.");
  expect(await said({ files: { "a.rego": "package orders\n\nallow if {" } })).toContain("a.rego: ");
  expect(await said({ version: "1.1.0", entrypoint: "orders/none" })).toBe("there is no rule orders/none");
  expect((await impact({ version: "9.9.9" })).status).toBe(404);
  expect((await impact({ channel: "none", version: "1.1.0" })).status).toBe(404);
});
