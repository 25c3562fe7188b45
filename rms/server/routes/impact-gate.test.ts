// The gate impact, through the API: a publish that more people would feel than the owner allows waits or is refused, and a channel moves by an approval of just these.
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type Answered, type TestRms, testRms } from "../rms.test-helper.ts";

const orders = "/api/v1/domains/orders";
let rms: TestRms;
let bob: Readonly<Record<string, string>>;
let number = 0;

const policy = (condition: string): string => `package orders

import data.rms.rbac

default allow := false

allow if {
	rbac.user_has_responsibility(input.user, input.action, "orders")
	${condition}
}
`;
const noLeads = policy('not rbac.user_has_role(input.user, "lead")');
const everybody = `${policy("true")}\nallow if input.action == "read"\n`;

beforeAll(async () => {
  rms = await testRms({}, () => new Date("2026-03-02T12:00:00Z"));
  await rms.call("POST", "/api/v1/domains", { id: "orders" });
  for (const [role, action, subjects] of [
    ["clerk", "read", ["ann", "cid", "eve"]],
    ["lead", "read", ["kim", "lea"]],
  ] as const) {
    await rms.call("PUT", `${orders}/roles/${role}`, { responsibilities: [{ action, resource: "orders" }] });
    for (const subject of subjects) await rms.call("PUT", `${orders}/roles/${role}/members/${subject}`);
  }
  await rms.call("POST", `${orders}/subjects/eve/suspend`);
  const scopes = ["read", "channel:write"];
  bob = { authorization: `Bearer ${await rms.token(scopes, ["orders"], "bob")}` };
});
afterAll(() => rms.stop());

let path = "";

/** A policy of its own for each test, whose channel serves 1.0.0. */
beforeEach(async () => {
  const id = `p${++number}`;
  path = `${orders}/policies/${id}`;
  await rms.call("POST", `${orders}/policies`, { id, entrypoints: ["orders/allow"] });
  await publish("1.0.0", policy("true"));
  await move("1.0.0");
});

const sample = 'include "../common/who.conf"\naction = read\n';
const publish = (version: string, text: string, query = ""): Promise<Answered> =>
  rms.call("POST", `${path}/versions${query}`, {
    version,
    files: { "orders.rego": text, "inputs/read.conf": sample, "common/who.conf": "user = ann\n" },
  });
const gate = (impact: object): Promise<Answered> =>
  rms.call("PATCH", path, { gates: { impact: { channel: "prod", ...impact } } });
const move = (version: string, headers = {}): Promise<Answered> =>
  rms.call("PUT", `${path}/channels/prod`, { version, reason: "now" }, headers);
const approve = (version: string, body: object, headers = bob): Promise<Answered> =>
  rms.call("POST", `${path}/versions/${version}/approve`, body, headers);
const audited = async (action: string): Promise<readonly object[]> =>
  ((await rms.call("GET", `/api/v1/audit?domain=orders&action=${action}`)).body["items"] as { object: string }[]).filter(
    ({ object }) => `${orders}/policies/${object.split("/")[1]?.split("@")[0]}` === path,
  );

test("within the limits a version is published as ever, with the counts", async () => {
  await gate({ lose: { people: 2 }, gain: { percent: 0 } });
  const { status, body } = await publish("1.1.0", noLeads);
  expect([status, body["state"]]).toEqual([201, "published"]);
  expect((body["gates"] as object[]).at(-1)).toMatchObject({
    ...{ gate: "impact", ok: true, diagnostics: [] },
    impact: { channel: "prod", against: "1.0.0", people: 5, gained: 0, lost: 2 },
  });
  expect((await rms.call("GET", `${path}/versions`)).body["items"]).toMatchObject([
    { impact: { lost: 2 } },
    { version: "1.0.0" },
  ]);
  expect((await move("1.1.0")).status).toBe(200);
});

test("more than may lose: the version waits for somebody else, who says why, and then the channel moves", async () => {
  await gate({ lose: { people: 1 } });
  const { status, body } = await publish("1.1.0", noLeads);
  expect([status, body["state"]]).toEqual([201, "awaiting_approval"]);
  const why = "against prod, 2 people lose, and 1 of 5 may: kim (lead), lea (lead); somebody else must approve it, with a reason";
  expect((body["gates"] as object[]).at(-1)).toMatchObject({ gate: "impact", ok: false, diagnostics: [{ message: why }] });
  expect((await move("1.1.0")).status).toBe(409);
  const seen = (await rms.call("GET", `${path}/versions/1.1.0/impact`)).body;
  expect(seen).toMatchObject({ lost: { people: 2 }, gate: { ok: false, otherwise: "approve", consents: [] } });
  expect((await approve("1.1.0", { reason: "own" }, {} as typeof bob)).status).toBe(403);
  expect((await approve("1.1.0", {})).body["detail"]).toBe(`${why}: say why (reason).`);
  expect((await approve("1.1.0", { reason: "desk closed", impact: "other" })).status).toBe(409);
  expect((await approve("1.1.0", { reason: "desk closed", impact: seen["digest"] })).body["state"]).toBe("published");
  expect((await move("1.1.0")).status).toBe(200);
  expect(await audited("version.approve")).toMatchObject([{ reason: "desk closed", actor: "bob" }]);
});

