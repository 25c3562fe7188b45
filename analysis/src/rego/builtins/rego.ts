// The policy and its evaluator as data.
import { ANY, arrayOf, objectOf, STRING } from "../types/type.ts";
import { arg, type BuiltinRow } from "./builtin.ts";

export const rego: readonly BuiltinRow[] = [
  {
    name: "opa.runtime",
    description: "What the evaluator knows about itself: configuration, environment, version.",
    args: [],
    result: arg("output", objectOf(STRING, ANY)),
    where: "host",
    nondeterministic: true,
  },
  {
    name: "rego.metadata.chain",
    description: "The annotations from this rule up to its outermost package.",
    args: [],
    result: arg("chain", arrayOf(ANY)),
    where: "compile-time",
  },
  {
    name: "rego.metadata.rule",
    description: "The annotations of this rule.",
    args: [],
    result: arg("output", ANY),
    where: "compile-time",
  },
  {
    name: "rego.parse_module",
    description: "Parses a Rego module and gives its syntax tree as JSON.",
    args: [arg("filename", STRING), arg("rego", STRING)],
    result: arg("output", objectOf(STRING, ANY)),
    where: "host",
  },
];
