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

test("a whole-text change needs no range, and methods nobody listed take anything", () => {
  expect(fits("textDocument/didChange", { textDocument, contentChanges: [{ text: "" }] })).toBe(true);
  expect(fits("textDocument/didChange", { textDocument, contentChanges: [{ range: {}, text: "" }] })).toBe(false);
  expect(fits("workspace/unheard", undefined)).toBe(true);
});
