// The dialect that each policy of a project is read in before its own imports, as the files around it say.
import type { RegoVersion } from "#grammars/rego/ast.ts";
import type { PolicyRoot } from "./config.ts";
import { folderOfLinterConfig, isLinterConfig, linterProject } from "./linter-config.ts";
import { basename, dirname, relative, resolve } from "./paths.ts";
import { type Manifest, versionOf } from "./policy-folder.ts";
import type { SourceFile } from "./source-file.ts";

export interface DialectSources {
  /** The roots of `rw.conf`, and the folder that they are seen from. */
  readonly roots: readonly PolicyRoot[];
  readonly folder: string;
  readonly files: Iterable<SourceFile>;
  /** The dialect where nothing says anything. */
  readonly fallback: RegoVersion;
}

export class Dialects {
  readonly #configured = new Map<string, RegoVersion>();
  readonly #manifests = new Map<string, Manifest>();
  readonly #linter = new Map<string, RegoVersion>();
  readonly #fallback: RegoVersion;

  constructor({ roots, folder, files, fallback }: DialectSources) {
    this.#fallback = fallback;
    put(this.#configured, folder, roots);
    for (const file of files) {
      if (basename(file.path) === ".manifest") this.#manifests.set(dirname(file.path), readManifest(file.text));
      if (!isLinterConfig(file.path)) continue;
      const around = folderOfLinterConfig(file.path);
      const { roots: named, regoVersion } = linterProject(file);
      put(this.#linter, around, [{ path: ".", regoVersion }, ...named]);
    }
  }

  /** By the roots of `rw.conf` alone. */
  configured(path: string): RegoVersion | undefined {
    return nearest(this.#configured, path)?.value;
  }

  /** By the roots of `rw.conf`, a name that ends in `_v0.rego`, the nearest manifest, the linter's configuration, the settings. */
  of(path: string): RegoVersion {
    const configured = this.configured(path);
    if (configured !== undefined) return configured;
    if (path.endsWith("_v0.rego")) return "v0";
    const manifest = nearest(this.#manifests, path);
    const named = manifest === undefined ? undefined : versionOf(manifest.value, `/${relative(manifest.folder, path)}`);
    const number = named === undefined || "fault" in named ? undefined : named.number;
    if (number === 0 || number === 1) return number === 0 ? "v0" : "v1";
    return nearest(this.#linter, path)?.value ?? this.#fallback;
  }
}

function put(into: Map<string, RegoVersion>, folder: string, roots: readonly PolicyRoot[]): void {
  for (const { path, regoVersion } of roots)
    if (regoVersion !== undefined) into.set(resolve(folder, path), regoVersion === 0 ? "v0" : "v1");
}

/** What the nearest folder around a file has. */
function nearest<T>(byFolder: ReadonlyMap<string, T>, path: string): { readonly folder: string; readonly value: T } | undefined {
  if (byFolder.size === 0 || !path.startsWith("/")) return undefined;
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    const value = byFolder.get(folder);
    if (value !== undefined) return { folder, value };
    if (folder === "/") return undefined;
  }
}

function readManifest(text: string): Manifest {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : {};
  } catch {
    return {};
  }
}
