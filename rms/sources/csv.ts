// CSV text as RFC 4180 has it → rows by the names of the first one.
import { SourceFault } from "./fault.ts";

export interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** Throws for a quote that does not close, text behind one that does, and a row of another length: half a file is no file. */
export function readCsv(text: string, separator: string): Table {
  const rows: string[][] = [];
  let row: string[] = [];
  let at = text.startsWith("\ufeff") ? 1 : 0;
  const end = (): void => {
    // A blank line is none.
    if (row.length > 1 || row[0] !== "") rows.push(row);
    row = [];
  };
  for (; at < text.length; ) {
    const [cell, next] = cellAt(text, at, separator, rows.length + 1);
    row.push(cell);
    at = next;
    if (text[at] === separator) {
      at++;
      if (at === text.length) row.push("");
      continue;
    }
    if (text[at] === "\r") at++;
    if (text[at] === "\n") at++;
    end();
  }
  if (row.length > 0) end();
  const [columns, ...found] = rows;
  if (columns === undefined) throw new SourceFault("the table is empty, even of the names of its columns");
  const twice = columns.find((name, index) => columns.indexOf(name) !== index);
  if (twice !== undefined) throw new SourceFault(`the table has the column ${JSON.stringify(twice)} twice`);
  const odd = found.findIndex((cells) => cells.length !== columns.length);
  if (odd >= 0)
    throw new SourceFault(
      `row ${odd + 2} of the table has ${found[odd]?.length} cells, where there are ${columns.length} columns`,
    );
  return { columns, rows: found };
}

/** The cell that begins at an offset, and where it ends. */
function cellAt(text: string, from: number, separator: string, row: number): readonly [string, number] {
  if (text[from] !== '"') {
    let at = from;
    while (at < text.length && text[at] !== separator && text[at] !== "\n" && text[at] !== "\r") at++;
    return [text.slice(from, at), at];
  }
  for (let at = text.indexOf('"', from + 1); at >= 0; at = text.indexOf('"', at + 2)) {
    if (text[at + 1] === '"') continue;
    const next = text[at + 1];
    if (next !== undefined && next !== separator && next !== "\n" && next !== "\r")
      throw new SourceFault(`row ${row} of the table has text behind a closing quote`);
    return [text.slice(from + 1, at).replaceAll('""', '"'), at + 1];
  }
  throw new SourceFault(`row ${row} of the table has a quote that does not close`);
}
