// What a completion offers.
import type { Range } from "#grammars/rego/ast.ts";

export interface CompletionItem {
  readonly label: string;
  readonly kind: "keyword" | "function" | "variable" | "module" | "property" | "snippet" | "constant" | "builtin";
  readonly detail: string;
  readonly documentation?: string;
  /** Text to insert where it is not the label; with `$1` places when `snippet`. */
  readonly insert?: string;
  readonly snippet?: boolean;
  /** What typed letters are compared with, where it is not the label. */
  readonly filter?: string;
  /** Sources nearer to the cursor come first. */
  readonly rank: number;
  /** Of items of one rank those with less come first. */
  readonly order?: number;
  /** Further edits, such as an import. */
  readonly edits?: readonly { readonly range: Range; readonly newText: string }[];
  readonly deprecated?: boolean;
  /** The editor may choose it without being told. */
  readonly preselect?: boolean;
  /** The rule it names, `data.p.allow`: its documentation is told when it is asked for. */
  readonly rule?: string;
}

/** Items of a rank that nothing is known about come behind all others. */
const unordered = 999;

/** What editors sort an item by. */
export function sortText({ rank, order = unordered, label }: CompletionItem): string {
  return `${String(rank).padStart(2, "0")}${String(Math.min(order, unordered)).padStart(3, "0")}${label}`;
}

export interface Completion {
  /** What the items replace. */
  readonly range: Range;
  /** True when more letters bring more items. */
  readonly incomplete?: boolean;
  readonly items: readonly CompletionItem[];
}
