// The server of a browser, over message ports: files through the client, decisions and large files in workers.
import { MessageChannel, type MessagePort } from "node:worker_threads";
import { afterEach, expect, test, vi } from "vitest";
import * as messages from "#protocol/messages.ts";
import * as publishing from "#protocol/publishing.ts";
import { evaluateOn } from "./evaluation.ts";
import { serveLaneOn } from "./lane.ts";
import type { Port, StartWorker } from "./port.ts";
import { serveOn } from "./server.ts";

const open: MessagePort[] = [];
afterEach(() => {
  for (const port of open.splice(0)) port.close();
});

/** Two ends, each as a worker sees the other. */
function ends(): readonly [Port, Port] {
  const { port1, port2 } = new MessageChannel();
  open.push(port1, port2);
  const asPort = (port: MessagePort): Port => {
    let listener: (message: unknown) => void = () => undefined;
    port.on("message", (data: unknown) => listener(data));
    return {
      postMessage: (message) => port.postMessage(message),
      listen: (to) => {
        listener = to;
      },
    };
  };
  return [asPort(port1), asPort(port2)];
}

const startWorker: StartWorker = (role) => {
  const [outside, inside] = ends();
  if (role === "evaluation") evaluateOn(inside);
  else serveLaneOn(inside);
  return { ...outside, onBroken: () => undefined, terminate: () => undefined };
};

