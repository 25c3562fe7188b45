// Mends what lint rules find and have a fix for, until they find nothing of the kind any more.
import type { TextEdit } from "#grammars/diagnostic.ts";
import type { ParsedModule } from "#grammars/rego/parse.ts";
import { type ActiveRule, type LintFinding, lintFile } from "./lint.ts";
import type { LintFile } from "./lint-file.ts";

export interface Fixed {
  readonly file: LintFile;
  /** The rules whose fixes were applied, one entry for each, in the order of applying. */
  readonly rules: readonly string[];
}

/** A fix may make room for another one; none needs as many rounds. */
const mostRounds = 20;

/** `read` parses a changed text; a round whose text has syntax errors is not taken. */
export function fixFile(file: LintFile, active: readonly ActiveRule[], read: (text: string) => ParsedModule): Fixed {
  const rules: string[] = [];
  let fixed = file;
  for (let round = 0; round < mostRounds; round++) {
    const taken = togetherApplicable(lintFile(fixed, active));
    if (taken.length === 0) break;
    const parsed = read(withEdits(fixed.text, taken.flatMap(editsOf)));
    if (parsed.diagnostics.length > 0) break;
    fixed = fixed.withText(parsed);
    rules.push(...taken.map(({ rule }) => rule));
  }
  return { file: fixed, rules };
}

/** The findings with fixes that do not touch each other's places; those that come first are taken. */
function togetherApplicable(findings: readonly LintFinding[]): readonly LintFinding[] {
  const taken: LintFinding[] = [];
  const edits: TextEdit[] = [];
  // A fix of a few characters before one of the whole file, which would leave no place to others.
  const byLength = findings.filter((one) => editsOf(one).length > 0).sort((a, b) => extentOf(a) - extentOf(b));
  for (const finding of byLength) {
    const own = editsOf(finding);
    if (own.some((edit) => edits.some((other) => touches(edit, other)))) continue;
    taken.push(finding);
    edits.push(...own);
  }
  return taken;
}

function editsOf({ fix }: LintFinding): readonly TextEdit[] {
  return fix?.edits ?? [];
}

function extentOf(finding: LintFinding): number {
  return editsOf(finding).reduce((sum, { range }) => sum + range.end - range.start, 0);
}

function touches(a: TextEdit, b: TextEdit): boolean {
  return a.range.start <= b.range.end && b.range.start <= a.range.end;
}

function withEdits(text: string, edits: readonly TextEdit[]): string {
  return edits
    .toSorted((a, b) => b.range.start - a.range.start)
    .reduce((out, { range, newText }) => out.slice(0, range.start) + newText + out.slice(range.end), text);
}
