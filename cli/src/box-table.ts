// A table with box lines, as OPA prints bindings.

/**
 * Columns are centred in the head and left in the body, but for numbers where `right` says so; no head, no head line. Where it is `ruled`,
 * there is a line between any two rows, and cells may have several lines.
 */
export function boxTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  { right = false, ruled = false }: { readonly right?: boolean; readonly ruled?: boolean } = {},
): string {
  const columns = Math.max(head.length, ...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(...[head, ...rows].map((row) => Math.max(...(row[column] ?? "").split("\n").map(widthOf)))),
  );
  const line = (left: string, middle: string, right: string): string =>
    `${left}${widths.map((width) => "─".repeat(width + 2)).join(middle)}${right}`;
  const cells = (row: readonly string[], fill: (cell: string, width: number) => string): string =>
    `│${row.map((cell, column) => ` ${fill(cell, widths[column]!)} `).join("│")}│`;
  const centre = (cell: string, width: number): string => pad(" ".repeat(Math.floor((width - widthOf(cell)) / 2)) + cell, width);
  const body = (row: readonly string[]): string =>
    cells(row, right ? (cell, width) => (isNumber(cell) ? padStart(cell, width) : pad(cell, width)) : pad);
  return [
    line("┌", "┬", "┐"),
    ...(head.length === 0 ? [] : [cells(head, centre)]),
    ...(head.length === 0 || rows.length === 0 ? [] : [line("├", "┼", "┤")]),
    ...(ruled
      ? rows.flatMap((row, at) => [...(at === 0 ? [] : [line("├", "┼", "┤")]), ...linesOf(row).map(body)])
      : rows.map(body)),
    line("└", "┴", "┘"),
    "",
  ].join("\n");
}

/** The lines of a row whose cells have several. */
function linesOf(row: readonly string[]): readonly (readonly string[])[] {
  const cells = row.map((cell) => cell.split("\n"));
  return Array.from({ length: Math.max(...cells.map(({ length }) => length)) }, (_, at) => cells.map((lines) => lines[at] ?? ""));
}

/** Columns of a terminal: two for the wide characters of East Asia and pictures, none for marks on others. */
function widthOf(cell: string): number {
  let width = 0;
  for (const char of cell) width += marks.test(char) ? 0 : wide.test(char) ? 2 : 1;
  return width;
}

const marks = /^[\p{Mn}\p{Me}\u200b-\u200f\ufeff]$/u;
const wide =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{1b000}-\u{1b2ff}\u{20000}-\u{3fffd}]|^\p{Emoji_Presentation}$/u;

function isNumber(cell: string): boolean {
  return /^-?[\d.]+(?:e[+-]?\d+)?$/u.test(cell);
}

function padStart(cell: string, width: number): string {
  return " ".repeat(Math.max(0, width - widthOf(cell))) + cell;
}

function pad(cell: string, width: number): string {
  return cell + " ".repeat(Math.max(0, width - widthOf(cell)));
}
