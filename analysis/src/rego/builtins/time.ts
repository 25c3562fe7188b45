// Times and durations.
import { NUMBER, STRING, tuple, union } from "../types/type.ts";
import { arg, type BuiltinRow } from "./builtin.ts";

export const time: readonly BuiltinRow[] = [
  {
    name: "time.add_date",
    description: "Adds years, months and days to a time.",
    args: [arg("ns", NUMBER), arg("years", NUMBER), arg("months", NUMBER), arg("days", NUMBER)],
    result: arg("output", NUMBER),
    where: "host",
  },
  {
    name: "time.clock",
    description: "Hour, minute and second of a time.",
    args: [arg("x", union(NUMBER, tuple([NUMBER, STRING])))],
    result: arg("output", tuple([NUMBER, NUMBER, NUMBER])),
    where: "host",
  },
  {
    name: "time.date",
    description: "Year, month and day of a time.",
    args: [arg("x", union(NUMBER, tuple([NUMBER, STRING])))],
    result: arg("date", tuple([NUMBER, NUMBER, NUMBER])),
    where: "host",
  },
  {
    name: "time.diff",
    description: "The difference of two times in years, months, days, hours, minutes and seconds.",
    args: [arg("ns1", union(NUMBER, tuple([NUMBER, STRING]))), arg("ns2", union(NUMBER, tuple([NUMBER, STRING])))],
    result: arg("output", tuple([NUMBER, NUMBER, NUMBER, NUMBER, NUMBER, NUMBER])),
    where: "host",
  },
  {
    name: "time.format",
    description: "The time as text, in RFC 3339 or the layout given.",
    args: [arg("x", union(NUMBER, tuple([NUMBER, STRING]), tuple([NUMBER, STRING, STRING])))],
    result: arg("formatted timestamp", STRING),
    where: "host",
  },
  {
    name: "time.now_ns",
    description: "The current time in nanoseconds since 1970; the same throughout one query.",
    args: [],
    result: arg("now", NUMBER),
    where: "host",
    nondeterministic: true,
  },
  {
    name: "time.parse_duration_ns",
    description: "Reads a duration such as `1h30m` as nanoseconds.",
    args: [arg("duration", STRING)],
    result: arg("ns", NUMBER),
    where: "host",
  },
  {
    name: "time.parse_ns",
    description: "Reads a time in a given layout as nanoseconds.",
    args: [arg("layout", STRING), arg("value", STRING)],
    result: arg("ns", NUMBER),
    where: "host",
  },
  {
    name: "time.parse_rfc3339_ns",
    description: "Reads a time in RFC 3339 as nanoseconds.",
    args: [arg("value", STRING)],
    result: arg("ns", NUMBER),
    where: "host",
  },
  {
    name: "time.weekday",
    description: "The day of the week, in English.",
    args: [arg("x", union(NUMBER, tuple([NUMBER, STRING])))],
    result: arg("day", STRING),
    where: "host",
  },
];
