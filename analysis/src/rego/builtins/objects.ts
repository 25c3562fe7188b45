// Objects and JSON documents.
import { ANY, arrayOf, BOOLEAN, NULL, objectOf, record, STRING, setOf, tuple, union } from "../types/type.ts";
import { arg, type BuiltinRow } from "./builtin.ts";

export const objects: readonly BuiltinRow[] = [
  {
    name: "json.filter",
    description: "Keeps only the given paths of an object.",
    args: [
      arg("object", objectOf(ANY, ANY)),
      arg("paths", union(arrayOf(union(STRING, arrayOf(ANY))), setOf(union(STRING, arrayOf(ANY))))),
    ],
    result: arg("filtered", objectOf(ANY, ANY)),
    where: "runtime",
  },
  {
    name: "json.match_schema",
    description: "Checks a document against a JSON schema; gives the verdict and the findings.",
    args: [arg("document", union(STRING, objectOf(ANY, ANY))), arg("schema", union(STRING, objectOf(ANY, ANY)))],
    result: arg("output", tuple([BOOLEAN, arrayOf(record({ desc: STRING, error: STRING, field: STRING, type: STRING }))])),
    where: "host",
    nondeterministic: true,
  },
  {
    name: "json.patch",
    description: "Applies JSON patch operations to a document.",
    args: [arg("target", ANY), arg("patches", arrayOf(record({ op: STRING, path: ANY }, { key: ANY, value: ANY })))],
    result: arg("output", ANY),
    where: "host",
  },
  {
    name: "json.remove",
    description: "Removes the given paths from an object.",
    args: [
      arg("object", objectOf(ANY, ANY)),
      arg("paths", union(arrayOf(union(STRING, arrayOf(ANY))), setOf(union(STRING, arrayOf(ANY))))),
    ],
    result: arg("output", objectOf(ANY, ANY)),
    where: "runtime",
  },
  {
    name: "json.verify_schema",
    description: "Checks that a JSON schema is itself valid.",
    args: [arg("schema", union(STRING, objectOf(ANY, ANY)))],
    result: arg("output", tuple([BOOLEAN, union(NULL, STRING)])),
    where: "host",
    nondeterministic: true,
  },
  {
    name: "object.filter",
    description: "Keeps only the given keys of an object.",
    args: [arg("object", objectOf(ANY, ANY)), arg("keys", union(arrayOf(ANY), objectOf(ANY, ANY), setOf(ANY)))],
    result: arg("filtered", objectOf(ANY, ANY)),
    where: "runtime",
  },
  {
    name: "object.get",
    description: "The value at a key or path, or the default if there is none.",
    args: [arg("object", objectOf(ANY, ANY)), arg("key", ANY), arg("default", ANY)],
    result: arg("value", ANY),
    where: "runtime",
  },
  {
    name: "object.keys",
    description: "The keys of an object, as a set.",
    args: [arg("object", objectOf(ANY, ANY))],
    result: arg("value", setOf(ANY)),
    where: "runtime",
  },
  {
    name: "object.remove",
    description: "The object without the given keys.",
    args: [arg("object", objectOf(ANY, ANY)), arg("keys", union(arrayOf(ANY), objectOf(ANY, ANY), setOf(ANY)))],
    result: arg("output", objectOf(ANY, ANY)),
    where: "runtime",
  },
  {
    name: "object.subset",
    description: "True when `sub` is part of `super`; works for objects, sets and arrays.",
    args: [
      arg("super", union(arrayOf(ANY), objectOf(ANY, ANY), setOf(ANY))),
      arg("sub", union(arrayOf(ANY), objectOf(ANY, ANY), setOf(ANY))),
    ],
    result: arg("result", BOOLEAN),
    where: "host",
  },
  {
    name: "object.union",
    description: "Merges two objects, deeply; the second one wins.",
    args: [arg("a", objectOf(ANY, ANY)), arg("b", objectOf(ANY, ANY))],
    result: arg("output", objectOf(ANY, ANY)),
    where: "runtime",
  },
  {
    name: "object.union_n",
    description: "Merges objects, deeply; later ones win.",
    args: [arg("objects", arrayOf(objectOf(ANY, ANY)))],
    result: arg("output", objectOf(ANY, ANY)),
    where: "runtime",
  },
];
