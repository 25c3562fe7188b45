// What clients declare, and texts for those that read no Markdown.
import { expect, test } from "vitest";
import { abilitiesOf, declaredCapabilities, plainTextOf } from "./client-abilities.ts";

test("a client that declares nothing gets the oldest forms", () => {
  const abilities = abilitiesOf({});
  expect(abilities).toMatchObject({ hierarchicalSymbols: false, snippets: false, documentChanges: false, markdownHover: false });
  expect([abilities.symbolKind(12, 1), abilities.symbolKind(20, 7)]).toEqual([12, 7]);
});

test.each([
  null,
  undefined,
  { textDocument: null },
  { textDocument: { hover: { contentFormat: 7 } } },
  { workspace: { workspaceEdit: null }, textDocument: { hover: null }, general: null },
])("%j declares nothing", (sent) => {
  const nothing = abilitiesOf({});
  const told = abilitiesOf(declaredCapabilities(sent));
  expect({ ...told, symbolKind: 0, itemKind: 0 }).toEqual({ ...nothing, symbolKind: 0, itemKind: 0 });
});

test("kinds that a client lists are used", () => {
  const abilities = abilitiesOf({ textDocument: { completion: { completionItemKind: { valueSet: [2, 21] } } } });
  expect([abilities.itemKind(21, 6), abilities.itemKind(3, 6)]).toEqual([21, 6]);
});

test("Markdown as plain text", () => {
  expect(plainTextOf("### [count](https://x.org/c)\n\n```rego\ncount(*a*)\n```\n\n**Who** and *what*: `n * m`, 2 * 3 * 4")).toBe(
    "count (https://x.org/c)\n\ncount(*a*)\n\nWho and what: n * m, 2 * 3 * 4",
  );
});
