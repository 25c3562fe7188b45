// Clients of every age: what one does not declare it does not get; what it does declare is used.
import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync, renameSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterEach, expect, test } from "vitest";
import { eventually } from "../programs/run.ts";
import { type LspDiagnostic, richCapabilities } from "./client.ts";
import { connect, workspace } from "./desk.ts";

const children: ChildProcess[] = [];

async function opened(capabilities: object, files: Readonly<Record<string, string>>, options: object = {}) {
  const client = connect();
  const root = workspace(files).uri;
  await client.initialize([root], capabilities, options);
  const [name, text] = Object.entries(files)[0]!;
  const textDocument = { uri: `${root}/${name}` };
  client.open(textDocument.uri, text);
  return { client, root, textDocument };
}

afterEach(() => {
  for (const child of children.splice(0)) child.kill();
});

const library = "package p\n\n# METADATA\n# title: Doubles\n# authors:\n# - Ann\nf(x) := x * 2\n\ny := f(1)\n";
const atCall = { line: 8, character: 5 };

test("a client that declares nothing: flat symbols, plain text, parameters as texts, edits without versions", async () => {
  const { client, textDocument } = await opened({}, { "a.rego": library });
  const symbols = await client.request<{ name: string; containerName?: string; location?: object }[]>(
    "textDocument/documentSymbol",
    { textDocument },
  );
  expect(symbols.map(({ name, containerName }) => [name, containerName])).toEqual([
    ["p", undefined],
    ["f", "p"],
    ["x", "f"],
    ["y", "p"],
  ]);
  expect(symbols[0]).toMatchObject({ location: { uri: textDocument.uri } });
  const hover = await client.request<{ contents: { kind: string; value: string } }>("textDocument/hover", {
    textDocument,
    position: atCall,
  });
  expect(hover.contents.kind).toBe("plaintext");
  expect(hover.contents.value).not.toMatch(/\*\*|```/u);
  expect(hover.contents.value).toContain("Doubles");
  const help = await client.request<{ signatures: { documentation: object; parameters: object[] }[] }>(
    "textDocument/signatureHelp",
    { textDocument, position: { line: 8, character: 7 } },
  );
  expect(help.signatures[0]).toMatchObject({ documentation: { kind: "plaintext" }, parameters: [{ label: "x" }] });
  const edit = await client.request<object>("textDocument/rename", { textDocument, position: atCall, newName: "g" });
  expect(Object.keys(edit)).toEqual(["changes"]);
  const { items } = await client.request<{ items: { kind: number; insertTextFormat?: number; textEdit: { newText: string } }[] }>(
    "textDocument/completion",
    { textDocument, position: { line: 8, character: 5 } },
  );
  expect(items.length).toBeGreaterThan(10);
  expect(items.filter((item) => item.kind > 18 || item.insertTextFormat === 2 || item.textEdit.newText.includes("${"))).toEqual(
    [],
  );
});

test("inside of a word, a client that can do both is told what an item goes before and what it takes the place of", async () => {
  const insertReplaceSupport = true;
  const { client, textDocument } = await opened(
    { textDocument: { completion: { completionItem: { insertReplaceSupport } } } },
    { "a.rego": "package p\n\ny := couxt\n" },
  );
  const edit = async (line: number, character: number): Promise<object | undefined> => {
    const position = { line, character };
    const { items } = await client.request<{ items: { label: string; textEdit: object }[] }>("textDocument/completion", {
      textDocument,
      position,
    });
    return items.find(({ label }) => label === "count")?.textEdit;
  };
  const start = { line: 2, character: 5 };
  const upTo = (character: number): object => ({ start, end: { line: 2, character } });
  expect(await edit(2, 8)).toEqual({ newText: "count", insert: upTo(8), replace: upTo(10) });
  client.notify("textDocument/didChange", {
    textDocument: { ...textDocument, version: 2 },
    contentChanges: [{ text: "package p\n\ny := cou\n" }],
  });
  expect(await edit(2, 8)).toEqual({ newText: "count", range: upTo(8) });
});

test("a client that knows commands alone applies a fix through workspace/applyEdit", async () => {
  const { client, textDocument } = await opened(
    { workspace: { applyEdit: true, workspaceEdit: { documentChanges: true } } },
    { "a.rego": 'package p\n\nx := "a\n' },
  );
  const range = { start: { line: 2, character: 5 }, end: { line: 2, character: 7 } };
  const [fix] = await client.request<{ command: string; arguments: unknown[] }[]>("textDocument/codeAction", {
    textDocument,
    range,
    context: { diagnostics: [] },
  });
  const asked = client.next((message) => message.method === "workspace/applyEdit");
  await client.request("workspace/executeCommand", { command: fix!.command, arguments: fix!.arguments });
  expect((await asked).params).toMatchObject({
    edit: { documentChanges: [{ textDocument: { uri: textDocument.uri, version: 1 }, edits: [{ newText: '"' }] }] },
  });
});

test("an action that is resolved after the text changed is refused", async () => {
  const { client, textDocument } = await opened(richCapabilities, { "a.rego": 'package p\n\nx := "a\n' });
  const range = { start: { line: 2, character: 5 }, end: { line: 2, character: 7 } };
  const asked = { textDocument, range, context: { diagnostics: [] } };
  const [fix] = await client.request<object[]>("textDocument/codeAction", asked);
  expect(await client.request("codeAction/resolve", fix)).toEqual(fix);
  const contentChanges = [{ range: { start: range.start, end: range.start }, text: " " }];
  client.notify("textDocument/didChange", { textDocument: { ...textDocument, version: 2 }, contentChanges });
  const { error } = await client.ask("codeAction/resolve", fix).answer;
  expect(error?.code).toBe(-32801);
});

test("a root beside an empty list of folders is read", async () => {
  const client = connect();
  const { uri } = workspace({ "a.rego": "package a\n\nx := 1\n" });
  await client.request("initialize", { processId: null, rootUri: uri, workspaceFolders: [], capabilities: {} });
  client.notify("initialized", {});
  const symbols = await client.request<{ name: string }[]>("workspace/symbol", { query: "" });
  expect(symbols.map(({ name }) => name)).toEqual(["x", "a"]);
});

test("edits name the version of open documents, and null for others", async () => {
  const { client, root, textDocument } = await opened(
    { ...richCapabilities, workspace: { workspaceEdit: { documentChanges: true } } },
    { "a.rego": library, "b.rego": "package b\n\nz := data.p.f(1)\n" },
  );
  client.notify("textDocument/didChange", { textDocument: { ...textDocument, version: 7 }, contentChanges: [{ text: library }] });
  const { documentChanges } = await client.request<{ documentChanges: { textDocument: object; edits: object[] }[] }>(
    "textDocument/rename",
    { textDocument, position: atCall, newName: "g" },
  );
  expect(documentChanges.map((one) => [one.textDocument, one.edits.length])).toEqual([
    [{ uri: textDocument.uri, version: 7 }, 2],
    [{ uri: `${root}/b.rego`, version: null }, 1],
  ]);
});

test.each([
  ["rootUri alone", (root: string) => ({ rootUri: root, workspaceFolders: undefined })],
  ["rootPath alone", (root: string) => ({ rootUri: null, rootPath: fileURLToPath(root), workspaceFolders: null })],
  ["folders over rootUri", (root: string) => ({ rootUri: "file:///nowhere", workspaceFolders: [{ uri: root, name: "x" }] })],
])("the workspace by %s", async (_, options) => {
  const client = connect();
  const root = workspace({ "100% sure/a.rego": "package a\n\nfound := 1\n" }).uri;
  await client.initialize([], {}, options(root));
  expect(await client.request("workspace/symbol", { query: "found" })).toHaveLength(1);
});

test("settings are asked for, and asked for again when the client says that they changed", async () => {
  let strict = false;
  const { client, textDocument } = await opened(
    { workspace: { configuration: true, didChangeConfiguration: { dynamicRegistration: true } } },
    { "a.rego": "package p\n\nimport data.q\n\nx := 1\n" },
    { capabilities: { workspace: { configuration: true, didChangeConfiguration: { dynamicRegistration: true } } } },
  );
  client.answers.set("workspace/configuration", () => [{}, { strictMode: strict }]);
  expect((await client.diagnostics(textDocument.uri)).map(({ severity }) => severity)).toEqual([4]);
  strict = true;
  client.notify("workspace/didChangeConfiguration", { settings: null });
  const found = await eventually(async () => {
    const [one] = await client.diagnostics(textDocument.uri);
    return one?.severity === 1 ? one : undefined;
  });
  expect(found.message).toContain("unused");
  expect(client.messages.some((message) => JSON.stringify(message).includes('"section":["rw","opa"]'))).toBe(true);
});

test("settings that are sent hold at once, also where the client was asked before, and are gone when a later message lacks them", async () => {
  let settings: object = { rw: { lint: { enable: true } } };
  const client = connect();
  client.answers.set("workspace/configuration", (params) =>
    (params as { items: { section: string }[] }).items.map(
      ({ section }) => (settings as Record<string, unknown>)[section] ?? null,
    ),
  );
  const policy = "package p\n\n# TODO: later\nx := 1\n";
  const { uri } = workspace({ "p/a.rego": policy });
  await client.initialize([uri], { workspace: { configuration: true } });
  client.open(`${uri}/p/a.rego`, policy);
  const severity = async () =>
    (await client.diagnostics(`${uri}/p/a.rego`)).find(({ code }) => code === "todo-comment")?.severity;
  const send = (given: object): void => {
    settings = given;
    client.notify("workspace/didChangeConfiguration", { settings });
  };
  await eventually(async () => ((await severity()) === 2 ? true : undefined));
  send({ rw: { lint: { enable: true, severity: { style: "error" } } } });
  await eventually(async () => ((await severity()) === 1 ? true : undefined));
  send({ rw: { lint: { enable: true } } });
  await eventually(async () => ((await severity()) === 2 ? true : undefined));
});

test("a client that asks again for hints and lenses is told to when settings changed", async () => {
  const ability = { workspace: { configuration: true, inlayHint: { refreshSupport: true }, codeLens: { refreshSupport: true } } };
  const { client, textDocument } = await opened(ability, { "a.rego": "package p\n\nx := count([1])\n" });
  const hints = () =>
    client.request("textDocument/inlayHint", {
      textDocument,
      range: { start: { line: 0, character: 0 }, end: { line: 9, character: 0 } },
    });
  expect(await hints()).toHaveLength(1);
  const asked = (what: string) => client.next(({ method }) => method === `workspace/${what}/refresh`);
  const both = Promise.all([asked("inlayHint"), asked("codeLens")]);
  client.notify("workspace/didChangeConfiguration", { settings: { rw: { inlay: { parameters: false } } } });
  await both;
  expect(await hints()).toEqual([]);
});

test("each folder has the settings that the client gives for it, also one that is added later", async () => {
  const policy = "package p\n\nimport data.q\n\nx := 1\n";
  const [lax, strict, late] = [1, 2, 3].map(() => workspace({ "a.rego": policy }).uri) as [string, string, string];
  const client = connect();
  client.answers.set("workspace/configuration", (params) =>
    (params as { items: { section: string; scopeUri?: string }[] }).items.map(({ section, scopeUri }) =>
      section === "opa" && scopeUri !== undefined && scopeUri !== lax ? { strictMode: true } : {},
    ),
  );
  await client.initialize([lax, strict]);
  const severity = async (folder: string, wanted: number) =>
    eventually(async () => {
      const [one] = await client.diagnostics(`${folder}/a.rego`);
      return one?.severity === wanted ? wanted : undefined;
    });
  for (const folder of [lax, strict]) client.open(`${folder}/a.rego`, policy);
  expect(await severity(lax, 4)).toBe(4);
  expect(await severity(strict, 1)).toBe(1);
  client.notify("workspace/didChangeWorkspaceFolders", { event: { added: [{ uri: late, name: "late" }], removed: [] } });
  client.open(`${late}/a.rego`, policy);
  expect(await severity(late, 1)).toBe(1);
  expect(await severity(lax, 4)).toBe(4);
});

test("files that the client renames are read again, folders too", async () => {
  const { client, root, textDocument } = await opened(richCapabilities, {
    "a.rego": "package a\n\nx := data.lib.f(1)\n",
    "lib/deep/f.rego": "package lib\n\nf(x) := x\n",
  });
  expect(await client.diagnostics(textDocument.uri)).toEqual([]);
  renameSync(fileURLToPath(`${root}/lib`), fileURLToPath(`${root}/core`));
  client.notify("workspace/didRenameFiles", { files: [{ oldUri: `${root}/lib`, newUri: `${root}/core` }] });
  const symbols = await eventually(async () => {
    const found = await client.request<{ location: { uri: string } }[]>("workspace/symbol", { query: "f" });
    return found.some(({ location }) => location.uri.includes("/core/")) ? found : undefined;
  });
  expect(symbols.some(({ location }) => location.uri.includes("/lib/"))).toBe(false);
  rmSync(fileURLToPath(`${root}/core`), { recursive: true });
  client.notify("workspace/didDeleteFiles", { files: [{ uri: `${root}/core` }] });
  await eventually(async () => (await client.diagnostics(textDocument.uri)).length === 1 || undefined);
});

test("commands with arguments of the wrong shape are refused as such", async () => {
  const { client } = await opened(richCapabilities, { "a.rego": library });
  const codeOf = async (command: string, argument?: unknown): Promise<number | undefined> =>
    (await client.ask("workspace/executeCommand", { command, arguments: argument === undefined ? [] : [argument] }).answer).error
      ?.code;
  for (const command of ["rw.evaluate", "rw.samples", "rw.selectSample", "rw.resolve", "rw.convert", "rw.acceptDecision"])
    expect([command, await codeOf(command), await codeOf(command, { uri: 3 })]).toEqual([command, -32602, -32602]);
  expect([await codeOf("regal.eval"), await codeOf("regal.eval", "{oops"), await codeOf("regal.eval", "null")]).toEqual([
    -32602, -32602, -32602,
  ]);
  expect((await client.ask("rw/evaluate", {}).answer).error?.code).toBe(-32602);
});

test.each([
  ["Neovim", { textDocument: { diagnostic: {} } }, false],
  ["helix", { textDocument: { diagnostic: {} } }, false],
  ["Neovim", {}, true],
  ["acme", { textDocument: { diagnostic: {} } }, true],
])("%s with %j is offered to pull diagnostics: %s", async (name, capabilities, offered) => {
  const client = connect();
  const { capabilities: can } = await client.initialize([], capabilities, { clientInfo: { name } });
  expect("diagnosticProvider" in can).toBe(offered);
});

test("findings lead to the section about their code, which needs no network", async () => {
  const { client, textDocument } = await opened(richCapabilities, { "a.rego": "package p\n\nx := y\n" });
  const [found] = (await client.diagnostics(textDocument.uri)) as readonly (LspDiagnostic & {
    codeDescription?: { href: string };
  })[];
  const page = new URL(found?.codeDescription?.href ?? "");
  expect(page.hash).toBe("#rego_unsafe_var_error");
  expect(readFileSync(page, "utf8")).toContain("\n## rego_unsafe_var_error\n");
});

test("the server ends with the process that started it", async () => {
  const parent = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
  children.push(parent);
  const client = connect();
  await client.initialize([], {}, { processId: parent.pid });
  parent.kill();
  expect(await client.exited).toBe(1);
});

test("the server writes nothing to standard error, however it is started", async () => {
  const client = connect(["lsp", "--stdio", "--clientProcessId", String(process.pid)]);
  let written = "";
  client.child.stderr?.on("data", (chunk: Buffer) => {
    written += chunk.toString();
  });
  await client.initialize([]);
  expect(await client.stop()).toBe(0);
  expect(written).toBe("");
});
