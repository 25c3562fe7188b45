// Builtins for those who look for a fault: they never change a decision.
import { ANY, BOOLEAN, STRING } from "../types/type.ts";
import { arg, type BuiltinRow } from "./builtin.ts";

export const tracing: readonly BuiltinRow[] = [
  {
    name: "print",
    description: "Prints the values, for debugging; never changes the outcome.",
    args: [],
    result: undefined,
    where: "compile-time",
    variadic: ANY,
  },
  {
    name: "trace",
    description: "Writes a note into the trace; always true.",
    args: [arg("note", STRING)],
    result: arg("result", BOOLEAN),
    where: "host",
  },
];
