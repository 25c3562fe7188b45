// The language server in another program: in a worker, spoken to with LSP's messages, on files that the program gives.
import * as messages from "#protocol/messages.ts";
import { Calls, ResponseError } from "./calls.ts";
import { type FileChange, type FileSystem, memoryFiles } from "./file-system.ts";
import { listenTo, type ServerWorker } from "./worker-port.ts";

export type {
  EvaluateParams,
  EvaluateResult,
  FolderEntry,
  Layer,
  LiveParams,
  LiveRule,
  Position,
  Range,
  ResolveParams,
  ResolveResult,
  RunTestsParams,
  RunTestsResult,
  StatusParams,
  TestInfo,
  TestOutcome,
  TestsResult,
} from "#protocol/messages.ts";
export type { FileChange, FileSystem, MemoryFiles } from "./file-system.ts";
export type { BrowserWorker, NodeWorker, ServerWorker } from "./worker-port.ts";
export { memoryFiles, ResponseError };

export interface ServerOptions {
  /** What the server reads beside the open documents; nothing at `memory:/project` unless given. */
  readonly files?: FileSystem;
  /** Addresses of folders, each a project; the root of the files unless given. */
  readonly folders?: readonly string[];
  /** The settings of `rw.*`, as `{ live: { timeout: 1000 }, lint: { enable: false } }`. */
  readonly settings?: { readonly [name: string]: unknown };
  /** What the client shows and applies: LSP's `ClientCapabilities`. */
  readonly capabilities?: object;
  /** Hears what the server logs. */
  readonly log?: (text: string) => void;
  /** Hears of a worker that ended by itself: whatever was asked is refused then. */
  readonly broken?: (reason: string) => void;
}

export interface LanguageServer {
  /** LSP's `ServerCapabilities`. */
  readonly capabilities: { readonly [name: string]: unknown };
  readonly files: FileSystem;
  /** A request of LSP, or of `rw/…`; an aborted signal takes it back. A refusal rejects with a `ResponseError`. */
  request<T = unknown>(method: string, params?: unknown, signal?: AbortSignal): Promise<T>;
  notify(method: string, params?: unknown): void;
  /** Hears a notification of the server, as `textDocument/publishDiagnostics` or `rw/live`; the returned function ends that. */
  onNotification<T = unknown>(method: string, listener: (params: T) => void): () => void;
  /** Answers what the server asks, as `workspace/applyEdit`; without an answer it is told null. */
  onRequest<T = unknown>(method: string, answer: (params: T) => unknown): () => void;
  stop(): Promise<void>;
}

/** Starts the server in a worker whose program is `rulewright/language-server/worker`; it answers when this is done. */
export async function startLanguageServer(worker: ServerWorker, options: ServerOptions = {}): Promise<LanguageServer> {
  const { files = memoryFiles(), log = () => undefined } = options;
  const calls = new Calls((message) => worker.postMessage(message), log);
  let isStopped = false;
  listenTo(worker, {
    message: (message) => calls.receive(message),
    broken: (reason) => {
      if (isStopped) return;
      isStopped = true;
      calls.end(`the language server ended: ${reason}`);
      endChanges?.();
      options.broken?.(reason);
    },
  });
  calls.onNotification<{ readonly message: string }>("window/logMessage", ({ message }) => log(message));
  calls.onRequest<messages.ReadFileParams>(messages.readFile, (params) => read(files, params));
  calls.onRequest<messages.ReadFolderParams>(messages.readFolder, async ({ uri }) => (await files.readFolder(uri)) ?? null);
  const endChanges = files.onChange?.((changes) =>
    calls.notify("workspace/didChangeWatchedFiles", { changes: changes.map(told) }),
  );
  const folders = options.folders ?? [files.root];
  const { capabilities } = await calls.request<{ readonly capabilities: LanguageServer["capabilities"] }>("initialize", {
    processId: null,
    clientInfo: { name: "rulewright/language-server" },
    capabilities: options.capabilities ?? {},
    workspaceFolders: folders.map((uri) => ({ uri, name: uri.replace(/\/+$/u, "").replace(/^.*\//u, "") })),
    initializationOptions: { rw: options.settings ?? {}, fileSystems: [files.scheme] },
  });
  calls.notify("initialized", {});
  return {
    capabilities,
    files,
    request: (method, params, signal) => calls.request(method, params, signal),
    notify: (method, params) => calls.notify(method, params),
    onNotification: (method, listener) => calls.onNotification(method, listener),
    onRequest: (method, answer) => calls.onRequest(method, answer),
    stop: async () => {
      if (isStopped) return;
      isStopped = true;
      endChanges?.();
      await calls.request("shutdown", undefined).catch(() => undefined);
      calls.notify("exit", undefined);
      calls.end("the language server was stopped");
      await worker.terminate();
    },
  };
}

async function read(files: FileSystem, { uri, longest }: messages.ReadFileParams): Promise<messages.ReadFileResult> {
  const bytes = await files.readFile(uri);
  if (bytes === undefined) return null;
  return bytes.length > longest ? { length: bytes.length } : { base64: base64(bytes) };
}

/** Piece by piece: a call takes so many arguments only. */
function base64(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(text);
}

/** LSP's numbers. */
const kinds: Readonly<Record<FileChange["kind"], number>> = { created: 1, changed: 2, deleted: 3 };

const told = ({ uri, kind }: FileChange): object => ({ uri, type: kinds[kind] });
