// The decision matrix as a table of Markdown or CSV.
import type { MatrixCell, MatrixResult, MatrixRow } from "#protocol/messages.ts";

export function matrixText(
  { columns }: Pick<MatrixResult, "columns">,
  rows: readonly MatrixRow[],
  format: "markdown" | "csv",
  input: string,
): string {
  const lines = [[input, ...columns], ...rows.map((row) => [row.name, ...cellsOf(row)])];
  if (format === "csv") return lines.map((line) => `${line.map(csvCell).join(",")}\r\n`).join("");
  const [head = "", ...body] = lines.map((line) => `| ${line.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |\n`);
  return [head, `|${" --- |".repeat(columns.length + 1)}\n`, ...body].join("");
}

function cellsOf({ cells, problem }: MatrixRow): readonly string[] {
  return cells.map((cell, at) => {
    if (problem !== undefined) return at === 0 ? `✗ ${problem}` : "";
    return cell === null ? "" : cellText(cell);
  });
}

/** As `rw samples` writes it, with what is published where that is something else. */
function cellText({ text, expected, published }: MatrixCell): string {
  const mark = expected === undefined ? "" : expected.difference === undefined ? " ✓" : " ✗";
  return `${text}${mark}${published?.same === false ? ` ≠ ${published.text}` : ""}`;
}

/** As RFC 4180 writes it. */
const csvCell = (text: string): string => (/[",\r\n]/u.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
