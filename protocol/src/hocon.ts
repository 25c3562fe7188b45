// HOCON documents: resolved, converted, their entries moved.
import type { Position, Range } from "./places.ts";

export interface ResolveParams {
  readonly uri: string;
  readonly profile?: string;
}

export interface ResolveResult {
  /** Indented JSON text; undefined when nothing could be resolved. */
  readonly json?: string;
  readonly problems: readonly string[];
  /** Where each line of a HOCON file's value was written; empty for other files. */
  readonly origins: readonly {
    readonly path: string;
    /** Line of `json`, from 0. */
    readonly line: number;
    readonly uri: string;
    readonly range: Range;
    /** Assignments that this value hides or merges over. */
    readonly overrides: readonly { readonly uri: string; readonly range: Range }[];
  }[];
}
export const resolve = "rw/resolve";

export interface ConvertParams {
  readonly uri: string;
  readonly to: "json" | "yaml" | "hocon";
  readonly profile?: string;
}

/** The new document, which the client creates; or why there is none. */
export type ConvertResult = { readonly uri: string; readonly text: string } | { readonly refusal: string };
export const convert = "rw/convert";

export interface MoveEntryParams {
  readonly uri: string;
  readonly position: Position;
  readonly direction: "up" | "down";
}

/** Edits of one document, and the line that the cursor is on after them. */
export type MoveEntryResult =
  | {
      readonly edits: readonly { readonly range: Range; readonly newText: string }[];
      readonly line: number;
      readonly version: number | null;
    }
  | { readonly refusal: string };
export const moveEntry = "rw/moveEntry";
