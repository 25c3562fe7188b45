import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeFolder } from "./make-folder.ts";

test("a folder is made with those above it, and may be there already", () => {
  const folder = mkdtempSync(join(tmpdir(), "make-folder-"));
  const deep = join(folder, "a", "b c", "ü");
  makeFolder(deep, 0o700);
  makeFolder(deep);
  expect(statSync(deep).mode & 0o777).toBe(0o700);
  writeFileSync(join(folder, "file"), "");
  expect(() => makeFolder(join(folder, "file", "x"))).toThrow("EEXIST");
  rmSync(folder, { recursive: true });
});

test.runIf(process.platform === "linux")("a file system without folders of ours says so at once", () => {
  expect(() => makeFolder("/proc/rms/store")).toThrow("mkdir '/proc/rms'");
});
