// The table of the matrix: a grid that keys lead through, cell by cell, as WAI-ARIA describes it.
import type { PanelCell, PanelRow, PanelState } from "#protocol/matrix-panel.ts";
import { element } from "./elements.ts";
import type { RowGroup } from "./rows.ts";

/** A place of the grid: a row by its id and a column, -1 for the name of the input. */
export interface Place {
  readonly row: string;
  readonly column: number;
}

export interface GridEvents {
  readonly chosen: (place: Place) => void;
  /** Enter, or a double click. */
  readonly entered: (place: Place) => void;
}

/** Rows that PageUp and PageDown pass over. */
const page = 10;

export class Grid {
  readonly table = element("table", { role: "grid" });
  readonly #events: GridEvents;
  readonly #cells = new Map<string, HTMLElement>();
  #order: readonly string[] = [];
  #columns = 0;
  #place: Place | undefined;

  constructor(events: GridEvents) {
    this.#events = events;
    this.table.addEventListener("keydown", (event) => this.#pressed(event));
    this.table.addEventListener("click", (event) => this.#clicked(event, false));
    this.table.addEventListener("dblclick", (event) => this.#clicked(event, true));
    this.table.addEventListener("focusin", ({ target }) => this.#choose(placeOf(target)));
  }

  /** The cell that was chosen last, as long as it is shown. */
  get place(): Place | undefined {
    return this.#place;
  }

  show({ columns, words }: PanelState, groups: readonly RowGroup[]): void {
    const had = this.table.contains(document.activeElement);
    this.#cells.clear();
    this.#columns = columns.length;
    this.#order = groups.flatMap(({ rows }) => rows.map(({ id }) => id));
    const names = columns.map((name) => element("th", { scope: "col", role: "columnheader", title: name }, name));
    const head = element("tr", { role: "row" }, element("th", { scope: "col", role: "columnheader" }, words.input), ...names);
    this.table.replaceChildren(
      element("caption", {}, words.title),
      element("thead", { role: "rowgroup" }, head),
      ...groups.map((group) => this.#group(group, words)),
    );
    this.table.setAttribute("aria-description", words.keys);
    this.table.setAttribute("aria-rowcount", String(this.#order.length + 1));
    this.table.setAttribute("aria-colcount", String(columns.length + 1));
    const { row, column } = this.#place ?? { row: "", column: -1 };
    const first = this.#order[0];
    const kept = this.#order.includes(row) && column < columns.length;
    this.#place = kept ? { row, column } : first === undefined ? undefined : { row: first, column: -1 };
    this.#mark();
    if (had) this.focus();
  }

  #group({ title, rows }: RowGroup, words: PanelState["words"]): HTMLElement {
    const body = element("tbody", { role: "rowgroup" });
    if (title !== undefined) {
      const text = `${title} (${rows.length})`;
      body.append(element("tr", { role: "row", class: "group" }, element("th", groupHeader(this.#columns + 1), text)));
    }
    body.append(...rows.map((row) => this.#row(row, words)));
    return body;
  }

  #row(row: PanelRow, words: PanelState["words"]): HTMLElement {
    const { id, name, folder, pinned, problem } = row;
    const shown = folder === "" ? name : `${folder}/${name.slice(name.lastIndexOf("/") + 1)}`;
    const said = [shown, ...(pinned ? [words.pinned] : []), ...(problem === undefined ? [] : [problem])].join(", ");
    const header = element("th", { scope: "row", role: "rowheader", title: said, "aria-label": said }, name);
    if (pinned) header.classList.add("pinned");
    this.#keep(header, id, -1);
    const cells =
      problem === undefined ? row.cells.map((cell, at) => this.#cell(cell, id, at, words)) : [this.#problem(id, problem)];
    return element("tr", { role: "row" }, header, ...cells);
  }

  /** One cell says for all why there are none. */
  #problem(id: string, problem: string): HTMLElement {
    const cell = element(
      "td",
      { role: "gridcell", class: "error", colspan: String(Math.max(1, this.#columns)), title: problem },
      `✗ ${problem}`,
    );
    this.#keep(cell, id, 0);
    return cell;
  }

  #cell(cell: PanelCell | null, id: string, column: number, words: PanelState["words"]): HTMLElement {
    const made =
      cell === null
        ? element("td", { role: "gridcell", class: "none", "aria-label": words.notAsked }, "–")
        : element(
            "td",
            { role: "gridcell", class: classOf(cell), title: cell.label, "aria-label": cell.label },
            ...contentOf(cell),
          );
    this.#keep(made, id, column);
    return made;
  }

  #keep(cell: HTMLElement, row: string, column: number): void {
    cell.tabIndex = -1;
    cell.dataset["row"] = row;
    cell.dataset["column"] = String(column);
    this.#cells.set(keyOf({ row, column }), cell);
  }

  /** The element of a place; of a row with a problem its one cell. */
  #at({ row, column }: Place): HTMLElement | undefined {
    return this.#cells.get(keyOf({ row, column })) ?? this.#cells.get(keyOf({ row, column: 0 }));
  }

  focus(place: Place | undefined = this.#place): void {
    const cell = place === undefined ? undefined : this.#at(place);
    cell?.focus();
    cell?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  /** Puts the focus on a cell, in the first row where none is named. */
  reveal(row: string | undefined, column: number): void {
    const wanted = row ?? this.#order[0];
    if (wanted !== undefined) this.focus({ row: wanted, column });
  }

  /** Tab leads to one cell only. */
  #mark(): void {
    for (const cell of this.table.querySelectorAll<HTMLElement>('[tabindex="0"]')) cell.tabIndex = -1;
    for (const cell of this.table.querySelectorAll("[aria-selected]")) cell.removeAttribute("aria-selected");
    const cell = this.#place === undefined ? undefined : this.#at(this.#place);
    if (cell === undefined) return;
    cell.tabIndex = 0;
    cell.setAttribute("aria-selected", "true");
  }

  #choose(place: Place | undefined): void {
    if (place === undefined) return;
    this.#place = place;
    this.#mark();
    this.#events.chosen(place);
  }

  #clicked({ target }: MouseEvent, twice: boolean): void {
    const place = placeOf(target);
    if (place === undefined) return;
    this.focus(place);
    if (twice) this.#events.entered(place);
  }

  #pressed(event: KeyboardEvent): void {
    const place = this.#place;
    if (place === undefined || event.altKey || event.metaKey) return;
    if (event.key === "Enter" && !event.ctrlKey) {
      event.preventDefault();
      this.#events.entered(place);
      return;
    }
    const next = this.#next(event, place);
    if (next === undefined) return;
    event.preventDefault();
    this.focus(next);
  }

  /** Where a key leads. */
  #next({ key, ctrlKey }: KeyboardEvent, { row, column }: Place): Place | undefined {
    const at = this.#order.indexOf(row);
    const last = this.#columns - 1;
    const rowAt = (index: number): string => this.#order[Math.max(0, Math.min(index, this.#order.length - 1))] ?? row;
    switch (key) {
      case "ArrowUp":
        return { row: rowAt(at - 1), column };
      case "ArrowDown":
        return { row: rowAt(at + 1), column };
      case "PageUp":
        return { row: rowAt(at - page), column };
      case "PageDown":
        return { row: rowAt(at + page), column };
      case "ArrowLeft":
        return { row, column: Math.max(-1, column - 1) };
      case "ArrowRight":
        return { row, column: Math.min(last, column + 1) };
      case "Home":
        return { row: ctrlKey ? rowAt(0) : row, column: -1 };
      case "End":
        return { row: ctrlKey ? rowAt(this.#order.length) : row, column: last };
      default:
        return undefined;
    }
  }
}

const keyOf = ({ row, column }: Place): string => `${column} ${row}`;

const groupHeader = (columns: number): Readonly<Record<string, string>> => ({
  scope: "rowgroup",
  role: "rowheader",
  colspan: String(columns),
});

function placeOf(target: EventTarget | null): Place | undefined {
  const cell = target instanceof Element ? target.closest<HTMLElement>("[data-row]") : null;
  const { row, column } = cell?.dataset ?? {};
  return row === undefined ? undefined : { row, column: Number(column) };
}

function classOf({ kind, difference, changed }: PanelCell): string {
  return [kind, ...(difference === undefined ? [] : ["failed"]), ...(changed === true ? ["changed"] : [])].join(" ");
}

/** The decision behind its marks: the state of a cell is seen without colors, too. */
function contentOf({ text, expected, difference, changed }: PanelCell): readonly Node[] {
  const marks = [
    ...(expected === undefined ? [] : [difference === undefined ? (["passed", "✓"] as const) : (["failed", "✗"] as const)]),
    ...(changed === true ? [["changed", "≠"] as const] : []),
  ];
  return [...marks.map(([name, mark]) => element("span", { class: `mark ${name}` }, mark)), element("span", {}, text)];
}
