// Conversations with the server: sync, diagnostics, positions in both encodings, navigation, structure.
import { expect, test } from "vitest";
import { random } from "../../fuzz/random.ts";
import { connect, uri } from "./client.test-helper.ts";

const policy = "package p\n\nallow if input.user == admin\n\nadmin := 1\n";

test("a broken quote is reported while typing and goes when it is mended", async () => {
  const client = await connect({});
  client.open("a.rego", 'package p\n\nx := "a"\n');
  expect(await client.diagnostics("a.rego")).toEqual([]);
  client.change("a.rego", 2, [{ range: { start: { line: 2, character: 7 }, end: { line: 2, character: 8 } }, text: "" }]);
  const [broken] = await client.diagnostics("a.rego");
  expect(broken).toMatchObject({
    severity: 1,
    code: "rego_parse_error",
    source: "rego",
    range: { start: { line: 2, character: 5 } },
  });
  client.change("a.rego", 3, [{ range: { start: { line: 2, character: 7 }, end: { line: 2, character: 7 } }, text: '"' }]);
  expect(await client.diagnostics("a.rego")).toEqual([]);
});

test("published diagnostics carry the version, and are empty after the file was closed and is not on disk", async () => {
  const client = await connect({});
  client.open("a.rego", "package p\n\nx := \n");
  expect((await client.diagnostics("a.rego")).length).toBeGreaterThan(0);
  const sent = client.notifications.get("textDocument/publishDiagnostics") as { version: number }[];
  expect(sent.at(-1)?.version).toBe(1);
  client.notify("textDocument/didClose", { textDocument: { uri: uri("a.rego") } });
  expect(await client.diagnostics("a.rego")).toEqual([]);
});

test.each(["utf-8", "utf-16"])("positions after emoji and CJK are right in %s", async (encoding) => {
  const client = await connect({}, { initialize: { capabilities: { general: { positionEncodings: [encoding] } } } });
  expect(client.initialized.capabilities.positionEncoding).toBe(encoding);
  const text = 'package p\n\nf(item) := concat("😀漢", item)\n';
  client.open("a.rego", text);
  const before = 'f(item) := concat("😀漢", ';
  const character = encoding === "utf-8" ? new TextEncoder().encode(before).length : before.length;
  const [definition] = await client.request<{ range: unknown }[]>("textDocument/definition", {
    textDocument: { uri: uri("a.rego") },
    position: { line: 2, character },
  });
  expect(definition?.range).toEqual({ start: { line: 2, character: 2 }, end: { line: 2, character: 6 } });
});

test("a definition in a file that is only on disk", async () => {
  const client = await connect({ "lib.rego": "package lib\n\nlimit := 1\n" });
  client.open("a.rego", "package p\n\nimport data.lib\n\nx := lib.limit\n");
  const found = await client.request("textDocument/definition", {
    textDocument: { uri: uri("a.rego") },
    position: { line: 4, character: 10 },
  });
  expect(found).toEqual([{ uri: uri("lib.rego"), range: { start: { line: 2, character: 0 }, end: { line: 2, character: 5 } } }]);
});

test("a refused rename is an error with the reason", async () => {
  const client = await connect({});
  client.open("a.rego", policy);
  const params = { textDocument: { uri: uri("a.rego") }, position: { line: 4, character: 1 }, newName: "with" };
  await expect(client.request("textDocument/rename", params)).rejects.toThrow("`with` is a keyword");
});

test("outline, folds, selection and tokens of a broken file come from the recovered tree", async () => {
  const client = await connect({});
  client.open("a.rego", "package p\n\nbroken := [1,\n\nallow if {\n\tinput.x\n}\n");
  const textDocument = { uri: uri("a.rego") };
  const [root] = await client.request<{ name: string; children: { name: string }[] }[]>("textDocument/documentSymbol", {
    textDocument,
  });
  expect(root?.children.map((child) => child.name)).toContain("allow");
  const folds = await client.request("textDocument/foldingRange", { textDocument });
  expect(folds).toContainEqual({ startLine: 4, endLine: 6 });
  const tokens = await client.request<{ data: number[] }>("textDocument/semanticTokens/full", { textDocument });
  expect(tokens.data.length % 5).toBe(0);
});

