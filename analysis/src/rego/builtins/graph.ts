// Walking graphs and documents.
import { ANY, arrayOf, objectOf, setOf, tuple, union } from "../types/type.ts";
import { arg, type BuiltinRow } from "./builtin.ts";

export const graph: readonly BuiltinRow[] = [
  {
    name: "graph.reachable",
    description: "The nodes that can be reached from the initial ones along the edges.",
    args: [arg("graph", objectOf(ANY, union(arrayOf(ANY), setOf(ANY)))), arg("initial", union(arrayOf(ANY), setOf(ANY)))],
    result: arg("output", setOf(ANY)),
    where: "runtime",
  },
  {
    name: "graph.reachable_paths",
    description: "The paths that lead from the initial nodes along the edges.",
    args: [arg("graph", objectOf(ANY, union(arrayOf(ANY), setOf(ANY)))), arg("initial", union(arrayOf(ANY), setOf(ANY)))],
    result: arg("output", setOf(arrayOf(ANY))),
    where: "host",
  },
  {
    name: "walk",
    description: "Every pair of path and value inside a document.",
    args: [arg("x", ANY)],
    result: arg("output", tuple([arrayOf(ANY), ANY])),
    where: "runtime",
    relation: true,
  },
];
