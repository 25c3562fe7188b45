// An import that no package, no rule and no base document of the project answers to.
import { importedData } from "../../data-imports.ts";
import { matchesGlob } from "../../dotted-glob.ts";
import { KnownPaths, pathsOf } from "../../known-paths.ts";
import { projectRule } from "../../rule.ts";
import { shownName } from "../../shown-name.ts";

export const unresolvedImport = projectRule({
  name: "unresolved-import",
  category: "imports",
  description: "Unresolved import",
  options: { "except-imports": [] as readonly string[] },
  collect: (file) => ({ paths: pathsOf(file), imports: importedData(file) }),
  *judge(collected, { "except-imports": excepted }) {
    const known = new KnownPaths([...collected.values()].map(({ paths }) => paths));
    const patterns = excepted.map((pattern) => pattern.replace(/^data\./u, ""));
    for (const [file, { imports }] of collected) {
      for (const { path, place } of imports) {
        const isExcepted = patterns.some((pattern) => isMeant(path.join("."), pattern));
        if (!known.leadsSomewhere(path) && !file.hasDocument(path) && !isExcepted) yield { file, range: shownName(file, place) };
      }
    }
  },
});

/** Only a pattern with a star is one, as in Regal. */
function isMeant(path: string, pattern: string): boolean {
  return pattern.includes("*") ? matchesGlob(path, pattern) : path === pattern;
}
