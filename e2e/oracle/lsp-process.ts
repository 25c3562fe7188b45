// The built language server over stdio, as an editor starts it: requests and answers, nothing else.
import { start } from "../programs/run.ts";

export interface LspProcess {
  request<T>(method: string, params: unknown): Promise<T>;
  stop(): Promise<void>;
}

export async function startLsp(folder: string): Promise<LspProcess> {
  const child = start("rw", ["lsp", "--stdio"]);
  const waiting = new Map<
    number,
    (message: { readonly result?: unknown; readonly error?: { readonly message: string } }) => void
  >();
  let buffer = Buffer.alloc(0);
  let next = 1;
  child.stdout?.on("data", (chunk: Buffer) => {
    buffer = Buffer.concat([buffer, chunk]);
    for (;;) {
      const head = buffer.indexOf("\r\n\r\n");
      const length = Number(/Content-Length: (\d+)/i.exec(buffer.subarray(0, Math.max(head, 0)).toString())?.[1]);
      if (head < 0 || buffer.length < head + 4 + length) return;
      const message = JSON.parse(buffer.subarray(head + 4, head + 4 + length).toString()) as {
        id?: number;
        method?: string;
        result?: unknown;
        error?: { message: string };
      };
      buffer = buffer.subarray(head + 4 + length);
      if (message.method !== undefined && message.id !== undefined) send({ jsonrpc: "2.0", id: message.id, result: null });
      else if (message.id !== undefined) waiting.get(message.id)?.(message);
    }
  });
  const send = (message: object): void => {
    const text = JSON.stringify(message);
    child.stdin?.write(`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
  };
  const request = <T>(method: string, params: unknown): Promise<T> =>
    new Promise((resolve, reject) => {
      const id = next++;
      waiting.set(id, ({ result, error }) => (error === undefined ? resolve(result as T) : reject(new Error(error.message))));
      send({ jsonrpc: "2.0", id, method, params });
    });
  const uri = `file://${folder}`;
  await request("initialize", {
    processId: process.pid,
    rootUri: uri,
    workspaceFolders: [{ uri, name: "example" }],
    capabilities: {},
  });
  send({ jsonrpc: "2.0", method: "initialized", params: {} });
  return {
    request,
    stop: async () => {
      await request("shutdown", null);
      send({ jsonrpc: "2.0", method: "exit" });
      await new Promise((resolve) => child.once("exit", resolve));
    },
  };
}
