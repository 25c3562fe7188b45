// Numbers as Go prints them.
import { expect, test } from "vitest";
import { goFixed } from "./metrics.ts";

test.each([
  [28.125, "28.12"],
  [28.375, "28.38"],
  [0.005, "0.01"],
  [1.005, "1.00"],
  [50, "50.00"],
  [99.999, "100.00"],
])("%s → %s", (value, text) => {
  expect(goFixed(value, 2)).toBe(text);
});
