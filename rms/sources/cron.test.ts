// Times as cron writes them: which come next, and which texts say none.
import { expect, test } from "vitest";
import { nextTime, readCron } from "./cron.ts";

const next = (text: string, after: string): string => {
  const cron = readCron(text);
  if ("fault" in cron) return cron.fault;
  const at = nextTime(cron, Date.parse(after) / 1000);
  return Number.isFinite(at) ? new Date(at * 1000).toISOString().slice(0, 16) : "never";
};

// 2 March 2026 is a Monday.
test.each([
  ["30 2 * * *", "2026-03-02T02:29:59Z", "2026-03-02T02:30"],
  ["30 2 * * *", "2026-03-02T02:30:00Z", "2026-03-03T02:30"],
  ["*/15 8-17 * * 1-5", "2026-03-06T17:45:00Z", "2026-03-09T08:00"],
  ["5,35 * * * *", "2026-12-31T23:35:01Z", "2027-01-01T00:05"],
  ["10/20 0 * * *", "2026-03-02T00:10:00Z", "2026-03-02T00:30"],
  ["0 4 * * 7", "2026-03-02T00:00:00Z", "2026-03-08T04:00"],
  ["0 4 1 * 3", "2026-03-02T00:00:00Z", "2026-03-04T04:00"],
  ["0 0 29 2 *", "2026-03-02T00:00:00Z", "2028-02-29T00:00"],
  ["0 0 30 2 *", "2026-03-02T00:00:00Z", "never"],
])("after %s the next of %s", (text, after, expected) => {
  expect(next(text, after)).toBe(expected);
});

test.each([
  ["0 4 * *", "has 4 fields, where there are five: minute, hour, day of the month, month, day of the week"],
  ["60 4 * * *", "has the minute 60: that is *, numbers from 0 to 59, or ranges, with / for steps"],
  ["0 4 * * mon", "has the day of the week mon: that is *, numbers from 0 to 7, or ranges, with / for steps"],
  ["0 5-4 * * *", "has the hour 5-4: that is *, numbers from 0 to 23, or ranges, with / for steps"],
  ["*/0 4 * * *", "has the minute */0: that is *, numbers from 0 to 59, or ranges, with / for steps"],
])("%s says no times", (text, fault) => {
  expect(next(text, "2026-03-02T00:00:00Z")).toBe(fault);
});