test("an approval is of just these people: with others it lapses, and is given again", async () => {
  await gate({ lose: { people: 1 } });
  await publish("1.1.0", noLeads);
  await approve("1.1.0", { reason: "desk closed" });
  await rms.call("PUT", `${orders}/roles/lead/members/max`);
  const refused = await move("1.1.0");
  expect(refused.status).toBe(409);
  expect(refused.body["detail"]).toMatch(
    /3 people lose.*max \(lead\).*an earlier approval was of other people than those of now/,
  );
  expect(await audited("impact.refuse")).toHaveLength(1);
  expect((await approve("1.1.0", { reason: "max too" })).status).toBe(200);
  expect((await move("1.1.0")).status).toBe(200);
  await rms.call("DELETE", `${orders}/roles/lead/members/max`);
});

test("refused: nothing is stored, the refusal is audited, and a dry run tells the same without a trace", async () => {
  await gate({ never: ["lead"], otherwise: "refuse" });
  const why =
    "against prod, 2 people of the role lead gain or lose, and none may: kim, lea; the gate impact of the policy refuses that";
  const dry = await publish("1.1.0", noLeads, "?dryRun=true");
  expect([dry.status, dry.body["detail"]]).toEqual([422, why]);
  expect(await audited("impact.refuse")).toEqual([]);
  expect((await publish("1.1.0", noLeads)).body["detail"]).toBe(why);
  expect(await audited("impact.refuse")).toHaveLength(1);
  expect((await rms.call("GET", `${path}/versions/1.1.0`)).status).toBe(404);
  // A rollback needs none of it.
  await gate({});
  await publish("1.1.0", noLeads);
  expect((await move("1.1.0")).status).toBe(200);
  await gate({ gain: { people: 0 }, otherwise: "refuse" });
  expect((await rms.call("POST", `${path}/channels/prod/rollback`, { reason: "back" })).status).toBe(200);
});

test("what opens a door for anybody exceeds unless the owner allows it, whoever leaves samples out", async () => {
  await gate({});
  const open = await rms.call("POST", `${path}/versions`, { version: "1.1.0", files: { "orders.rego": everybody } });
  expect(JSON.stringify(open.body["gates"])).toContain("somebody whom RMS does not know may now: inputs/read.conf");
  await gate({ strangers: true });
  expect((await publish("1.2.0", everybody)).body["state"]).toBe("published");
});

test("where nobody can be decided for, that does not pass; the first version and other channels do", async () => {
  const id = `p${++number}`;
  path = `${orders}/policies/${id}`;
  await rms.call("POST", `${orders}/policies`, { id, entrypoints: ["orders/allow"], gates: { impact: { channel: "prod" } } });
  const bare = (version: string, text: string): Promise<Answered> =>
    rms.call("POST", `${path}/versions`, { version, files: { "orders.rego": text } });
  expect((await bare("1.0.0", policy("true"))).body["state"]).toBe("published");
  expect((await move("1.0.0")).status).toBe(201);
  expect((await rms.call("PUT", `${path}/channels/dev`, { version: "1.0.0" })).status).toBe(201);
  const blind = await bare("1.1.0", noLeads);
  expect([blind.body["state"], JSON.stringify(blind.body["gates"])]).toEqual([
    "awaiting_approval",
    expect.stringContaining("nobody was decided for, since no sample of the policy says who asks"),
  ]);
  expect((await approve("1.1.0", { reason: "looked at by hand" })).body["state"]).toBe("published");
  expect((await move("1.1.0")).status).toBe(200);
});

test("a version that was rejected is told to be, whoever looked at its people", async () => {
  await gate({ lose: { people: 0 } });
  await publish("1.1.0", noLeads);
  const { digest } = (await rms.call("GET", `${path}/versions/1.1.0/impact`)).body;
  await rms.call("POST", `${path}/versions/1.1.0/reject`, { reason: "no" }, bob);
  expect((await approve("1.1.0", { reason: "yes", impact: digest })).body["detail"]).toBe("The version is rejected.");
});

