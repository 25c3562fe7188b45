// A client over an in-memory wire, so that whole conversations are tested without a process.
import type { ClientCapabilities, Diagnostic, InitializeResult } from "vscode-languageserver";
import { type Host, memoryHost } from "#workspace/host.ts";
import type { Evaluator } from "./evaluator.ts";
import type { StartLane } from "./lane.ts";
import type { Ports } from "./ports.ts";
import { encodeFrame, FrameReader } from "./rpc/frames.ts";
import { serve } from "./serve.ts";

export interface TestClient {
  readonly initialized: InitializeResult;
  request<T>(method: string, params: unknown): Promise<T>;
  /** Cancels the request that was sent last. */
  cancelLast(): void;
  notify(method: string, params: unknown): void;
  open(path: string, text: string): void;
  change(path: string, version: number, changes: readonly unknown[]): void;
  /** The last published diagnostics of a file, when everything sent so far was looked at. */
  diagnostics(path: string): Promise<readonly Diagnostic[]>;
  /** Parameters of every notification of a method so far. */
  readonly notifications: Map<string, unknown[]>;
  /** Parameters of all notifications in their order. */
  readonly received: unknown[];
  readonly logged: string[];
  /** Writes a file on the disk; the server is not told. */
  write(path: string, text: string): void;
}

/** A lane in this thread, with what a lane in a thread of its own has. */
const startLane: StartLane = (events) => {
  let stopped = false;
  const lane = serve(
    {
      send: (message) => {
        const { id, method } = message as { id?: number; method?: string };
        if (!stopped) events.frame(encodeFrame(message), method === undefined ? id : undefined);
      },
      pass: () => undefined,
      defer: (job) => setImmediate(job),
      exit: () => undefined,
      log: () => undefined,
    },
    {
      host: memoryHost({}),
      evaluator: noEvaluator,
      environment: {},
      fetch: () => Promise.reject(new Error("no network in this test")),
      now: () => performance.now(),
      later: (_, job) => {
        const timer = setImmediate(job);
        return () => clearImmediate(timer);
      },
      log: () => undefined,
      endWith: () => undefined,
    },
  );
  return {
    send: (message) => lane.receive([{ message: { jsonrpc: "2.0", ...message } }]),
    stop: () => {
      stopped = true;
    },
  };
};

const noEvaluator: Evaluator = {
  run: () => ({ answer: Promise.reject(new Error("no evaluator in this test")), stop: () => undefined }),
  dispose: () => undefined,
};

export const uri = (path: string): string => `file:///p/${path}`;

/** What an editor of today says about itself. */
export const richCapabilities: ClientCapabilities = {
  workspace: { applyEdit: true, workspaceEdit: { documentChanges: true } },
  textDocument: {
    hover: { contentFormat: ["markdown"] },
    documentSymbol: { hierarchicalDocumentSymbolSupport: true },
    codeAction: { codeActionLiteralSupport: { codeActionKind: { valueSet: ["quickfix", "source"] } } },
  },
};

