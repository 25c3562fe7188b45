// What the client can show and apply, read once from its capabilities: an answer never has a shape that the client did not ask for.
import type { ClientCapabilities, MarkupContent } from "vscode-languageserver";

/** Kinds up to here are in every client; later ones only where the client lists them. */
const firstSymbolKinds = 18;
const firstItemKinds = 18;

export interface ClientAbilities {
  readonly hierarchicalSymbols: boolean;
  /** Code actions as objects with edits; else as commands. */
  readonly codeActionLiterals: boolean;
  /** Asks for the edit of an action when it is chosen. */
  readonly resolvesActions: boolean;
  /** Edits that name the version they were made for. */
  readonly documentChanges: boolean;
  /** Edits that make the file that they are in. */
  readonly createsFiles: boolean;
  readonly movesFiles: boolean;
  /** Edits in groups that the user sees, and confirms where they ask for it. */
  readonly changeAnnotations: boolean;
  readonly snippets: boolean;
  readonly completionTags: boolean;
  readonly preselect: boolean;
  readonly commitCharacters: boolean;
  /** Lets its user choose whether an item goes before the rest of the word or takes its place. */
  readonly insertReplace: boolean;
  readonly markdownItems: boolean;
  /** Parameters of signatures as ranges of the label; else as texts. */
  readonly labelOffsets: boolean;
  readonly markdownSignatures: boolean;
  readonly markdownHover: boolean;
  readonly applyEdit: boolean;
  /** Asks for diagnostics itself. */
  readonly pulls: boolean;
  readonly configuration: boolean;
  readonly progress: boolean;
  readonly watchesFiles: boolean;
  /** The kind, or the other one where the client does not know it. */
  symbolKind(kind: number, other: number): number;
  itemKind(kind: number, other: number): number;
}

/** The capabilities that are lists. */
const lists = new Set([
  "positionEncodings",
  "valueSet",
  "documentationFormat",
  "contentFormat",
  "resourceOperations",
  "properties",
]);

/** Capabilities as sent; `null`, which some clients write for what they do not have, is nothing, nor is what should be a list and is not. */
export function declaredCapabilities(sent: unknown): ClientCapabilities {
  const declared = (value: unknown): unknown => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
    const isNothing = (name: string, one: unknown): boolean => one === null || (lists.has(name) && !Array.isArray(one));
    return Object.fromEntries(
      Object.entries(value).flatMap(([name, one]) => (isNothing(name, one) ? [] : [[name, declared(one)]])),
    );
  };
  return (declared(sent) ?? {}) as ClientCapabilities;
}

/** The abilities that capabilities declare; what is not declared is not there, as LSP says. */
export function abilitiesOf(capabilities: ClientCapabilities): ClientAbilities {
  const { textDocument = {}, workspace = {}, window = {} } = capabilities;
  const item = textDocument.completion?.completionItem;
  const signature = textDocument.signatureHelp?.signatureInformation;
  const symbolKinds: readonly number[] | undefined = textDocument.documentSymbol?.symbolKind?.valueSet;
  const itemKinds: readonly number[] | undefined = textDocument.completion?.completionItemKind?.valueSet;
  const known = (listed: readonly number[] | undefined, always: number) => (kind: number, other: number) =>
    (listed === undefined ? kind <= always : listed.includes(kind)) ? kind : other;
  return {
    hierarchicalSymbols: textDocument.documentSymbol?.hierarchicalDocumentSymbolSupport === true,
    codeActionLiterals: textDocument.codeAction?.codeActionLiteralSupport !== undefined,
    resolvesActions:
      textDocument.codeAction?.resolveSupport?.properties.includes("edit") === true &&
      textDocument.codeAction.dataSupport === true,
    documentChanges: workspace.workspaceEdit?.documentChanges === true,
    movesFiles:
      workspace.workspaceEdit?.documentChanges === true &&
      workspace.workspaceEdit.resourceOperations?.includes("rename") === true,
    createsFiles:
      workspace.workspaceEdit?.documentChanges === true &&
      workspace.workspaceEdit.resourceOperations?.includes("create") === true,
    changeAnnotations:
      workspace.workspaceEdit?.documentChanges === true && workspace.workspaceEdit.changeAnnotationSupport !== undefined,
    snippets: item?.snippetSupport === true,
    commitCharacters: item?.commitCharactersSupport === true,
    insertReplace: item?.insertReplaceSupport === true,
    completionTags: item?.tagSupport !== undefined,
    preselect: item?.preselectSupport === true,
    markdownItems: item?.documentationFormat?.includes("markdown") === true,
    labelOffsets: signature?.parameterInformation?.labelOffsetSupport === true,
    markdownSignatures: signature?.documentationFormat?.includes("markdown") === true,
    markdownHover: textDocument.hover?.contentFormat?.includes("markdown") === true,
    applyEdit: workspace.applyEdit === true,
    pulls: textDocument.diagnostic !== undefined,
    configuration: workspace.configuration === true,
    progress: window.workDoneProgress === true,
    watchesFiles: workspace.didChangeWatchedFiles?.dynamicRegistration === true,
    symbolKind: known(symbolKinds, firstSymbolKinds),
    itemKind: known(itemKinds, firstItemKinds),
  };
}

/** A text for a client that reads Markdown, or as plain text for one that does not. */
export function markup(markdown: string, reads: boolean): MarkupContent {
  return reads ? { kind: "markdown", value: markdown } : { kind: "plaintext", value: plainTextOf(markdown) };
}

/** Markdown without its marks: fences, headings, emphasis, links. Code keeps its text. */
export function plainTextOf(markdown: string): string {
  let inFence = false;
  const lines: string[] = [];
  for (const line of markdown.split("\n")) {
    if (line.startsWith("```")) inFence = !inFence;
    else if (inFence) lines.push(line);
    else
      lines.push(
        line
          .replace(/^#{1,6}\s+/u, "")
          .replaceAll(/\[([^\]]*)\]\(([^)]*)\)/gu, (_, text: string, target: string) =>
            text === target ? text : `${text} (${target})`,
          )
          .replaceAll(/\*\*([^*]+)\*\*|\*([^*\s][^*]*)\*/gu, "$1$2")
          .replaceAll(/`([^`]+)`/gu, "$1"),
      );
  }
  return lines.join("\n");
}
