// Semantic versions.
import { ANY, BOOLEAN, NUMBER, STRING } from "../types/type.ts";
import { arg, type BuiltinRow } from "./builtin.ts";

export const semver: readonly BuiltinRow[] = [
  {
    name: "semver.compare",
    description: "Compares two semantic versions: -1, 0 or 1.",
    args: [arg("a", STRING), arg("b", STRING)],
    result: arg("result", NUMBER),
    where: "host",
  },
  {
    name: "semver.is_valid",
    description: "True when the text is a semantic version.",
    args: [arg("vsn", ANY)],
    result: arg("result", BOOLEAN),
    where: "host",
  },
];
