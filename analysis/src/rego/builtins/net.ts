// Networks and addresses.
import { ANY, arrayOf, BOOLEAN, objectOf, STRING, setOf, tuple, union } from "../types/type.ts";
import { arg, type BuiltinRow, unnamed } from "./builtin.ts";

export const net: readonly BuiltinRow[] = [
  {
    name: "net.cidr_contains",
    description: "True when the network contains the address or network.",
    args: [arg("cidr", STRING), arg("cidr_or_ip", STRING)],
    result: arg("result", BOOLEAN),
    where: "runtime",
  },
  {
    name: "net.cidr_contains_matches",
    description: "The pairs of networks and addresses where one contains the other.",
    args: [
      arg(
        "cidrs",
        union(
          STRING,
          arrayOf(union(STRING, arrayOf(ANY))),
          objectOf(STRING, union(STRING, arrayOf(ANY))),
          setOf(union(STRING, arrayOf(ANY))),
        ),
      ),
      arg(
        "cidrs_or_ips",
        union(
          STRING,
          arrayOf(union(STRING, arrayOf(ANY))),
          objectOf(STRING, union(STRING, arrayOf(ANY))),
          setOf(union(STRING, arrayOf(ANY))),
        ),
      ),
    ],
    result: arg("output", setOf(tuple([ANY, ANY]))),
    where: "host",
  },
  {
    name: "net.cidr_expand",
    description: "Every address of a network.",
    args: [arg("cidr", STRING)],
    result: arg("hosts", setOf(STRING)),
    where: "host",
  },
  {
    name: "net.cidr_intersects",
    description: "True when two networks overlap.",
    args: [arg("cidr1", STRING), arg("cidr2", STRING)],
    result: arg("result", BOOLEAN),
    where: "runtime",
  },
  {
    name: "net.cidr_is_valid",
    description: "True when the text is a network in CIDR notation.",
    args: [arg("cidr", STRING)],
    result: arg("result", BOOLEAN),
    where: "host",
  },
  {
    name: "net.cidr_merge",
    description: "Merges addresses and networks into the fewest networks that cover them.",
    args: [arg("addrs", union(arrayOf(union(STRING)), setOf(STRING)))],
    result: arg("output", setOf(STRING)),
    where: "host",
  },
  {
    name: "net.cidr_overlap",
    description: "True when the network contains the address (v0 only; use `net.cidr_contains`).",
    args: [unnamed(STRING), unnamed(STRING)],
    result: unnamed(BOOLEAN),
    where: "runtime",
    deprecated: true,
  },
  {
    name: "net.lookup_ip_addr",
    description: "Asks DNS for the addresses of a host name.",
    args: [arg("name", STRING)],
    result: arg("addrs", setOf(STRING)),
    where: "host",
    nondeterministic: true,
  },
];
