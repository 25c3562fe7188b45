// Comparison, unification and assignment.
import { ANY, BOOLEAN } from "../types/type.ts";
import { arg, type BuiltinRow, unnamed } from "./builtin.ts";

export const comparison: readonly BuiltinRow[] = [
  {
    name: "assign",
    description: "Declares a local variable and binds it: `x := y`.",
    args: [unnamed(ANY), unnamed(ANY)],
    result: unnamed(BOOLEAN),
    where: "runtime",
    infix: ":=",
  },
  {
    name: "eq",
    description: "Unifies two terms: `x = y`.",
    args: [unnamed(ANY), unnamed(ANY)],
    result: unnamed(BOOLEAN),
    where: "runtime",
    infix: "=",
  },
  {
    name: "equal",
    description: "True when both values are equal.",
    args: [arg("x", ANY), arg("y", ANY)],
    result: arg("result", BOOLEAN),
    where: "runtime",
    infix: "==",
  },
  {
    name: "gt",
    description: "True when the first value is greater than the second.",
    args: [arg("x", ANY), arg("y", ANY)],
    result: arg("result", BOOLEAN),
    where: "runtime",
    infix: ">",
  },
  {
    name: "gte",
    description: "True when the first value is greater than or equal to the second.",
    args: [arg("x", ANY), arg("y", ANY)],
    result: arg("result", BOOLEAN),
    where: "runtime",
    infix: ">=",
  },
  {
    name: "lt",
    description: "True when the first value is less than the second.",
    args: [arg("x", ANY), arg("y", ANY)],
    result: arg("result", BOOLEAN),
    where: "runtime",
    infix: "<",
  },
  {
    name: "lte",
    description: "True when the first value is less than or equal to the second.",
    args: [arg("x", ANY), arg("y", ANY)],
    result: arg("result", BOOLEAN),
    where: "runtime",
    infix: "<=",
  },
  {
    name: "neq",
    description: "True when the values differ.",
    args: [arg("x", ANY), arg("y", ANY)],
    result: arg("result", BOOLEAN),
    where: "runtime",
    infix: "!=",
  },
];
