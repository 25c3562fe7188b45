// Durations, periods and sizes as the reference reads them.
import { expect, test } from "vitest";
import { describeDuration, describeSize, readDuration, readPeriod, readSize } from "./units.ts";

test.each([
  ["10", 10_000_000n],
  ["1.5s", 1_500_000_000n],
  [" 3 minutes ", 180_000_000_000n],
  ["1 day", 86_400_000_000_000n],
  ["106752d", 9223372036854775807n],
  ["-1ms", -1_000_000n],
])("duration %s", (text, nanos) => expect(readDuration(text).value).toBe(nanos));

test.each(["", "s", "1 sec", "1s500ms", "1w", "9223372036854775808ns"])("no duration: %s", (text) => {
  expect(readDuration(text).problem).toBeTypeOf("string");
});

test.each([
  ["1K", 1024n],
  ["1KiB", 1024n],
  ["1kB", 1000n],
  ["1.1k", 1126n],
  ["2 megabytes", 2_000_000n],
])("size %s", (text, bytes) => expect(readSize(text).value).toBe(bytes));

test.each(["1KB", "1mb", "-1k", "x"])("no size: %s", (text) => expect(readSize(text).problem).toBeTypeOf("string"));

test.each([
  ["10", "P10D"],
  ["2weeks", "P14D"],
  ["1mo", "P1M"],
])("period %s", (text, iso) => expect(readPeriod(text).value).toBe(iso));

test("in words", () => {
  expect(describeDuration(5_400_000_000_000n)).toBe("1 hour 30 minutes");
  expect(describeSize(1_572_864n)).toBe("1.5 MiB (1572864 bytes)");
});
