// Runs on the disk: what is written is read again, and what is not whole, of another call or too long is no run.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { type Call, type Place, type Run, readRun, writeRun } from "./entry.ts";

const outer = mkdtempSync(join(tmpdir(), "rw kept entries "));
afterAll(() => rmSync(outer, { recursive: true, force: true }));

const emptyPlace = (): Place => ({ folder: join(mkdtempSync(join(outer, "case ")), "runs"), build: "1" });
const call: Call = { args: ["check", "a"], cwd: "/w", terminal: false };
const run: Run = {
  code: 3,
  observations: [["kind", "a", "file"]],
  effects: [
    ["out", "ä\u{1f600}\n"],
    ["file", "b", "text"],
    ["file", "c", Buffer.from([0, 255, 128])],
  ],
};

test("what is written is read again, by an equal call of the same build alone", () => {
  const place = emptyPlace();
  writeRun(place, call, run);
  expect(readRun(place, call)).toEqual(run);
  for (const other of [
    { ...call, args: ["check a"] },
    { ...call, cwd: "/v" },
    { ...call, terminal: true },
  ])
    expect(readRun(place, other)).toBeUndefined();
  expect(readRun({ ...place, build: "2" }, call)).toBeUndefined();
});

test("a file that lacks its end, or says something else, is no run", () => {
  const place = emptyPlace();
  writeRun(place, call, run);
  const [name = ""] = readdirSync(place.folder);
  const file = join(place.folder, name);
  const text = readFileSync(file, "utf8");
  for (const broken of [text.slice(0, -1), text.slice(0, 100), "", text.replace('"file"', '"none"')]) {
    writeFileSync(file, broken);
    expect(readRun(place, call)).toBeUndefined();
  }
});

test("what is too long is not written, and what cannot be put in its place is taken away", () => {
  const place = emptyPlace();
  writeRun(place, call, { ...run, effects: [["out", "x".repeat(3 << 20)]] });
  expect(readRun(place, call)).toBeUndefined();
  writeRun(place, call, run);
  const [name = ""] = readdirSync(place.folder);
  rmSync(join(place.folder, name));
  mkdirSync(join(place.folder, name));
  writeRun(place, call, run);
  expect(readdirSync(place.folder)).toEqual([name]);
});
