// What "New Policy" writes passes strict checks, tests, format and expected decisions at once, as it is.
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { packageFault, templatesOf } from "../../client/src/templates.ts";
import { inFolder, run } from "./run.ts";

function write(folder: string, kind: "decision" | "library" | "data" | "sample", name: string): void {
  for (const { folder: where, file, text } of templatesOf(kind, name)) {
    const path = join(folder, where === "inputs" ? "inputs" : name.replaceAll(".", "/"), file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
}

for (const name of ["authz", "shop.cart"])
  test(`a decision, a library, data and a sample of ${name}`, async () => {
    await inFolder(async (cwd) => {
      write(cwd, "decision", name);
      write(cwd, "library", `${name}.roles`);
      write(cwd, "data", name);
      write(cwd, "sample", "large-order");
      expect(await run("rw", ["check", "--strict", "."], { cwd })).toMatchObject({ code: 0, out: "", err: "" });
      expect(await run("rw", ["fmt", "-l", "."], { cwd })).toMatchObject({ code: 0, out: "", err: "" });
      expect(await run("rw", ["test", "-b", "."], { cwd })).toMatchObject({ code: 0, out: "PASS: 4/4\n" });
      const samples = await run("rw", ["samples", "."], { cwd });
      expect(samples).toMatchObject({ code: 0, err: "" });
      expect(samples.out).toMatch(/admin\.conf.*true/u);
    });
  });

test.each([
  ["authz.orders", undefined],
  ["authz.if", { kind: "keyword", word: "if" }],
  ["default", { kind: "keyword", word: "default" }],
  ["authz..orders", { kind: "shape" }],
  ["1st", { kind: "shape" }],
])("a package named %s", (name, fault) => {
  expect(packageFault(name)).toEqual(fault);
});
