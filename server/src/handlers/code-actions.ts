// Code actions: what can be done about findings, and what can be made.
import type { CodeAction, CodeActionParams, Command, Position, Range } from "vscode-languageserver";
import { diagnosticsOf } from "#features/diagnostics.ts";
import { actionsIn } from "#features/reading.ts";
import { createTests } from "#features/rego/create-test.ts";
import { lintOf } from "#features/rego/linting.ts";
import { refactoringsAt } from "#features/rego/refactor/index.ts";
import { placeOfName } from "#features/rego/refactor/new-name.ts";
import type { Refactoring } from "#features/rego/refactor/refactoring.ts";
import { mockActions } from "#features/unmocked-calls.ts";
import type { Diagnostic } from "#grammars/diagnostic.ts";
import { basename } from "#workspace/paths.ts";
import type { Project } from "#workspace/project.ts";
import type { SourceFile } from "#workspace/source-file.ts";
import { convertDiagnostic } from "../convert-diagnostic.ts";
import type { Inputs } from "../inputs.ts";
import type { LiveValues } from "../live-values.ts";
import type { RefactoringProof } from "../refactoring-proof.ts";
import { codes, RequestError } from "../rpc/connection.ts";
import type { Scheduler } from "../scheduler.ts";
import type { Session, Spot } from "../session.ts";
import type { UnmockedCalls } from "../unmocked-calls.ts";
import { annotatedEdit, movingEdit, workspaceEdit } from "../workspace-edit.ts";

export interface ActionSources {
  readonly inputs: Inputs;
  readonly values: LiveValues;
  readonly unmocked: UnmockedCalls;
  readonly proof: RefactoringProof;
}

export function registerCodeActions(
  session: Session,
  scheduler: Scheduler,
  { inputs, values, unmocked, proof }: ActionSources,
): void {
  const { connection } = session;
  /** What rules find in the text of now, and what those about all files found last. */
  const linted = (project: Project, file: SourceFile): readonly Diagnostic[] => {
    if (file.kind !== "rego" || !session.settingsOf(project.root).lint.enable) return [];
    const own = lintOf(project, file);
    const codes = new Set(own.map(({ code, range }) => `${code} ${range.start}`));
    const others = (["lint", "evaluatedRules"] as const).flatMap((one) => scheduler.foundLater(one, project.root, file.path));
    return [...own, ...others.filter(({ code, range }) => !codes.has(`${code} ${range.start}`))];
  };

  /** What the refactoring of a text does, when it was shown to leave all decisions as they are. */
  const proved = async (project: Project, file: SourceFile, one: Refactoring): Promise<Pick<CodeAction, "edit" | "command">> => {
    const found = await proof.prove(project, file, one);
    if ("fault" in found) throw new RequestError(`${one.title}: ${found.fault}`);
    const { warning, isGrave } = found;
    if (warning !== undefined && isGrave && !session.client.changeAnnotations)
      throw new RequestError(`${one.title}: ${warning.label}: ${warning.description}`);
    // The preview of an editor may show what is to be confirmed, and not why.
    if (warning !== undefined && session.client.resolvesActions)
      connection.notify("window/showMessage", { type: warningMessage, message: `${one.title}: ${warning.description}` });
    const edits = one.edits.map((edit) => ({ file: file.path, ...edit }));
    const edit = annotatedEdit(session, edits, warning);
    const name = warning === undefined && session.ownClient ? placeOfName(file, one) : undefined;
    return { edit, ...(name === undefined ? {} : { command: rename(session.uris.uri(file.path), name) }) };
  };

  /** Refactorings are proved when they are chosen; for clients that ask no more, when they are asked for by name or by hand. */
  const refactorings = async (spot: Omit<Spot, "offset">, params: CodeActionParams): Promise<(CodeAction | Command)[]> => {
    const { project, file, lines } = spot;
    const { context, range, textDocument } = params;
    const found = refactoringsAt(project, file, lines.offsetsOf(range)).filter(({ kind }) => isWanted(kind, context?.only));
    if (session.client.resolvesActions)
      return found.map(({ title, kind }) => ({
        title,
        kind,
        data: { uri: textDocument.uri, version: file.version ?? null, range, refactoring: title },
      }));
    if (context?.only === undefined && context?.triggerKind !== invoked) return [];
    const actions: (CodeAction | Command)[] = [];
    for (const one of found) {
      try {
        const { edit } = await proved(project, file, one);
        const { title, kind } = one;
        if (session.client.codeActionLiterals) actions.push({ title, kind, edit: edit! });
        else if (session.client.applyEdit) actions.push({ title, command: "rw.applyEdit", arguments: [{ label: title, edit }] });
      } catch (error) {
        if (!(error instanceof RequestError)) throw error;
      }
    }
    return actions;
  };

  connection.onRequest("textDocument/codeAction", async (params: CodeActionParams): Promise<(CodeAction | Command)[]> => {
    const { textDocument, range, context } = params;
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
    const mocks = mockActions(
      project,
      {
        findings: scheduler.foundLater("mocks", project.root, file.path),
        unmocked: unmocked.of(project.root),
        range: span,
      },
      inputs.profileOf(project.root),
    );
    const actions = [...actionsIn(project, file, span, findings), ...creations, ...mocks]
      .filter(({ kind }) => isWanted(kind, only))
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
    return [...actions, ...schemaActions(session, project, file, only), ...(await refactorings(document, params))];
  });

  // Others than refactorings come whole; what resolving adds is the word that the text they were made for is gone.
  connection.onRequest("codeAction/resolve", async (action: CodeAction): Promise<CodeAction> => {
    const { uri, version, refactoring, range } = (action.data ?? {}) as ActionData;
    if (typeof uri !== "string") return action;
    const document = await session.document(uri);
    const gone = new RequestError("the document was changed since this action was offered", codes.contentModified);
    if ((session.file(uri)?.version ?? null) !== version) throw gone;
    if (refactoring === undefined || range === undefined || document === undefined) return action;
    const { project, file, lines } = document;
    const one = refactoringsAt(project, file, lines.offsetsOf(range)).find(({ title }) => title === refactoring);
    if (one === undefined) throw gone;
    return { ...action, ...(await proved(project, file, one)) };
  });
}

