// The shapes of parameters.
import { expect, test } from "vitest";
import { fits } from "./params.ts";

const textDocument = { uri: "file:///a.rego" };

test("a request needs what its handler reads", () => {
  expect(fits("textDocument/hover", { textDocument, position: { line: 0, character: 1 } })).toBe(true);
  for (const position of [
    undefined,
    null,
    {},
    { line: -1, character: 0 },
    { line: "1", character: 0 },
    { line: 0.5, character: 0 },
  ]) {
    expect(fits("textDocument/hover", { textDocument, position })).toBe(false);
  }
  for (const params of [undefined, null, 1, [], "x", { textDocument: {} }])
    expect(fits("textDocument/codeLens", params)).toBe(false);
});

test("the folders that a client begins with are texts; everything may be left out", () => {
  for (const params of [undefined, {}, { rootUri: null, workspaceFolders: null }, { rootUri: "file:///a", workspaceFolders: [] }])
    expect(fits("initialize", params), JSON.stringify(params)).toBe(true);
  for (const params of [
    1,
    { rootUri: 5 },
    { workspaceFolders: {} },
    { workspaceFolders: [null] },
    { workspaceFolders: ["file:///a"] },
  ])
    expect(fits("initialize", params), JSON.stringify(params)).toBe(false);
});

test("a whole-text change needs no range, and methods nobody listed take anything", () => {
  expect(fits("textDocument/didChange", { textDocument, contentChanges: [{ text: "" }] })).toBe(true);
  expect(fits("textDocument/didChange", { textDocument, contentChanges: [{ range: {}, text: "" }] })).toBe(false);
  expect(fits("workspace/unheard", undefined)).toBe(true);
});
