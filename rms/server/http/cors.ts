// Cross-origin calls: off, but for the origins that the operator names; tokens come in a header and never in a cookie.
import type { IncomingHttpHeaders } from "node:http";

const asked = "Authorization, Content-Type, Accept, If-Match, If-None-Match, Idempotency-Key";
const told = "ETag, Allow, Retry-After, X-Request-Id, Idempotency-Replayed, Content-Disposition";
/** Seconds for which a browser remembers that it may. */
const remembered = "600";

/** What a web page of one of these origins must be told with an answer. */
export function corsHeaders(
  origins: ReadonlySet<string>,
  { origin }: IncomingHttpHeaders,
  allowed?: readonly string[],
): Readonly<Record<string, string>> {
  if (origins.size === 0) return {};
  if (origin === undefined || !origins.has(origin)) return { Vary: "Origin" };
  return {
    Vary: "Origin",
    "Access-Control-Allow-Origin": origin,
    ...(allowed === undefined
      ? { "Access-Control-Expose-Headers": told }
      : {
          "Access-Control-Allow-Methods": allowed.join(", "),
          "Access-Control-Allow-Headers": asked,
          "Access-Control-Max-Age": remembered,
        }),
  };
}
