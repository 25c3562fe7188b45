// What a decision says of access: most entrypoints let somebody in, some keep them out.
import { byUtf8 } from "#bundles/canonical-json.ts";

/** Last names of rules that usually say why not: `deny`, `denied_reasons`, `violation`, as in OPA's and Gatekeeper's libraries. */
const usual =
  /^(?:den(?:y|ies|ied|ial|ials)|violations?|forbid(?:s|den)?|refus(?:e|es|ed|al|als)|reject(?:s|ed|ions?)?|block(?:s|ed)?)(?:_|[A-Z]|$)/;

/**
 * Those of the entrypoints (`package/rule`) whose decision keeps somebody out where it says anything: the ones that the owner of the policy
 * names, else those of the usual names. What a version's own text says of its rules does not count: it could tell a gain as a loss.
 */
export function refusalsOf(entrypoints: readonly string[], named: readonly string[] | undefined): readonly string[] {
  const isNamed = (entrypoint: string): boolean => named?.includes(entrypoint) ?? usual.test(entrypoint.split("/").at(-1) ?? "");
  return entrypoints.filter(isNamed).sort(byUtf8);
}

/**
 * Whether a decision, as JSON text, lets somebody in. `true` does, and an object whose `allow` or `allowed` is true (as for Envoy). Of a refusal
 * it is what says nothing: undefined, `false`, an empty collection or text. An error lets nobody in.
 */
export function isYes(decision: string, isRefusal: boolean): boolean {
  const told = decision.startsWith("{") ? toldBy(JSON.parse(decision) as Told) : undefined;
  if (told !== undefined) return told;
  return isRefusal ? saysNothing.has(decision) : decision === "true";
}

const saysNothing: ReadonlySet<string> = new Set(["undefined", "false", "null", "[]", "{}", '""']);

interface Told {
  readonly allow?: unknown;
  readonly allowed?: unknown;
}

/** Undefined where the object does not say it. */
function toldBy({ allow, allowed }: Told): boolean | undefined {
  const told = [allow, allowed].filter((one) => typeof one === "boolean");
  return told.length === 0 ? undefined : told.includes(true);
}
