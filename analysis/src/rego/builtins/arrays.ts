// Builtins about arrays.
import { ANY, arrayOf, NUMBER } from "../types/type.ts";
import { arg, type BuiltinRow } from "./builtin.ts";

export const arrays: readonly BuiltinRow[] = [
  {
    name: "array.concat",
    description: "The items of the first array followed by those of the second.",
    args: [arg("x", arrayOf(ANY)), arg("y", arrayOf(ANY))],
    result: arg("z", arrayOf(ANY)),
    where: "runtime",
  },
  {
    name: "array.flatten",
    description: "Unpacks arrays nested one level deep into the surrounding array.",
    args: [arg("arr", arrayOf(ANY))],
    result: arg("flattened", arrayOf(ANY)),
    where: "runtime",
  },
  {
    name: "array.reverse",
    description: "The items in reverse order.",
    args: [arg("arr", arrayOf(ANY))],
    result: arg("rev", arrayOf(ANY)),
    where: "runtime",
  },
  {
    name: "array.slice",
    description: "The items from `start` up to, not including, `stop`; both are clamped to the array.",
    args: [arg("arr", arrayOf(ANY)), arg("start", NUMBER), arg("stop", NUMBER)],
    result: arg("slice", arrayOf(ANY)),
    where: "runtime",
  },
];
