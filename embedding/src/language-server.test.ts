// A program with a server that is started, asked, given up and lost.
import { expect, test } from "vitest";
import { memoryFiles, type ServerOptions, startLanguageServer } from "./language-server.ts";

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
}

/** A worker that greets, keeps what it hears, and says what the test says. */
function fakeWorker() {
  const heard: Message[] = [];
  const listeners = { message: (_: { data: unknown }) => {}, error: (_: { message: string }) => {} };
  const say = (data: object): void => listeners.message({ data: { jsonrpc: "2.0", ...data } });
  return {
    heard,
    say,
    breaks: (message: string) => listeners.error({ message }),
    isEnded: false,
    postMessage(message: unknown): void {
      const { id, method } = message as Message;
      heard.push(message as Message);
      if (method === "initialize") queueMicrotask(() => say({ id, result: { capabilities: { hoverProvider: true } } }));
      if (method === "shutdown") queueMicrotask(() => say({ id, result: null }));
    },
    addEventListener(type: "message" | "error", listener: never): void {
      listeners[type] = listener;
    },
    terminate(): void {
      this.isEnded = true;
    },
  };
}

async function started(options: ServerOptions = {}) {
  const worker = fakeWorker();
  const server = await startLanguageServer(worker, options);
  const answerTo = async (id: number): Promise<Message | undefined> => {
    await new Promise((done) => setImmediate(done));
    return worker.heard.find((message) => message.id === id && message.method === undefined);
  };
  return { worker, server, answerTo };
}

test("it is told the folder, the settings and who reads the files", async () => {
  const { worker, server } = await started({ settings: { lint: { enable: false } } });
  expect(worker.heard[0]?.params).toMatchObject({
    workspaceFolders: [{ uri: "memory:/project", name: "project" }],
    initializationOptions: { rw: { lint: { enable: false } }, fileSystems: ["memory"] },
  });
  expect(server.capabilities).toEqual({ hoverProvider: true });
});

test("it reads files through the program, but none that is too long", async () => {
  const { worker, answerTo } = await started({ files: memoryFiles({ "p.rego": "package p" }) });
  worker.say({ id: 7, method: "rw/readFile", params: { uri: "memory:/project/p.rego", longest: 100 } });
  worker.say({ id: 8, method: "rw/readFile", params: { uri: "memory:/project/p.rego", longest: 3 } });
  worker.say({ id: 9, method: "rw/readFolder", params: { uri: "memory:/nowhere" } });
  expect(await answerTo(7)).toMatchObject({ result: { base64: btoa("package p") } });
  expect(await answerTo(8)).toMatchObject({ result: { length: 9 } });
  expect(await answerTo(9)).toMatchObject({ result: null });
});

test("a request that is taken back is cancelled there, and its late answer is nobody's", async () => {
  const { worker, server } = await started();
  const stop = new AbortController();
  const asked = server.request("textDocument/hover", {}, stop.signal);
  const id = worker.heard.at(-1)?.id ?? 0;
  stop.abort();
  await expect(asked).rejects.toThrow(/abort/iu);
  expect(worker.heard.at(-1)).toMatchObject({ method: "$/cancelRequest", params: { id } });
  worker.say({ id, result: 1 });
});

test("a listener that fails is logged, and the others hear", async () => {
  const logged: string[] = [];
  const { worker, server } = await started({ log: (text) => logged.push(text) });
  const heard: unknown[] = [];
  server.onNotification("rw/live", () => {
    throw new Error("broken listener");
  });
  server.onNotification("rw/live", (params) => heard.push(params));
  worker.say({ method: "rw/live", params: 1 });
  expect(heard).toEqual([1]);
  expect(logged.join()).toContain("rw/live: a listener failed: Error: broken listener");
});

test("an answer of the program that fails is an error for the server", async () => {
  const { worker, server, answerTo } = await started();
  server.onRequest("workspace/applyEdit", () => Promise.reject(new Error("read only")));
  worker.say({ id: 3, method: "workspace/applyEdit", params: {} });
  expect(await answerTo(3)).toMatchObject({ error: { message: "read only" } });
});

test("a server that is lost refuses what waits and what comes, and says so once", async () => {
  const reasons: string[] = [];
  const { worker, server } = await started({ broken: (reason) => reasons.push(reason) });
  const waiting = server.request("textDocument/hover", {});
  worker.breaks("out of memory");
  worker.breaks("again");
  await expect(waiting).rejects.toThrow("the language server ended: out of memory");
  await expect(server.request("textDocument/hover", {})).rejects.toThrow("out of memory");
  expect(reasons).toEqual(["out of memory"]);
});

test("a server that is stopped ends its worker", async () => {
  const { worker, server } = await started();
  await server.stop();
  expect(worker.heard.map(({ method }) => method).slice(-2)).toEqual(["shutdown", "exit"]);
  expect(worker.isEnded).toBe(true);
});
