// Outline, folding, selection, semantic tokens.
import type {
  DocumentSymbol,
  FoldingRange,
  FoldingRangeParams,
  SelectionRange,
  SelectionRangeParams,
  SemanticTokens,
  SemanticTokensDelta,
  SemanticTokensDeltaParams,
  SemanticTokensParams,
  SemanticTokensRangeParams,
  SymbolInformation,
  WorkspaceSymbolParams,
} from "vscode-languageserver";
import type { DocumentSymbol as FeatureSymbol } from "#features/rego/symbols.ts";
import { type SemanticToken, semanticLegend } from "#features/semantic-token.ts";
import { semanticTokensIn } from "#features/semantic-tokens.ts";
import { foldsIn, selectionIn, symbolsIn, workspaceSymbols } from "#features/structure.ts";
import { type Encoding, type Lines, width } from "../positions.ts";
import type { Session } from "../session.ts";

const symbolKinds: Readonly<Record<FeatureSymbol["kind"], number>> = {
  package: 4,
  variable: 13,
  constant: 14,
  function: 12,
  object: 19,
  array: 18,
  string: 15,
  number: 16,
  boolean: 17,
  key: 20,
  null: 21,
};

/** What stands in for the kinds that came later, for clients that do not know them: a property, a variable. */
const olderKinds: Partial<Record<FeatureSymbol["kind"], number>> = { object: 7, key: 7, null: 13 };

export function registerStructure(session: Session): void {
  const { connection } = session;
  const kindOf = (kind: FeatureSymbol["kind"]) =>
    session.client.symbolKind(symbolKinds[kind], olderKinds[kind] ?? symbolKinds[kind]) as DocumentSymbol["kind"];
  const lastTokens = new Map<string, { readonly id: string; readonly data: readonly number[] }>();
  let nextId = 1;

  connection.onRequest("textDocument/documentSymbol", async ({ textDocument }: FoldingRangeParams) => {
    const document = await session.document(textDocument.uri, "around");
    if (document === undefined) return [];
    const nameOf = (symbol: FeatureSymbol) => (symbol.name === "" ? "(unnamed)" : symbol.name);
    const flat = (symbol: FeatureSymbol, containerName?: string): SymbolInformation[] => [
      {
        name: nameOf(symbol),
        kind: kindOf(symbol.kind),
        location: { uri: textDocument.uri, range: document.lines.rangeOf(symbol.range) },
        ...(containerName === undefined ? {} : { containerName }),
      },
      ...symbol.children.flatMap((child) => flat(child, nameOf(symbol))),
    ];
    const convert = (symbol: FeatureSymbol): DocumentSymbol => ({
      name: nameOf(symbol),
      detail: symbol.detail,
      kind: kindOf(symbol.kind),
      range: document.lines.rangeOf(symbol.range),
      selectionRange: document.lines.rangeOf(symbol.selection),
      children: symbol.children.map(convert),
    });
    const symbols = symbolsIn(document.project, document.file);
    return session.client.hierarchicalSymbols ? symbols.map(convert) : symbols.flatMap((symbol) => flat(symbol));
  });

  connection.onRequest("workspace/symbol", async ({ query }: WorkspaceSymbolParams): Promise<SymbolInformation[]> => {
    return (await session.projects())
      .flatMap((project) => workspaceSymbols(project, query))
      .map((found) => ({
        name: found.name,
        kind: kindOf(found.kind),
        containerName: found.container,
        location: session.location(found),
      }));
  });

  connection.onRequest("textDocument/foldingRange", async ({ textDocument }: FoldingRangeParams): Promise<FoldingRange[]> => {
    const document = await session.document(textDocument.uri, "around");
    if (document === undefined) return [];
    return foldsIn(document.project, document.file)
      .map(({ range, kind }) => ({
        startLine: document.lines.lineOf(range.start),
        endLine: document.lines.lineOf(Math.max(range.start, range.end)),
        ...(kind === undefined ? {} : { kind }),
      }))
      .filter((fold) => fold.endLine > fold.startLine);
  });

  connection.onRequest(
    "textDocument/selectionRange",
    async ({ textDocument, positions }: SelectionRangeParams): Promise<SelectionRange[]> => {
      const document = await session.document(textDocument.uri, "around");
      if (document === undefined) return [];
      return positions.map((position) => {
        const ranges = selectionIn(document.project, document.file, document.lines.offsetAt(position));
        let parent: SelectionRange | undefined;
        for (const range of [...ranges].reverse()) {
          parent = { range: document.lines.rangeOf(range), ...(parent === undefined ? {} : { parent }) };
        }
        return parent ?? { range: { start: position, end: position } };
      });
    },
  );

  connection.onRequest(
    "textDocument/semanticTokens/full",
    async ({ textDocument }: SemanticTokensParams): Promise<SemanticTokens> => {
      const document = await session.document(textDocument.uri, "around");
      if (document === undefined) return { data: [] };
      const data = encodeTokens(semanticTokensIn(document.project, document.file), document.lines, session.encoding);
      const resultId = String(nextId++);
      lastTokens.set(document.file.path, { id: resultId, data });
      return { resultId, data };
    },
  );

  connection.onRequest(
    "textDocument/semanticTokens/full/delta",
    async ({ textDocument, previousResultId }: SemanticTokensDeltaParams): Promise<SemanticTokens | SemanticTokensDelta> => {
      const document = await session.document(textDocument.uri, "around");
      if (document === undefined) return { data: [] };
      const before = lastTokens.get(document.file.path);
      const data = encodeTokens(semanticTokensIn(document.project, document.file), document.lines, session.encoding);
      const resultId = String(nextId++);
      lastTokens.set(document.file.path, { id: resultId, data });
      return before?.id === previousResultId ? { resultId, edits: deltaOf(before.data, data) } : { resultId, data };
    },
  );

  connection.onRequest(
    "textDocument/semanticTokens/range",
    async ({ textDocument, range }: SemanticTokensRangeParams): Promise<SemanticTokens> => {
      const document = await session.document(textDocument.uri, "around");
      if (document === undefined) return { data: [] };
      const tokens = semanticTokensIn(document.project, document.file, document.lines.offsetsOf(range));
      return { data: encodeTokens(tokens, document.lines, session.encoding) };
    },
  );
}

function encodeTokens(tokens: readonly SemanticToken[], lines: Lines, encoding: Encoding): number[] {
  const data: number[] = [];
  let lastLine = 0;
  let lastCharacter = 0;
  for (const token of tokens) {
    const { line, character } = lines.positionAt(token.range.start);
    const length = width(lines.text, token.range.start, token.range.end, encoding);
    const modifiers = token.modifiers.reduce((bits, name) => bits | (1 << semanticLegend.modifiers.indexOf(name)), 0);
    const delta = line === lastLine ? character - lastCharacter : character;
    data.push(line - lastLine, delta, length, semanticLegend.types.indexOf(token.type), modifiers);
    lastLine = line;
    lastCharacter = character;
  }
  return data;
}

/** One edit: what lies between the equal start and the equal end. */
function deltaOf(before: readonly number[], after: readonly number[]): SemanticTokensDelta["edits"] {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start += 1;
  let end = 0;
  const most = Math.min(before.length, after.length) - start;
  while (end < most && before[before.length - 1 - end] === after[after.length - 1 - end]) end += 1;
  if (start === before.length && start === after.length) return [];
  return [{ start, deleteCount: before.length - start - end, data: after.slice(start, after.length - end) }];
}
