// What a decision says of access, as far as its text tells.

/** A decision that ended at a limit which a sidecar does not have. */
export const unknownDecision = "unknown";

/** `undefined`: nobody can tell by the decision whether it lets somebody in. */
export type Meaning = "in" | "out" | undefined;

/**
 * Whether a decision, as JSON text, lets somebody in. `true` and words like `"allow"` do, `false`, `null`, an undefined decision, an error and
 * words like `"deny"` do not; of an object `allow` or `allowed` says it (as for Envoy), else `decision`, `effect`, `outcome` or `result`.
 * A refusal lets in where it says nothing: undefined, `false`, an empty collection or text.
 */
export function meaningOf(decision: string, isRefusal: boolean): Meaning {
  if (decision.startsWith("error: ")) return "out";
  if (decision === unknownDecision) return undefined;
  const told = decision.startsWith("{") ? toldBy(JSON.parse(decision) as Told) : undefined;
  if (told !== undefined) return told;
  if (isRefusal) return saysNothing.has(decision) ? "in" : "out";
  return decision === "undefined" ? "out" : saidBy(JSON.parse(decision) as unknown);
}

const saysNothing: ReadonlySet<string> = new Set(["undefined", "false", "null", "[]", "{}", '""']);

interface Told {
  readonly allow?: unknown;
  readonly allowed?: unknown;
  readonly decision?: unknown;
  readonly effect?: unknown;
  readonly outcome?: unknown;
  readonly result?: unknown;
}

function toldBy({ allow, allowed, decision, effect, outcome, result }: Told): Meaning {
  const told = [allow, allowed].filter((one) => typeof one === "boolean");
  if (told.length > 0) return told.includes(true) ? "in" : "out";
  const said = [decision, effect, outcome, result].flatMap((one) => (one === undefined ? [] : [saidBy(one)]));
  // Fields of which one says in and another out say neither.
  return new Set(said).size === 1 ? said[0] : undefined;
}

function saidBy(value: unknown): Meaning {
  if (typeof value === "boolean") return value ? "in" : "out";
  if (value === null) return "out";
  if (typeof value !== "string") return undefined;
  const word = value.toLowerCase();
  if (admits.has(word)) return "in";
  return keepsOut.has(word) ? "out" : undefined;
}

const admits: ReadonlySet<string> = new Set([
  ...["allow", "allowed", "permit", "permitted", "grant", "granted", "accept", "accepted", "approve", "approved", "yes"],
]);
const keepsOut: ReadonlySet<string> = new Set([
  ...["deny", "denied", "forbid", "forbidden", "refuse", "refused", "reject", "rejected", "block", "blocked", "no"],
]);
