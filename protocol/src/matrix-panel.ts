// What the extension and the page of its decision matrix tell each other. Words come with the state: the page has none of its own.

export interface PanelCell {
  readonly kind: "value" | "undefined" | "error";
  /** The decision in a line. */
  readonly text: string;
  /** All that is to be said of the cell, in words. */
  readonly label: string;
  /** What is expected, where something is. */
  readonly expected?: string;
  /** Why it is not as expected. */
  readonly difference?: string;
  /** What is published, where that was compared. */
  readonly published?: string;
  /** Present when what is published is something else. */
  readonly changed?: true;
}

export interface PanelRow {
  readonly id: string;
  readonly name: string;
  readonly folder: string;
  /** Empty for none. */
  readonly profile: string;
  readonly pinned: boolean;
  readonly problem?: string;
  /** One for each column; null where that is not asked. */
  readonly cells: readonly (PanelCell | null)[];
}

export const panelWords = [
  "title",
  "input",
  "filter",
  "show",
  "showAll",
  "showFailed",
  "showChanged",
  "showUndecided",
  "group",
  "groupNone",
  "groupFolder",
  "groupProfile",
  "noProfile",
  "pinned",
  "run",
  "stop",
  "accept",
  "copyMarkdown",
  "copyCsv",
  "nothingShown",
  "decision",
  "expected",
  "published",
  "openValue",
  "why",
  "debug",
  "acceptCell",
  "createTest",
  "openInput",
  "decideRow",
  "pin",
  "unpin",
  "notAsked",
  "keys",
] as const;

export interface PanelState {
  /** `storage.allow`. */
  readonly columns: readonly string[];
  readonly rows: readonly PanelRow[];
  readonly summary: string;
  /** Why there is nothing, or why it is not of the text as it is now. */
  readonly notice?: string;
  readonly busy: boolean;
  readonly words: Readonly<Record<(typeof panelWords)[number], string>>;
}

export interface CellPlace {
  readonly row: string;
  readonly column: number;
}

/** Extension → page. */
export type PanelMessage =
  | { readonly kind: "state"; readonly state: PanelState }
  | { readonly kind: "progress"; readonly text: string }
  /** Puts the focus on a cell, or on the first one of a column. */
  | { readonly kind: "reveal"; readonly row?: string; readonly column: number };

/** Page → extension. */
export type PanelRequest =
  | { readonly kind: "ready" }
  | { readonly kind: "run" }
  | { readonly kind: "stop" }
  | { readonly kind: "runRow" | "open" | "pin"; readonly row: string }
  | { readonly kind: "value" | "why" | "debug" | "acceptCell" | "createTest"; readonly cell: CellPlace }
  | { readonly kind: "accept"; readonly cells: readonly CellPlace[] }
  | { readonly kind: "copy"; readonly format: "markdown" | "csv"; readonly rows: readonly string[] };
