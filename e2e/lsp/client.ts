// A language client over stdio for black-box tests: raw frames where a test wants them, errors kept as they came, everything published remembered.
import type { ChildProcess } from "node:child_process";
import { start } from "../programs/run.ts";

export interface RpcError {
  readonly code: number;
  readonly message: string;
}

export interface Published {
  readonly uri: string;
  readonly version?: number;
  readonly diagnostics: readonly LspDiagnostic[];
}

export interface Position {
  readonly line: number;
  readonly character: number;
}

export interface LspRange {
  readonly start: Position;
  readonly end: Position;
}

export interface LspDiagnostic {
  readonly range: LspRange;
  readonly severity?: number;
  readonly code?: string;
  readonly source?: string;
  readonly message: string;
  readonly tags?: readonly number[];
  readonly relatedInformation?: readonly {
    readonly location: { readonly uri: string; readonly range: LspRange };
    message: string;
  }[];
}

/** What an editor with every feature says about itself. */
export const richCapabilities = {
  general: { positionEncodings: ["utf-16"] },
  workspace: { workspaceFolders: true, applyEdit: true, configuration: true },
  textDocument: {
    synchronization: { didSave: true },
    publishDiagnostics: { relatedInformation: true, versionSupport: true, tagSupport: { valueSet: [1, 2] } },
    completion: { completionItem: { snippetSupport: false, documentationFormat: ["markdown"] } },
    documentSymbol: { hierarchicalDocumentSymbolSupport: true },
    codeAction: { codeActionLiteralSupport: { codeActionKind: { valueSet: ["quickfix", "source", "refactor"] } } },
    hover: { contentFormat: ["markdown"] },
    signatureHelp: { signatureInformation: { parameterInformation: { labelOffsetSupport: true } } },
    rename: { prepareSupport: true },
  },
} as const;

type Message = { id?: number | string | null; method?: string; params?: unknown; result?: unknown; error?: RpcError };

export class LspClient {
  readonly child: ChildProcess;
  readonly messages: Message[] = [];
  readonly exited: Promise<number | null>;
  /** What the client answers to the requests of the server; null to all others. */
  readonly answers = new Map<string, (params: unknown) => unknown>();
  readonly #waiting = new Map<number, (message: Message) => void>();
  readonly #listeners = new Set<(message: Message) => void>();
  /** Frames that wait to be sent as one. */
  #held: string[] | undefined;
  #buffer = Buffer.alloc(0);
  /** What came behind the buffer, so that a long message is put together once. */
  readonly #chunks: Buffer[] = [];
  #received = 0;
  #needed = 0;
  #next = 1;

