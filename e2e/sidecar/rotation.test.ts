// Real OPA sidecars through a key rotation, with a store that goes stale, and beside two hundred long polls.

import { afterAll, beforeAll, expect, test } from "vitest";
import { eventually } from "../programs/run.ts";
import { launch, type Sidecar, startSidecar } from "./opa-process.ts";
import { adminToken, type RmsProcess, startRms } from "./rms-process.ts";

const policy = "/api/v1/domains/shop/policies/main";
let rms: RmsProcess;
let sidecar: Sidecar;

beforeAll(async () => {
  rms = await startRms();
  await rms.call("POST", "/api/v1/domains", { id: "shop", maxDataAge: 30 });
  await rms.call("POST", "/api/v1/domains/shop/policies", { id: "main", entrypoints: ["shop/allow"] });
  await rms.call("PUT", "/api/v1/domains/shop/roles/seller", { responsibilities: [{ action: "sell", resource: "goods/*" }] });
  await publish("1.0.0");
  sidecar = await startSidecar(rms, "shop", "main", "dev");
});

afterAll(async () => {
  await sidecar?.stop();
  await rms?.stop();
});

async function publish(version: string): Promise<void> {
  const text = `package shop\n\ndefault allow := false\n\nallow if data.rms.rbac.user_has_responsibility(input.user, "sell", "goods/1")\n\nversion := "${version}"\n\nwhy := data.rms.rbac.why(input.user, "sell", "goods/1")\n`;
  expect((await rms.call("POST", `${policy}/versions`, { version, files: { "a.rego": text }, message: "" })).status).toBe(201);
  expect((await rms.call("PUT", `${policy}/channels/dev`, { version })).status).toBeLessThan(300);
}

const states = async (): Promise<readonly string[]> =>
  ((await rms.call("GET", "/api/v1/keys?domain=shop")).body as { keys: { state: string }[] }).keys.map((key) => key.state).sort();

test("a rotation publishes the next key, then signs with it; a sidecar with both keys follows", async () => {
  expect(await states()).toEqual(["active"]);
  expect((await rms.call("POST", "/api/v1/keys/rotate", { reason: "yearly" })).body).toMatchObject({ state: "next" });
  expect(await states()).toEqual(["active", "next"]);
  await sidecar.stop();
  sidecar = await launch(sidecar.settings);
  expect((await rms.call("POST", "/api/v1/keys/rotate", { reason: "yearly" })).body).toMatchObject({ state: "active" });
  expect(await states()).toEqual(["active", "retired"]);
  await publish("1.1.0");
  await eventually(async () => ((await sidecar.decide("shop/version", {})) === "1.1.0" ? true : undefined));
});

test("two hundred long polls all get the change at once", async () => {
  const address = `${rms.url}/opa/v1/bundles/shop/main/dev`;
  const headers = { authorization: `Bearer ${adminToken}` };
  /** The revision without the number of its stamp, which is renewed when it is time. */
  const contentOf = (answer: Response): string => answer.headers.get("x-rms-revision")!.replace(/\.t\d+$/, "");
  const first = await fetch(address, { headers });
  const polls = Array.from({ length: 200 }, async () => {
    for (let answer = first; ; ) {
      const known = { prefer: "modes=snapshot;wait=20", "if-none-match": answer.headers.get("etag")! };
      answer = await fetch(address, { headers: { ...headers, ...known } });
      await answer.arrayBuffer();
      expect(answer.status).toBe(200);
      if (contentOf(answer) !== contentOf(first)) return { content: contentOf(answer), at: performance.now() };
    }
  });
  await new Promise((wait) => setTimeout(wait, 700));
  const changed = performance.now();
  await rms.call("PUT", "/api/v1/domains/shop/roles/seller/members/ann", { reason: "hired" });
  const answers = await Promise.all(polls);
  expect(new Set(answers.map(({ content }) => content)).size).toBe(1);
  expect(Math.max(...answers.map(({ at }) => at)) - changed).toBeLessThan(10_000);
  await eventually(async () => ((await sidecar.decide("shop/allow", { user: "ann" })) === true ? true : undefined));
});

test("without RMS the sidecar goes on until its data is stale, and denies from then on", { timeout: 90_000 }, async () => {
  rms.child.kill("SIGKILL");
  expect(await sidecar.decide("shop/allow", { user: "ann" })).toBe(true);
  await eventually(async () => ((await sidecar.decide("shop/allow", { user: "ann" })) === false ? true : undefined), 45_000);
  expect(await sidecar.decide("shop/why", { user: "ann" })).toEqual(["stale_data"]);
  expect(await sidecar.decide("shop/version", {})).toBe("1.1.0");
});
