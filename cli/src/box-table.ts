// A table with box lines, as OPA prints bindings.

/** Columns are centred in the head and left in the body; no head, no head line. */
export function boxTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const columns = Math.max(head.length, ...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(...[head, ...rows].map((row) => widthOf(row[column] ?? ""))),
  );
  const line = (left: string, middle: string, right: string): string =>
    `${left}${widths.map((width) => "─".repeat(width + 2)).join(middle)}${right}`;
  const cells = (row: readonly string[], fill: (cell: string, width: number) => string): string =>
    `│${row.map((cell, column) => ` ${fill(cell, widths[column]!)} `).join("│")}│`;
  const centre = (cell: string, width: number): string => pad(" ".repeat(Math.floor((width - widthOf(cell)) / 2)) + cell, width);
  return [
    line("┌", "┬", "┐"),
    ...(head.length === 0 ? [] : [cells(head, centre)]),
    ...(head.length === 0 || rows.length === 0 ? [] : [line("├", "┼", "┤")]),
    ...rows.map((row) => cells(row, pad)),
    line("└", "┴", "┘"),
    "",
  ].join("\n");
}

function widthOf(cell: string): number {
  return [...cell].length;
}

function pad(cell: string, width: number): string {
  return cell + " ".repeat(Math.max(0, width - widthOf(cell)));
}
