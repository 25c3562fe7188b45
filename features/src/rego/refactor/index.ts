// The refactorings at a place of a policy. Each leaves every decision as it is; `proof.ts` and the server show that before one is applied.
import type { Range } from "#grammars/rego/ast.ts";
import { parseModule } from "#grammars/rego/parse.ts";
import { withEdits } from "#grammars/text/edits.ts";
import type { Project } from "#workspace/project.ts";
import type { SourceFile } from "#workspace/source-file.ts";
import { clauseChanges } from "./clauses.ts";
import { gatheringRules } from "./comprehension.ts";
import { extractions } from "./extract.ts";
import { inlinings } from "./inline.ts";
import { annotations } from "./metadata.ts";
import { moves } from "./move-rule.ts";
import { type Asked, askedAt, type Refactoring } from "./refactoring.ts";
import { templateChanges } from "./template.ts";
import { iterations } from "./wildcards.ts";

const all = [extractions, inlinings, iterations, gatheringRules, clauseChanges, templateChanges, annotations];

/** Texts of more characters are not read again for each place of the cursor. */
const longestText = 200_000;

export function refactoringsAt(project: Project, file: SourceFile, range: Range): readonly Refactoring[] {
  if (file.kind !== "rego" || file.text.length > longestText) return [];
  const asked = askedAt(project, file, range);
  if (asked === undefined) return [];
  const here = all.flatMap((some) => some(asked)).map((one) => ({ ...one, edits: joined(one.edits) }));
  // What a move changes is looked for when it is chosen.
  return [...here.filter((one) => reads(asked, one)), ...moves(asked)];
}

/** True when the text reads without a fault afterwards. */
function reads({ file, module }: Asked, { edits }: Refactoring): boolean {
  const own = edits.filter((edit) => edit.file === undefined || edit.file === file.path);
  const read = parseModule(withEdits(file.text, own), { file: file.path, version: module.version });
  return read.diagnostics.length === 0;
}

/** What is written at the start of a text that is replaced goes into its place: one edit, in whatever order edits are made. */
function joined(edits: Refactoring["edits"]): Refactoring["edits"] {
  const out: Refactoring["edits"][number][] = [];
  for (const edit of edits.toSorted((a, b) => a.range.start - b.range.start || a.range.end - b.range.end)) {
    const last = out.at(-1);
    const isAtStart = last?.file === edit.file && last?.range.start === edit.range.start && last.range.end === last.range.start;
    if (last !== undefined && isAtStart) out[out.length - 1] = { ...edit, newText: last.newText + edit.newText };
    else out.push(edit);
  }
  return out;
}
