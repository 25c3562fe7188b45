// Formatting, rename, code actions, and edits that the server sends by itself.
import type * as Monaco from "monaco-editor/editor";
import type {
  ApplyWorkspaceEditParams,
  CodeAction,
  Command,
  FormattingOptions,
  Range,
  TextEdit,
  WorkspaceEdit,
} from "vscode-languageserver";
import { ResponseError } from "../calls.ts";
import type { Cancellation, Model } from "./api.ts";
import { positionOf, rangeOf, shownCommand, shownEdit, shownRange } from "./convert.ts";
import type { Link } from "./link.ts";
import type { Problems } from "./problems.ts";

interface Triggers {
  readonly documentOnTypeFormattingProvider?: {
    readonly firstTriggerCharacter: string;
    readonly moreTriggerCharacter?: readonly string[];
  };
  readonly codeActionProvider?: { readonly codeActionKinds?: readonly string[] };
}

export function bindWriting(link: Link, language: string, problems: Problems): void {
  const { languages } = link.monaco;
  const { documentOnTypeFormattingProvider: onType, codeActionProvider } = link.server.capabilities as Triggers;
  const format = async (model: Model, method: string, params: object, token: Cancellation) =>
    (await link.about<TextEdit[]>(model, method, params, token))?.map(shownEdit) ?? null;
  link.keep(
    languages.registerDocumentFormattingEditProvider(language, {
      displayName: "Rulewright",
      provideDocumentFormattingEdits: (model, options, token) =>
        format(model, "textDocument/formatting", { options: optionsOf(options) }, token),
    }),
    languages.registerDocumentRangeFormattingEditProvider(language, {
      displayName: "Rulewright",
      provideDocumentRangeFormattingEdits: (model, range, options, token) =>
        format(model, "textDocument/rangeFormatting", { range: rangeOf(range), options: optionsOf(options) }, token),
    }),
    languages.registerRenameProvider(language, renameOf(link)),
    languages.registerCodeActionProvider(language, new CodeActions(link, problems), {
      providedCodeActionKinds: codeActionProvider?.codeActionKinds ?? [],
    }),
  );
  if (onType !== undefined)
    link.keep(
      languages.registerOnTypeFormattingEditProvider(language, {
        autoFormatTriggerCharacters: [onType.firstTriggerCharacter, ...(onType.moreTriggerCharacter ?? [])],
        provideOnTypeFormattingEdits: (model, position, ch, options, token) => {
          const params = { position: positionOf(position), ch, options: optionsOf(options) };
          return format(model, "textDocument/onTypeFormatting", params, token);
        },
      }),
    );
}

/** Edits that commands of the server come to. */
export function bindEdits(link: Link): void {
  link.keep(
    link.server.onRequest<ApplyWorkspaceEditParams>("workspace/applyEdit", async ({ edit }) => {
      const changes = await editsOf(link, edit);
      if (changes === undefined) return { applied: false, failureReason: "a file of the edit cannot be opened" };
      for (const { model, version } of changes)
        if (version !== null && model.getVersionId() !== version)
          return { applied: false, failureReason: `${model.uri.path} has changed meanwhile` };
      for (const { model, edits } of changes) {
        model.pushStackElement();
        model.pushEditOperations(null, edits.map(shownEdit), () => null);
        model.pushStackElement();
      }
      return { applied: true };
    }),
  );
}

const optionsOf = ({ tabSize, insertSpaces }: Monaco.languages.FormattingOptions): FormattingOptions => ({
  tabSize,
  insertSpaces,
});

interface ModelEdits {
  readonly model: Model;
  readonly edits: readonly TextEdit[];
  readonly version: number | null;
}

/** The edits of each file, which has a model then; undefined when one cannot be opened, or is made or moved. */
async function editsOf(link: Link, edit: WorkspaceEdit): Promise<readonly ModelEdits[] | undefined> {
  const changes = [
    ...Object.entries(edit.changes ?? {}).map(([uri, edits]) => ({ uri, edits, version: null })),
    ...(edit.documentChanges ?? []).map((change) =>
      "textDocument" in change
        ? { uri: change.textDocument.uri, version: change.textDocument.version ?? null, edits: textEdits(change.edits) }
        : undefined,
    ),
  ];
  const found: ModelEdits[] = [];
  for (const change of changes) {
    const model = change && (await link.open(change.uri));
    if (change === undefined || model === undefined) return undefined;
    found.push({ model, edits: change.edits, version: change.version });
  }
  return found;
}

/** Snippets and annotations are not asked for: what remains are plain edits. */
function textEdits(edits: readonly object[]): readonly TextEdit[] {
  return edits.filter((edit): edit is TextEdit => "newText" in edit);
}

