// Hover, signatures, hints, lenses, links and actions of any file, by its language.
import type { Diagnostic } from "#grammars/diagnostic.ts";
import type { Range } from "#grammars/rego/ast.ts";
import type { Project } from "#workspace/project.ts";
import type { SourceFile } from "#workspace/source-file.ts";
import type { Action } from "./action.ts";
import type { Completion } from "./completion-item.ts";
import { decisionAt } from "./decision-mentions.ts";
import { hoconActions } from "./hocon/actions.ts";
import { hoconCompletion } from "./hocon/completion.ts";
import { hoconHover } from "./hocon/hover.ts";
import { type FileLink, includeLinks } from "./hocon/links.ts";
import type { LastDecision } from "./last-decision.ts";
import { actionsAt } from "./rego/actions.ts";
import type { CompletionOptions } from "./rego/completion/context.ts";
import { completionAt } from "./rego/completion/index.ts";
import { type Hover, hoverAt, ruleMarkdown } from "./rego/hover.ts";
import { type InlayHint, type InlayOptions, inlayHintsOf } from "./rego/inlay-hints.ts";
import { type Lens, type LensOptions, lensesOf } from "./rego/lenses.ts";
import { type Link, linksOf } from "./rego/links.ts";
import { namesOf } from "./rego/project-names.ts";
import { type SignatureHelp, signatureAt } from "./rego/signature.ts";

export function hoverIn(
  project: Project,
  file: SourceFile,
  offset: number,
  lastDecision?: (path: string) => LastDecision | undefined,
): Hover | undefined {
  if (file.kind === "rego") return hoverAt(project, file, offset, lastDecision);
  const decision = decisionAt(project, file, offset);
  const names = namesOf(project);
  if (decision !== undefined && names.rule(decision.path).length > 0)
    return { range: decision.range, markdown: ruleMarkdown(project, names, decision.path, lastDecision?.(decision.path)) };
  return file.kind === "hocon" ? hoconHover(project, file, offset) : undefined;
}

export function signatureIn(project: Project, file: SourceFile, offset: number): SignatureHelp | undefined {
  return file.kind === "rego" ? signatureAt(project, file, offset) : undefined;
}

export function completionIn(project: Project, file: SourceFile, offset: number, options: CompletionOptions): Completion {
  if (file.kind === "rego") return completionAt(project, file, offset, options);
  if (file.kind === "hocon") return hoconCompletion(project, file, offset);
  return { range: { start: offset, end: offset }, items: [] };
}

/** What completion says about a rule when its item is looked at: `data.p.allow`. */
export function ruleDocumentation(project: Project, path: string): string | undefined {
  const names = namesOf(project);
  return names.rule(path).length > 0 ? ruleMarkdown(project, names, path, undefined) : undefined;
}

export function inlayHintsIn(project: Project, file: SourceFile, range: Range, wanted: InlayOptions): readonly InlayHint[] {
  return file.kind === "rego" ? inlayHintsOf(project, file, range, wanted) : [];
}

export function lensesIn(
  project: Project,
  file: SourceFile,
  options: LensOptions,
  samplesOf: (path: string) => { readonly passed: number; readonly failed: number } | undefined,
): readonly Lens[] {
  return file.kind === "rego" ? lensesOf(project, file, options, samplesOf) : [];
}

/** Links to pages (`target`), and to files of the project (`file`). */
export function linksIn(project: Project, file: SourceFile): readonly (Link | FileLink)[] {
  if (file.kind === "hocon") return includeLinks(project, file);
  return file.kind === "rego" ? linksOf(project, file) : [];
}

export function actionsIn(project: Project, file: SourceFile, range: Range, findings: readonly Diagnostic[]): readonly Action[] {
  if (file.kind === "rego") return actionsAt(project, file, range, findings);
  return hoconActions(project, file, range, findings);
}
