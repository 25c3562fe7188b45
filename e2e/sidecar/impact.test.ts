// From a publish that the gate impact stops, over its approval by somebody else, to what a real OPA decides.
import { afterAll, beforeAll, expect, test } from "vitest";
import { eventually } from "../programs/run.ts";
import { type Sidecar, startSidecar } from "./opa-process.ts";
import { type RmsProcess, startRms } from "./rms-process.ts";

let rms: RmsProcess;
let sidecar: Sidecar;
const orders = "/api/v1/domains/orders";
const main = `${orders}/policies/main`;

const policy = (more: string): string => `package orders

import data.rms.rbac

default allow := false

allow if {
	rbac.user_has_responsibility(input.user, "read", "orders")
	${more}
}
`;
const files = (text: string) => ({ "orders.rego": text, "inputs/read.conf": "user = ann\n" });
const done = async (method: string, path: string, body: object): Promise<void> => {
  expect((await rms.call(method, path, body)).status).toBeLessThan(300);
};

beforeAll(async () => {
  rms = await startRms();
  await done("POST", "/api/v1/domains", { id: "orders" });
  for (const [role, subject] of [
    ["clerk", "ann"],
    ["lead", "kim"],
  ] as const) {
    await done("PUT", `${orders}/roles/${role}`, { responsibilities: [{ action: "read", resource: "orders" }] });
    await done("PUT", `${orders}/roles/${role}/members/${subject}`, {});
  }
  const gates = { impact: { channel: "prod", lose: { people: 0 } } };
  await done("POST", `${orders}/policies`, { id: "main", entrypoints: ["orders/allow"], gates });
  await done("POST", `${main}/versions`, { version: "1.0.0", files: files(policy("true")) });
  await done("PUT", `${main}/channels/prod`, { version: "1.0.0", reason: "first" });
  sidecar = await startSidecar(rms, "orders", "main", "prod");
});

afterAll(async () => {
  await sidecar?.stop();
  await rms?.stop();
});

const move = () => rms.call("PUT", `${main}/channels/prod`, { version: "1.1.0", reason: "desk closed" });

test("leads lose nothing before somebody else approved just that", async () => {
  const narrow = files(policy('not rbac.user_has_role(input.user, "lead")'));
  const published = await rms.call("POST", `${main}/versions`, { version: "1.1.0", files: narrow });
  expect(published.body).toMatchObject({ state: "awaiting_approval" });
  expect((await move()).status).toBe(409);
  expect(await sidecar.decide("orders/allow", { user: "kim" })).toBe(true);

  const made = await rms.call("POST", "/api/v1/tokens", {
    ...{ kind: "user", subject: "bob", domains: ["orders"], scopes: ["read", "channel:write"], ttlSeconds: 600 },
  });
  const authorization = `Bearer ${(made.body as { readonly token: string }).token}`;
  const seen = (await rms.call("GET", `${main}/versions/1.1.0/impact`)).body as { readonly digest: string };
  expect(seen).toMatchObject({ lost: { people: 1, subjects: [{ subject: "kim" }] }, gate: { ok: false } });
  const approval = { reason: "the desk closes", impact: seen.digest };
  const approved = await rms.call("POST", `${main}/versions/1.1.0/approve`, approval, { authorization });
  expect(approved.body).toMatchObject({ state: "published" });
  expect((await move()).status).toBe(200);
  await eventually(async () => ((await sidecar.decide("orders/allow", { user: "kim" })) === false ? true : undefined));
  expect(await sidecar.decide("orders/allow", { user: "ann" })).toBe(true);
});
