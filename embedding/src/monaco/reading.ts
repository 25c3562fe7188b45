// Hover, completion, signatures and inlay hints.
import type * as Monaco from "monaco-editor/editor";
import type { CompletionItem, CompletionList, Hover, InlayHint, SignatureHelp } from "vscode-languageserver";
import type { Model, MonacoApi } from "./api.ts";
import { positionOf, rangeOf, shownCommand, shownEdit, shownPosition, shownRange, shownText } from "./convert.ts";
import type { Link } from "./link.ts";

interface Triggers {
  readonly completionProvider?: { readonly triggerCharacters?: string[] };
  readonly signatureHelpProvider?: { readonly triggerCharacters?: string[]; readonly retriggerCharacters?: string[] };
}

export function bindReading(link: Link, language: string): void {
  const { languages } = link.monaco;
  const triggers = link.server.capabilities as Triggers;
  link.keep(
    languages.registerHoverProvider(language, {
      provideHover: async (model, position, token) => {
        const hover = await link.about<Hover>(model, "textDocument/hover", { position: positionOf(position) }, token);
        return hover === null ? null : shownHover(hover);
      },
    }),
    languages.registerCompletionItemProvider(
      language,
      new Completion(link, triggers.completionProvider?.triggerCharacters ?? []),
    ),
    languages.registerSignatureHelpProvider(language, {
      signatureHelpTriggerCharacters: triggers.signatureHelpProvider?.triggerCharacters ?? [],
      signatureHelpRetriggerCharacters: triggers.signatureHelpProvider?.retriggerCharacters ?? [],
      provideSignatureHelp: async (model, position, token) => {
        const help = await link.about<SignatureHelp>(
          model,
          "textDocument/signatureHelp",
          { position: positionOf(position) },
          token,
        );
        return help === null ? null : { value: shownSignatures(help), dispose: () => undefined };
      },
    }),
    bindHints(link, language),
  );
}

function shownHover({ contents, range }: Hover): Monaco.languages.Hover {
  const texts = typeof contents === "object" && "kind" in contents ? [contents.value] : [];
  return { contents: texts.map((value) => ({ value })), ...(range === undefined ? {} : { range: shownRange(range) }) };
}

function shownSignatures({ signatures, activeSignature, activeParameter }: SignatureHelp): Monaco.languages.SignatureHelp {
  return {
    signatures: signatures.map(({ label, documentation, parameters = [], activeParameter: active }) => ({
      label,
      ...(documentation === undefined ? {} : { documentation: shownText(documentation) }),
      parameters: parameters.map((parameter) => ({
        label: parameter.label,
        ...(parameter.documentation === undefined ? {} : { documentation: shownText(parameter.documentation) }),
      })),
      ...(active == null ? {} : { activeParameter: active }),
    })),
    activeSignature: activeSignature ?? 0,
    activeParameter: activeParameter ?? 0,
  };
}

/** LSP's kinds from 1, by Monaco's names. */
const itemKinds = [
  "Text",
  "Method",
  "Function",
  "Constructor",
  "Field",
  "Variable",
  "Class",
  "Interface",
  "Module",
  "Property",
  "Unit",
  "Value",
  "Enum",
  "Keyword",
  "Snippet",
  "Color",
  "File",
  "Reference",
  "Folder",
  "EnumMember",
  "Constant",
  "Struct",
  "Event",
  "Operator",
  "TypeParameter",
] as const satisfies readonly (keyof typeof Monaco.languages.CompletionItemKind)[];

class Completion implements Monaco.languages.CompletionItemProvider {
  readonly #link: Link;
  readonly triggerCharacters: string[];
  /** What the server said of the items that Monaco shows: it is asked for more by that. */
  readonly #said = new WeakMap<Monaco.languages.CompletionItem, CompletionItem>();

  constructor(link: Link, triggerCharacters: string[]) {
    this.#link = link;
    this.triggerCharacters = triggerCharacters;
  }

