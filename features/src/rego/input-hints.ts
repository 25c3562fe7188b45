// Keys of the input that no sample has, and that are nearly one that some have: `input.user.nmae`.
import type { Diagnostic } from "#grammars/diagnostic.ts";
import type { Range } from "#grammars/rego/ast.ts";
import type { Project } from "#workspace/project.ts";
import type { SourceFile } from "#workspace/source-file.ts";
import { closestNames } from "../edit-distance.ts";
import { inputKeys } from "../input-shape.ts";
import { nameFixes } from "../name-fixes.ts";
import type { ProjectNames } from "./project-names.ts";

/** Characters of all samples up to which they are looked at beside every edit. */
const mostSamples = 1_000_000;

/** Hints for a policy: samples show what there may be, not all of it. Tests bring their own input. */
export function inputHints(project: Project, names: ProjectNames, file: SourceFile): readonly Diagnostic[] {
  const { samples } = project;
  if (samples.length === 0 || file.path.endsWith("_test.rego")) return [];
  const characters = project.once("charactersOfSamples", () => samples.reduce((sum, one) => sum + one.file.text.length, 0));
  if (characters > mostSamples) return [];
  const where = samples.length === 1 ? "not in the sample" : `in none of the ${samples.length} samples`;
  return nearMisses(project, file.text).flatMap(({ range, path, near }): readonly Diagnostic[] => {
    // Texts of strings and comments look the same.
    const meaning = names.occurrenceAt(file, range.start)?.meaning;
    if (meaning?.kind !== "place" || meaning.path.join(".") !== path) return [];
    return [
      {
        file: file.path,
        range,
        severity: "hint",
        code: "rw_input_path",
        message: `\`${path}\` is ${where}: did you mean \`${near[0]}\`?`,
        fixes: nameFixes(range, near),
      },
    ];
  });
}

interface NearMiss {
  readonly range: Range;
  /** `input.user.nmae`. */
  readonly path: string;
  readonly near: readonly string[];
}

/** What is written as a path of the input, up to the first key that no sample has, where that is nearly another one. */
function nearMisses(project: Project, text: string): readonly NearMiss[] {
  const found: NearMiss[] = [];
  const keys = project.once("keysOfSamples", () => new Map<string, readonly string[]>());
  const keysBelow = (path: readonly string[]): readonly string[] => {
    const key = path.join(".");
    const known = keys.get(key) ?? inputKeys(project, path).map(({ name }) => name);
    keys.set(key, known);
    return known;
  };
  for (const match of text.matchAll(/(?<![\w.])input((?:\.[A-Za-z_]\w*)+)/gu)) {
    let start = match.index + "input".length;
    const above: string[] = [];
    for (const name of match[1]!.slice(1).split(".")) {
      const known = keysBelow(above);
      const near = known.includes(name) ? [] : closestNames(name, known);
      const range = { start: start + 1, end: start + 1 + name.length };
      if (near.length > 0) found.push({ range, path: ["input", ...above, name].join("."), near });
      if (!known.includes(name)) break;
      above.push(name);
      start = range.end;
    }
  }
  return found;
}
