// Which entrypoints keep people out: most let somebody in.
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
