// Decision logs are read by who may audit the domain: newest first, in pages, of a time.
import { afterAll, beforeAll, expect, test } from "vitest";
import { type TestRms, testRms } from "../rms.test-helper.ts";

let rms: TestRms;
let auditor: { readonly authorization: string };
const path = "/api/v1/domains/orders/decisions";

beforeAll(async () => {
  rms = await testRms({}, () => new Date("2026-03-02T12:00:00Z"));
  for (const id of ["orders", "billing"]) {
    await rms.call("POST", "/api/v1/domains", { id });
    await rms.call("POST", `/api/v1/domains/${id}/policies`, { id: "main" });
  }
  const sidecar = { authorization: `Bearer ${await rms.token(["telemetry:write"], ["orders"])}` };
  auditor = { authorization: `Bearer ${await rms.token(["audit:read"], ["orders"])}` };
  const events = [1, 2, 3].map((n) => ({
    decision_id: `d${n}`,
    timestamp: `2026-03-02T11:00:0${n}Z`,
    bundles: { "orders/main": { revision: "r" } },
    result: n > 1,
  }));
  expect((await rms.call("POST", "/opa/v1/logs", events, sidecar)).status).toBe(200);
});
afterAll(() => rms.stop());

async function ids(query: string): Promise<readonly [string, unknown]> {
  const { body } = await rms.call("GET", `${path}${query}`, undefined, auditor);
  return [(body["items"] as readonly { id: string }[]).map(({ id }) => id).join(" "), body["next"]];
}

test("an event is as OPA sent it, with the time that it tells", async () => {
  const { body } = await rms.call("GET", `${path}?limit=1`, undefined, auditor);
  expect(body["items"]).toEqual([
    { id: "d3", at: "2026-03-02T11:00:03.000Z", event: expect.objectContaining({ decision_id: "d3", result: true }) },
  ]);
});

test("pages follow each other; from and to are both included", async () => {
  const [first, next] = await ids("?limit=2");
  expect(first).toBe("d3 d2");
  expect(await ids(`?limit=2&cursor=${String(next)}`)).toEqual(["d1", undefined]);
  expect(await ids("?from=2026-03-02T11:00:02Z")).toEqual(["d3 d2", undefined]);
  expect(await ids("?to=2026-03-02T11:00:02Z")).toEqual(["d2 d1", undefined]);
});

test("nobody reads them without the scope, or those of another domain", async () => {
  const reader = { authorization: `Bearer ${await rms.token(["read"], ["orders"])}` };
  expect((await rms.call("GET", path, undefined, reader)).status).toBe(403);
  expect((await rms.call("GET", "/api/v1/domains/billing/decisions", undefined, auditor)).status).toBe(404);
  expect((await rms.call("GET", `${path}?from=yesterday`, undefined, auditor)).status).toBe(422);
});