test("settings that mean nothing are refused", async () => {
  expect((await rms.call("PATCH", path, { gates: { impact: {} } })).status).toBe(422);
  expect((await gate({ lose: { persons: 1 } })).status).toBe(422);
  expect((await gate({ lose: { percent: 101 } })).status).toBe(422);
});

test("whom a version lets in behind a loop that RMS does not go through to its end is not looked at", async () => {
  await gate({});
  const loop = "every n in numbers.range(1, 9000) {\n\t\tevery m in numbers.range(1, 9000) {\n\t\t\tn + m > 0\n\t\t}\n\t}";
  const hidden = `${policy("true")}\nallow if {\n\tinput.user == "zoe"\n\t${loop}\n}`;
  await rms.call("PUT", `${orders}/roles/guest`, { responsibilities: [] });
  await rms.call("PUT", `${orders}/roles/guest/members/zoe`);
  const found = await publish("1.1.0", hidden);
  expect([found.status, found.body["state"], JSON.stringify(found.body["gates"])]).toEqual([
    ...[201, "awaiting_approval"],
    expect.stringContaining("1 person was not looked at"),
  ]);
});

test("every entrypoint of the policy counts, and is named", async () => {
  await rms.call("PATCH", path, {
    entrypoints: ["orders/allow", "orders/export"],
    gates: { impact: { channel: "prod", gain: { people: 0 }, strangers: true } },
  });
  const hidden = `${policy("true")}\ndefault export := false\n\nexport if input.user == "eve"\n`;
  const found = await publish("1.1.0", hidden);
  expect([found.status, found.body["state"], JSON.stringify(found.body["gates"])]).toEqual([
    ...[201, "awaiting_approval"],
    expect.stringContaining("against prod, 1 person gains by orders/export, and none may: eve (clerk)"),
  ]);
  expect((await rms.call("GET", `${path}/versions/1.1.0/impact`)).body).toMatchObject({
    ...{ entrypoint: "orders/allow", entrypoints: ["orders/allow", "orders/export"] },
    gained: { people: 1, subjects: [{ subject: "eve", requests: ["inputs/read.conf (orders/export)"] }] },
    requests: [
      { entrypoint: "orders/allow", gained: 0, covered: 6 },
      { entrypoint: "orders/export", gained: 1, covered: 6 },
    ],
  });
  const one = { channel: "prod", version: "1.1.0", entrypoint: "orders/allow" };
  const asked = { ...one, requests: [{ name: "read", input: { user: "ann", action: "read" } }] };
  expect((await rms.call("POST", `${path}/impact`, asked)).body).toMatchObject({
    ...{ entrypoints: ["orders/allow"], gained: { people: 0 } },
    requests: [{ name: "read", entrypoint: "orders/allow" }],
  });
});

test("a policy that opens at a later time is within the limits now, and a note says that it reads the clock", async () => {
  await gate({ gain: { people: 0 } });
  const later = `${policy("true")}\nallow if time.now_ns() > 4000000000000000000\n`;
  const { body } = await publish("1.1.0", later);
  expect([body["state"], (body["gates"] as object[]).at(-1)]).toMatchObject([
    "published",
    {
      ...{ ok: true, diagnostics: [] },
      notes: ["the policies call time.now_ns, and the comparison is of now: what they decide at another time is not looked at"],
    },
  ]);
  expect((await rms.call("GET", `${path}/versions/1.1.0/impact`)).body["clock"]).toEqual(["time.now_ns"]);
});

const masking = (obligations: string): string => `package orders

import data.rms.rbac

allow := {"allow": rbac.user_has_responsibility(input.user, input.action, "orders"), "obligations": ${obligations}}
`;

test("decisions that are others without a yes that comes or goes are bounded, too, and approved with just these people", async () => {
  await publish("1.1.0", masking('["mask"]'));
  await move("1.1.0");
  await gate({ lose: { people: 0 }, gain: { people: 0 } });
  const leads = '{x | x := "mask"; not rbac.user_has_role(input.user, "lead")}';
  expect((await publish("1.2.0", masking(leads), "?dryRun=true")).body["state"]).not.toBe("awaiting_approval");
  await gate({ changed: { percent: 20 } });
  const { body } = await publish("1.2.0", masking(leads));
  expect([body["state"], JSON.stringify(body["gates"])]).toEqual([
    "awaiting_approval",
    expect.stringMatching(/2 people get another decision, and 1 of 6 may: kim \(lead\), lea \(lead\);.*"changed":2/),
  ]);
  expect((await approve("1.2.0", { reason: "leads see all" })).body["state"]).toBe("published");
  await rms.call("PUT", `${orders}/roles/lead/members/max`);
  expect((await move("1.2.0")).body["detail"]).toMatch(/3 people .*an earlier approval was of other people than those of now/);
  await rms.call("DELETE", `${orders}/roles/lead/members/max`);
  expect((await move("1.2.0")).status).toBe(200);
  expect((await gate({ changed: { people: -1 } })).status).toBe(422);
});

