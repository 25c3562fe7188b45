// The errors that stop a project before anything is decided by it: half of its settings or of its policies would decide otherwise.
import type { Diagnostic } from "#grammars/diagnostic.ts";
import { LineIndex } from "#grammars/text/lines.ts";
import { relative } from "./paths.ts";
import type { Project } from "./project.ts";

/** Those of `rw.conf` first, since all others may follow from them. */
export function stoppingFaults(project: Project): readonly Diagnostic[] {
  return [
    ...project.configuration.diagnostics,
    ...project.configuration.rootProblems,
    ...project.configuration.capabilityProblems,
    ...project.configuration.mockProblems,
    ...unreadableFiles(project),
    ...project.policies.flatMap((file) => [...project.parsed(file).diagnostics]),
    ...project.compileDiagnostics,
    ...project.data.diagnostics,
  ].filter((one) => one.severity === "error");
}

/** Files whose bytes are no text, at the line where that begins. */
export function unreadableFiles(project: Project): readonly Diagnostic[] {
  return project.unreadable.map(({ path: file, text, unreadable: message = "" }) => {
    const at = new LineIndex(text).lineStart(Number(/^line (\d+)/u.exec(message)?.[1] ?? "1") - 1);
    return { file, range: { start: at, end: at }, severity: "error", code: "rw_encoding_error", message };
  });
}

/** `rw.conf:3: what is wrong`, as terminals and pipelines show it. */
export function faultLine(project: Project, { file, range, message }: Pick<Diagnostic, "file" | "range" | "message">): string {
  const { row } = new LineIndex(project.find(file)?.text ?? "").rowCol(range.start);
  return `${relative(project.root, file)}:${row}: ${message}`;
}
