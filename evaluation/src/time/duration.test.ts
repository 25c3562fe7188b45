// Durations come to OPA's nanoseconds: parts of units are floats, and days, weeks and years are hours first.
import { expect, test } from "vitest";
import { parseDuration } from "./duration.ts";

test.each([
  ["1d12h", 129_600_000_000_000n],
  ["4.1d", 354_239_999_999_999n],
  ["-295.1d", -25_496_640_000_000_003n],
  ["75.49y", 2_380_652_639_999_999_640n],
  ["0.00000001d", 864_000n],
  ["1.5h", 5_400_000_000_000n],
  ["0.99999999999999999999999s", 1_000_000_000n],
])("%s", (text, nanos) => {
  expect(parseDuration(text)).toEqual({ nanos });
});

test.each(["9223372036854775809", "99999999999999999999999d", `${"9".repeat(400)}d`])("%s is too much", (text) => {
  expect(parseDuration(text)).toEqual({ fault: `time: invalid duration "${text}"` });
});
