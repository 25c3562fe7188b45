// Completion, formatting, code actions.
import type {
  CodeAction,
  CodeActionParams,
  Command,
  CompletionItem,
  CompletionList,
  DocumentFormattingParams,
  DocumentOnTypeFormattingParams,
  DocumentRangeFormattingParams,
  InsertReplaceEdit,
  Position,
  TextDocumentPositionParams,
  TextEdit,
} from "vscode-languageserver";
import { type CompletionItem as FeatureItem, sortText } from "#features/completion-item.ts";
import { diagnosticsOf } from "#features/diagnostics.ts";
import { formatAbove, formatIn } from "#features/formatting.ts";
import { actionsIn, completionIn, ruleDocumentation } from "#features/reading.ts";
import { createTests } from "#features/rego/create-test.ts";
import { basename } from "#workspace/paths.ts";
import { type ClientAbilities, markup } from "../client-abilities.ts";
import { convertDiagnostic } from "../convert-diagnostic.ts";
import type { Inputs } from "../inputs.ts";
import type { LiveValues } from "../live-values.ts";
import { codes, RequestError } from "../rpc/connection.ts";
import type { Session, Spot } from "../session.ts";
import { withLineEndsOf, workspaceEdit } from "../workspace-edit.ts";

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

export function registerWriting(session: Session, inputs: Inputs, values: LiveValues): void {
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

  connection.onRequest(
    "textDocument/codeAction",
    async ({ textDocument, range, context }: CodeActionParams): Promise<(CodeAction | Command)[]> => {
      const document = await session.document(textDocument.uri);
      if (document === undefined) return [];
      const { project, file, lines } = document;
      const findings = diagnosticsOf(project, () => session.ports.now()).byFile.get(file.path) ?? [];
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
          ({ edits }) =>
            session.client.createsFiles ||
            edits.every((edit) => edit.file === undefined || session.workspace.file(edit.file) !== undefined),
        )
        .map((action) => {
          const { title, kind, preferred, diagnostic, show } = action;
          const edit = workspaceEdit(
            session,
            action.edits.map((one) => ({ file: file.path, ...one })),
          );
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
