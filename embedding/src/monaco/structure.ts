// Symbols, folding, selections, code lenses and semantic tokens.
import type * as Monaco from "monaco-editor/editor";
import type {
  CodeLens,
  DocumentSymbol,
  FoldingRange,
  SelectionRange,
  SemanticTokens,
  SemanticTokensDelta,
} from "vscode-languageserver";
import { positionOf, rangeOf, shownCommand, shownRange } from "./convert.ts";
import type { Link } from "./link.ts";

export function bindStructure(link: Link, language: string): void {
  const { languages } = link.monaco;
  link.keep(
    languages.registerDocumentSymbolProvider(language, {
      displayName: "Rulewright",
      provideDocumentSymbols: async (model, token) => {
        const symbols = await link.about<DocumentSymbol[]>(model, "textDocument/documentSymbol", {}, token);
        return symbols?.map(shownSymbol) ?? null;
      },
    }),
    languages.registerFoldingRangeProvider(language, {
      provideFoldingRanges: async (model, _, token) => {
        const ranges = await link.about<FoldingRange[]>(model, "textDocument/foldingRange", {}, token);
        return ranges?.map(shownFolding) ?? null;
      },
    }),
    languages.registerSelectionRangeProvider(language, {
      provideSelectionRanges: async (model, positions, token) => {
        const params = { positions: positions.map(positionOf) };
        const found = await link.about<SelectionRange[]>(model, "textDocument/selectionRange", params, token);
        return found?.map(outwards) ?? null;
      },
    }),
    languages.registerCodeLensProvider(language, {
      onDidChange: (listener) => link.refreshes("codeLens")(() => listener(undefined as never)),
      provideCodeLenses: async (model, token) => {
        const found = await link.about<CodeLens[]>(model, "textDocument/codeLens", {}, token);
        const lenses = (found ?? []).flatMap(({ range, command }) =>
          command === undefined ? [] : [{ range: shownRange(range), command: shownCommand(command) }],
        );
        return { lenses, dispose: () => undefined };
      },
    }),
  );
  bindTokens(link, language);
}

function shownSymbol({
  name,
  detail,
  kind,
  tags = [],
  range,
  selectionRange,
  children,
}: DocumentSymbol): Monaco.languages.DocumentSymbol {
  return {
    name,
    detail: detail ?? "",
    kind: kind - 1,
    tags: [...tags],
    range: shownRange(range),
    selectionRange: shownRange(selectionRange),
    ...(children === undefined ? {} : { children: children.map(shownSymbol) }),
  };
}

const shownFolding = ({ startLine, endLine, kind }: FoldingRange): Monaco.languages.FoldingRange => ({
  start: startLine + 1,
  end: endLine + 1,
  ...(kind === undefined ? {} : { kind: { value: kind } }),
});

function outwards(innermost: SelectionRange): Monaco.languages.SelectionRange[] {
  const found: Monaco.languages.SelectionRange[] = [];
  for (let at: SelectionRange | undefined = innermost; at !== undefined; at = at.parent)
    found.push({ range: shownRange(at.range) });
  return found;
}

interface TokensOfServer {
  readonly semanticTokensProvider?: { readonly legend: Monaco.languages.SemanticTokensLegend };
}

function bindTokens(link: Link, language: string): void {
  const { languages } = link.monaco;
  const legend = (link.server.capabilities as TokensOfServer).semanticTokensProvider?.legend;
  if (legend === undefined) return;
  const shared = { getLegend: () => legend, onDidChange: link.refreshes("semanticTokens") };
  link.keep(
    languages.registerDocumentSemanticTokensProvider(language, {
      ...shared,
      provideDocumentSemanticTokens: async (model, previousResultId, token) => {
        const [method, params] = previousResultId === null ? ["full", {}] : ["full/delta", { previousResultId }];
        const answer = await link.about<SemanticTokens | SemanticTokensDelta>(
          model,
          `textDocument/semanticTokens/${method}`,
          params,
          token,
        );
        return answer === null ? null : shownTokens(answer);
      },
      releaseDocumentSemanticTokens: () => undefined,
    }),
    languages.registerDocumentRangeSemanticTokensProvider(language, {
      ...shared,
      provideDocumentRangeSemanticTokens: async (model, range, token) => {
        const params = { range: rangeOf(range) };
        const answer = await link.about<SemanticTokens>(model, "textDocument/semanticTokens/range", params, token);
        return answer === null ? null : { data: Uint32Array.from(answer.data) };
      },
    }),
  );
}

function shownTokens(
  answer: SemanticTokens | SemanticTokensDelta,
): Monaco.languages.SemanticTokens | Monaco.languages.SemanticTokensEdits {
  const id = answer.resultId === undefined ? {} : { resultId: answer.resultId };
  if ("data" in answer) return { ...id, data: Uint32Array.from(answer.data) };
  const edits = answer.edits.map(({ start, deleteCount, data }) => ({
    start,
    deleteCount,
    ...(data === undefined ? {} : { data: Uint32Array.from(data) }),
  }));
  return { ...id, edits };
}
