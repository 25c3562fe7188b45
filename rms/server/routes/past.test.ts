// Questions about the past: who could do what on a day, and what a policy decided then, as it was known then or is known now.
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Answered, type TestRms, testRms } from "../rms.test-helper.ts";

let rms: TestRms;
let clock = Date.parse("2026-03-02T12:00:00Z");
const domain = "/api/v1/domains/orders";
const main = `${domain}/policies/main`;
const times: Record<string, string> = {};

/** A minute later something is done, whose time has a name. */
async function step(name: string, method: string, path: string, body?: unknown): Promise<void> {
  clock += 60_000;
  const answer = await rms.call(method, path, body);
  if (answer.status >= 300) throw new Error(answer.text);
  // A moment later, so that it is over at the time named.
  clock += 1000;
  times[name] = new Date(clock).toISOString();
}

const text = (rule: string): string => `package orders

default allow := false

allow if ${rule}

now := time.now_ns()

why := data.rms.rbac.why(input.user, "read", "orders/1")
`;
const byRole = text('data.rms.rbac.user_has_responsibility(input.user, "read", "orders/1")');

beforeAll(async () => {
  rms = await testRms({}, () => new Date(clock));
  await rms.call("POST", "/api/v1/domains", { id: "orders", maxDataAge: 60 });
  await rms.call("POST", `${domain}/policies`, { id: "main", entrypoints: ["orders/allow"] });
  await rms.call("POST", `${main}/versions`, { version: "1.0.0", files: { "a.rego": byRole } });
  await rms.call("PUT", `${domain}/roles/clerk`, { responsibilities: [{ action: "read", resource: "orders/*" }] });
  times["start"] = new Date(clock).toISOString();
  await step("served", "PUT", `${main}/channels/prod`, { version: "1.0.0" });
  await step("hired", "PUT", `${domain}/roles/clerk/members/ann`, {});
  await step("left", "DELETE", `${domain}/roles/clerk/members/ann`);
  await step("published", "POST", `${main}/versions`, { version: "2.0.0", files: { "a.rego": text("false") } });
  await step("moved", "PUT", `${main}/channels/prod`, { version: "2.0.0" });
  // Bob was forgotten on the list of those who were hired with Ann.
  await step("mended", "PUT", `${domain}/roles/clerk/members/bob`, { validFrom: times["hired"], reason: "was forgotten" });
});
afterAll(() => rms.stop());

const who = async (at: string, knownAt?: string): Promise<readonly string[]> => {
  const known = knownAt === undefined ? "" : `&knownAt=${times[knownAt]}`;
  const { body } = await rms.call("GET", `/api/v1/access?domain=orders&action=read&resource=orders/1&at=${times[at]}${known}`);
  expect(body["basis"]).toMatchObject({
    kind: "asKnown",
    at: times[at],
    knownAt: known === "" ? expect.any(String) : times[knownAt!],
  });
  return (body["items"] as readonly { readonly subject: string }[]).map(({ subject }) => subject);
};

test("who could do something at a time: as it was known then, and with what was mended since", async () => {
  expect([await who("start"), await who("hired"), await who("left"), await who("mended")]).toEqual([
    [],
    ["ann", "bob"],
    ["bob"],
    ["bob"],
  ]);
  expect([await who("hired", "hired"), await who("left", "left"), await who("hired", "moved")]).toEqual([["ann"], [], ["ann"]]);
  const csv = await rms.call("GET", `/api/v1/access?domain=orders&subject=ann&format=csv&at=${times["hired"]}`);
  expect(csv.text.split("\r\n")[1]).toBe("ann,clerk,read,orders/*,,");
  expect((await rms.call("GET", "/api/v1/access?domain=orders&subject=ann")).body).toEqual({ items: [] });
});

const decide = (user: string, more: Readonly<Record<string, string | undefined>>): Promise<Answered> =>
  rms.call("POST", `${main}/decide`, { channel: "prod", input: { user }, ...more });

test("what a channel decided at a time, with its version and the facts of then", async () => {
  const then = await decide("ann", { at: times["hired"] });
  expect(then.body).toMatchObject({
    result: true,
    revision: expect.stringMatching(/^orders\/main@1\.0\.0\+s\d+\.t\d+$/),
    fresh: true,
    basis: { kind: "asKnown", at: times["hired"], knownAt: new Date(clock).toISOString(), version: "1.0.0" },
  });
  expect((await decide("ann", { at: times["served"] })).body["result"]).toBe(false);
  expect((await decide("ann", { at: times["left"] })).body["result"]).toBe(false);
  expect((await decide("bob", { at: times["left"] })).body["result"]).toBe(true);
  expect((await decide("bob", { at: times["left"], knownAt: times["left"] })).body["result"]).toBe(false);
  expect((await decide("bob", { at: times["moved"] })).body).toMatchObject({ result: false, basis: { version: "2.0.0" } });
  // With another version, and with the clock of then.
  expect((await decide("bob", { channel: undefined, version: "1.0.0", at: times["moved"] })).body["result"]).toBe(true);
  expect((await decide("bob", { at: times["left"], entrypoint: "orders/now" })).body["result"]).toBe(
    Date.parse(times["left"]!) * 1e6,
  );
  expect((await decide("bob", { at: times["left"], entrypoint: "orders/why" })).body["result"]).toEqual([
    "role:clerk grant:read orders/*",
  ]);
  const asked = await rms.call(
    "GET",
    `${main}/decide?channel=prod&at=${times["hired"]}&hocon=${encodeURIComponent("user = ann")}`,
  );
  expect(asked.body["result"]).toBe(true);
  // Now is still now.
  expect((await decide("bob", {})).body).toMatchObject({ result: false, basis: { kind: "asPublished", version: "2.0.0" } });
});

test.each([
  [{ at: "start" }, 422, "The channel prod served nothing then."],
  [{ at: "moved", channel: undefined, version: "2.0.0", knownAt: "left" }, 422, "The version 2.0.0 was not there then."],
  [{ at: "moved", channel: "nowhere" }, 404, ""],
  [{ at: "hired", knownAt: "future" }, 422, "knownAt is in the future"],
  [{ at: "yesterday" }, 422, "/at"],
])("%j is refused", async (asked, status, why) => {
  times["future"] = new Date(clock + 3_600_000).toISOString();
  const named = Object.fromEntries(
    Object.entries(asked).map(([name, value]) => [
      name,
      name.endsWith("At") || name === "at" ? (times[value ?? ""] ?? value) : value,
    ]),
  );
  const { status: got, body } = await decide("ann", named);
  expect([got, body["detail"]]).toEqual([status, expect.stringContaining(why)]);
});

test("a question about the future is answered with what is known of it", async () => {
  await rms.call("PUT", `${domain}/roles/clerk/members/eve`, { validFrom: "2026-04-01T00:00:00Z" });
  times["april"] = "2026-04-02T00:00:00.000Z";
  times["march"] = "2026-03-30T00:00:00.000Z";
  expect([await who("march"), await who("april")]).toEqual([["bob"], ["bob", "eve"]]);
});
