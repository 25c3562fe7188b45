// Times by Go's layouts: what is taken, and what is said of the rest.
import { describe, expect, test } from "vitest";
import { parseTime } from "./parse-time.ts";

const read = (layout: string, value: string): string => {
  const outcome = parseTime(layout, value);
  return "fault" in outcome ? outcome.fault : `${outcome.nanos}`;
};

describe("a layout and a text", () => {
  test.each([
    ["02 Jan 06 15:04 MST", "02 Jan 24 03:04 WITA", "1704164640000000000"],
    ["02 Jan 06 15:04 MST", "02 Jan 24 03:04 GMT+3", "1704164640000000000"],
    ["2006 MST -07", "2024 UTC +02", "1704067200000000000"],
    // The fraction behind the seconds belongs to the layout's next element, wherever that stands.
    ["2006 5 x .000", "2024 5 x .250", "1704067205250000000"],
    ["06", "+5", "1104537600000000000"],
    ["2006 .000", "2024 .+12", "1704067200012000000"],
    ["002 2006", "366 2024", "1735603200000000000"],
  ])("%s reads %s", (layout, value, nanos) => {
    expect(read(layout, value)).toBe(nanos);
  });

  test.each([
    ["Z07", "2262-04", `parsing time "2262-04": time zone offset hour out of range`],
    ["Z07", "060", `parsing time "060": time zone offset hour out of range`],
    ["-0700", "*2561", `parsing time "*2561": time zone offset minute out of range`],
    ["-07", "*05", `parsing time "*05" as "-07": cannot parse "*05" as "-07"`],
    ["02 Jan 06 15:04 MST", "02 Jan 24 03:04 -0700", `cannot parse "-0700" as "MST"`],
    ["__2 2006", "00:00AM", `parsing time "00:00AM" as "__2 2006": cannot parse ":00AM" as " "`],
    ["002", "0000-01", `parsing time "0000-01": extra text: "0-01"`],
    ["002", "000", `parsing time "000": day-of-year out of range`],
    ["002 01", "060 03", `parsing time "060 03": day-of-year does not match month`],
    [".000", ".-12", `parsing time ".-12": fractional second out of range`],
    ["2006", "20é", `parsing time "20\\xc3\\xa9" as "2006": cannot parse "20\\xc3\\xa9" as "2006"`],
  ])("%s does not read %s", (layout, value, fault) => {
    expect(read(layout, value)).toContain(fault);
  });
});
