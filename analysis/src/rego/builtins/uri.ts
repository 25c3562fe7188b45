// URIs and UUIDs.
import { ANY, BOOLEAN, objectOf, STRING } from "../types/type.ts";
import { arg, type BuiltinRow } from "./builtin.ts";

export const uri: readonly BuiltinRow[] = [
  {
    name: "uri.is_valid",
    description: "True when the text is a URI.",
    args: [arg("uri", STRING)],
    result: arg("result", BOOLEAN),
    where: "host",
  },
  {
    name: "uri.parse",
    description: "Takes a URI apart.",
    args: [arg("uri", STRING)],
    result: arg("output", objectOf(STRING, STRING)),
    where: "host",
  },
  {
    name: "uuid.parse",
    description: "Takes a UUID apart.",
    args: [arg("uuid", STRING)],
    result: arg("result", objectOf(STRING, ANY)),
    where: "host",
  },
  {
    name: "uuid.rfc4122",
    description: "A random UUID; the same for the same `k` within one query.",
    args: [arg("k", STRING)],
    result: arg("output", STRING),
    where: "host",
    nondeterministic: true,
  },
];
