// Optional substitutions that nothing gives a value: no key of the document, no variable of any profile.
import type { Diagnostic } from "#grammars/diagnostic.ts";
import { renderPath } from "#grammars/hocon/path.ts";
import type { Project } from "#workspace/project.ts";
import type { SourceFile } from "#workspace/source-file.ts";
import { documentOf, meaningOf, pathKey } from "./document.ts";

/** Hints for the samples of a project that has profiles; without profiles no variable is ever set, and that is no news. */
export function unsetVariables(project: Project, file: SourceFile): readonly Diagnostic[] {
  const { profiles } = project.config;
  if (profiles.length === 0 || !project.inputs.isSample(file)) return [];
  const document = documentOf(project, file);
  return document.occurrences.flatMap((occurrence): readonly Diagnostic[] => {
    const { substitution } = occurrence;
    if (substitution === undefined || !substitution.optional || !occurrence.last || occurrence.file !== file.path) return [];
    const name = substitution.path.join(".");
    if (profiles.some(({ env, properties }) => env[name] !== undefined || properties[name] !== undefined)) return [];
    if (document.keys.has(pathKey(meaningOf(document, occurrence)))) return [];
    return [
      {
        file: file.path,
        range: { start: substitution.start, end: substitution.end },
        severity: "hint",
        code: "hocon_never_set",
        message: `\`${renderPath(substitution.path)}\` has no value here and no profile sets it: the field is always left out`,
      },
    ];
  });
}
