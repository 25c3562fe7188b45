// The configuration of a project: what its `rw.conf` and the files that it includes say.
import { assignmentsOf } from "#analysis/hocon/origins.ts";
import type { Resolved as ResolvedHocon } from "#analysis/hocon/resolve.ts";
import type { Diagnostic } from "#grammars/diagnostic.ts";
import type { Range } from "#grammars/rego/ast.ts";
import { defaultConfig, type PolicyRoot, type ProjectConfig, readConfig } from "./config.ts";
import { type Reach, resolveFile } from "./hocon.ts";
import { dirname, isBelow, resolve } from "./paths.ts";
import type { SourceFile } from "./source-file.ts";
import { writtenKeys } from "./written-keys.ts";

export interface Configuration {
  readonly config: ProjectConfig;
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads `rw.conf`; the defaults hold where it cannot be resolved. */
export function configurationOf(file: SourceFile, { find, isOutside }: Reach): Configuration {
  const folder = dirname(file.path);
  const { json, diagnostics, resolved } = resolveFile(file, { root: folder, find, isOutside, profile: undefined });
  if (json === undefined) return { config: defaultConfig, diagnostics };
  const { config, problems } = readConfig(JSON.parse(json));
  const { base, pins } = config.inputs;
  const { profiles, roles } = config;
  const isMissing = (path: string): boolean => find(resolve(folder, path)) === undefined;
  const missing = [
    ...(base !== undefined && isMissing(base)
      ? [{ path: "inputs.base", message: `the base document ${base} (\`inputs.base\`) is not there` }]
      : []),
    ...profiles.flatMap(({ name, overlays }) =>
      overlays.filter(isMissing).map((path) => ({
        path: `profiles.${name}.overlays`,
        message: `the overlay ${path} of the profile ${name} is not there`,
      })),
    ),
    ...(roles !== undefined && isMissing(roles) ? [{ path: "roles", message: `the roles file ${roles} is not there` }] : []),
    ...[...pins].flatMap(([rule, path]) =>
      isMissing(path) ? [{ path: "inputs.pins", message: `the input ${path} that is pinned to ${rule} is not there` }] : [],
    ),
  ];
  const mocked = [
    { path: "mocks.http", http: config.mocks?.http },
    ...profiles.map(({ name, mocks }) => ({ path: `profiles.${name}.mocks.http`, http: mocks?.http })),
  ].flatMap(({ path, http }) => {
    if (http === undefined) return [];
    const at = resolve(folder, http);
    if (!isBelow(at, folder)) return [{ path, message: `${http} (\`${path}\`) lies outside of the project` }];
    return isMissing(at) ? [{ path, message: `the file of mocked requests ${http} (\`${path}\`) is not there` }] : [];
  });
  const complaints = [...problems, ...missing, ...mocked].map(({ path, message }) => ({
    ...complaint(file, path, message),
    ...includedPlace(resolved, file, path),
  }));
  return { config, diagnostics: [...diagnostics, ...complaints] };
}

/** The roots that are not there: what they say would hold for nothing, and nobody would know. */
export function missingRoots(
  file: SourceFile,
  roots: readonly PolicyRoot[],
  isFolder: (path: string) => boolean,
): readonly Diagnostic[] {
  const folder = dirname(file.path);
  return roots
    .filter(({ path }) => !isFolder(resolve(folder, path)))
    .map(({ path }) => complaint(file, "roots", `the folder ${path} (\`roots\`) is not there, or is empty`));
}

function complaint(file: SourceFile, path: string, message: string): Diagnostic {
  return { file: file.path, range: placeOf(file, path), severity: "error", code: "rw_config_error", message };
}

/** Where an included file sets the value, or what it lies in, last; undefined where `rw.conf` itself does. */
function includedPlace(resolved: ResolvedHocon, file: SourceFile, path: string): Pick<Diagnostic, "file" | "range"> | undefined {
  const names = path.replaceAll(/\[\d+\]/gu, "");
  const around = assignmentsOf(resolved).filter((one) => `${names}.`.startsWith(`${one.path.join(".")}.`));
  const longest = Math.max(...around.map((one) => one.path.length));
  const last = around.findLast((one) => one.path.length === longest);
  if (last === undefined || last.source.file === file.path) return undefined;
  return { file: last.source.file, range: { start: last.start, end: last.end } };
}

/** Where the value at a path such as `roots[0].rego-version` is set last; the start of the file when it does not set it. */
function placeOf(file: SourceFile, path: string): Range {
  const plain = path.replaceAll(/\[\d+\]/gu, "");
  return writtenKeys(file).findLast((key) => key.path.join(".") === plain)?.range ?? { start: 0, end: 0 };
}
