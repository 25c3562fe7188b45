// What the server tells a client about itself.
import type { FileOperationRegistrationOptions, InitializeResult } from "vscode-languageserver";
import { semanticLegend } from "#features/semantic-token.ts";
import type { Session } from "./session.ts";

export const serverName = "rulewright";

/** The files whose changes on the disk the server wants to hear of. */
export const watchedFiles = "**/*.{rego,conf,hocon,json,yaml,yml,manifest,properties}";

/** Commands that `workspace/executeCommand` takes. */
export const serverCommands = [
  "rw.evaluate",
  "rw.tell",
  "rw.coverage",
  "rw.samples",
  "rw.selectSample",
  "rw.pinSample",
  "rw.resolve",
  "rw.convert",
  "rw.moveEntry",
  "rw.tests",
  "rw.runTests",
  "rw.acceptDecision",
  "rw.matrix",
  "rw.createTest",
  "rw.inferSchema",
  "rw.recordMocks",
  "rw.migrateWorkspace",
  "rw.why",
  "rw.whatIf",
  "rw.applyWhatIf",
  "rw.dependencies",
  "rw.newFiles",
  "regal.eval",
  "rw.applyEdit",
] as const;

/** Names of files and folders in the file systems of the client. */
function operations(glob: string, schemes: readonly string[]): FileOperationRegistrationOptions {
  return {
    filters: schemes.flatMap((scheme) => [
      { scheme, pattern: { glob, matches: "file" as const } },
      { scheme, pattern: { glob: "**", matches: "folder" as const } },
    ]),
  };
}

/** The answer to `initialize`. Pull diagnostics are left out (`pushOnly`) for clients that would show each problem twice. */
export function initializeResult(session: Session, version: string, pushOnly: boolean): InitializeResult {
  const { encoding, ownClient, uris } = session;
  const schemes = [...new Set(["file", ...uris.fileSystems])];
  const policies = operations("**/*.rego", schemes);
  const files = operations(watchedFiles, schemes);
  return {
    serverInfo: { name: serverName, version },
    capabilities: {
      positionEncoding: encoding,
      textDocumentSync: { openClose: true, change: 2, save: { includeText: false } },
      hoverProvider: true,
      completionProvider: { triggerCharacters: [".", ":", "{", "[", '"'], resolveProvider: true },
      signatureHelpProvider: { triggerCharacters: ["(", ","], retriggerCharacters: [")"] },
      definitionProvider: true,
      declarationProvider: true,
      typeDefinitionProvider: true,
      implementationProvider: true,
      referencesProvider: true,
      documentHighlightProvider: true,
      documentSymbolProvider: true,
      workspaceSymbolProvider: true,
      codeActionProvider: {
        codeActionKinds: [
          "quickfix",
          "source.fixAll.rego",
          "source.organizeImports",
          "source.createTest",
          "source.inferSchema",
          "refactor.extract",
          "refactor.inline",
          "refactor.move",
          "refactor.rewrite",
        ],
        resolveProvider: true,
      },
      codeLensProvider: { resolveProvider: false },
      documentLinkProvider: { resolveProvider: false },
      documentFormattingProvider: true,
      documentRangeFormattingProvider: true,
      documentOnTypeFormattingProvider: { firstTriggerCharacter: "}", moreTriggerCharacter: ["\n"] },
      renameProvider: { prepareProvider: true },
      callHierarchyProvider: true,
      foldingRangeProvider: true,
      selectionRangeProvider: true,
      inlayHintProvider: { resolveProvider: false },
      semanticTokensProvider: {
        legend: { tokenTypes: [...semanticLegend.types], tokenModifiers: [...semanticLegend.modifiers] },
        full: { delta: true },
        range: true,
      },
      // Our own client has commands of these names itself.
      executeCommandProvider: { commands: ownClient ? [] : [...serverCommands] },
      workspace: {
        workspaceFolders: { supported: true, changeNotifications: true },
        fileOperations: { willRename: policies, didRename: files, didCreate: files, didDelete: files },
      },
      ...(!pushOnly ? { diagnosticProvider: { identifier: "rw", interFileDependencies: true, workspaceDiagnostics: true } } : {}),
    },
  };
}
