// The protocol itself: life cycle, errors, cancellation, broken frames, versions, pull, folders, files of every odd kind.
import { chmodSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { eventually } from "../programs/run.ts";
import { type LspClient, type LspDiagnostic, type Published, richCapabilities } from "./client.ts";
import { connect, workspace } from "./desk.ts";

async function opened(
  files: Readonly<Record<string, string | Buffer>>,
): Promise<{ client: LspClient; path: string; uri: string }> {
  const place = workspace(files);
  const client = connect();
  await client.initialize([place.uri]);
  return { client, ...place };
}

const codeOf = async (client: LspClient, method: string, params?: unknown): Promise<number | undefined> =>
  (await client.ask(method, params).answer).error?.code;

test("a request before initialize is refused, a notification dropped", async () => {
  const client = connect();
  client.open("untitled:Untitled-1", "package p\n");
  expect(
    await codeOf(client, "textDocument/hover", { textDocument: { uri: "file:///x.rego" }, position: { line: 0, character: 0 } }),
  ).toBe(-32002);
  expect(client.messages.filter((message) => message.method !== undefined)).toEqual([]);
  await client.initialize([]);
  expect(await client.stop()).toBe(0);
});

test("initialize names the server, its version and what it can do", async () => {
  const { client } = await opened({});
  const again = await client.ask("initialize", { capabilities: {} }).answer;
  expect(again.error?.code).toBe(-32600);
  const other = connect();
  const result = await other.initialize([]);
  expect(result.serverInfo?.name).toBe("rulewright");
  expect(result.serverInfo?.version).toMatch(/^\d+\.\d+\.\d+/u);
  for (const name of [
    "hoverProvider",
    "completionProvider",
    "signatureHelpProvider",
    "definitionProvider",
    "declarationProvider",
    "typeDefinitionProvider",
    "implementationProvider",
    "referencesProvider",
    "documentHighlightProvider",
    "documentSymbolProvider",
    "workspaceSymbolProvider",
    "codeActionProvider",
    "codeLensProvider",
    "documentLinkProvider",
    "documentFormattingProvider",
    "documentRangeFormattingProvider",
    "documentOnTypeFormattingProvider",
    "renameProvider",
    "foldingRangeProvider",
    "selectionRangeProvider",
    "inlayHintProvider",
    "semanticTokensProvider",
    "executeCommandProvider",
    "diagnosticProvider",
    "callHierarchyProvider",
  ])
    expect(result.capabilities, name).toHaveProperty(name);
  expect(result.capabilities).toMatchObject({
    textDocumentSync: { openClose: true, change: 2 },
    renameProvider: { prepareProvider: true },
  });
});

test.each([
  [["utf-8", "utf-16"], "utf-8"],
  [["utf-16", "utf-8"], "utf-8"],
  [["utf-16"], "utf-16"],
  [["utf-32"], "utf-16"],
  [undefined, "utf-16"],
])("of the encodings %j it takes %s", async (positionEncodings, expected) => {
  const client = connect();
  const result = await client.initialize([], positionEncodings === undefined ? {} : { general: { positionEncodings } });
  expect(result.capabilities["positionEncoding"]).toBe(expected);
});

test.each(["utf-8", "utf-16"])("positions after emoji and CJK count in %s", async (encoding) => {
  const client = connect();
  await client.initialize([], { general: { positionEncodings: [encoding] } });
  const uri = "untitled:p.rego";
  client.open(uri, 'package p\n\nx := ["😀漢", nope]\n');
  const [found] = await client.diagnostics(uri);
  const before = 'x := ["😀漢", ';
  const start = encoding === "utf-8" ? Buffer.byteLength(before) : before.length;
  expect(found?.range).toEqual({ start: { line: 2, character: start }, end: { line: 2, character: start + 4 } });
  client.notify("textDocument/didChange", {
    textDocument: { uri, version: 2 },
    contentChanges: [{ range: found!.range, text: "2" }],
  });
  expect(await client.diagnostics(uri)).toEqual([]);
});

test("unknown methods and wrong parameters are answered with LSP's codes", async () => {
  const { client } = await opened({});
  expect(await codeOf(client, "textDocument/noSuchThing", {})).toBe(-32601);
  for (const method of [
    "textDocument/hover",
    "textDocument/completion",
    "textDocument/definition",
    "textDocument/documentSymbol",
    "textDocument/formatting",
    "textDocument/rename",
    "textDocument/codeAction",
    "textDocument/diagnostic",
    "textDocument/semanticTokens/full",
    "workspace/symbol",
    "workspace/executeCommand",
  ]) {
    expect([method, await codeOf(client, method, {})]).toEqual([method, -32602]);
    expect([method, await codeOf(client, method)]).toEqual([method, -32602]);
    expect([method, await codeOf(client, method, { textDocument: 7, position: "x", query: 3, command: {} })]).toEqual([
      method,
      -32602,
    ]);
  }
  expect(await codeOf(client, "workspace/executeCommand", { command: "no.such" })).toBe(-32602);
  client.notify("$/unknown", {});
  client.notify("textDocument/didOpen", {});
  client.notify("textDocument/didChange", { textDocument: {} });
  expect(await codeOf(client, "$/unknownRequest", {})).toBe(-32601);
});

test("requests about documents that nobody knows are answered empty", async () => {
  const { client } = await opened({});
  const here = { textDocument: { uri: "file:///nowhere/x.rego" }, position: { line: 0, character: 0 } };
  expect(await client.request("textDocument/hover", here)).toBeNull();
  expect(await client.request("textDocument/documentSymbol", here)).toEqual([]);
  expect(await client.request("textDocument/definition", here)).toEqual([]);
});

test("broken frames and broken JSON leave the server answering", async () => {
  const { client } = await opened({ "a.rego": "package a\n" });
  const alive = async () => expect(await client.request("workspace/symbol", { query: "" })).toBeInstanceOf(Array);
  const broken = client.next((message) => message.error?.code === -32700);
  client.raw("Content-Length: 9\r\n\r\n{not json");
  await broken;
  await alive();
  client.raw("X-Header: 1\r\n\r\n");
  await alive();
  client.raw("Content-Length: 2\r\nContent-Type: application/vscode-jsonrpc; charset=utf-8\r\n\r\n[]");
  await alive();
  client.raw("Content-Length: 4\r\n\r\nnull");
  await alive();
  client.raw("Content-Length: abc\r\n\r\n");
  await alive();
  client.raw('content-length: 40\r\n\r\n{"jsonrpc":"2.0","method":"$/nothing1"}\n');
  await alive();
  const message = Buffer.from('{"jsonrpc":"2.0","id":900,"method":"workspace/symbol","params":{"query":"é"}}');
  const answered = client.next((found) => found.id === 900);
  for (const byte of Buffer.concat([Buffer.from(`Content-Length: ${message.length}\r\n\r\n`), message]))
    client.raw(Buffer.from([byte]));
  expect((await answered).result).toBeInstanceOf(Array);
  const invalid = client.next((found) => found.id === 901);
  client.raw('Content-Length: 26\r\n\r\n{"jsonrpc":"2.0","id":901}');
  expect((await invalid).error?.code).toBe(-32600);
});

test("a cancelled request is answered so, and cancelling an unknown one does nothing", async () => {
  const { client, uri } = await opened({ "a.rego": "package a\n" });
  client.open(`${uri}/a.rego`, "package a\n\nx := 1\n");
  const answer = client.atOnce(() => {
    const asked = client.ask("textDocument/semanticTokens/full", { textDocument: { uri: `${uri}/a.rego` } });
    client.notify("$/cancelRequest", { id: asked.id });
    return asked.answer;
  });
  client.notify("$/cancelRequest", { id: 4711 });
  client.notify("$/cancelRequest", {});
  const { error } = await answer;
  expect(error?.code).toBe(-32800);
  expect(await client.request("textDocument/documentSymbol", { textDocument: { uri: `${uri}/a.rego` } })).toHaveLength(1);
});

test("shutdown answers null, then everything is refused; exit ends with 0", async () => {
  const { client } = await opened({});
  expect(await client.request("shutdown")).toBeNull();
  expect(await codeOf(client, "textDocument/hover", {})).toBe(-32600);
  expect(await codeOf(client, "shutdown")).toBe(-32600);
  client.notify("exit");
  expect(await client.exited).toBe(0);
});

test("exit without shutdown, and a closed pipe, end with 1", async () => {
  const { client } = await opened({});
  client.notify("exit");
  expect(await client.exited).toBe(1);
  const other = connect();
  other.notify("exit");
  expect(await other.exited).toBe(1);
  const third = connect();
  await third.initialize([]);
  third.child.stdin?.end();
  expect(await third.exited).toBe(1);
});

test("published diagnostics carry the version and are cleared when an unsaved document closes", async () => {
  const { client } = await opened({});
  const uri = "untitled:Untitled-1";
  const first = client.next(
    (message) => message.method === "textDocument/publishDiagnostics" && (message.params as Published).uri === uri,
  );
  client.open(uri, "package p\n\nx := y\n", "rego", 5);
  const published = (await first).params as Published;
  expect(published.version).toBe(5);
  expect(published.diagnostics.map(({ code }) => code)).toEqual(["rego_unsafe_var_error"]);
  const second = client.next(
    (message) => message.method === "textDocument/publishDiagnostics" && (message.params as Published).version === 6,
  );
  client.notify("textDocument/didChange", {
    textDocument: { uri, version: 6 },
    contentChanges: [
      { range: { start: { line: 2, character: 5 }, end: { line: 2, character: 6 } }, text: "1" },
      { text: "package p\n\nx := y\n" },
      { range: { start: { line: 2, character: 5 }, end: { line: 2, character: 6 } }, text: "1" },
    ],
  });
  expect(((await second).params as Published).diagnostics).toEqual([]);
  client.notify("textDocument/didChange", { textDocument: { uri, version: 7 }, contentChanges: [{ text: "package" }] });
  await eventually(() => Promise.resolve(client.published(uri)?.version === 7 || undefined));
  client.notify("textDocument/didClose", { textDocument: { uri } });
  await eventually(() => Promise.resolve(client.published(uri)?.diagnostics.length === 0 || undefined));
});

test("a closed document falls back to the disk", async () => {
  const { client, uri } = await opened({ "a.rego": "package a\n\nx := y\n" });
  const file = `${uri}/a.rego`;
  client.open(file, "package a\n\nx := 1\n");
  expect(await client.diagnostics(file)).toEqual([]);
  client.notify("textDocument/didClose", { textDocument: { uri: file } });
  await eventually(() => Promise.resolve(client.published(file)?.diagnostics.length === 1 || undefined));
});

test("a change of one document tells about the others that use it", async () => {
  const { client, uri } = await opened({
    "a.rego": "package a\n\nf(x) := x\n",
    "b.rego": "package b\n\nimport data.a\n\ny := a.f(1)\n",
  });
  client.open(`${uri}/a.rego`, "package a\n\nf(x) := x\n");
  await eventually(() => Promise.resolve(client.published(`${uri}/a.rego`)));
  client.notify("textDocument/didChange", {
    textDocument: { uri: `${uri}/a.rego`, version: 2 },
    contentChanges: [{ range: { start: { line: 2, character: 0 }, end: { line: 2, character: 1 } }, text: "g" }],
  });
  await eventually(() =>
    Promise.resolve(client.published(`${uri}/b.rego`)?.diagnostics[0]?.code === "rego_type_error" || undefined),
  );
});

test("pulled diagnostics: full, unchanged, full again; of the workspace too", async () => {
  const { client, uri } = await opened({ "a.rego": "package a\n\nx := y\n", "b.rego": "package b\n" });
  type Report = { kind: string; resultId?: string; uri?: string; items?: readonly LspDiagnostic[] };
  const textDocument = { uri: `${uri}/a.rego` };
  const first = await client.request<Report>("textDocument/diagnostic", { textDocument });
  expect([first.kind, first.items?.length]).toEqual(["full", 1]);
  const second = await client.request<Report>("textDocument/diagnostic", { textDocument, previousResultId: first.resultId });
  expect(second).toEqual({ kind: "unchanged", resultId: first.resultId });
  client.open(textDocument.uri, "package a\n\nx := 1\n");
  const third = await client.request<Report>("textDocument/diagnostic", { textDocument, previousResultId: first.resultId });
  expect([third.kind, third.items?.length]).toEqual(["full", 0]);
  const all = await client.request<{ items: readonly Report[] }>("workspace/diagnostic", { previousResultIds: [] });
  expect(all.items.map((item) => [item.uri!.slice(uri.length + 1), item.kind, item.items?.length]).sort()).toEqual([
    ["a.rego", "full", 0],
    ["b.rego", "full", 0],
  ]);
  const previousResultIds = all.items.map((item) => ({ uri: item.uri, value: item.resultId }));
  const again = await client.request<{ items: readonly Report[] }>("workspace/diagnostic", { previousResultIds });
  expect(again.items.map((item) => item.kind)).toEqual(["unchanged", "unchanged"]);
});

test("an unsaved document is part of the workspace: its symbols, problems and tests", async () => {
  const { client } = await opened({});
  const uri = "untitled:Untitled-7";
  client.open(uri, "package p\n\nlonely := y\n\ntest_lonely if true\n");
  expect(await client.request("workspace/symbol", { query: "lonely" })).toMatchObject([{ location: { uri } }, {}]);
  const all = await client.request<{ items: { uri: string; items: object[] }[] }>("workspace/diagnostic", {
    previousResultIds: [],
  });
  expect(all.items.find((item) => item.uri === uri)?.items).toHaveLength(1);
  const { tests } = await client.request<{ tests: object[] }>("rw/tests", {});
  expect(tests).toHaveLength(1);
});

test("a rename to the same name changes nothing", async () => {
  const { client } = await opened({});
  const textDocument = { uri: "untitled:same" };
  client.open(textDocument.uri, "package p\n\nx := 1\n");
  const params = { textDocument, position: { line: 2, character: 0 }, newName: "x" };
  expect(await client.request("textDocument/rename", params)).toEqual({ changes: {} });
});

test("folders come and go", async () => {
  const { client } = await opened({});
  const other = workspace({ "late.rego": "package late\n\nlate_rule := y\n" });
  client.notify("workspace/didChangeWorkspaceFolders", { event: { added: [{ uri: other.uri, name: "b" }], removed: [] } });
  expect(await client.request("workspace/symbol", { query: "late_rule" })).toHaveLength(1);
  await eventually(() => Promise.resolve(client.published(`${other.uri}/late.rego`)?.diagnostics.length === 1 || undefined));
  client.notify("workspace/didChangeWorkspaceFolders", { event: { added: [], removed: [{ uri: other.uri, name: "b" }] } });
  expect(await client.request("workspace/symbol", { query: "late_rule" })).toHaveLength(0);
  await eventually(() => Promise.resolve(client.published(`${other.uri}/late.rego`)?.diagnostics.length === 0 || undefined));
});

test("files made, changed and removed on the disk are seen", async () => {
  const { client, path, uri } = await opened({ "a.rego": "package a\n\nimport data.b\n\nx := b.f(1)\n" });
  const file = `${uri}/b.rego`;
  const changed = (type: number) => client.notify("workspace/didChangeWatchedFiles", { changes: [{ uri: file, type }] });
  expect((await client.diagnostics(`${uri}/a.rego`)).length).toBe(1);
  writeFileSync(join(path, "b.rego"), "package b\n\nf(x) := x\n");
  changed(1);
  await eventually(async () => (await client.diagnostics(`${uri}/a.rego`)).length === 0 || undefined);
  rmSync(join(path, "b.rego"));
  changed(3);
  await eventually(async () => (await client.diagnostics(`${uri}/a.rego`)).length === 1 || undefined);
});

test.each(["with space.rego", "100%25 #1.rego", "überprüfung.rego", "漢字😀.rego", "a+b&c=d.rego", "[x] (y).rego"])(
  "the file %s is found under its URI",
  async (name) => {
    const { client, path } = await opened({ [name]: "package p\n\nx := y\n" });
    const uri = pathToFileURL(join(path, name)).href;
    expect(await client.diagnostics(uri)).toHaveLength(1);
    client.open(uri, "package p\n\nz := y\n");
    await eventually(() => Promise.resolve(client.published(uri)?.diagnostics.length === 1 || undefined));
    expect(await client.request("workspace/symbol", { query: "z" })).toMatchObject([{ location: { uri } }]);
  },
);

test("loops of links, unreadable folders, binary files and directories named like policies do no harm", async () => {
  const place = workspace({
    "a.rego": "package a\n\nx := y\n",
    "bin.rego": Buffer.from([0, 255, 254, 1, 2, 0, 128]),
    "sub/b.rego": "package b\n",
  });
  symlinkSync(place.path, join(place.path, "sub", "loop"));
  mkdirSync(join(place.path, "dir.rego"));
  mkdirSync(join(place.path, "locked"));
  symlinkSync(join(place.path, "gone"), join(place.path, "dangling.rego"));
  chmodSync(join(place.path, "locked"), 0);
  const client = connect();
  await client.initialize([place.uri]);
  expect(await client.diagnostics(`${place.uri}/a.rego`)).toHaveLength(1);
  expect((await client.diagnostics(`${place.uri}/bin.rego`))[0]?.message).toContain("UTF-8");
  chmodSync(join(place.path, "locked"), 0o755);
});

test("carriage returns alone, with line feeds, and a byte order mark", async () => {
  const { client } = await opened({});
  const check = async (text: string, line: number) => {
    const uri = `untitled:${encodeURIComponent(text).length}.rego`;
    client.open(uri, text);
    const [found] = await client.diagnostics(uri);
    expect(found?.range).toEqual({ start: { line, character: 5 }, end: { line, character: 6 } });
  };
  await check("package p\r\n\r\nx := y\r\n", 2);
  await check("\uFEFFpackage p\n\nx := y\n", 2);
});

test.each([
  ["utf-16", 1],
  ["utf-8", 3],
])("a byte order mark that the client sends counts in %s, and edits around it keep the text", async (encoding, mark) => {
  const client = connect();
  await client.initialize([], { ...richCapabilities, general: { positionEncodings: [encoding] } });
  const textDocument = { uri: "untitled:mark.rego" };
  client.open(textDocument.uri, "\uFEFFpackage pa\n\nx := 1\n");
  expect(await client.diagnostics(textDocument.uri)).toEqual([]);
  const [root] = await client.request<{ name: string; range: { start: object } }[]>("textDocument/documentSymbol", {
    textDocument,
  });
  expect(root).toMatchObject({ name: "pa", range: { start: { line: 0, character: mark } } });
  const at = { line: 0, character: mark + 9 };
  client.notify("textDocument/didChange", {
    textDocument: { ...textDocument, version: 2 },
    contentChanges: [{ range: { start: at, end: at }, text: "th" }],
  });
  const [changed] = await client.request<{ name: string }[]>("textDocument/documentSymbol", { textDocument });
  expect(changed?.name).toBe("ptha");
  client.notify("textDocument/didChange", {
    textDocument: { ...textDocument, version: 3 },
    contentChanges: [{ range: { start: { line: 0, character: 0 }, end: { line: 0, character: mark } }, text: "" }],
  });
  const [bare] = await client.request<{ range: object }[]>("textDocument/documentSymbol", { textDocument });
  expect(bare).toMatchObject({ range: { start: { line: 0, character: 0 } } });
});

test("opening and closing quickly leaves nothing behind", async () => {
  const { client } = await opened({});
  for (let round = 0; round < 50; round++) {
    client.open(`untitled:${round}`, "package p\n\nx := y\n");
    client.notify("textDocument/didClose", { textDocument: { uri: `untitled:${round}` } });
  }
  await client.request("workspace/symbol", { query: "" });
  await eventually(() =>
    Promise.resolve(
      [...Array(50).keys()].every((round) => (client.published(`untitled:${round}`)?.diagnostics.length ?? 0) === 0) || undefined,
    ),
  );
});

test("the process ends soon when its parent is told to be gone", async () => {
  const client = connect();
  await client.request("initialize", { processId: null, rootUri: null, capabilities: richCapabilities });
  expect(await client.stop()).toBe(0);
});

test("of tests with one name each has its own outcome, in one file and in two", async () => {
  const files = {
    "a_test.rego": "package p_test\n\ntest_x if 1 == 1\n\ntest_x if 1 == 2\n",
    "b_test.rego": "package p_test\n\ntest_x if 1 == 1\n\ntest_y if 1 == 1\n",
  };
  const { client } = await opened(files);
  const asked = client.ask("workspace/executeCommand", { command: "rw.runTests", arguments: [{ ids: [] }] });
  const { outcomes } = (await asked.answer).result as { outcomes: readonly { id: string; outcome: string }[] };
  expect(outcomes.map(({ id, outcome }) => `${id.slice(id.lastIndexOf("/") + 1)} ${outcome}`)).toEqual([
    "a_test.rego?test#p_test:test_x passed",
    "a_test.rego?test#p_test:test_x#01 failed",
    "b_test.rego?test#p_test:test_x#02 passed",
    "b_test.rego?test#p_test:test_y passed",
  ]);
});
