// YAML timestamps: which plain scalars look like one, and the instant that `!!timestamp` means.
import { civilFromNanos } from "../time/calendar.ts";
import { formatTime, namedLayouts, parseTime } from "../time/layout.ts";

const layouts = ["2006-1-2T15:4:5.999999999Z07:00", "2006-1-2t15:4:5.999999999Z07:00", "2006-1-2 15:4:5.999999999", "2006-1-2"];

/** The instant as RFC 3339 text; undefined when the text is no timestamp. */
export function namedTime(text: string): string | undefined {
  if (!/^[0-9]{4}-/u.test(text)) return undefined;
  for (const layout of layouts) {
    const read = parseTime(layout, text);
    if ("nanos" in read) return formatTime(civilFromNanos(read.nanos), 0, "UTC", namedLayouts["RFC3339Nano"]!);
    if (read.fault === "time outside of valid range") return text;
  }
  return undefined;
}