test("a decision of which nobody can tell whether it lets somebody in counts as a gain and as a loss, unless the owner bounds it", async () => {
  const telling = (names: string): string => `package orders\n\nallow contains name if some name in {${names}}\n`;
  await publish("1.1.0", telling('"read"'));
  await move("1.1.0");
  await gate({ gain: { people: 0 }, strangers: true });
  const { body } = await publish("1.2.0", telling('"read", "write"'));
  expect([body["state"], JSON.stringify(body["gates"])]).toEqual([
    "awaiting_approval",
    expect.stringMatching(/6 people get another decision, of which nobody can tell whether it lets them in.*"unclear":6/),
  ]);
  await gate({ gain: { people: 0 } });
  const door = await publish("1.3.0", telling('"read", "write"'), "?dryRun=true");
  expect(JSON.stringify(door.body["gates"])).toContain(
    "somebody whom RMS does not know gets another decision, of which nobody can tell",
  );
  await gate({ gain: { people: 0 }, changed: { percent: 100 }, strangers: true });
  expect((await publish("1.4.0", telling('"read", "write"'))).body["state"]).toBe("published");
  // In words it can be told.
  await gate({ gain: { people: 0 }, lose: { people: 0 }, strangers: true });
  const said = (word: string): string =>
    `package orders\n\ndefault allow := "deny"\n\nallow := "${word}" if input.action == "read"\n`;
  await publish("2.0.0", said("deny"));
  await approve("2.0.0", { reason: "words" });
  await move("2.0.0");
  expect(JSON.stringify((await publish("2.1.0", said("allow"))).body["gates"])).toMatch(/6 people gain, and none may/);
});

test("samples that were emptied count for the next version, too, and a note names them", async () => {
  const bare = (version: string, text: string): Promise<Answered> =>
    rms.call("POST", `${path}/versions`, {
      ...{ version, files: { "orders.rego": text, "inputs/odd.conf": "user = ann, action = nothing" } },
    });
  await gate({ gain: { people: 0 }, strangers: true });
  const emptied = await bare("1.1.0", policy("true"));
  expect((emptied.body["gates"] as object[]).at(-1)).toMatchObject({
    ok: true,
    notes: ["the version has these samples no more, which were served, and they were decided all the same: inputs/read.conf"],
  });
  await move("1.1.0");
  const opened = await bare("1.2.0", everybody);
  expect([opened.body["state"], JSON.stringify(opened.body["gates"])]).toEqual([
    "awaiting_approval",
    expect.stringContaining("2 people gain, and none may: eve (clerk), zoe (guest)"),
  ]);
});

test("whom a deny lets alone gains; the owner names the refusals where their names do not say it", async () => {
  const denies = (rule: string, who: string): string => `package orders\n\n${rule} contains "no" if input.user in ${who}\n`;
  const asked = { entrypoints: ["orders/deny"], gates: { impact: { channel: "prod", gain: { people: 0 }, strangers: true } } };
  await rms.call("PATCH", path, asked);
  await publish("2.0.0", denies("deny", '{"cid", "kim"}'));
  await rms.call("POST", `${path}/versions/2.0.0/approve`, { reason: "seen" }, bob);
  await move("2.0.0");
  const open = await publish("2.1.0", denies("deny", '{"kim"}'), "?dryRun=true");
  expect(JSON.stringify(open.body)).toContain("1 person gains, and none may: cid (clerk)");
  const closed = await publish("2.1.0", denies("deny", '{"cid", "kim", "lea"}'), "?dryRun=true");
  expect(closed.body).toMatchObject({ gates: expect.arrayContaining([expect.objectContaining({ gate: "impact", ok: true })]) });

  const stray = await gate({ refusals: ["orders/stop"] });
  expect([stray.status, stray.body]).toMatchObject([
    422,
    { detail: 'gates.impact.refusals has "orders/stop", which is none of the policy\'s entrypoints: orders/deny.' },
  ]);
  const named = {
    entrypoints: ["orders/stop"],
    gates: { impact: { channel: "prod", refusals: ["orders/stop"], strangers: true } },
  };
  expect((await rms.call("PATCH", path, named)).status).toBe(200);
  const files = { "a.rego": denies("stop", '{"ann"}') };
  const { body } = await rms.call("POST", `${path}/impact`, {
    channel: "prod",
    files,
    requests: [{ name: "r", input: { user: "ann" } }],
  });
  expect(body).toMatchObject({
    refusals: ["orders/stop"],
    lost: { people: 1, subjects: [{ subject: "ann" }] },
    gained: { people: 0 },
  });
});
