// What `rw new` (and "New Policy" in the editor) writes passes strict checks, tests, format and expected decisions at once, as it is.
import { expect, test } from "vitest";
import { inFolder, run } from "./run.ts";

for (const name of ["authz", "shop.cart"])
  test(`a decision, a library, data and a sample of ${name}`, async () => {
    await inFolder(async (cwd) => {
      const written = [
        ["decision", name],
        ["library", `${name}.roles`],
        ["data", name],
        ["sample", "large-order"],
      ];
      for (const words of written) expect(await run("rw", ["new", ...words], { cwd })).toMatchObject({ code: 0, err: "" });
      expect(await run("rw", ["check", "--strict", "."], { cwd })).toMatchObject({ code: 0, out: "", err: "" });
      expect(await run("rw", ["fmt", "-l", "."], { cwd })).toMatchObject({ code: 0, out: "", err: "" });
      expect(await run("rw", ["test", "-b", "."], { cwd })).toMatchObject({ code: 0, out: "PASS: 4/4\n" });
      const samples = await run("rw", ["samples", "."], { cwd });
      expect(samples).toMatchObject({ code: 0, err: "" });
      expect(samples.out).toMatch(/admin\.conf.*true/u);
    });
  });