test("token deltas lead to the same tokens as a full answer", async () => {
  const client = await connect({});
  client.open("a.rego", policy);
  const textDocument = { uri: uri("a.rego") };
  const first = await client.request<{ resultId: string; data: number[] }>("textDocument/semanticTokens/full", { textDocument });
  client.change("a.rego", 2, [{ range: { start: { line: 2, character: 0 }, end: { line: 2, character: 0 } }, text: "# note\n" }]);
  const delta = await client.request<{ edits: { start: number; deleteCount: number; data?: number[] }[] }>(
    "textDocument/semanticTokens/full/delta",
    { textDocument, previousResultId: first.resultId },
  );
  const data = [...first.data];
  for (const edit of delta.edits) data.splice(edit.start, edit.deleteCount, ...(edit.data ?? []));
  const whole = await client.request<{ data: number[] }>("textDocument/semanticTokens/full", { textDocument });
  expect(data).toEqual(whole.data);
});

test("clients ask for tokens again when another file came: a name is a function then", async () => {
  const capabilities = { workspace: { semanticTokens: { refreshSupport: true } } };
  const client = await connect({}, { initialize: { capabilities } });
  client.open("a.rego", "package p\n\nimport data.lib\n\nx := lib.limit(1)\n");
  await client.diagnostics("a.rego");
  const tokens = () =>
    client.request<{ data: number[] }>("textDocument/semanticTokens/full", { textDocument: { uri: uri("a.rego") } });
  const before = await tokens();
  client.write("lib.rego", "package lib\n\nlimit(n) := n\n");
  client.notify("workspace/didChangeWatchedFiles", { changes: [{ uri: uri("lib.rego"), type: 1 }] });
  await client.diagnostics("a.rego");
  expect(client.notifications.get("workspace/semanticTokens/refresh")).toHaveLength(1);
  expect((await tokens()).data).not.toEqual(before.data);
});

test("many random edits end with the diagnostics and symbols of a fresh open", async () => {
  const client = await connect({});
  let text = policy;
  const { below, pick } = random(7);
  client.open("a.rego", text);
  const pieces = ['"', "{", "}", "\n", "\r\n", "x", ":= 1", "😀", "漢", "# c", " ", "allow if ", "", "", "", ""];
  for (let version = 2; version < 500; version++) {
    const lines = text.split("\n");
    const line = below(lines.length);
    const start = below(lines[line]!.replace(/\r$/u, "").length + 1);
    const clean = lines[line]!.replace(/\r$/u, "");
    const end = Math.min(start + below(4), clean.length);
    const insert = pick(pieces);
    const broken = (at: number) =>
      at > 0 && /[\uD800-\uDBFF]/u.test(clean[at - 1] ?? "") && /[\uDC00-\uDFFF]/u.test(clean[at] ?? "");
    if (broken(start) || broken(end) || clean.includes("\r")) continue;
    const offset = lines.slice(0, line).reduce((sum, item) => sum + item.length + 1, 0);
    text = text.slice(0, offset + start) + insert + text.slice(offset + end);
    client.change("a.rego", version, [
      { range: { start: { line, character: start }, end: { line, character: end } }, text: insert },
    ]);
  }
  const fresh = await connect({});
  fresh.open("a.rego", text);
  expect(await client.diagnostics("a.rego")).toEqual(await fresh.diagnostics("a.rego"));
  const params = { textDocument: { uri: uri("a.rego") } };
  const symbols = await client.request("textDocument/documentSymbol", params);
  expect(symbols).toEqual(await fresh.request("textDocument/documentSymbol", params));
});

test("requests about documents that nobody knows are answered empty", async () => {
  const client = await connect({});
  const textDocument = { uri: "untitled:nothing" };
  expect(await client.request("textDocument/documentSymbol", { textDocument })).toEqual([]);
  expect(await client.request("textDocument/definition", { textDocument, position: { line: 0, character: 0 } })).toEqual([]);
});

test("what is asked right after files changed on the disk is answered from their new texts", async () => {
  const names = Array.from({ length: 8 }, (_, at) => `lib${at}`);
  const client = await connect({ "app.rego": `package app\n\nx := [${names.map((name) => `data.${name}.f(1)`).join(", ")}]\n` });
  client.open("app.rego", `package app\n\nx := [${names.map((name) => `data.${name}.f(1)`).join(", ")}]\n`);
  for (const name of names) client.write(`${name}.rego`, `package ${name}\n\nf(n) := n\n`);
  client.notify("workspace/didChangeWatchedFiles", {
    changes: names.map((name) => ({ uri: uri(`${name}.rego`), type: 1 })),
  });
  const textDocument = { uri: uri("app.rego") };
  expect(await client.request("textDocument/diagnostic", { textDocument })).toMatchObject({ items: [] });
});