interface Message {
  readonly id?: number | string;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

/** A client whose file system `memfs:` holds the files. */
async function connect(files: Readonly<Record<string, string>>) {
  const [port, other] = ends();
  serveOn(other, startWorker, () => undefined);
  const waiting = new Map<number, (message: Message) => void>();
  const notified = new Map<string, unknown[]>();
  const asked: string[] = [];
  const isGreeted = { now: false };
  const answer = (method: string, params: unknown): unknown => {
    const { uri } = params as { uri: string };
    asked.push(`${method} ${uri}`);
    expect(isGreeted.now).toBe(true);
    if (method === messages.readFile) {
      const text = files[uri];
      return text === undefined ? null : { base64: Buffer.from(text).toString("base64") };
    }
    if (method !== messages.readFolder) return null;
    const below = Object.keys(files).filter((one) => one.startsWith(`${uri}/`));
    const names = new Set(below.map((one) => one.slice(uri.length + 1)).map((rest) => rest.replace(/\/.*/u, "/")));
    return [...names].map((name) => ({ name: name.replace("/", ""), kind: name.endsWith("/") ? "folder" : "file" }));
  };
  port.listen((heard) => {
    const message = heard as Message;
    if (message.method === undefined) {
      waiting.get(message.id as number)?.(message);
      return;
    }
    if (message.id !== undefined)
      port.postMessage({ jsonrpc: "2.0", id: message.id, result: answer(message.method, message.params) });
    else notified.set(message.method, [...(notified.get(message.method) ?? []), message.params]);
  });
  let next = 1;
  const request = async <T>(method: string, params: unknown): Promise<T> => {
    const id = next++;
    const said = new Promise<Message>((ok) => waiting.set(id, ok));
    port.postMessage({ jsonrpc: "2.0", id, method, params });
    const { result, error } = await said;
    if (error !== undefined) throw new Error(error.message);
    return result as T;
  };
  const notify = (method: string, params: unknown): void => port.postMessage({ jsonrpc: "2.0", method, params });
  await request("initialize", {
    processId: null,
    capabilities: {},
    workspaceFolders: [{ uri: "memfs:/p", name: "p" }],
    initializationOptions: { rw: { lint: { enable: false } }, client: "vscode", fileSystems: ["memfs", "file"] },
  });
  isGreeted.now = true;
  notify("initialized", {});
  return {
    request,
    notify,
    asked,
    open: (uri: string, text: string) =>
      notify("textDocument/didOpen", { textDocument: { uri, languageId: "rego", version: 1, text } }),
    /** The first notification of the method that fits. */
    notified: <T>(method: string, fits: (params: T) => boolean): Promise<T> =>
      vi.waitFor(
        () => {
          const found = (notified.get(method) as T[] | undefined)?.find(fits);
          if (found === undefined) throw new Error(`no such ${method}: ${JSON.stringify(notified.get(method))}`);
          return found;
        },
        { timeout: 10_000 },
      ),
  };
}

const policy = "package shop\n\nallow if input.user == data.shop.owner\n";
const files = {
  "memfs:/p/shop/shop.rego": policy,
  "memfs:/p/shop/data.json": '{"owner": "eve"}',
  "memfs:/p/inputs/eve.conf": "user: eve\n",
  "memfs:/p/shop/shop_test.rego": 'package shop_test\n\ntest_eve if data.shop.allow with input as {"user": "eve"}\n',
  "memfs:/p/node_modules/other.rego": "package other\n",
};

test("policies, data and samples of a file system that only the client sees are checked and decided", async () => {
  const client = await connect(files);
  client.open("memfs:/p/shop/shop.rego", `${policy}\nbroken := no_such(1)\n`);
  type Published = { uri: string; diagnostics: { code: string }[] };
  const found = await client.notified<Published>("textDocument/publishDiagnostics", ({ diagnostics }) => diagnostics.length > 0);
  expect(found).toMatchObject({ uri: "memfs:/p/shop/shop.rego", diagnostics: [{ code: "rego_type_error" }] });
  expect(client.asked.filter((one) => one.includes("node_modules/"))).toEqual([]);

  client.open("memfs:/p/shop/shop.rego", policy);
  const live = await client.notified<messages.LiveParams>(messages.live, ({ rules }) =>
    rules.some(({ text }) => text === "true"),
  );
  expect(live).toMatchObject({ root: "memfs:/p", sampleUri: "memfs:/p/inputs/eve.conf" });
});

test("tests run, and places lead to the client's addresses", async () => {
  const client = await connect(files);
  const { tests } = await client.request<messages.TestsResult>(messages.tests, {});
  expect(JSON.stringify(tests)).toContain('"uri":"memfs:/p/shop/shop_test.rego"');
  const run = await client.request<messages.RunTestsResult>(messages.runTests, { ids: [] });
  expect(run.outcomes).toMatchObject([{ outcome: "passed" }]);
  const at = { textDocument: { uri: "memfs:/p/shop/shop_test.rego" }, position: { line: 2, character: 24 } };
  client.open(at.textDocument.uri, files["memfs:/p/shop/shop_test.rego"]);
  expect(await client.request("textDocument/definition", at)).toMatchObject([{ uri: "memfs:/p/shop/shop.rego" }]);
});

test("an input of a launch is found where `${workspaceFolder}` has lost its file system", async () => {
  const client = await connect(files);
  const session = "one";
  const send = (seq: number, command: string, args: object): void =>
    client.notify(messages.debug, { session, message: { seq, type: "request", command, arguments: args } });
  const event = (name: string) =>
    client.notified<messages.DebugParams>(messages.debug, ({ message }) => (message as { event?: string }).event === name);
  send(1, "initialize", {});
  send(2, "launch", { query: "data.shop.allow", inputPath: "/p/inputs/eve.conf", stopOnEntry: true });
  await event("initialized");
  send(3, "configurationDone", {});
  await event("stopped");
  send(4, "stackTrace", { threadId: 1 });
  const traced = await client.notified<messages.DebugParams>(
    messages.debug,
    ({ message }) => (message as { command?: string }).command === "stackTrace",
  );
  expect(JSON.stringify(traced)).toContain('"path":"memfs:/p/shop/shop.rego"');
});

test("a large file has a worker of its own", async () => {
  const client = await connect(files);
  const uri = "memfs:/p/large.rego";
  client.open(uri, `package large\n\nr if {\n\ttrue\n}\n\n# ${"x".repeat(2_000_000)}\n`);
  expect(await client.request("textDocument/foldingRange", { textDocument: { uri } })).toHaveLength(1);
});

test("an RMS that does not let the page ask it is told as such", async () => {
  vi.stubGlobal("fetch", () => Promise.reject(new TypeError("Failed to fetch")));
  vi.stubGlobal("origin", "https://vscode.example");
  const config = 'rms { url = "http://rms.example", domain = shop }\n';
  const client = await connect({ ...files, "memfs:/p/rw.conf": config });
  const status = await client.request(publishing.rmsStatus, { uri: "memfs:/p/shop/shop.rego", token: "t" });
  vi.unstubAllGlobals();
  expect(JSON.stringify(status)).toContain("`rms serve --cors-origin https://vscode.example` lets it ask");
});

test("an evaluation without an end is given up where no memory is shared", async () => {
  vi.stubGlobal("SharedArrayBuffer", undefined);
  const slow = `package slow

xs := numbers.range(1, 2000)

r if {
	some a in xs
	some b in xs
	some c in xs
	some d in xs
	a < b
	b < c
	c < d
	d < a
}
`;
  const client = await connect({ "memfs:/p/slow.rego": slow });
  client.open("memfs:/p/slow.rego", slow);
  const live = await client.notified<messages.LiveParams>(messages.live, ({ problem }) => problem !== undefined);
  vi.unstubAllGlobals();
  expect(live.problem).toMatch(/the evaluation took longer than 500 ms/u);
});
