// What the language itself is compiled to.
import { ANY, arrayOf, BOOLEAN, STRING, setOf } from "../types/type.ts";
import { type BuiltinRow, unnamed } from "./builtin.ts";

export const internal: readonly BuiltinRow[] = [
  {
    name: "internal.member_2",
    description: "`x in xs`.",
    args: [unnamed(ANY), unnamed(ANY)],
    result: unnamed(BOOLEAN),
    where: "runtime",
    infix: "in",
  },
  {
    name: "internal.member_3",
    description: "`k, v in xs`.",
    args: [unnamed(ANY), unnamed(ANY), unnamed(ANY)],
    result: unnamed(BOOLEAN),
    where: "runtime",
    infix: "in",
  },
  {
    name: "internal.print",
    description: "What `print` is compiled to.",
    args: [unnamed(arrayOf(setOf(ANY)))],
    result: undefined,
    where: "compile-time",
  },
  {
    name: "internal.template_string",
    description: "What a template string is compiled to.",
    args: [unnamed(arrayOf(ANY))],
    result: unnamed(STRING),
    where: "runtime",
  },
  {
    name: "internal.test_case",
    description: "Names the case of a parametrised test.",
    args: [unnamed(arrayOf(ANY))],
    result: undefined,
    where: "compile-time",
  },
];
