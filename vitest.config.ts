// Tests beside what they test, in one warm process, text in and text out. Those of seconds (properties of many texts, large inputs, threads)
// are called *.long.test.ts and are a project of their own.
import { defineConfig } from "vitest/config";
import "./scripts/engine-of-tests.ts";

const rooms = ["**/src/**", "rms/**", "syntaxes/**", "compiler/**", "scripts/**"];
const outside = [".e2e/**", "e2e/**", "node_modules/**", "dist/**", "build/**"];
const long = "*.long.test.ts";

export default defineConfig({
  test: {
    pool: "threads",
    isolate: false,
    testTimeout: 20_000,
    hookTimeout: 20_000,
    setupFiles: ["scripts/property-seed.ts"],
    projects: [
      {
        extends: true,
        test: { name: "unit", include: rooms.map((room) => `${room}/*.test.ts`), exclude: [...outside, `**/${long}`] },
      },
      { extends: true, test: { name: "long", include: rooms.map((room) => `${room}/${long}`), exclude: outside } },
    ],
  },
});
