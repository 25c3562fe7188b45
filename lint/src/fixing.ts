// Mends what lint rules find and have a fix for, until they find nothing of the kind any more.
import type { TextEdit } from "#grammars/diagnostic.ts";
import type { ParsedModule } from "#grammars/rego/parse.ts";
import { apart, withEdits } from "#grammars/text/edits.ts";
import { type ActiveRule, type LintFinding, lintFile } from "./lint.ts";
import type { LintFile } from "./lint-file.ts";

export interface Fixed {
  readonly before: LintFile;
  readonly file: LintFile;
  /** The rules whose fixes were applied, one entry for each, in the order of applying. */
  readonly rules: readonly string[];
  /** The folder, below the root, that the file belongs into, where it is in another one. */
  readonly moveTo: string | undefined;
}

/** A fix may make room for another one; none needs as many rounds. */
const mostRounds = 20;

/** `read` parses a changed text; a round whose text has syntax errors is not taken. */
export function fixFile(file: LintFile, active: readonly ActiveRule[], read: (text: string) => ParsedModule): Fixed {
  const rules: string[] = [];
  let fixed = file;
  let moveTo: string | undefined;
  for (let round = 0; round < mostRounds; round++) {
    const found = lintFile(fixed, active);
    moveTo ??= found.find((one) => one.moveTo !== undefined)?.moveTo;
    const taken = apart(
      found.filter((one) => editsOf(one).length > 0),
      editsOf,
    );
    if (taken.length === 0) break;
    const parsed = read(withEdits(fixed.text, taken.flatMap(editsOf)));
    if (parsed.diagnostics.length > 0) break;
    fixed = fixed.withText(parsed);
    rules.push(...taken.map(({ rule }) => rule));
  }
  return { before: file, file: fixed, rules, moveTo };
}

function editsOf({ fix }: LintFinding): readonly TextEdit[] {
  return fix?.edits ?? [];
}
