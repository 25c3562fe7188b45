// Findings of a project some of whose files are broken: what is false or only follows from that is not told.
import type { Diagnostic } from "#grammars/diagnostic.ts";
import type { ParsedModule } from "#grammars/rego/parse.ts";
import { packageOf } from "./scope.ts";

/** Nothing of files whose text is broken, and no function that is missed since its package is broken or was not read. */
export function unbroken(
  diagnostics: readonly Diagnostic[],
  broken: readonly ParsedModule[],
  unreadPackages: readonly string[],
): readonly Diagnostic[] {
  if (broken.length === 0 && unreadPackages.length === 0) return diagnostics;
  const files = new Set(broken.map((parsed) => parsed.file));
  // An empty file declares nothing that others could miss.
  const declaring = broken.filter(({ module }) => module.package !== undefined || module.rules.length > 0);
  const packages = [...declaring.map(packageOf), ...unreadPackages];
  const follows = (message: string) => packages.some((path) => message.includes(`undefined function ${path}.`));
  return diagnostics.filter((found) => !files.has(found.file) && !follows(found.message));
}
