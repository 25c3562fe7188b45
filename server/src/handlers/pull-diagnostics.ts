// Diagnostics on request: of a document, and of the workspace.
import type {
  DocumentDiagnosticParams,
  DocumentDiagnosticReport,
  WorkspaceDiagnosticParams,
  WorkspaceDiagnosticReport,
} from "vscode-languageserver";
import { diagnosticsOf } from "#features/diagnostics.ts";
import { lintSteps } from "#features/rego/linting.ts";
import type { Diagnostic } from "#grammars/diagnostic.ts";
import type { Project } from "#workspace/project.ts";
import { convertDiagnostic } from "../convert-diagnostic.ts";
import type { Scheduler } from "../scheduler.ts";
import type { Session } from "../session.ts";
import { inTurns, turn } from "../turns.ts";

export function registerPullDiagnostics(session: Session, scheduler: Scheduler): void {
  const { connection, ports } = session;
  const convert = (found: readonly Diagnostic[]) => found.map((diagnostic) => convertDiagnostic(session, diagnostic));

  const linted = async (project: Project): Promise<ReadonlyMap<string, readonly Diagnostic[]>> => {
    if (!session.settingsOf(project.root).lint.enable) return new Map();
    const found = new Map((await inTurns(session.pace, lintSteps(project), turn))?.result ?? []);
    // What evaluations are needed for is not waited for.
    for (const path of project.files.keys()) {
      const later = scheduler.foundLater("evaluatedRules", project.root, path);
      if (later.length > 0) found.set(path, [...(found.get(path) ?? []), ...later]);
    }
    return found;
  };

  connection.onRequest(
    "textDocument/diagnostic",
    async ({ textDocument, previousResultId }: DocumentDiagnosticParams): Promise<DocumentDiagnosticReport> => {
      const { root } = await session.projectOf(session.uris.path(textDocument.uri));
      scheduler.separates(root);
      const document = await session.document(textDocument.uri);
      if (document === undefined) return { kind: "full", items: [] };
      const found = diagnosticsOf(document.project, () => ports.now()).byFile.get(document.file.path) ?? [];
      const items = convert([...found, ...((await linted(document.project)).get(document.file.path) ?? [])]);
      const resultId = hash(JSON.stringify(items));
      return resultId === previousResultId ? { kind: "unchanged", resultId } : { kind: "full", resultId, items };
    },
  );

  connection.onRequest(
    "workspace/diagnostic",
    async ({ previousResultIds }: Partial<WorkspaceDiagnosticParams>): Promise<WorkspaceDiagnosticReport> => {
      const { workspace } = session;
      for (const { root } of await session.projects()) scheduler.separates(root);
      const known = new Map((previousResultIds ?? []).map(({ uri, value }) => [uri, value]));
      const items: WorkspaceDiagnosticReport["items"] = [];
      for (const project of await session.projects()) {
        const { byFile } = diagnosticsOf(project, () => ports.now());
        const lint = await linted(project);
        // What has no findings any more is told as well.
        for (const path of new Set([...project.files.keys(), ...byFile.keys(), ...lint.keys()])) {
          // A lane is asked about the document alone.
          if (session.lanes.has(path)) continue;
          const uri = session.uris.uri(path);
          const version = workspace.file(path)?.version ?? null;
          const converted = convert([...(byFile.get(path) ?? []), ...(lint.get(path) ?? [])]);
          const resultId = hash(JSON.stringify(converted));
          if (known.get(uri) === resultId) items.push({ kind: "unchanged", uri, version, resultId });
          else items.push({ kind: "full", uri, version, resultId, items: converted });
        }
      }
      return { items };
    },
  );
}

/** FNV-1a: enough to tell one list of findings from another. */
function hash(text: string): string {
  let value = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193);
  return (value >>> 0).toString(16);
}
