// The OPA that a linter configuration names: its builtins, with those that the configuration adds and without those it takes away, and its features.
import type { Builtin } from "#analysis/rego/builtins/builtin.ts";
import { builtin, builtinsByName } from "#analysis/rego/builtins/index.ts";
import type { Capabilities } from "#analysis/rego/capabilities.ts";
import { ANY } from "#analysis/rego/types/type.ts";
import { oncePer } from "#grammars/once-per.ts";
import type { CapabilitiesConfig } from "./config.ts";
import type { Surroundings } from "./lint-file.ts";

/** `from` is what the named release or file has; undefined where the configuration names none, or one that is not known. */
export function configuredOpa(
  capabilities: CapabilitiesConfig,
  from: Capabilities | undefined,
): Pick<Surroundings, "builtins" | "features"> {
  const builtins = changed(capabilities)(from?.builtins ?? builtinsByName());
  if (from === undefined) return { builtins };
  return { builtins, features: new Set([...from.features, ...from.futureKeywords.map(keywordFeature)]) };
}

/** A keyword that imports give, among the features. */
export function keywordFeature(word: string): string {
  return `keyword ${word}`;
}

/** The same object for the same configuration, so that what was found with it holds. */
const changed = oncePer(({ plus, minus }: CapabilitiesConfig) =>
  oncePer((from: ReadonlyMap<string, Builtin>): ReadonlyMap<string, Builtin> => {
    if (plus.length === 0 && minus.length === 0) return from;
    const builtins = new Map(from);
    for (const name of minus) builtins.delete(name);
    for (const name of plus) builtins.set(name, builtin(name) ?? foreignBuiltin(name));
    return builtins;
  }),
);

/** One of a host program's own: nothing but its name is known here. */
function foreignBuiltin(name: string): Builtin {
  return { name, family: "", description: "", args: [], result: { name: undefined, type: ANY }, where: "host" };
}
