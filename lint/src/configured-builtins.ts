// The builtins of the OPA that a linter configuration names, with those it adds and without those it takes away.
import type { Builtin } from "#analysis/rego/builtins/builtin.ts";
import { builtin, builtinsByName } from "#analysis/rego/builtins/index.ts";
import { ANY } from "#analysis/rego/types/type.ts";
import type { CapabilitiesConfig } from "./config.ts";

/** `from` is what the named release or file has; undefined where the configuration names none, or one that is not known. */
export function configuredBuiltins(
  { plus, minus }: CapabilitiesConfig,
  from: ReadonlyMap<string, Builtin> = builtinsByName(),
): ReadonlyMap<string, Builtin> {
  if (plus.length === 0 && minus.length === 0) return from;
  const builtins = new Map(from);
  for (const name of minus) builtins.delete(name);
  for (const name of plus) builtins.set(name, builtin(name) ?? foreignBuiltin(name));
  return builtins;
}

/** One of a host program's own: nothing but its name is known here. */
function foreignBuiltin(name: string): Builtin {
  return { name, family: "", description: "", args: [], result: { name: undefined, type: ANY }, where: "host" };
}
