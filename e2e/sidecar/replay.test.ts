// Somebody on the way gives a real OPA an old bundle again and again, validly signed as it is: the sidecar goes back, and denies when it is stale.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { testRms } from "../../rms/server/rms.test-helper.ts";
import { eventually } from "../programs/run.ts";
import { startSidecar } from "./opa-process.ts";
import { startProxy } from "./proxy.ts";

const domain = "/api/v1/domains/shop";
const policy = `${domain}/policies/main`;
const maxAge = 30;

test("an old bundle brings an old right back, for as long as its data are fresh and no longer", async () => {
  const folder = mkdtempSync(join(tmpdir(), "replay-"));
  const rms = await testRms();
  const proxy = await startProxy(rms.url);
  await rms.call("POST", "/api/v1/domains", { id: "shop", maxDataAge: maxAge });
  await rms.call("POST", `${domain}/policies`, { id: "main", entrypoints: ["shop/allow"] });
  await rms.call("PUT", `${domain}/roles/seller`, { responsibilities: [{ action: "sell", resource: "goods/*" }] });
  await rms.call("PUT", `${domain}/roles/seller/members/ann`, {});
  const text = `package shop

default allow := false

allow if data.rms.rbac.user_has_responsibility(input.user, "sell", "goods/1")

why := data.rms.rbac.why(input.user, "sell", "goods/1")

until := data.rms.stamp.fresh_until_s
`;
  await rms.call("POST", `${policy}/versions`, { version: "1.0.0", files: { "a.rego": text } });
  await rms.call("PUT", `${policy}/channels/dev`, { version: "1.0.0" });
  const authorization = `Bearer ${rms.admin}`;
  const fetched = await fetch(`${rms.url}/opa/v1/bundles/shop/main/dev`, { headers: { authorization } });
  const old = new Uint8Array(await fetched.arrayBuffer());
  const sidecar = await startSidecar({ url: proxy.url, folder, call: rms.call }, "shop", "main", "dev");
  const ann = { user: "ann" };
  const decides = (allow: boolean, ms?: number): Promise<true> =>
    eventually(async () => (await sidecar.decide("shop/allow", ann)) === allow || undefined, ms);
  try {
    await decides(true);
    await rms.call("DELETE", `${domain}/roles/seller/members/ann`, { reason: "left" });
    await decides(false);
    proxy.change = () => old;
    // The next restamp makes the sidecar ask for a bundle, and it is given the old one.
    await decides(true, 25_000);
    const until = Number(await sidecar.decide("shop/until", {})) * 1000;
    expect(until - Date.now()).toBeLessThanOrEqual(maxAge * 1000);
    await decides(false, until - Date.now() + 5000);
    expect(Date.now()).toBeGreaterThanOrEqual(until);
    expect(await sidecar.decide("shop/why", ann)).toEqual(["stale_data"]);
    const { body } = await rms.call("GET", `${policy}/activations`);
    expect(body).toMatchObject({ items: [{ state: "lagging" }], channels: [{ channel: "dev", state: "rolling" }] });
    proxy.change = undefined;
    await eventually(async () => {
      const why = await sidecar.decide("shop/why", ann);
      return (Array.isArray(why) && why.includes("unknown_user")) || undefined;
    }, 25_000);
  } finally {
    await sidecar.stop();
    proxy.close();
    await rms.stop();
    rmSync(folder, { recursive: true, force: true });
  }
});
