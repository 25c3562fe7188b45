// Connects Monaco editors to the language server: what VS Code shows of Rego and HOCON, as far as Monaco can show it.
import type { LanguageServer } from "../language-server.ts";
import type { MonacoApi } from "./api.ts";
import { defineThemes, type ThemeName } from "./colours.ts";
import { bindDecisions } from "./decisions.ts";
import { bindDocuments } from "./documents.ts";
import { bindLanguages, ownLanguages } from "./languages.ts";
import { Link } from "./link.ts";
import { bindNavigation } from "./navigation.ts";
import { Problems } from "./problems.ts";
import { bindReading } from "./reading.ts";
import { bindStructure } from "./structure.ts";
import { bindEdits, bindWriting } from "./writing.ts";

export type { MonacoApi, ThemeName };

export interface BindOptions {
  /** Hears what commands of lenses and quick fixes came to, as `rw.runTests`. */
  readonly onCommand?: (command: string, result: unknown) => void;
  /** Hears of a command that failed. */
  readonly onFailure?: (command: string, reason: string) => void;
}

export interface Binding {
  dispose(): void;
}

/** What Monaco shows and applies: for `capabilities` of `startLanguageServer`. */
export const monacoCapabilities = {
  workspace: {
    applyEdit: true,
    workspaceEdit: { documentChanges: true },
    codeLens: { refreshSupport: true },
    inlayHint: { refreshSupport: true },
    semanticTokens: { refreshSupport: true },
  },
  textDocument: {
    publishDiagnostics: { relatedInformation: true, tagSupport: { valueSet: [1, 2] }, codeDescriptionSupport: true },
    hover: { contentFormat: ["markdown", "plaintext"] },
    completion: {
      completionItem: {
        snippetSupport: true,
        commitCharactersSupport: true,
        documentationFormat: ["markdown", "plaintext"],
        preselectSupport: true,
        tagSupport: { valueSet: [1] },
        labelDetailsSupport: true,
      },
      completionItemKind: { valueSet: Array.from({ length: 25 }, (_, at) => at + 1) },
      contextSupport: true,
    },
    signatureHelp: {
      signatureInformation: {
        documentationFormat: ["markdown", "plaintext"],
        parameterInformation: { labelOffsetSupport: true },
        activeParameterSupport: true,
      },
    },
    codeAction: {
      codeActionLiteralSupport: { codeActionKind: { valueSet: ["quickfix", "refactor", "source"] } },
      dataSupport: true,
      resolveSupport: { properties: ["edit"] },
      isPreferredSupport: true,
      disabledSupport: true,
    },
    documentSymbol: {
      hierarchicalDocumentSymbolSupport: true,
      symbolKind: { valueSet: Array.from({ length: 26 }, (_, at) => at + 1) },
    },
    rename: { prepareSupport: true },
    semanticTokens: {},
  },
} as const;

interface ServerCommands {
  readonly executeCommandProvider?: { readonly commands: readonly string[] };
}

/** Binds all models of the server's scheme, those that are there and those to come, until it is disposed. */
export function bindMonaco(monaco: MonacoApi, server: LanguageServer, options: BindOptions = {}): Binding {
  const link = new Link(monaco, server);
  defineThemes(monaco);
  bindLanguages(link);
  bindDocuments(link);
  bindDecisions(link);
  bindEdits(link);
  bindCommands(link, options);
  const problems = new Problems(link);
  for (const language of ownLanguages) {
    bindReading(link, language);
    bindNavigation(link, language);
    bindStructure(link, language);
    bindWriting(link, language, problems);
  }
  return link;
}

/** Monaco runs commands by their names; those of the server run there. */
function bindCommands(link: Link, { onCommand, onFailure }: BindOptions): void {
  const { monaco, server } = link;
  for (const command of (server.capabilities as ServerCommands).executeCommandProvider?.commands ?? [])
    link.keep(
      monaco.editor.registerCommand(command, (_, ...given: unknown[]) => {
        server.request("workspace/executeCommand", { command, arguments: given }).then(
          (result) => onCommand?.(command, result),
          (error: unknown) => onFailure?.(command, error instanceof Error ? error.message : String(error)),
        );
      }),
    );
}
