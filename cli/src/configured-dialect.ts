// The dialect that the nearest `rw.conf` gives the root of a policy: what the editor reads as v0, commands read as v0.
import type { RegoVersion } from "#grammars/rego/ast.ts";
import type { PolicyRoot } from "#workspace/config.ts";
import { dirname, isBelow, resolve } from "#workspace/paths.ts";
import { readConfigFile } from "./input.ts";
import type { Io } from "./io.ts";

/** The dialect of the policy at a path; undefined where no `rw.conf` says one. */
export type DialectOf = (path: string) => RegoVersion | undefined;

/** Each `rw.conf` is read once. For a policy below the working directory those above that say nothing. */
export function configuredDialects(io: Io): DialectOf {
  const cwd = io.cwd.replaceAll("\\", "/");
  const known = new Map<string, readonly PolicyRoot[]>();
  const rootsOf = (folder: string): readonly PolicyRoot[] => {
    const before = known.get(folder);
    if (before !== undefined) return before;
    const config = resolve(folder, "rw.conf");
    const above = folder === cwd ? folder : dirname(folder);
    const roots = io.kind(config) === "file" ? dialectRoots(config, io) : above === folder ? [] : rootsOf(above);
    known.set(folder, roots);
    return roots;
  };
  return (path) => {
    const at = resolve(cwd, path);
    const found = rootsOf(dirname(at)).find((root) => isBelow(at, root.path));
    return found === undefined ? undefined : found.regoVersion === 0 ? "v0" : "v1";
  };
}

/** The roots with a dialect by their whole paths, inner ones first. */
function dialectRoots(path: string, io: Io): readonly PolicyRoot[] {
  return readConfigFile(path, io)
    .config.roots.filter(({ regoVersion }) => regoVersion !== undefined)
    .map((root) => ({ ...root, path: resolve(dirname(path), root.path) }))
    .sort((a, b) => b.path.length - a.path.length);
}
