// What is shown of decisions, tests and problems. Words of policies are texts here, never markup.
import type { LiveParams, LiveRule, TestInfo, TestOutcome } from "#embedding/language-server.ts";

export interface Problem {
  readonly place: string;
  readonly severity: "error" | "warning" | "note";
  readonly message: string;
  show(): void;
}

const byId = (id: string): HTMLElement => {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the page has no #${id}`);
  return found;
};

/** Only what changes is written: screen readers say what is written. */
function write(id: string, text: string): void {
  const element = byId(id);
  if (element.textContent !== text) element.textContent = text;
}

function element<K extends keyof HTMLElementTagNameMap>(name: K, text: string, className = ""): HTMLElementTagNameMap[K] {
  const made = document.createElement(name);
  made.textContent = text;
  if (className !== "") made.className = className;
  return made;
}

/** So many rules and lines are shown; a policy may have, and make, any number. */
const mostShown = 100;
const longestValue = 10_000;

/** `sinceKey` are the milliseconds since the text was changed, where it was. */
export function showDecisions({ rules, prints, problem, stale, ms }: LiveParams, sinceKey: number | undefined): void {
  const [first] = rules.filter(({ entrypoint }) => entrypoint);
  const main = first ?? rules[0];
  const decided = main === undefined ? "The policy has no rule to ask." : `${main.name} = ${main.text}`;
  write("status", problem === undefined ? decided : `Not decided: ${problem}`);
  write("time", problem === undefined ? timeOf(ms, sinceKey) : "");
  const body = byId("rules").querySelector("tbody");
  const rows = rules.slice(0, mostShown).map((rule) => rowOf(rule, stale));
  const printed = prints.slice(0, mostShown).map(({ line, text }) => {
    const row = document.createElement("tr");
    row.append(headerOf(`print, line ${line + 1}`), cellOf(text, ""));
    return row;
  });
  body?.replaceChildren(...rows, ...printed);
}

const timeOf = (ms: number, sinceKey: number | undefined): string =>
  `${rounded(ms)} ms${sinceKey === undefined ? "" : ` · ${rounded(sinceKey)} ms after the key`}`;

const rounded = (ms: number): string => (ms < 10 ? ms.toFixed(1) : ms.toFixed(0));

function rowOf({ name, full, kind, text }: LiveRule, stale: boolean): HTMLTableRowElement {
  const row = document.createElement("tr");
  const shown = kind === "value" ? full : text;
  row.append(headerOf(name), cellOf(shown, `${kind === "error" ? "bad" : ""} ${stale ? "stale" : ""}`.trim()));
  return row;
}

function headerOf(text: string): HTMLTableCellElement {
  const header = element("th", text);
  header.scope = "row";
  return header;
}

function cellOf(text: string, className: string): HTMLTableCellElement {
  const cell = document.createElement("td");
  cell.append(element("pre", text.length > longestValue ? `${text.slice(0, longestValue)} …` : text, className));
  return cell;
}

export function showTests(tests: readonly TestInfo[], outcomes: readonly TestOutcome[]): void {
  const names = new Map(leavesOf(tests).map(({ id, label }) => [id, label]));
  const passed = outcomes.filter(({ outcome }) => outcome === "passed").length;
  write("test-counts", outcomes.length === 0 ? "none" : `${passed} of ${outcomes.length} passed`);
  byId("test-list").replaceChildren(
    ...outcomes.slice(0, mostShown).map(({ id, outcome, message }) => {
      const [mark, className] = outcome === "passed" ? ["✓", "good"] : outcome === "skipped" ? ["–", ""] : ["✗", "bad"];
      const why = message === undefined || outcome === "passed" ? "" : `: ${message}`;
      return element("li", `${mark} ${names.get(id) ?? id} ${outcome}${why}`, className);
    }),
  );
}

const leavesOf = (tests: readonly TestInfo[]): readonly TestInfo[] => tests.flatMap((test) => [test, ...leavesOf(test.children)]);

export function showProblems(problems: readonly Problem[]): void {
  write("problem-count", problems.length === 0 ? "none" : String(problems.length));
  byId("problem-list").replaceChildren(
    ...problems.slice(0, mostShown).map(({ place, severity, message, show }) => {
      const item = document.createElement("li");
      const className = { error: "bad", warning: "warn", note: "" }[severity];
      const button = element("button", `${severity}, ${place}: ${message}`, className);
      button.type = "button";
      button.addEventListener("click", show);
      item.append(button);
      return item;
    }),
  );
}

export function showNotice(text: string): void {
  write("notice", text);
}

export function showFailure(text: string): void {
  write("status", text);
  write("time", "");
}