/** In a sample, and in `rw.conf`: a command, since the schema is made from all samples. */
function schemaActions(
  session: Session,
  project: Project,
  file: SourceFile,
  only: readonly string[] | undefined,
): readonly (CodeAction | Command)[] {
  const kind = "source.inferSchema";
  const { inputs } = project;
  const isAbout = inputs.isSample(file) || (basename(file.path) === "rw.conf" && inputs.samples.length > 0);
  if (!isAbout || !isWanted(kind, only) || !(session.ownClient || (session.client.applyEdit && session.client.createsFiles)))
    return [];
  const title = "Infer a JSON Schema from all samples";
  const uri = session.uris.uri(file.path);
  const command = { title, command: "rw.inferSchema", arguments: [session.ownClient ? uri : { uri }] };
  return [session.client.codeActionLiterals ? { title, kind, command } : command];
}

/** What an action is resolved by. */
interface ActionData {
  readonly uri?: unknown;
  readonly version?: unknown;
  readonly refactoring?: string;
  readonly range?: Range;
}

/** `MessageType.Warning`. */
const warningMessage = 2;

/** `CodeActionTriggerKind.Invoked`: the user asked, and not the editor for its light bulb. */
const invoked = 1;

const isWanted = (kind: string, only: readonly string[] | undefined): boolean =>
  only === undefined || only.length === 0 || only.some((one) => kind === one || kind.startsWith(`${one}.`));

/** Our own client's command that lets the author call a new name something else. */
const rename = (uri: string, at: Position): Command => ({ title: "Rename", command: "rw.renameAt", arguments: [uri, at] });

/** Our own client's command that goes to a place. */
function reveal(uri: string, { line, character }: Position): Command {
  const at = { line, character };
  return { title: "Show", command: "rw.decision.reveal", arguments: [uri, { start: at, end: at }] };
}