  async provideCompletionItems(
    model: Model,
    position: Monaco.Position,
    { triggerKind, triggerCharacter }: Monaco.languages.CompletionContext,
    token: Monaco.CancellationToken,
  ): Promise<Monaco.languages.CompletionList | null> {
    const context = { triggerKind: triggerKind + 1, triggerCharacter };
    const params = { position: positionOf(position), context };
    const answer = await this.#link.about<CompletionItem[] | CompletionList>(model, "textDocument/completion", params, token);
    if (answer === null) return null;
    const { items, isIncomplete } = Array.isArray(answer) ? { items: answer, isIncomplete: false } : answer;
    const word = model.getWordUntilPosition(position);
    const { lineNumber } = position;
    const range = {
      startLineNumber: lineNumber,
      endLineNumber: lineNumber,
      startColumn: word.startColumn,
      endColumn: word.endColumn,
    };
    const suggestions = items.map((item) => {
      const shown = shownItem(this.#link.monaco, item, range);
      this.#said.set(shown, item);
      return shown;
    });
    return { suggestions, incomplete: isIncomplete };
  }

  async resolveCompletionItem(
    shown: Monaco.languages.CompletionItem,
    token: Monaco.CancellationToken,
  ): Promise<Monaco.languages.CompletionItem> {
    const said = this.#said.get(shown);
    const item = said && (await this.#link.ask<CompletionItem>("completionItem/resolve", said, token));
    return item ? { ...shown, ...shownItem(this.#link.monaco, item, shown.range) } : shown;
  }
}

function shownItem(
  { languages }: MonacoApi,
  item: CompletionItem,
  word: Monaco.languages.CompletionItem["range"],
): Monaco.languages.CompletionItem {
  const { label, labelDetails, kind = 1, textEdit, insertText = label, insertTextFormat, documentation } = item;
  const range = textEdit === undefined ? word : "range" in textEdit ? shownRange(textEdit.range) : shownRange(textEdit.insert);
  const { detail, sortText, filterText, preselect, commitCharacters, additionalTextEdits, command } = item;
  return {
    label: labelDetails === undefined ? label : { label, ...labelDetails },
    kind: languages.CompletionItemKind[itemKinds[kind - 1] ?? "Text"],
    insertText: textEdit?.newText ?? insertText,
    range,
    ...(insertTextFormat === 2 ? { insertTextRules: languages.CompletionItemInsertTextRule.InsertAsSnippet } : {}),
    ...(detail === undefined ? {} : { detail }),
    ...(documentation === undefined ? {} : { documentation: shownText(documentation) }),
    ...(sortText === undefined ? {} : { sortText }),
    ...(filterText === undefined ? {} : { filterText }),
    ...(preselect === undefined ? {} : { preselect }),
    ...(commitCharacters === undefined ? {} : { commitCharacters }),
    ...(item.tags?.includes(1) ? { tags: [languages.CompletionItemTag.Deprecated] } : {}),
    ...(additionalTextEdits === undefined ? {} : { additionalTextEdits: additionalTextEdits.map(shownEdit) }),
    ...(command === undefined ? {} : { command: shownCommand(command) }),
  };
}

function bindHints(link: Link, language: string): Monaco.IDisposable {
  return link.monaco.languages.registerInlayHintsProvider(language, {
    onDidChangeInlayHints: link.refreshes("inlayHint"),
    provideInlayHints: async (model, range, token) => {
      const hints = await link.about<InlayHint[]>(model, "textDocument/inlayHint", { range: rangeOf(range) }, token);
      return { hints: (hints ?? []).map(shownHint), dispose: () => undefined };
    },
  });
}

function shownHint({ position, label, kind, paddingLeft, paddingRight, tooltip }: InlayHint): Monaco.languages.InlayHint {
  return {
    position: shownPosition(position),
    label: typeof label === "string" ? label : label.map(({ value }) => ({ label: value })),
    ...(kind === undefined ? {} : { kind }),
    ...(paddingLeft === undefined ? {} : { paddingLeft }),
    ...(paddingRight === undefined ? {} : { paddingRight }),
    ...(tooltip === undefined ? {} : { tooltip: shownText(tooltip) }),
  };
}
