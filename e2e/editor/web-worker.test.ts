// The language server's program as web workers of a real browser, under a policy for content that lets nothing else in.
import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import * as messages from "#protocol/messages.ts";
import { launchBrowser, newPage } from "./workbench.ts";

/** No address but the page's own, and of `eval` only what WebAssembly needs. */
const contentPolicy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'none'";

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: unknown;
}

let server: Server;
let browser: Browser;
let page: Page;
/** What the worker said, and who waits for something of it. */
const heard: Message[] = [];
const waiting = new Set<() => void>();
const folder = "memfs:/p";
const files = new Map<string, string>();
let next = 1;

const post = (message: object): Promise<void> =>
  page.evaluate(
    (text) => (globalThis as unknown as { post(text: string): void }).post(text),
    JSON.stringify({ jsonrpc: "2.0", ...message }),
  );

function hear(message: Message): void {
  const { id, method } = message;
  const { uri } = (message.params ?? {}) as { uri?: string };
  if (method === messages.readFile) {
    const text = files.get(uri ?? "");
    void post({ id, result: text === undefined ? null : { base64: Buffer.from(text).toString("base64") } });
  } else if (method === messages.readFolder) {
    const names = [...files.keys()].filter((one) => uri === folder && one.startsWith(`${folder}/`));
    void post({ id, result: names.map((one) => ({ name: one.slice(folder.length + 1), kind: "file" })) });
  }
  heard.push(message);
  for (const look of waiting) look();
}

/** The first message that fits; what was said before counts too. */
function said<T>(fits: (message: Message) => boolean, take: (message: Message) => T): Promise<T> {
  return new Promise((ok) => {
    const look = (): void => {
      const found = heard.find(fits);
      if (found === undefined) return;
      waiting.delete(look);
      ok(take(found));
    };
    waiting.add(look);
    look();
  });
}

async function request<T>(method: string, params: unknown): Promise<T> {
  const id = next++;
  await post({ id, method, params });
  return said(
    (message) => message.id === id && message.method === undefined,
    ({ result }) => result as T,
  );
}

const live = (fits: (params: messages.LiveParams) => boolean): Promise<messages.LiveParams> =>
  said(
    ({ method, params }) => method === messages.live && fits(params as messages.LiveParams),
    ({ params }) => params as messages.LiveParams,
  );

const open = (name: string, text: string): Promise<void> =>
  post({
    method: "textDocument/didOpen",
    params: { textDocument: { uri: `${folder}/${name}`, languageId: "rego", version: 1, text } },
  });

/** It takes no memory, which would end it, too. */
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
const policy = "package p\n\nallow if input.user == data.owner\n";

beforeAll(async () => {
  files
    .set(`${folder}/p.rego`, policy)
    .set(`${folder}/data.json`, '{"owner": "eve"}')
    .set(`${folder}/input.json`, '{"user": "eve"}');
  browser = await launchBrowser();
  page = await newPage(browser);
  server = createServer(({ url }, response) => {
    const isPage = url === "/";
    response.writeHead(200, {
      "Content-Security-Policy": contentPolicy,
      "Content-Type": isPage ? "text/html" : "text/javascript",
    });
    response.end(isPage ? "<!DOCTYPE html>" : readFileSync("dist/web/server.js"));
  });
  await new Promise<void>((done) => server.listen(0, "localhost", done));
  await page.exposeFunction("hear", hear);
  await page.goto(`http://localhost:${(server.address() as AddressInfo).port}/`);
  await page.evaluate(() => {
    const worker = new Worker("/server.js");
    const scope = globalThis as unknown as { hear(message: unknown): void; post(text: string): void };
    worker.addEventListener("message", ({ data }) => scope.hear(data));
    scope.post = (text) => worker.postMessage(JSON.parse(text));
  });
  const initializationOptions = { rw: { lint: { enable: false } }, client: "vscode", fileSystems: ["memfs", "file"] };
  const workspaceFolders = [{ uri: folder, name: "p" }];
  await request("initialize", { processId: null, capabilities: {}, workspaceFolders, initializationOptions });
  await post({ method: "initialized", params: {} });
});

afterAll(async () => {
  await browser?.close();
  server?.close();
});

test("a decision comes from a worker of the worker", async () => {
  await open("p.rego", policy);
  const { rules, sampleUri } = await live((params) => params.rules.length > 0);
  expect({ rules: rules.map(({ text }) => text), sampleUri }).toEqual({ rules: ["true"], sampleUri: `${folder}/input.json` });
});

test("a policy without an end is given up, and the next one is decided", async () => {
  await open("slow.rego", slow);
  const { problem } = await live((params) => params.uri.endsWith("/slow.rego") && params.problem !== undefined);
  expect(problem).toMatch(/^(?:slow\.rego:5: )?the evaluation took longer than 500 ms$/u);
  await open("next.rego", "package next\n\nr := 1 + 1\n");
  const { rules } = await live((params) => params.uri.endsWith("/next.rego") && params.rules.length > 0);
  expect(rules.map(({ text }) => text)).toEqual(["2"]);
});

test("a file over 2 MB is read by a worker of its own", async () => {
  await open("large.rego", `package large\n\nr if {\n\ttrue\n}\n\n# ${"x".repeat(2_000_000)}\n`);
  const textDocument = { uri: `${folder}/large.rego` };
  expect(await request("textDocument/foldingRange", { textDocument })).toHaveLength(1);
});
