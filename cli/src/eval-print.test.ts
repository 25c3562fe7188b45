// The pretty format of `rw eval`: a value alone, or a table whose columns the first solution chooses.
import { expect, test } from "vitest";
import type { Json } from "#bundles/canonical-json.ts";
import { printPretty } from "./eval-print.ts";

/** Solutions of a query with these expressions and bindings. */
function pretty(...solutions: readonly { readonly values: Readonly<Record<string, Json>>; readonly x?: Json }[]): string {
  return printPretty(
    solutions.map(({ values, x }) => ({
      expressions: Object.entries(values).map(([text, value]) => ({ text, value, row: 1, col: 1 })),
      bindings: new Map(x === undefined ? [] : [["x", x]]),
    })),
  );
}

test("a value alone stands without a table, as do expressions that only hold", () => {
  expect(pretty()).toBe("undefined\n");
  expect(pretty({ values: { q: ["a"] } })).toBe('[\n  "a"\n]\n');
  expect(pretty({ values: { "1 == 1": true, "2 == 2": true } })).toBe("true\n");
});

test("expressions stand before variables; beside those, what is boolean in the first solution has no column", () => {
  const rows = (text: string): readonly string[] => text.split("\n").filter((line) => line.includes("│"));
  expect(rows(pretty({ values: { p: true }, x: "a" }, { values: { p: "why" }, x: "b" }))).toEqual([
    "│  x  │",
    '│ "a" │',
    '│ "b" │',
  ]);
  expect(rows(pretty({ values: { z: "c", y: "d" }, x: "a" }))).toEqual(["│  z  │  y  │  x  │", '│ "c" │ "d" │ "a" │']);
  expect(rows(pretty({ values: { z: true, y: "d" } }))).toEqual(["│  z   │  y  │", '│ true │ "d" │']);
});
