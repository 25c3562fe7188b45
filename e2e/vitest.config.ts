// The suites that run built programs; each is chosen with `--dir`: programs, lsp, oracle, sidecar, …
import { defineConfig } from "vitest/config";
import "../scripts/engine-of-tests.ts";

export default defineConfig({
  test: { include: ["**/*.test.ts"], testTimeout: 120_000, hookTimeout: 120_000, fileParallelism: false },
});
