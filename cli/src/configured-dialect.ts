// The dialect that the nearest `rw.conf` gives the root of a policy: what the editor reads as v0, commands read as v0.
import type { RegoVersion } from "#grammars/rego/ast.ts";
import { Dialects } from "#workspace/dialects.ts";
import { dirname, resolve } from "#workspace/paths.ts";
import { configReader, nearestConfig, type ReadConfig } from "./input.ts";
import type { Io } from "./io.ts";

/** The dialect of the policy at a path; undefined where no `rw.conf` says one. */
export type DialectOf = (path: string) => RegoVersion | undefined;

/** Each folder is looked at once, and each `rw.conf` read once. */
export function configuredDialects(io: Io, readConfig = configReader(io)): DialectOf {
  const { cwd } = io;
  const byFolder = new Map<string, string | undefined>();
  const byConfig = new Map<string, Dialects>();
  return (path) => {
    const at = resolve(cwd, path);
    const config = nearestConfig(dirname(at), io, byFolder);
    if (config === undefined) return undefined;
    const dialects = byConfig.get(config) ?? dialectsOf(config, readConfig(config));
    byConfig.set(config, dialects);
    return dialects.configured(at);
  };
}

function dialectsOf(config: string, { config: { roots } }: ReadConfig): Dialects {
  return new Dialects({ roots, folder: dirname(config), files: [], fallback: "v1" });
}
