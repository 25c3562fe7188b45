// Tables as RFC 4180 writes them, and those that are cut off or odd.
import fc from "fast-check";
import { expect, test } from "vitest";
import { readCsv } from "./csv.ts";

test("cells with quotes, separators and line breaks; a blank line is none, a mark of the byte order too", () => {
  const text = '\ufeffid;name\r\n1;"O""Neil; Ann"\r\n\r\n2;"two\nlines"\n3;';
  expect(readCsv(text, ";")).toEqual({
    columns: ["id", "name"],
    rows: [
      ["1", 'O"Neil; Ann'],
      ["2", "two\nlines"],
      ["3", ""],
    ],
  });
});

test.each([
  ['id,name\n1,"x', "row 2 of the table has a quote that does not close"],
  ['id,name\n1,"x"y\n', "row 2 of the table has text behind a closing quote"],
  ["id,name\n1,x\n2\n", "row 3 of the table has 1 cells, where there are 2 columns"],
  ["id,id\n", 'the table has the column "id" twice'],
  ["", "the table is empty, even of the names of its columns"],
])("%j: %s", (text, message) => {
  expect(() => readCsv(text, ",")).toThrow(message);
});

test("what is written comes back", () => {
  const cell = fc.string({ unit: fc.constantFrom("a", '"', ",", "\n", "\r", " ", "é") });
  const written = (cells: readonly string[]): string => cells.map((one) => `"${one.replaceAll('"', '""')}"`).join(",");
  fc.assert(
    fc.property(fc.array(fc.tuple(cell, cell), { maxLength: 5 }), fc.constantFrom("\n", "\r\n"), (rows, end) => {
      const text = [["one", "two"], ...rows].map((row) => written(row) + end).join("");
      expect(readCsv(text, ",").rows).toEqual(rows);
    }),
  );
});
