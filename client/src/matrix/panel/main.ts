// The page of the decision matrix: what is shown of it, the table, and what can be done with the chosen cell.
import type { PanelMessage, PanelRequest, PanelRow, PanelState } from "#protocol/matrix-panel.ts";
import { button, choice, element } from "./elements.ts";
import { Grid, type Place } from "./grid.ts";
import { type Choices, failedCells, groupings, type RowGroup, shownGroups, shows } from "./rows.ts";

declare function acquireVsCodeApi(): {
  postMessage(message: PanelRequest): void;
  getState(): unknown;
  setState(state: Kept): void;
};

/** What outlives the page: the extension finds the project again by its file. */
interface Kept extends Choices {
  readonly uri: string;
}

const api = acquireVsCodeApi();
const send = (request: PanelRequest): void => api.postMessage(request);

const uri = document.body.dataset["uri"] ?? "";
let choices: Choices = { text: "", show: "all", group: "none", ...keptChoices(api.getState()) };
let state: PanelState | undefined;
let groups: readonly RowGroup[] = [];

const summary = element("p", { role: "status", class: "summary" });
const notice = element("p", { class: "notice" });
const progress = element("p", { class: "progress" });
const nothing = element("p", { class: "nothing" });
const details = element("section", { class: "details" });
const toolbar = element("div", { role: "toolbar", class: "toolbar" });
const grid = new Grid({
  chosen: showDetails,
  entered: (place) => {
    if (place.column < 0) send({ kind: "open", row: place.row });
    else details.querySelector("button")?.focus();
  },
});

details.addEventListener("keydown", ({ key }) => {
  if (key === "Escape") grid.focus();
});
document.body.append(
  element("main", {}, toolbar, summary, notice, progress, element("div", { class: "scroll" }, grid.table, nothing), details),
);
window.addEventListener("message", ({ data }: MessageEvent<PanelMessage>) => {
  if (data.kind === "state") show(data.state);
  else if (data.kind === "progress") progress.textContent = data.text;
  else grid.reveal(data.row, data.column);
});
send({ kind: "ready" });

function keptChoices(kept: unknown): Partial<Choices> {
  if (typeof kept !== "object" || kept === null) return {};
  const { text, show: shown, group } = kept as Partial<Record<keyof Choices, unknown>>;
  return {
    ...(typeof text === "string" ? { text } : {}),
    ...(shows.some((one) => one === shown) ? { show: shown as Choices["show"] } : {}),
    ...(groupings.some((one) => one === group) ? { group: group as Choices["group"] } : {}),
  };
}

function choose(more: Partial<Choices>): void {
  choices = { ...choices, ...more };
  api.setState({ ...choices, uri });
  if (state !== undefined) showRows(state);
}

function show(now: PanelState): void {
  if (toolbar.childElementCount === 0) {
    toolbar.setAttribute("aria-label", now.words.title);
    toolbar.append(...tools(now.words));
    api.setState({ ...choices, uri });
  }
  state = now;
  // What is read out is what changed.
  if (summary.textContent !== now.summary) summary.textContent = now.summary;
  notice.textContent = now.notice ?? "";
  progress.textContent = now.busy ? progress.textContent : "";
  document.body.classList.toggle("busy", now.busy);
  document.body.classList.toggle("stale", now.notice !== undefined && now.rows.length > 0);
  showRows(now);
}

function showRows(now: PanelState): void {
  groups = shownGroups(now, choices);
  grid.show(now, groups);
  grid.table.hidden = now.rows.length === 0;
  nothing.textContent = now.rows.length > 0 && groups.length === 0 ? now.words.nothingShown : "";
  const accept = toolbar.querySelector<HTMLButtonElement>(".accept");
  if (accept !== null) accept.disabled = failedCells(groups).length === 0;
  if (grid.place === undefined) details.replaceChildren();
  else showDetails(grid.place);
}

