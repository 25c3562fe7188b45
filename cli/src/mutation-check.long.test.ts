// The tests of the rms library, on which access depends, and of the examples know every condition of their policies.
import { join } from "node:path";
import { expect, test } from "vitest";
import { heardIo } from "./heard-io.test-helper.ts";
import { processIo } from "./io.ts";
import { main } from "./main.ts";

const root = join(import.meta.dirname, "..", "..");

test.each(["rms/policies", "examples/orders", "examples/storage"])("%s", { timeout: 120_000 }, async (folder) => {
  const { io, printed } = heardIo(processIo());
  const code = await main(["test", join(root, folder), "--mutate", "--threshold", "100"], io);
  const { out, err } = printed();
  expect({ code, err }).toEqual({ code: 0, err: "" });
  expect(out).toMatch(/^(\d+) of \1 conditions are tested \(100\.0 %\)\n$/u);
});
