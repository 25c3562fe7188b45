// Blobs on the disk: whole or not there, by whatever way they come.
import { mkdtempSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Blobs, sha256 } from "./blobs.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "blobs-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const path = (digest: string): string => join(folder, "sha256", digest.slice(0, 2), digest.slice(2));
const files = (): readonly string[] =>
  readdirSync(join(folder, "sha256")).flatMap((start) => readdirSync(join(folder, "sha256", start)).map((rest) => start + rest));

test("many are written at once, each once; a damaged one is written anew, and one that is there counts as new", async () => {
  const blobs = new Blobs(folder);
  const texts = Array.from({ length: 300 }, (_, n) => bytes(`text ${n % 250}`));
  const [damaged, old] = [blobs.put(bytes("text 1")), blobs.put(bytes("text 2"))];
  writeFileSync(path(damaged), "half");
  utimesSync(path(old), 0, 0);
  await Promise.all([blobs.putAll(texts), blobs.putAll(texts)]);
  expect([...files()].sort()).toEqual([...new Set(texts.map(sha256))].sort());
  for (const text of texts) expect(blobs.get(sha256(text))).toEqual(Buffer.from(text));
  expect(statSync(path(old)).mtimeMs).toBeGreaterThan(Date.now() - 60_000);
});

test("where one cannot be written the reason is told, and nothing half is left", async () => {
  const blobs = new Blobs(folder);
  const texts = Array.from({ length: 40 }, (_, n) => bytes(`text ${n}`));
  const [first] = texts.map(sha256);
  // A file where the folder of the first should be.
  writeFileSync(join(folder, "sha256", first!.slice(0, 2)), "");
  await expect(blobs.putAll(texts)).rejects.toMatchObject({ code: expect.stringMatching(/^E/) });
  rmSync(join(folder, "sha256", first!.slice(0, 2)));
  expect(files().filter((name) => !/^[0-9a-f]{64}$/.test(name))).toEqual([]);
  await blobs.putAll(texts);
  expect(files().length).toBe(40);
});