function tools(words: PanelState["words"]): readonly HTMLElement[] {
  const text = element("input", { type: "search", placeholder: words.filter, "aria-label": words.filter });
  text.value = choices.text;
  text.addEventListener("input", () => choose({ text: text.value }));
  const showing = choice(
    words.show,
    [
      ["all", words.showAll],
      ["failed", words.showFailed],
      ["changed", words.showChanged],
      ["undecided", words.showUndecided],
    ],
    (value) => choose({ show: shows.find((one) => one === value) ?? "all" }),
  );
  showing.select.value = choices.show;
  const grouping = choice(
    words.group,
    [
      ["none", words.groupNone],
      ["folder", words.groupFolder],
      ["profile", words.groupProfile],
    ],
    (value) => choose({ group: groupings.find((one) => one === value) ?? "none" }),
  );
  grouping.select.value = choices.group;
  const rows = (): readonly string[] => groups.flatMap((group) => group.rows.map(({ id }) => id));
  return [
    text,
    showing.labelled,
    grouping.labelled,
    button(words.run, () => send({ kind: "run" }), { class: "run" }),
    button(words.stop, () => send({ kind: "stop" }), { class: "stop" }),
    button(words.accept, () => send({ kind: "accept", cells: failedCells(groups) }), { class: "accept" }),
    button(words.copyMarkdown, () => send({ kind: "copy", format: "markdown", rows: rows() })),
    button(words.copyCsv, () => send({ kind: "copy", format: "csv", rows: rows() })),
  ];
}

/** All of the chosen cell, and what can be done with it. */
function showDetails(place: Place): void {
  const row = state?.rows.find(({ id }) => id === place.row);
  if (state === undefined || row === undefined) return;
  const { words } = state;
  const had = [...details.querySelectorAll<Element>("button")].indexOf(document.activeElement ?? details);
  details.setAttribute("aria-label", words.decision);
  details.replaceChildren(
    ...(place.column < 0 || row.problem !== undefined ? aboutRow(row, words) : aboutCell(row, place, state)),
  );
  if (had >= 0) (details.querySelectorAll("button")[had] ?? details.querySelector("button"))?.focus();
}

function aboutRow(row: PanelRow, words: PanelState["words"]): readonly HTMLElement[] {
  const about: PanelRequest & { readonly row: string } = { kind: "open", row: row.id };
  return [
    element("h2", {}, row.name),
    ...(row.problem === undefined ? [] : [element("p", { class: "error" }, row.problem)]),
    actions(
      button(words.openInput, () => send(about)),
      button(words.decideRow, () => send({ ...about, kind: "runRow" })),
      button(row.pinned ? words.unpin : words.pin, () => send({ ...about, kind: "pin" })),
    ),
  ];
}

function aboutCell(row: PanelRow, { column }: Place, { columns, words }: PanelState): readonly HTMLElement[] {
  const found = row.cells[column];
  const title = element("h2", {}, `${columns[column] ?? ""} · ${row.name}`);
  if (found === undefined || found === null) return [title, element("p", {}, words.notAsked)];
  const { text, expected, difference, published } = found;
  const terms = [
    [words.decision, text] as const,
    ...(expected === undefined ? [] : [[words.expected, expected] as const]),
    ...(published === undefined ? [] : [[words.published, published] as const]),
  ].flatMap(([term, value]) => [element("dt", {}, term), element("dd", {}, value)]);
  const cell = { row: row.id, column };
  const act = (kind: "value" | "why" | "debug" | "acceptCell" | "createTest", label: string): HTMLButtonElement =>
    button(label, () => send({ kind, cell }));
  return [
    title,
    element("dl", {}, ...terms),
    ...(difference === undefined ? [] : [element("p", { class: "difference" }, `✗ ${difference}`)]),
    actions(
      act("value", words.openValue),
      act("why", words.why),
      act("debug", words.debug),
      ...(expected !== undefined && difference === undefined ? [] : [act("acceptCell", words.acceptCell)]),
      act("createTest", words.createTest),
      button(words.openInput, () => send({ kind: "open", row: row.id })),
    ),
  ];
}

const actions = (...buttons: readonly HTMLElement[]): HTMLElement => element("div", { class: "actions" }, ...buttons);
