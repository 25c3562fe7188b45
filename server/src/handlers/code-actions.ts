// Code actions: what can be done about findings, and what can be made.
import type { CodeAction, CodeActionParams, Command, Position } from "vscode-languageserver";
import { diagnosticsOf } from "#features/diagnostics.ts";
import { actionsIn } from "#features/reading.ts";
import { createTests } from "#features/rego/create-test.ts";
import { lintOf } from "#features/rego/linting.ts";
import type { Diagnostic } from "#grammars/diagnostic.ts";
import type { Project } from "#workspace/project.ts";
import type { SourceFile } from "#workspace/source-file.ts";
import { convertDiagnostic } from "../convert-diagnostic.ts";
import type { Inputs } from "../inputs.ts";
import type { LiveValues } from "../live-values.ts";
import { codes, RequestError } from "../rpc/connection.ts";
import type { Scheduler } from "../scheduler.ts";
import type { Session } from "../session.ts";
import { movingEdit, workspaceEdit } from "../workspace-edit.ts";

export function registerCodeActions(session: Session, scheduler: Scheduler, inputs: Inputs, values: LiveValues): void {
  const { connection } = session;
  /** What rules find in the text of now, and what those about all files found last. */
  const linted = (project: Project, file: SourceFile): readonly Diagnostic[] => {
    if (file.kind !== "rego" || !session.settingsOf(project.root).lint.enable) return [];
    const own = lintOf(project, file);
    const codes = new Set(own.map(({ code, range }) => `${code} ${range.start}`));
    const others = (["lint", "decisionRules"] as const).flatMap((one) => scheduler.foundLater(one, project.root, file.path));
    return [...own, ...others.filter(({ code, range }) => !codes.has(`${code} ${range.start}`))];
  };

  connection.onRequest(
    "textDocument/codeAction",
    async ({ textDocument, range, context }: CodeActionParams): Promise<(CodeAction | Command)[]> => {
      const document = await session.document(textDocument.uri);
      if (document === undefined) return [];
      const { project, file, lines } = document;
      const found = diagnosticsOf(project, () => session.ports.now()).byFile.get(file.path) ?? [];
      const findings = [...found, ...linted(project, file)];
      const only = context?.only;
      const asked = (rule: string) => ({
        ...inputs.ofRule(project, file.path, rule),
        decision: values.decisionOf(project.root, rule),
      });
      const span = lines.offsetsOf(range);
      const creations = file.kind === "rego" ? createTests(project, file, span, asked) : [];
      return [...actionsIn(project, file, span, findings), ...creations]
        .filter(
          (action) =>
            only === undefined ||
            only.length === 0 ||
            only.some((kind) => action.kind === kind || action.kind.startsWith(`${kind}.`)),
        )
        .filter(
          ({ edits, moveTo }) =>
            (moveTo === undefined || session.client.movesFiles) &&
            (session.client.createsFiles ||
              edits.every((edit) => edit.file === undefined || session.workspace.file(edit.file) !== undefined)),
        )
        .map((action) => {
          const { title, kind, preferred, diagnostic, show, moveTo } = action;
          const edits = action.edits.map((one) => ({ file: file.path, ...one }));
          const edit = moveTo === undefined ? workspaceEdit(session, edits) : movingEdit(session, file.path, moveTo);
          // A client that knows commands alone sends this one back, and gets the edit to apply.
          if (!session.client.codeActionLiterals && session.client.applyEdit)
            return { title, command: "rw.applyEdit", arguments: [{ label: title, edit }] };
          return {
            title,
            kind,
            ...(preferred ? { isPreferred: true } : {}),
            ...(diagnostic === undefined ? {} : { diagnostics: [convertDiagnostic(session, diagnostic)] }),
            edit,
            ...(show === undefined || !session.ownClient ? {} : { command: reveal(session.uris.uri(show.file), show) }),
            data: { uri: textDocument.uri, version: file.version ?? null },
          };
        });
    },
  );

  // Actions come whole; what resolving adds is the word that the text they were made for is gone.
  connection.onRequest("codeAction/resolve", (action: CodeAction): CodeAction => {
    const { uri, version } = (action.data ?? {}) as { uri?: unknown; version?: unknown };
    if (typeof uri === "string" && (session.file(uri)?.version ?? null) !== version)
      throw new RequestError("the document was changed since this action was offered", codes.contentModified);
    return action;
  });
}

/** Our own client's command that goes to a place. */
function reveal(uri: string, { line, character }: Position): Command {
  const at = { line, character };
  return { title: "Show", command: "rw.decision.reveal", arguments: [uri, { start: at, end: at }] };
}
