// Sets.
import { ANY, setOf } from "../types/type.ts";
import { arg, type BuiltinRow, unnamed } from "./builtin.ts";

export const sets: readonly BuiltinRow[] = [
  {
    name: "and",
    description: "The members that both sets have.",
    args: [arg("x", setOf(ANY)), arg("y", setOf(ANY))],
    result: arg("z", setOf(ANY)),
    where: "runtime",
    infix: "&",
  },
  {
    name: "intersection",
    description: "The members that all sets of a set have.",
    args: [arg("xs", setOf(setOf(ANY)))],
    result: arg("y", setOf(ANY)),
    where: "runtime",
  },
  {
    name: "or",
    description: "The members that at least one of the sets has.",
    args: [arg("x", setOf(ANY)), arg("y", setOf(ANY))],
    result: arg("z", setOf(ANY)),
    where: "runtime",
    infix: "|",
  },
  {
    name: "set_diff",
    description: "The members of the first set that the second lacks (v0 only; use `-`).",
    args: [unnamed(setOf(ANY)), unnamed(setOf(ANY))],
    result: unnamed(setOf(ANY)),
    where: "runtime",
    deprecated: true,
  },
  {
    name: "union",
    description: "The members that at least one set of a set has.",
    args: [arg("xs", setOf(setOf(ANY)))],
    result: arg("y", setOf(ANY)),
    where: "runtime",
  },
];
