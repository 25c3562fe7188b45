// What an author can have done to a file by one choice.
import type { Diagnostic, TextEdit } from "#grammars/diagnostic.ts";

/** An action as LSP has it, in offsets. */
export interface Action {
  readonly title: string;
  readonly kind: "quickfix" | "source.organizeImports" | "source.fixAll.rego" | "source.createTest";
  /** In the file that was asked about, where they name no other; that one may have to be made. */
  readonly edits: readonly (TextEdit & { readonly file?: string })[];
  readonly preferred: boolean;
  /** The path that the file that was asked about moves to. */
  readonly moveTo?: string;
  /** Where the reader goes on. */
  readonly show?: { readonly file: string; readonly line: number; readonly character: number };
  /** The finding it mends. */
  readonly diagnostic?: Diagnostic;
}
