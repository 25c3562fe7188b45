// Whether the parameters of a request have the shape that its handler reads; what has not is answered with -32602.
import { newKinds } from "#features/new-files.ts";

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

const listOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check);
const renames = shape({ files: listOf(shape({ oldUri: isText, newUri: isText })) });
const folders = listOf(shape({ uri: isText }));

const inDocument = shape({ textDocument: document });
const atPosition = shape({ textDocument: document, position });
const inRange = shape({ textDocument: document, range });
const opened = shape({ textDocument: shape({ uri: isText, languageId: isText, text: isText }) });
const changed = shape({
  textDocument: document,
  contentChanges: listOf(shape({ text: isText, range: optional(range) })),
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
    positions: listOf(position),
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
  "workspace/willRenameFiles": renames,
  "workspace/didChangeWorkspaceFolders": shape({ event: shape({ added: folders, removed: folders }) }),
  "workspace/didChangeWatchedFiles": shape({ changes: listOf(shape({ uri: isText })) }),
  "workspace/didCreateFiles": shape({ files: listOf(shape({ uri: isText })) }),
  "workspace/didDeleteFiles": shape({ files: listOf(shape({ uri: isText })) }),
  "workspace/didRenameFiles": renames,
  initialize: optional(shape({ rootUri: optional(isText), rootPath: optional(isText), workspaceFolders: optional(folders) })),
};

const aboutDocument = shape({ uri: isText });
const aboutWhy = {
  uri: isText,
  query: optional(isText),
  range: optional(range),
  sample: optional(isText),
  input: optional(isText),
  member: optional(isText),
};
const queryFields = { uri: isText, query: optional(isText), range: optional(range), input: optional(isText) };
const aboutQuery = shape(queryFields);

const commands: Readonly<Record<string, Check>> = {
  "rw.evaluate": aboutQuery,
  "rw.tell": shape({ ...queryFields, how: (how) => how === "trace" || how === "profile" }),
  "rw.coverage": aboutQuery,
  "rw.samples": shape({ uri: isText, recent: optional(listOf(isText)) }),
  "rw.selectSample": aboutDocument,
  "rw.pinSample": shape({ uri: isText, path: optional(isText), range: optional(range), sample: optional(isText) }),
  "rw.resolve": aboutDocument,
  "rw.convert": shape({ uri: isText, to: isText }),
  "rw.moveEntry": shape({ uri: isText, position, direction: isText }),
  "rw.runTests": optional(shape({ ids: listOf(isText) })),
  "rw.acceptDecision": aboutDocument,
  "rw.inferSchema": aboutDocument,
  "rw.recordMocks": shape({ uri: isText, hosts: listOf(isText) }),
  "rw.createTest": shape({ uri: isText, query: isText, sample: isText, profile: optional(isText) }),
  "rw.matrix": shape({ uri: isText, token: optional(isText), url: optional(isText) }),
  "rw.migrateWorkspace": aboutDocument,
  "rw.newFiles": shape({ kind: (value) => newKinds.some((kind) => kind === value), name: isText }),
  "rw.dependencies": shape({ uri: isText, range: optional(range) }),
  "rw.partial": shape({ ...queryFields, unknowns: optional(listOf(isText)) }),
  "rw.why": shape(aboutWhy),
  "rw.whatIf": shape(aboutWhy),
  "rw.applyWhatIf": shape({ ...aboutWhy, changes: listOf(shape({ kind: isText, path: isArray })) }),
  "rw.applyEdit": shape({ edit: isRecord }),
  "rw.bundle": aboutDocument,
  "rw.bundleFile": shape({ uri: isText, path: isText }),
  "rw.compareBundles": shape({ before: isText, after: isText, project: optional(isText) }),
  "rw.decisionLog": shape({ uri: isText, log: isText }),
  "rw.logSamples": shape({ uri: isText, log: isText, ids: listOf(isText), masks: listOf(isText) }),
  "rw.signBundle": shape({ uri: isText, key: isText, keyId: isText, scope: isText }),
  "rw.verifyBundle": shape({ uri: isText, key: isText }),
};

/** True when a command of `workspace/executeCommand` can read its first argument. */
export function commandFits(command: string, argument: unknown): boolean {
  return commands[command]?.(argument) ?? true;
}

/** True when a handler of the method can read the parameters; methods that are not listed take anything. */
export function fits(method: string, params: unknown): boolean {
  // The requests beyond LSP are commands too.
  return (checks[method] ?? commands[method.replace("rw/", "rw.")])?.(params) ?? true;
}
