// RMS killed at any moment: what it acknowledged is there afterwards, nothing is half visible, every digest is right.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { run } from "../programs/run.ts";
import { adminToken, type RmsProcess, startRms } from "./rms-process.ts";

const policy = "/api/v1/domains/shop/policies/main";
const rounds = 8;

test("killed in a loop of publishes, channel moves and memberships", { timeout: 120_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), "rms-kill-"));
  const published = new Map<string, string>();
  const members = new Set<string>();
  const tags = new Map<string, string>();
  let seq = 0;
  let rms = await startRms(folder);
  await rms.call("POST", "/api/v1/domains", { id: "shop" });
  await rms.call("POST", "/api/v1/domains/shop/policies", { id: "main", entrypoints: ["shop/allow"] });
  await rms.call("PUT", "/api/v1/domains/shop/roles/seller", { responsibilities: [{ action: "sell", resource: "goods/*" }] });

  for (let round = 0; round < rounds; round++) {
    const killed = killAfter(rms, 300 + round * 170);
    const publishing = untilKilled(killed, async (step) => {
      const version = `${round + 1}.${step}.0`;
      const files = { "shop.rego": `package shop\n\ndefault allow := false\n\nversion := "${version}"\n` };
      const answer = await rms.call("POST", `${policy}/versions`, { version, files, message: "" });
      if (answer.status !== 201) return;
      published.set(version, (answer.body as { digest: string }).digest);
      const moved = await rms.call("PUT", `${policy}/channels/dev`, { version });
      if (moved.status < 300) seq = (moved.body as { seq: number }).seq;
    });
    const joining = untilKilled(killed, async (step) => {
      const subject = `user-${round}-${step}`;
      const answer = await rms.call("PUT", `/api/v1/domains/shop/roles/seller/members/${subject}`, {});
      if (answer.status < 300) members.add(subject);
    });
    const polling = untilKilled(killed, async () => noteTag(rms, tags));
    await Promise.all([publishing, joining, polling, killed]);

    const verdict = await run("rms", ["verify", "--data", join(folder, "data")]);
    expect(verdict.code, verdict.out + verdict.err).toBe(0);
    rms = await startRms(folder);
    for (const [version, digest] of published)
      expect((await rms.call("GET", `${policy}/versions/${version}`)).body).toMatchObject({ version, digest });
    const channel = (await rms.call("GET", `${policy}/channels/dev`)).body as { seq?: number };
    expect(channel.seq ?? 0).toBeGreaterThanOrEqual(seq);
    const { items } = (await rms.call("GET", "/api/v1/domains/shop/roles/seller/members?limit=200")).body as {
      items: { subject: string }[];
    };
    const kept = new Set(items.map((item) => item.subject));
    if (items.length < 200) expect([...members].filter((subject) => !kept.has(subject))).toEqual([]);
    await noteTag(rms, tags);
  }
  expect([...tags.values()]).not.toContain("two bundles under one tag");
  expect(published.size).toBeGreaterThan(rounds / 2);
  await rms.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Kills after the time; the promise says when it is dead. */
function killAfter(rms: RmsProcess, ms: number): Promise<void> {
  return new Promise((resolve) => {
    rms.child.once("close", () => resolve());
    setTimeout(() => rms.child.kill("SIGKILL"), ms);
  });
}

/** Repeats an act until the server is gone; what the kill cut off was not acknowledged. */
async function untilKilled(killed: Promise<void>, act: (step: number) => Promise<void>): Promise<void> {
  let gone = false;
  void killed.then(() => {
    gone = true;
  });
  for (let step = 0; !gone; step++) await act(step).catch(() => new Promise((wait) => setTimeout(wait, 5)));
}

/** An ETag that was seen once must never stand for other bytes. */
async function noteTag(rms: RmsProcess, tags: Map<string, string>): Promise<void> {
  const answer = await fetch(`${rms.url}/opa/v1/bundles/shop/main/dev`, { headers: { authorization: `Bearer ${adminToken}` } });
  const tag = answer.headers.get("etag");
  if (tag === null) return;
  const bytes = Buffer.from(await answer.arrayBuffer()).toString("base64");
  tags.set(tag, (tags.get(tag) ?? bytes) === bytes ? bytes : "two bundles under one tag");
}
