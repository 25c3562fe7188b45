// Builtins that make one value of a collection.
import { ANY, arrayOf, BOOLEAN, NUMBER, objectOf, STRING, setOf, union } from "../types/type.ts";
import { arg, type BuiltinRow, unnamed } from "./builtin.ts";

export const aggregates: readonly BuiltinRow[] = [
  {
    name: "all",
    description: "True when every member of the collection is true (v0 only; use `every`).",
    args: [unnamed(union(arrayOf(ANY), setOf(ANY)))],
    result: unnamed(BOOLEAN),
    where: "runtime",
    deprecated: true,
  },
  {
    name: "any",
    description: "True when some member of the collection is true (v0 only; use `in`).",
    args: [unnamed(union(arrayOf(ANY), setOf(ANY)))],
    result: unnamed(BOOLEAN),
    where: "runtime",
    deprecated: true,
  },
  {
    name: "count",
    description: "The number of items of a collection, or of characters of a string.",
    args: [arg("collection", union(STRING, arrayOf(ANY), objectOf(ANY, ANY), setOf(ANY)))],
    result: arg("n", NUMBER),
    where: "runtime",
  },
  {
    name: "max",
    description: "The greatest member of a collection.",
    args: [arg("collection", union(arrayOf(ANY), setOf(ANY)))],
    result: arg("n", ANY),
    where: "runtime",
  },
  {
    name: "min",
    description: "The least member of a collection.",
    args: [arg("collection", union(arrayOf(ANY), setOf(ANY)))],
    result: arg("n", ANY),
    where: "runtime",
  },
  {
    name: "product",
    description: "Product of the numbers of a collection.",
    args: [arg("collection", union(arrayOf(NUMBER), setOf(NUMBER)))],
    result: arg("n", NUMBER),
    where: "runtime",
  },
  {
    name: "sort",
    description: "The members of a collection as a sorted array.",
    args: [arg("collection", union(arrayOf(ANY), setOf(ANY)))],
    result: arg("n", arrayOf(ANY)),
    where: "runtime",
  },
  {
    name: "sum",
    description: "Sum of the numbers of a collection.",
    args: [arg("collection", union(arrayOf(NUMBER), setOf(NUMBER)))],
    result: arg("n", NUMBER),
    where: "runtime",
  },
];