async function shownWorkspaceEdit(link: Link, edit: WorkspaceEdit): Promise<Monaco.languages.WorkspaceEdit | undefined> {
  const changes = await editsOf(link, edit);
  if (changes === undefined) return undefined;
  return {
    edits: changes.flatMap(({ model, edits, version }) =>
      edits.map((one) => ({ resource: model.uri, textEdit: shownEdit(one), versionId: version ?? undefined })),
    ),
  };
}

function renameOf(link: Link): Monaco.languages.RenameProvider {
  const refusal = (error: unknown): string => (error instanceof Error ? error.message : String(error));
  return {
    provideRenameEdits: async (model, position, newName) => {
      const textDocument = { uri: model.uri.toString() };
      try {
        const params = { textDocument, position: positionOf(position), newName };
        const edit = await link.server.request<WorkspaceEdit | null>("textDocument/rename", params);
        const shown = edit === null ? undefined : await shownWorkspaceEdit(link, edit);
        return shown ?? { edits: [], rejectReason: "a file that the name is in cannot be opened" };
      } catch (error) {
        return { edits: [], rejectReason: refusal(error) };
      }
    },
    resolveRenameLocation: async (model, position) => {
      const textDocument = { uri: model.uri.toString() };
      const nowhere = { range: shownRange({ start: positionOf(position), end: positionOf(position) }), text: "" };
      try {
        const params = { textDocument, position: positionOf(position) };
        const found = await link.server.request<{ range: Range; placeholder: string } | Range | null>(
          "textDocument/prepareRename",
          params,
        );
        if (found === null) return { ...nowhere, rejectReason: "There is no name here that can be changed." };
        const range = shownRange("range" in found ? found.range : found);
        return { range, text: "placeholder" in found ? found.placeholder : model.getValueInRange(range) };
      } catch (error) {
        if (error instanceof ResponseError) return { ...nowhere, rejectReason: error.message };
        throw error;
      }
    },
  };
}

class CodeActions implements Monaco.languages.CodeActionProvider {
  readonly #link: Link;
  readonly #problems: Problems;
  /** What the server said of the actions that Monaco shows: it is asked for their edits by that. */
  readonly #said = new WeakMap<Monaco.languages.CodeAction, CodeAction>();

  constructor(link: Link, problems: Problems) {
    this.#link = link;
    this.#problems = problems;
  }

  async provideCodeActions(
    model: Model,
    range: Monaco.Range,
    { only, trigger }: Monaco.languages.CodeActionContext,
    token: Monaco.CancellationToken,
  ): Promise<Monaco.languages.CodeActionList | null> {
    const asked = rangeOf(range);
    const context = {
      diagnostics: this.#problems.at(model, asked),
      ...(only === undefined ? {} : { only: [only] }),
      triggerKind: trigger,
    };
    const found = await this.#link.about<(CodeAction | Command)[]>(
      model,
      "textDocument/codeAction",
      { range: asked, context },
      token,
    );
    if (found === null) return null;
    const actions: Monaco.languages.CodeAction[] = [];
    for (const action of found) {
      if (typeof action.command === "string") continue;
      const shown = await this.#shown(action as CodeAction);
      if (shown === undefined) continue;
      this.#said.set(shown, action as CodeAction);
      actions.push(shown);
    }
    return { actions, dispose: () => undefined };
  }

  async resolveCodeAction(
    shown: Monaco.languages.CodeAction,
    token: Monaco.CancellationToken,
  ): Promise<Monaco.languages.CodeAction> {
    const said = this.#said.get(shown);
    if (said === undefined || said.edit !== undefined || said.data === undefined) return shown;
    const action = await this.#link.ask<CodeAction>("codeAction/resolve", said, token);
    const resolved = action === null ? undefined : await this.#shown(action);
    return resolved === undefined ? shown : { ...shown, ...resolved };
  }

  /** Undefined when its edit is about what cannot be opened. */
  async #shown({
    title,
    kind,
    isPreferred,
    disabled,
    edit,
    command,
  }: CodeAction): Promise<Monaco.languages.CodeAction | undefined> {
    const changes = edit === undefined ? undefined : await shownWorkspaceEdit(this.#link, edit);
    if (edit !== undefined && changes === undefined) return undefined;
    return {
      title,
      ...(kind === undefined ? {} : { kind }),
      ...(isPreferred === undefined ? {} : { isPreferred }),
      ...(disabled === undefined ? {} : { disabled: disabled.reason }),
      ...(changes === undefined ? {} : { edit: changes }),
      ...(command === undefined ? {} : { command: shownCommand(command) }),
    };
  }
}
