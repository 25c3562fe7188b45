// Numbers with units.
import { NUMBER, STRING } from "../types/type.ts";
import { arg, type BuiltinRow } from "./builtin.ts";

export const units: readonly BuiltinRow[] = [
  {
    name: "units.parse",
    description: "Reads a number with an SI or binary unit, such as `10K` or `1Gi`.",
    args: [arg("x", STRING)],
    result: arg("y", NUMBER),
    where: "host",
  },
  {
    name: "units.parse_bytes",
    description: "Reads a number of bytes with a unit, such as `10KB` or `1GiB`.",
    args: [arg("x", STRING)],
    result: arg("y", NUMBER),
    where: "host",
  },
];