  /** Speaks with `rw lsp --stdio`, or with a server that was started already. */
  constructor(
    args: readonly string[] = ["lsp", "--stdio"],
    env: Readonly<Record<string, string>> = {},
    child = start("rw", args, { env }),
  ) {
    this.child = child;
    this.exited = new Promise((resolve) => this.child.once("exit", resolve));
    this.child.stdin?.on("error", () => undefined);
    this.child.stderr?.resume();
    this.child.stdout?.on("data", (chunk: Buffer) => this.#take(chunk));
  }

  #take(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#received += chunk.length;
    if (this.#received < this.#needed) return;
    this.#buffer = Buffer.concat([this.#buffer, ...this.#chunks.splice(0)]);
    for (;;) {
      this.#received = this.#buffer.length;
      this.#needed = 0;
      const head = this.#buffer.indexOf("\r\n\r\n");
      if (head < 0) return;
      const length = Number(/Content-Length: (\d+)/iu.exec(this.#buffer.subarray(0, head).toString())?.[1]);
      this.#needed = head + 4 + length;
      if (this.#buffer.length < this.#needed) return;
      const message = JSON.parse(this.#buffer.subarray(head + 4, head + 4 + length).toString()) as Message;
      this.#buffer = this.#buffer.subarray(head + 4 + length);
      this.messages.push(message);
      if (message.method !== undefined && message.id !== undefined)
        this.send({ id: message.id, result: this.answers.get(message.method)?.(message.params) ?? null });
      else if (typeof message.id === "number") this.#waiting.get(message.id)?.(message);
      for (const listener of [...this.#listeners]) listener(message);
    }
  }

  raw(bytes: string | Buffer): void {
    this.child.stdin?.write(bytes);
  }

  send(message: object): void {
    const text = JSON.stringify({ jsonrpc: "2.0", ...message });
    const frame = `Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`;
    if (this.#held === undefined) this.raw(frame);
    else this.#held.push(frame);
  }

  /** Sends what `act` sends in one piece, so that the server has all of it before it answers any of it. */
  atOnce<T>(act: () => T): T {
    this.#held = [];
    try {
      return act();
    } finally {
      this.raw(this.#held.join(""));
      this.#held = undefined;
    }
  }

  notify(method: string, params?: unknown): void {
    this.send({ method, params });
  }

  /** The id of the request and its answer, an error included. */
  ask(
    method: string,
    params?: unknown,
  ): { readonly id: number; readonly answer: Promise<{ result?: unknown; error?: RpcError }> } {
    const id = this.#next++;
    const answer = new Promise<Message>((resolve) => this.#waiting.set(id, resolve));
    this.send({ id, method, params });
    return { id, answer };
  }

  async request<T>(method: string, params?: unknown): Promise<T> {
    const { result, error } = await this.ask(method, params).answer;
    if (error !== undefined) throw new Error(`${error.code} ${error.message}`);
    return result as T;
  }

  /** The next message that a test waits for. */
  next(test: (message: Message) => boolean, timeoutMs = 60_000): Promise<Message> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#listeners.delete(listener);
        reject(new Error(`no such message within ${timeoutMs} ms`));
      }, timeoutMs);
      const listener = (message: Message) => {
        if (!test(message)) return;
        clearTimeout(timer);
        this.#listeners.delete(listener);
        resolve(message);
      };
      this.#listeners.add(listener);
    });
  }

  async initialize(
    folders: readonly string[],
    capabilities: object = richCapabilities,
    options: object = {},
  ): Promise<{ capabilities: Record<string, unknown>; serverInfo?: { name: string; version?: string } }> {
    const workspaceFolders = folders.map((uri) => ({ uri, name: uri.slice(uri.lastIndexOf("/") + 1) }));
    // Lint has cases of its own; elsewhere it would say something about every sketch of a policy.
    const initializationOptions = { rw: { lint: { enable: false } } };
    const rootUri = folders[0] ?? null;
    const params = { processId: process.pid, rootUri, workspaceFolders, capabilities, initializationOptions, ...options };
    const result = await this.request<{ capabilities: Record<string, unknown>; serverInfo?: { name: string } }>(
      "initialize",
      params,
    );
    this.notify("initialized", {});
    return result;
  }

  open(uri: string, text: string, languageId = "rego", version = 1): void {
    this.notify("textDocument/didOpen", { textDocument: { uri, languageId, version, text } });
  }

  /** The last findings published for a document. */
  published(uri: string): Published | undefined {
    return this.messages
      .filter((message) => message.method === "textDocument/publishDiagnostics" && (message.params as Published).uri === uri)
      .at(-1)?.params as Published | undefined;
  }

  /** Findings as a pull, which waits for everything sent before. */
  async diagnostics(uri: string): Promise<readonly LspDiagnostic[]> {
    const report = await this.request<{ items?: readonly LspDiagnostic[] }>("textDocument/diagnostic", { textDocument: { uri } });
    return report.items ?? [];
  }

  /** Ends the server as LSP says; gives its exit code. */
  async stop(): Promise<number | null> {
    await this.request("shutdown");
    this.notify("exit");
    return this.exited;
  }
}
