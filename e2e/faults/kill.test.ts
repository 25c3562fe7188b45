// RMS killed at any moment: what it acknowledged is there afterwards, nothing is half visible, every digest and signature is right.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { run } from "../programs/run.ts";
import { adminToken, type RmsProcess, startRms } from "../sidecar/rms-process.ts";
import { readBundle } from "./bundle.ts";

const domain = "/api/v1/domains/shop";
const policy = `${domain}/policies/main`;
const address = "/opa/v1/bundles/shop/main/dev";
/** More of them find rarer moments: RMS_FAULT_ROUNDS=100 takes some minutes. */
const rounds = Number(process.env["RMS_FAULT_ROUNDS"] ?? 8);

/** What RMS acknowledged so far, and what it was asked for without an answer. */
class Promised {
  readonly versions = new Map<string, string>();
  readonly members = new Set<string>();
  readonly unanswered = new Map<string, string>();
  /** ETag → the digest of the bytes that it stood for. */
  readonly tags = new Map<string, string>();
  seq = 0;
  version: string | undefined;
}

test("killed in a loop of publishes, channel moves, memberships and restamps", {
  timeout: 60_000 + rounds * 15_000,
}, async () => {
  const folder = mkdtempSync(join(tmpdir(), "rms-kill-"));
  const promised = new Promised();
  let rms = await startRms(folder);
  await rms.call("POST", "/api/v1/domains", { id: "shop" });
  await rms.call("POST", `${domain}/policies`, { id: "main", entrypoints: ["shop/allow"] });
  await rms.call("PUT", `${domain}/roles/seller`, { responsibilities: [{ action: "sell", resource: "goods/*" }] });

  for (let round = 0; round < rounds; round++) {
    await workUntilKilled(rms, round, promised);
    const verdict = await run("rms", ["verify", "--data", join(folder, "data")]);
    expect(verdict.code, verdict.out + verdict.err).toBe(0);
    rms = await startRms(folder);
    await holdsWhatItPromised(rms, promised);
  }
  expect(promised.versions.size).toBeGreaterThanOrEqual(rounds);
  expect(promised.members.size).toBeGreaterThanOrEqual(rounds);
  await rms.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Changes of every kind side by side; the kill comes at a random moment after the first publish of the round was acknowledged. */
async function workUntilKilled(rms: RmsProcess, round: number, promised: Promised): Promise<void> {
  let acknowledged = (): void => {};
  const first = new Promise<void>((resolve) => {
    acknowledged = resolve;
  });
  const killed = new Promise<void>((resolve) => rms.child.once("close", () => resolve()));
  const changes = [
    untilKilled(killed, async (step) => {
      const version = `${round + 1}.${step}.0`;
      const file = `package shop\n\ndefault allow := false\n\nversion := "${version}"\n`;
      promised.unanswered.set(version, file);
      const answer = await rms.call("POST", `${policy}/versions`, published(version, file), { "idempotency-key": version });
      if (answer.status !== 201) return;
      promised.unanswered.delete(version);
      promised.versions.set(version, (answer.body as { digest: string }).digest);
      acknowledged();
      const moved = await rms.call("PUT", `${policy}/channels/dev`, { version });
      if (moved.status >= 300) return;
      promised.seq = (moved.body as { seq: number }).seq;
      promised.version = version;
    }),
    untilKilled(killed, async (step) => {
      const subject = `user-${round}-${step}`;
      const answer = await rms.call("PUT", `${domain}/roles/seller/members/${subject}`, {});
      if (answer.status < 300) promised.members.add(subject);
    }),
    // A rotation's second step makes every stamp anew.
    untilKilled(killed, async () => {
      await rms.call("POST", "/api/v1/keys/rotate", { reason: "often" });
      await new Promise((wait) => setTimeout(wait, 60));
    }),
    untilKilled(killed, async () => noteTag(rms, promised)),
  ];
  await first;
  setTimeout(() => rms.child.kill("SIGKILL"), Math.random() * 400);
  await Promise.all([...changes, killed]);
}

const published = (version: string, file: string): unknown => ({ version, files: { "shop.rego": file }, message: "" });

async function holdsWhatItPromised(rms: RmsProcess, promised: Promised): Promise<void> {
  const versions = await items<{ version: string; digest: string }>(rms, `${policy}/versions`);
  const digests = new Map(versions.map(({ version, digest }) => [version, digest]));
  expect([...promised.versions].filter(([version, digest]) => digests.get(version) !== digest)).toEqual([]);
  // What was not answered is there whole or not at all, and may be asked for again.
  for (const [version, file] of promised.unanswered) {
    if (digests.has(version)) expect((await fetchText(rms, `${policy}/versions/${version}/files/shop.rego`)).text).toBe(file);
    const again = await rms.call("POST", `${policy}/versions`, published(version, file), { "idempotency-key": version });
    expect([200, 201]).toContain(again.status);
    promised.versions.set(version, (again.body as { digest: string }).digest);
  }
  promised.unanswered.clear();

  const subjects = new Set(
    (await items<{ subject: string }>(rms, `${domain}/roles/seller/members`)).map((member) => member.subject),
  );
  expect([...promised.members].filter((subject) => !subjects.has(subject))).toEqual([]);

  const channel = (await rms.call("GET", `${policy}/channels/dev`)).body as { seq?: number; version?: string };
  expect(channel.seq ?? 0).toBeGreaterThanOrEqual(promised.seq);
  if (channel.seq === promised.seq) expect(channel.version).toBe(promised.version);
  const bundle = await noteTag(rms, promised);
  if (bundle === undefined) return;
  expect(bundle.files.get("shop.rego")).toContain(`version := "${channel.version}"`);
  const data = JSON.parse(bundle.files.get("data.json") ?? "") as { rms: { data: { users: Record<string, unknown> } } };
  expect([...subjects].filter((subject) => !(subject in data.rms.data.users))).toEqual([]);
}

/** Repeats an act until the server is gone; what the kill cut off was not acknowledged. */
async function untilKilled(killed: Promise<void>, act: (step: number) => Promise<unknown>): Promise<void> {
  let gone = false;
  void killed.then(() => {
    gone = true;
  });
  for (let step = 0; !gone; step++) await act(step).catch(() => new Promise((wait) => setTimeout(wait, 5)));
}

/** The bundle that is served now, checked; an ETag that was seen once must never stand for other bytes. */
async function noteTag(rms: RmsProcess, { tags }: Promised): Promise<ReturnType<typeof readBundle> | undefined> {
  const answer = await fetch(`${rms.url}${address}`, { headers: { authorization: `Bearer ${adminToken}` } });
  const tag = answer.headers.get("etag");
  const bytes = new Uint8Array(await answer.arrayBuffer());
  if (tag === null) return undefined;
  const keys = (await rms.call("GET", "/api/v1/keys?domain=shop&format=opa")).body as Record<string, { key: string }>;
  const bundle = readBundle(bytes, "rms:shop", (kid) => keys[kid]?.key);
  expect(tags.get(tag) ?? bundle.digest).toBe(bundle.digest);
  tags.set(tag, bundle.digest);
  return bundle;
}

async function fetchText(rms: RmsProcess, path: string): Promise<{ readonly status: number; readonly text: string }> {
  const answer = await fetch(`${rms.url}${path}`, { headers: { authorization: `Bearer ${adminToken}` } });
  return { status: answer.status, text: await answer.text() };
}

/** A whole list, page by page. */
async function items<Item>(rms: RmsProcess, path: string): Promise<readonly Item[]> {
  const all: Item[] = [];
  for (let cursor: string | undefined = ""; cursor !== undefined; ) {
    const query: string = cursor === "" ? "" : `&cursor=${encodeURIComponent(cursor)}`;
    const { body } = await rms.call("GET", `${path}?limit=200${query}`);
    const page = body as { items: Item[]; next?: string };
    all.push(...page.items);
    cursor = page.next;
  }
  return all;
}
