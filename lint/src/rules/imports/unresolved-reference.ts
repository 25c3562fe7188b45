// A ref below `data`, in full or by an import, that no package, no rule and no base document of the project answers to.
import type { Range } from "#grammars/rego/ast.ts";
import { matchesGlob } from "../../dotted-glob.ts";
import { KnownPaths, pathsOf } from "../../known-paths.ts";
import type { LintFile } from "../../lint-file.ts";
import { importedPaths, refText, ruleAndFunctionNames, ruleNames, staticParts } from "../../names.ts";
import { perRun } from "../../per-run.ts";
import { projectRule } from "../../rule.ts";
import { varsOfFile } from "../../rule-vars.ts";
import { shownName } from "../../shown-name.ts";

export const unresolvedReference = projectRule({
  name: "unresolved-reference",
  category: "imports",
  description: "Unresolved Reference",
  options: { "except-paths": [] as readonly string[] },
  unreadOptions: ["excepted_export_patterns"],
  collect: (file) => ({ paths: pathsOf(file), refs: refsOf(file) }),
  *judge(collected, { "except-paths": excepted }) {
    const known = new KnownPaths([...collected.values()].map(({ paths }) => paths));
    for (const [file, { refs }] of collected) {
      for (const { path, place } of refs) {
        const parts = path.split(".").slice(1);
        const isKnown =
          known.leadsSomewhere(parts) || file.hasDocument(parts) || excepted.some((pattern) => matchesGlob(path, pattern));
        if (!isKnown) yield { file, range: shownName(file, place) };
      }
    }
  },
});

interface DataRef {
  /** From `data` to the first bracket. */
  readonly path: string;
  readonly place: Range;
}

function refsOf(file: LintFile): readonly DataRef[] {
  const refs: DataRef[] = [];
  const imported = importedPaths(file);
  for (const { parts } of file.all("ref")) {
    const [first] = parts;
    if (first?.kind !== "var" || (first.name !== "data" && !imported.has(first.name)) || hidden(file).has(first.name)) continue;
    const name = refText(staticParts(parts));
    if (name === undefined || file.builtins.has(name) || ruleAndFunctionNames(file).has(name)) continue;
    const path = name.startsWith("data.") ? name : expanded(file, name);
    if (path !== undefined) refs.push({ path: path.replace(/(?<=.)\[.*$/su, ""), place: first });
  }
  return refs;
}

/** The name of an import in front is replaced by its path. */
function expanded(file: LintFile, name: string): string | undefined {
  const [first] = name.split(".", 1);
  const path = importedPaths(file).get(first!);
  return path === undefined ? undefined : path.join(".") + name.slice(first!.length);
}

/** Names of imports that a rule or a variable of the file has, too. */
const hidden = perRun((file: LintFile): ReadonlySet<string> => {
  const imported = importedPaths(file);
  const names = new Set([...ruleNames(file)].filter((name) => imported.has(name)));
  for (const { all } of imported.size === 0 ? [] : varsOfFile(file)) {
    for (const { variable } of all) if (imported.has(variable.name)) names.add(variable.name);
  }
  return names;
});
