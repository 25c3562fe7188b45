// Bitwise operations on integers.
import { NUMBER } from "../types/type.ts";
import { arg, type BuiltinRow } from "./builtin.ts";

export const bits: readonly BuiltinRow[] = [
  {
    name: "bits.and",
    description: "Bitwise AND of two integers.",
    args: [arg("x", NUMBER), arg("y", NUMBER)],
    result: arg("z", NUMBER),
    where: "runtime",
  },
  {
    name: "bits.lsh",
    description: "Shifts the integer `s` bits to the left.",
    args: [arg("x", NUMBER), arg("s", NUMBER)],
    result: arg("z", NUMBER),
    where: "runtime",
  },
  {
    name: "bits.negate",
    description: "Flips every bit of the integer.",
    args: [arg("x", NUMBER)],
    result: arg("z", NUMBER),
    where: "runtime",
  },
  {
    name: "bits.or",
    description: "Bitwise OR of two integers.",
    args: [arg("x", NUMBER), arg("y", NUMBER)],
    result: arg("z", NUMBER),
    where: "runtime",
  },
  {
    name: "bits.rsh",
    description: "Shifts the integer `s` bits to the right.",
    args: [arg("x", NUMBER), arg("s", NUMBER)],
    result: arg("z", NUMBER),
    where: "runtime",
  },
  {
    name: "bits.xor",
    description: "Bitwise exclusive OR of two integers.",
    args: [arg("x", NUMBER), arg("y", NUMBER)],
    result: arg("z", NUMBER),
    where: "runtime",
  },
];
