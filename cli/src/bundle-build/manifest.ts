// The manifest of a bundle that is built.
import { type Json, toJson } from "#bundles/canonical-json.ts";
import type { ParsedModule } from "#grammars/rego/parse.ts";
import type { Invocation } from "../command.ts";
import { configuredDialects } from "../configured-dialect.ts";
import type { Sources } from "../load-flags.ts";

/** The manifests of the bundles in one; flags count for more. */
export function manifestOf(call: Invocation, { bundles, modules }: Sources): Map<string, Json> {
  const found = bundles.flatMap(({ manifest }) => (manifest === undefined ? [] : [manifest]));
  const [first] = found;
  const owned = bundles.flatMap((bundle) => bundle.roots);
  // OPA may put what is left of an entrypoint there.
  const partial = (call.number("optimize") ?? 0) > 0 ? call.flag("partial-namespace")! : "";
  const isOwned = partial === "" || owned.some((root) => root === "" || root === partial);
  const roots = owned.length === 0 || isOwned ? owned : [...owned, partial];
  const manifest = new Map<string, Json>([
    ["revision", call.flag("revision") ?? (found.length === 1 ? toJson(first?.["revision"] ?? "") : "")],
    ["roots", roots.length === 0 ? [""] : [...roots]],
    ["rego_version", toJson(call.on("v0-compatible") ? 0 : 1)],
  ]);
  const configured = call.on("bundle") ? [] : configuredVersions(call, modules);
  if (configured.length > 0) manifest.set("file_rego_versions", new Map(configured));
  for (const one of found)
    for (const name of ["rego_version", "file_rego_versions", "metadata"])
      if (one[name] !== undefined) manifest.set(name, toJson(one[name]));
  return manifest;
}

/** The policies that `rw.conf` gives another dialect than the bundle has. */
function configuredVersions(call: Invocation, modules: readonly ParsedModule[]): readonly (readonly [string, Json])[] {
  const dialectOf = configuredDialects(call.io);
  const whole = call.on("v0-compatible") ? "v0" : "v1";
  return modules.flatMap((module) => {
    const own = dialectOf(module.file);
    return own === undefined || own === whole ? [] : [[bundlePath(module), toJson(own === "v0" ? 0 : 1)] as const];
  });
}

/** In the order in which OPA writes the members. */
export function ordered(manifest: ReadonlyMap<string, Json>): Json {
  const names = ["revision", "roots", "wasm", "rego_version", "file_rego_versions", "metadata"];
  return new Map(names.flatMap((name) => (manifest.has(name) ? [[name, manifest.get(name)!] as const] : [])));
}

/** Where a policy lies in the bundle: where it was named, but never above the bundle. */
export function bundlePath(module: ParsedModule): string {
  return `/${module.file.replace(/^(?:(?:\.\.)?\/)+/u, "")}`;
}
