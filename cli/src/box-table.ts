// A table with box lines, as OPA prints bindings.

/** Columns are centred in the head and left in the body. */
export function boxTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((cell, column) => Math.max(cell.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (left: string, middle: string, right: string): string =>
    `${left}${widths.map((width) => "─".repeat(width + 2)).join(middle)}${right}`;
  const cells = (row: readonly string[], fill: (cell: string, width: number) => string): string =>
    `│${row.map((cell, column) => ` ${fill(cell, widths[column]!)} `).join("│")}│`;
  const centre = (cell: string, width: number): string =>
    cell.padStart(cell.length + Math.floor((width - cell.length) / 2)).padEnd(width);
  return [
    line("┌", "┬", "┐"),
    cells(head, centre),
    line("├", "┼", "┤"),
    ...rows.map((row) => cells(row, (cell, width) => cell.padEnd(width))),
    line("└", "┴", "┘"),
    "",
  ].join("\n");
}
