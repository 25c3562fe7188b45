// uri.*: addresses read as Go's net/url reads them, with its faults.
import { parseUri, splitPort } from "#grammars/text/go-url.ts";
import { RegoObject, type Value } from "../value.ts";
import { type Family, failure, operand } from "./builtin.ts";

export const uri: Family = {
  "uri.parse": (args) => {
    const outcome = parseUri(operand(args, 1, "string"));
    if ("fault" in outcome) throw failure(outcome.fault);
    const { scheme, host, path, rawPath, rawQuery, fragment } = outcome.value;
    const [hostname, port] = splitPort(host);
    const fields: readonly (readonly [string, string])[] = [
      ["scheme", scheme],
      ["hostname", hostname],
      ["port", port],
      ["path", path],
      ["raw_path", path === "" ? "" : rawPath || path],
      ["raw_query", rawQuery],
      ["fragment", fragment],
    ];
    return RegoObject.of(fields.filter(([, value]) => value !== ""));
  },

  "uri.is_valid": ([value]: readonly Value[]) => typeof value === "string" && value !== "" && "value" in parseUri(value),
};
