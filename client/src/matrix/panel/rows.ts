// Which rows of the decision matrix are shown, and in which groups.
import type { PanelCell, PanelRow, PanelState } from "#protocol/matrix-panel.ts";

export const shows = ["all", "failed", "changed", "undecided"] as const;
export const groupings = ["none", "folder", "profile"] as const;

export interface Choices {
  /** What names of inputs, folders, profiles or decisions must have in them. */
  readonly text: string;
  readonly show: (typeof shows)[number];
  readonly group: (typeof groupings)[number];
}

export interface RowGroup {
  readonly title: string | undefined;
  readonly rows: readonly PanelRow[];
}

const isFailed = (cell: PanelCell | null): boolean => cell?.difference !== undefined;
const isChanged = (cell: PanelCell | null): boolean => cell?.changed === true;
const isUndecided = (cell: PanelCell | null): boolean => cell !== null && cell.kind !== "value";

const wanted: Record<Choices["show"], (row: PanelRow) => boolean> = {
  all: () => true,
  failed: ({ cells, problem }) => problem !== undefined || cells.some(isFailed),
  changed: ({ cells }) => cells.some(isChanged),
  undecided: ({ cells, problem }) => problem !== undefined || cells.some(isUndecided),
};

function hasText({ name, folder, profile, cells }: PanelRow, text: string): boolean {
  const own = [name, folder, profile, ...cells.map((cell) => cell?.text ?? "")];
  return own.some((one) => one.toLowerCase().includes(text));
}

/** What was pinned comes first, in a group of its own; it is shown whatever the filter says. */
export function shownGroups(
  { rows, words }: Pick<PanelState, "rows" | "words">,
  { text, show, group }: Choices,
): readonly RowGroup[] {
  const sought = text.trim().toLowerCase();
  const pinned = rows.filter((row) => row.pinned);
  const others = rows.filter((row) => !row.pinned && wanted[show](row) && hasText(row, sought));
  const titleOf = (row: PanelRow): string | undefined => {
    if (group === "folder") return row.folder === "" ? "." : row.folder;
    if (group === "profile") return row.profile === "" ? words.noProfile : row.profile;
    return pinned.length > 0 ? words.showAll : undefined;
  };
  const groups = [...Map.groupBy(others, titleOf)].map(([title, some]) => ({ title, rows: some }));
  return pinned.length === 0 ? groups : [{ title: words.pinned, rows: pinned }, ...groups];
}

/** The cells that are shown and not as expected. */
export function failedCells(groups: readonly RowGroup[]): readonly { readonly row: string; readonly column: number }[] {
  return groups.flatMap(({ rows }) =>
    rows.flatMap(({ id, cells }) => cells.flatMap((cell, column) => (isFailed(cell) ? [{ row: id, column }] : []))),
  );
}
