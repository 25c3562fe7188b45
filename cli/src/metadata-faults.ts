// What is wrong in METADATA blocks: OPA reads them with the statements, so it is told with the syntax errors of the loaded modules.
import { AnnotationClaims, readAnnotations } from "#analysis/rego/annotations.ts";
import { moduleUnit } from "#analysis/rego/begin.ts";
import type { Diagnostic } from "#grammars/diagnostic.ts";
import type { Range } from "#grammars/rego/ast.ts";
import type { ParsedModule } from "#grammars/rego/parse.ts";

/** OPA reads METADATA with the statements: its errors stand beside theirs, and instead of those of the module as a whole. */
export function withMetadata(module: ParsedModule): ParsedModule {
  const { file, text, diagnostics, stopped = Number.POSITIVE_INFINITY } = module;
  if (!text.includes("METADATA")) return module;
  const read = readAnnotations(moduleUnit(module));
  const problems = read.problems.filter(({ range }) => range.start < stopped);
  // What a block says is read with the statements; what it stands above, when the module is whole.
  const ofBlocks = problems.filter(({ details }) => details !== undefined);
  const unread = ofBlocks.length > 0 || diagnostics.length > 0 ? ofBlocks : problems;
  if (unread.length === 0 && diagnostics.length === 0) return module;
  if (unread.length === 0) return { ...module, diagnostics: diagnostics.map((one) => besideBlocks(one, read.all[0]?.range)) };
  const found = unread.map(({ range, code, message, details, lines = [] }) => {
    const place = { file, range, severity: "error" as const, code, message, lines };
    return details === undefined ? place : { ...place, details };
  });
  return { ...module, diagnostics: [...diagnostics.filter(({ details }) => details !== undefined), ...found] };
}

/** A block is a statement too: a module of nothing else is not empty for OPA, but has no package. */
function besideBlocks(diagnostic: Diagnostic, block: Range | undefined): Diagnostic {
  if (block === undefined || diagnostic.message !== "empty module") return diagnostic;
  return { ...diagnostic, range: block, message: "package expected" };
}

/**
 * What stops loading, of all that was read: where something cannot be read, the METADATA of all other modules is read too; with
 * `always` also where nothing else is wrong.
 */
export function faultsOf<Fault>(read: readonly (Fault | ParsedModule)[], always = false): readonly (Fault | ParsedModule)[] {
  if (!always && read.every(isSound)) return [];
  return read.map((one) => (isModule(one) ? withMetadata(one) : one)).filter((one) => !isSound(one));
}

/** True for a module that could be read. */
export function isSound(read: unknown): boolean {
  return isModule(read) && read.diagnostics.length === 0;
}

export function isModule(read: unknown): read is ParsedModule {
  return typeof read === "object" && read !== null && "diagnostics" in read;
}

/** Annotations that are declared twice: who lists them finds these before anything is compiled. */
export function redeclaredIn(modules: readonly ParsedModule[]): readonly Diagnostic[] {
  const claims = new AnnotationClaims();
  for (const parsed of modules) {
    if (!parsed.text.includes("METADATA")) continue;
    const unit = moduleUnit(parsed);
    claims.add(unit, readAnnotations(unit));
  }
  return claims.problems.map(({ module, ...problem }) => ({ ...problem, file: module.file, severity: "error" }));
}
