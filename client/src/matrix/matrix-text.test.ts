// What is copied of the matrix.
import { expect, test } from "vitest";
import type { MatrixRow } from "#protocol/messages.ts";
import { matrixText } from "./matrix-text.ts";

const columns = ["data.p.allow", "data.p.deny"];
const rows: readonly MatrixRow[] = [
  {
    ...{ uri: "file:///p/a.json", name: "a.json", folder: "", profile: null },
    cells: [
      { kind: "value", text: "false", expected: { text: "true", difference: "expected true, got false" } },
      { kind: "value", text: '["a|b", "c"]', expected: { text: "…" }, published: { text: "[]", same: false } },
    ],
  },
  { ...{ uri: "file:///p/b.json", name: "b.json", folder: "", profile: null, problem: "no value" }, cells: [null, null] },
];

test("Markdown", () => {
  expect(matrixText({ columns }, rows, "markdown", "input")).toBe(
    [
      "| input | data.p.allow | data.p.deny |\n",
      "| --- | --- | --- |\n",
      '| a.json | false ✗ | ["a\\|b", "c"] ✓ ≠ [] |\n',
      "| b.json | ✗ no value |  |\n",
    ].join(""),
  );
});

test("CSV", () => {
  expect(matrixText({ columns }, rows, "csv", "input")).toBe(
    'input,data.p.allow,data.p.deny\r\na.json,false ✗,"[""a|b"", ""c""] ✓ ≠ []"\r\nb.json,✗ no value,\r\n',
  );
});