/** Starts a server over files at `/p` and initializes it. */
export async function connect(
  files: Readonly<Record<string, string | Uint8Array>>,
  options: {
    readonly initialize?: object;
    readonly evaluator?: Evaluator;
    readonly startLane?: StartLane;
    readonly fetch?: Ports["fetch"];
  } = {},
): Promise<TestClient> {
  const reader = new FrameReader();
  const incoming = new FrameReader();
  const waiting = new Map<number, { ok(value: unknown): void; failed(error: Error): void }>();
  const notifications = new Map<string, unknown[]>();
  const received: unknown[] = [];
  const published = new Map<string, readonly Diagnostic[]>();
  const logged: string[] = [];
  let pending = 0;
  const disk: Record<string, string | Uint8Array> = {};
  for (const [name, text] of Object.entries(files)) disk[`/p/${name}`] = text;
  const memory = memoryHost(disk);
  const host: Host = {
    ...memory,
    readFile: async (path) => {
      // A disk answers later than what is in memory.
      await new Promise((ok) => setImmediate(ok));
      return memory.readFile(path);
    },
  };
  const connection = serve(
    {
      send: (message) => {
        // In a browser messages are no text, but cloned.
        for (const frame of incoming.push(encodeFrame(structuredClone(message))))
          if ("message" in frame) receive(frame.message as Record<string, unknown>);
      },
      defer: (job) => setImmediate(job),
      pass: (frame) => {
        for (const one of frame instanceof Uint8Array ? incoming.push(frame) : [{ message: frame }])
          if ("message" in one) receive(one.message as Record<string, unknown>);
      },
      exit: () => undefined,
      log: (text) => logged.push(text),
    },
    {
      host,
      startLane: options.startLane ?? startLane,
      evaluator: options.evaluator ?? noEvaluator,
      environment: { HOME_REGION: "real" },
      fetch: options.fetch ?? (() => Promise.reject(new Error("no network in this test"))),
      now: () => performance.now(),
      later: (_milliseconds, job) => {
        pending += 1;
        let waits = true;
        const done = () => {
          if (waits) pending -= 1;
          waits = false;
        };
        const timer = setImmediate(() => {
          done();
          job();
        });
        return () => {
          done();
          clearImmediate(timer);
        };
      },
      log: (text) => logged.push(text),
      endWith: () => undefined,
    },
  );
  const receive = (message: Record<string, unknown>) => {
    if (typeof message["method"] === "string") {
      const list = notifications.get(message["method"]) ?? [];
      list.push(message["params"]);
      received.push(message["params"]);
      notifications.set(message["method"], list);
      if (message["method"] === "textDocument/publishDiagnostics") {
        const params = message["params"] as { uri: string; diagnostics: Diagnostic[] };
        published.set(params.uri, params.diagnostics);
      }
      if (message["method"] === "workspace/applyEdit") send({ id: message["id"], result: { applied: true } });
      return;
    }
    const answer = waiting.get(message["id"] as number);
    if (message["error"] !== undefined) answer?.failed(new Error((message["error"] as { message: string }).message));
    else answer?.ok(message["result"]);
  };
  const send = (message: object) => connection.receive(reader.push(encodeFrame({ jsonrpc: "2.0", ...message })));
  let nextId = 1;
  const request = <T>(method: string, params: unknown): Promise<T> => {
    const id = nextId++;
    return new Promise<T>((ok, failed) => {
      waiting.set(id, { ok: ok as (value: unknown) => void, failed });
      send({ id, method, params });
    });
  };
  const notify = (method: string, params: unknown) => send({ method, params });
  const initialized = await request<InitializeResult>("initialize", {
    processId: null,
    capabilities: richCapabilities,
    workspaceFolders: [{ uri: "file:///p", name: "p" }],
    // Lint has tests of its own; elsewhere it would say something about every sketch of a policy.
    initializationOptions: { rw: { lint: { enable: false } } },
    ...options.initialize,
  });
  notify("initialized", {});
  return {
    initialized,
    request,
    cancelLast: () => send({ method: "$/cancelRequest", params: { id: nextId - 1 } }),
    notify,
    notifications,
    received,
    logged,
    write: (path, text) => {
      disk[`/p/${path}`] = text;
    },
    open: (path, text) =>
      notify("textDocument/didOpen", { textDocument: { uri: uri(path), languageId: languageOf(path), version: 1, text } }),
    change: (path, version, contentChanges) =>
      notify("textDocument/didChange", { textDocument: { uri: uri(path), version }, contentChanges }),
    async diagnostics(path) {
      let quiet = 0;
      while (quiet < 5) {
        await new Promise((done) => setImmediate(done));
        quiet = pending > 0 ? 0 : quiet + 1;
      }
      return published.get(uri(path)) ?? [];
    },
  };
}

function languageOf(path: string): string {
  const ending = path.slice(path.lastIndexOf(".") + 1);
  return ending === "conf" ? "hocon" : ending;
}
