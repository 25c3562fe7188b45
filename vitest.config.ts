// Unit tests: one warm process, text in and text out.
import { defineConfig } from "vitest/config";
import "./scripts/engine-of-tests.ts";

export default defineConfig({
  test: {
    include: [
      "**/src/**/*.test.ts",
      "rms/**/*.test.ts",
      "syntaxes/**/*.test.ts",
      "compiler/**/*.test.ts",
      "scripts/**/*.test.ts",
    ],
    exclude: [".e2e/**", "e2e/**", "node_modules/**", "dist/**", "build/**"],
    pool: "threads",
    isolate: false,
    testTimeout: 20_000,
    setupFiles: ["scripts/property-seed.ts"],
  },
});
