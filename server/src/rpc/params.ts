// Whether the parameters of a request have the shape that its handler reads; what has not is answered with -32602.

type Check = (value: unknown) => boolean;

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isText: Check = (value) => typeof value === "string";
const isCount: Check = (value) => typeof value === "number" && Number.isInteger(value) && value >= 0;
const isArray: Check = (value) => Array.isArray(value);

const shape =
  (fields: Readonly<Record<string, Check>>): Check =>
  (value) =>
    isRecord(value) && Object.entries(fields).every(([name, check]) => check(value[name]));

const document = shape({ uri: isText });
const position = shape({ line: isCount, character: isCount });
const range = shape({ start: position, end: position });
const optional =
  (check: Check): Check =>
  (value) =>
    value === undefined || value === null || check(value);

const inDocument = shape({ textDocument: document });
const atPosition = shape({ textDocument: document, position });
const inRange = shape({ textDocument: document, range });
const opened = shape({ textDocument: shape({ uri: isText, languageId: isText, text: isText }) });
const changed = shape({
  textDocument: document,
  contentChanges: (value) => Array.isArray(value) && value.every(shape({ text: isText, range: optional(range) })),
});

const checks: Readonly<Record<string, Check>> = {
  "textDocument/didOpen": opened,
  "textDocument/didChange": changed,
  "textDocument/didSave": inDocument,
  "textDocument/didClose": inDocument,
  "textDocument/hover": atPosition,
  "textDocument/completion": atPosition,
  "textDocument/signatureHelp": atPosition,
  "textDocument/definition": atPosition,
  "textDocument/declaration": atPosition,
  "textDocument/typeDefinition": atPosition,
  "textDocument/implementation": atPosition,
  "textDocument/references": atPosition,
  "textDocument/documentHighlight": atPosition,
  "textDocument/prepareRename": atPosition,
  "textDocument/prepareCallHierarchy": atPosition,
  "textDocument/rename": shape({ textDocument: document, position, newName: isText }),
  "textDocument/documentSymbol": inDocument,
  "textDocument/foldingRange": inDocument,
  "textDocument/selectionRange": shape({
    textDocument: document,
    positions: (value) => Array.isArray(value) && value.every(position),
  }),
  "textDocument/semanticTokens/full": inDocument,
  "textDocument/semanticTokens/full/delta": inDocument,
  "textDocument/semanticTokens/range": inRange,
  "textDocument/inlayHint": inRange,
  "textDocument/codeLens": inDocument,
  "textDocument/documentLink": inDocument,
  "textDocument/codeAction": inRange,
  "textDocument/diagnostic": inDocument,
  "textDocument/formatting": inDocument,
  "textDocument/rangeFormatting": inRange,
  "textDocument/onTypeFormatting": shape({ textDocument: document, position, ch: isText }),
  "completionItem/resolve": isRecord,
  "codeAction/resolve": isRecord,
  "inlayHint/resolve": isRecord,
  "callHierarchy/incomingCalls": shape({ item: shape({ uri: isText, selectionRange: range }) }),
  "callHierarchy/outgoingCalls": shape({ item: shape({ uri: isText, selectionRange: range }) }),
  "workspace/symbol": shape({ query: isText }),
  "workspace/executeCommand": shape({ command: isText, arguments: optional(isArray) }),
  "workspace/willRenameFiles": shape({
    files: (value) => Array.isArray(value) && value.every(shape({ oldUri: isText, newUri: isText })),
  }),
  "workspace/didChangeWorkspaceFolders": shape({ event: isRecord }),
  "workspace/didChangeWatchedFiles": shape({ changes: isArray }),
  initialize: optional(isRecord),
};

/** True when a handler of the method can read the parameters; methods that are not listed take anything. */
export function fits(method: string, params: unknown): boolean {
  return checks[method]?.(params) ?? true;
}
