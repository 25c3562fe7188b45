// Completion and formatting.
import type {
  CompletionItem,
  CompletionList,
  DocumentFormattingParams,
  DocumentOnTypeFormattingParams,
  DocumentRangeFormattingParams,
  InsertReplaceEdit,
  TextDocumentPositionParams,
  TextEdit,
} from "vscode-languageserver";
import { type CompletionItem as FeatureItem, sortText } from "#features/completion-item.ts";
import { formatAbove, formatIn } from "#features/formatting.ts";
import { completionIn, ruleDocumentation } from "#features/reading.ts";
import { basename } from "#workspace/paths.ts";
import { type ClientAbilities, markup } from "../client-abilities.ts";
import type { Session, Spot } from "../session.ts";
import { withLineEndsOf } from "../workspace-edit.ts";

const itemKinds: Readonly<Record<FeatureItem["kind"], number>> = {
  keyword: 14,
  function: 3,
  builtin: 2,
  variable: 6,
  module: 9,
  property: 10,
  snippet: 15,
  constant: 21,
};

const commitCharacters: Partial<Readonly<Record<FeatureItem["kind"], string[]>>> = {
  module: ["."],
  variable: [".", "["],
  property: [".", "["],
  function: ["("],
  builtin: ["("],
};

/** Characters of a word behind the cursor that are looked at. */
const longestWord = 200;

/** The type of a message that is no error. */
const warning = 2;

/** A value: what a constant is for clients that do not know that kind. */
const olderItemKind = 12;

export function registerWriting(session: Session): void {
  const { connection } = session;

  connection.onRequest(
    "textDocument/completion",
    async ({ textDocument, position }: TextDocumentPositionParams): Promise<CompletionList> => {
      const spot = await session.spot(textDocument.uri, position);
      if (spot === undefined) return { isIncomplete: false, items: [] };
      const { range, items, incomplete } = completionIn(spot.project, spot.file, spot.offset, {
        autoImport: session.settingsOf(spot.file.path).autoImport,
      });
      const wordEnd = spot.offset + (/^\w+/u.exec(spot.file.text.slice(spot.offset, spot.offset + longestWord))?.[0].length ?? 0);
      const insert = spot.lines.rangeOf(range);
      const replace = spot.lines.rangeOf({ start: range.start, end: wordEnd });
      const place = session.client.insertReplace && wordEnd > spot.offset ? { insert, replace } : { range: insert };
      return {
        isIncomplete: incomplete === true,
        items: items.map((item) => convertItem(textDocument.uri, spot, item, place, session.client)),
      };
    },
  );

  connection.onRequest("completionItem/resolve", async (item: CompletionItem): Promise<CompletionItem> => {
    const { uri, rule } = (item.data ?? {}) as { uri?: unknown; rule?: unknown };
    if (typeof uri !== "string" || typeof rule !== "string") return item;
    const document = await session.document(uri);
    const documentation = document && ruleDocumentation(document.project, rule);
    return documentation === undefined ? item : { ...item, documentation: markup(documentation, session.client.markdownItems) };
  });

  const format = async (
    uri: string,
    range?: DocumentRangeFormattingParams["range"],
    tell: (message: string) => void = (message) => connection.notify("window/showMessage", { type: warning, message }),
  ): Promise<TextEdit[] | null> => {
    const document = await session.document(uri);
    if (document === undefined) return null;
    const { project, file, lines } = document;
    const { formatter, hoconIndent } = session.settingsOf(file.path);
    const part = range === undefined ? undefined : lines.offsetsOf(range);
    const outcome = formatIn(project, file, { formatter, hoconIndent }, part);
    if ("edits" in outcome) return outcome.edits.map((edit) => ({ range: lines.rangeOf(edit.range), newText: edit.newText }));
    tell(`${basename(file.path)} was not formatted: ${outcome.refusal}`);
    return null;
  };
  connection.onRequest("textDocument/formatting", ({ textDocument }: DocumentFormattingParams) => format(textDocument.uri));
  connection.onRequest("textDocument/rangeFormatting", ({ textDocument, range }: DocumentRangeFormattingParams) =>
    format(textDocument.uri, range),
  );
  connection.onRequest(
    "textDocument/onTypeFormatting",
    async ({ textDocument, position, ch }: DocumentOnTypeFormattingParams) => {
      if (ch === "\n") {
        const spot = await session.spot(textDocument.uri, position);
        if (spot === undefined) return [];
        const edits = formatAbove(spot.project, spot.file, spot.offset);
        return edits.map(({ range, newText }) => ({ range: spot.lines.rangeOf(range), newText }));
      }
      if (ch !== "}") return [];
      // Nobody asked for it, so nobody is told when it cannot be.
      return (await format(textDocument.uri, { start: position, end: position }, session.ports.log)) ?? [];
    },
  );
}

function convertItem(
  uri: string,
  spot: Spot,
  item: FeatureItem,
  place: Omit<TextEdit, "newText"> | Omit<InsertReplaceEdit, "newText">,
  client: ClientAbilities,
): CompletionItem {
  const { snippets } = client;
  const text = item.insert ?? item.label;
  const snippet = item.snippet === true;
  const newText = snippet && !snippets ? plainText(text) : text;
  return {
    label: item.label,
    kind: client.itemKind(itemKinds[item.kind], olderItemKind) as NonNullable<CompletionItem["kind"]>,
    detail: item.detail,
    ...(item.documentation === undefined ? {} : { documentation: markup(item.documentation, client.markdownItems) }),
    sortText: sortText(item),
    filterText: item.filter ?? item.label,
    insertTextFormat: snippet && snippets ? 2 : 1,
    textEdit: { ...place, newText },
    ...(item.rule === undefined ? {} : { data: { uri, rule: item.rule } }),
    ...(client.commitCharacters && item.kind in commitCharacters ? { commitCharacters: commitCharacters[item.kind]! } : {}),
    ...(item.deprecated !== true ? {} : client.completionTags ? { tags: [1] } : { deprecated: true }),
    ...(item.preselect === true && client.preselect ? { preselect: true } : {}),
    ...(item.edits === undefined
      ? {}
      : {
          additionalTextEdits: item.edits.map((edit) => ({
            range: spot.lines.rangeOf(edit.range),
            newText: withLineEndsOf(spot.file.text, edit.newText),
          })),
        }),
  };
}

/** A snippet's text with its places filled by their defaults. */
function plainText(snippet: string): string {
  return snippet
    .replaceAll(/\$\{\d+\|([^,|]*)[^}]*\|\}/gu, "$1")
    .replaceAll(/\$\{\d+:([^}]*)\}/gu, "$1")
    .replaceAll(/\$\d+/gu, "");
}
