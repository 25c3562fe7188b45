// Findings as the library tells them.
import type { Diagnostic } from "#grammars/diagnostic.ts";
import { LineIndex } from "#grammars/text/lines.ts";
import type { Problem } from "./api.ts";

/** `texts` are those that findings may be about. */
export function problemsOf(diagnostics: readonly Diagnostic[], texts: ReadonlyMap<string, string>): readonly Problem[] {
  const lines = new Map<string, LineIndex>();
  return diagnostics.map(({ severity, code, message, file, range: { start, end } }) => {
    const index = lines.get(file) ?? new LineIndex(texts.get(file) ?? "");
    lines.set(file, index);
    const { row, col } = index.rowCol(start);
    return { severity, code, message, file, row, column: col, start, end };
  });
}

export const hasError = (diagnostics: readonly Pick<Diagnostic, "severity">[]): boolean =>
  diagnostics.some(({ severity }) => severity === "error");
