// opa.runtime and net.lookup_ip_addr: what the host grants through its ports, and nothing without them.

import { compareStrings } from "#grammars/text/compare-strings.ts";
import { ipBytes, ipFault } from "#grammars/text/ip-literal.ts";
import { ipText } from "../crypto/names.ts";
import { RegoObject, RegoSet } from "../value.ts";
import { type Family, failure, operand } from "./builtin.ts";

export const host: Family = {
  "opa.runtime": (_args, { ports }) => ports.runtime?.() ?? RegoObject.of([]),

  "net.lookup_ip_addr": (args, { ports, cache }) => {
    const name = operand(args, 1, "string");
    const key = `net.lookup_ip_addr ${name}`;
    const known = cache.get(key);
    if (known !== undefined) return known;
    if (ipFault(name) === undefined) return RegoSet.of([ipText(ipBytes(name))]);
    if (ports.lookup === undefined) throw failure(`lookup ${name}: the host grants no name lookups`);
    const answer = ports.lookup(name);
    if ("fault" in answer) throw failure(answer.fault);
    const addresses = RegoSet.of([...answer.addresses].sort(compareStrings));
    cache.set(key, addresses);
    return addresses;
  },
};
