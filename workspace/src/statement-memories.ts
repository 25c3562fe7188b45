// The versions of a file that an editor types share what was read of the last one.
import { StatementMemory } from "#grammars/rego/statement-memory.ts";
import type { SourceFile } from "./source-file.ts";

const memories = new WeakMap<SourceFile, StatementMemory>();

/** `file` came from `before` by an edit, or was opened. */
export function remembersStatements(before: SourceFile | undefined, file: SourceFile): void {
  memories.set(file, (before && memories.get(before)) ?? new StatementMemory());
}

/** What was read of the versions of a file; undefined for one that nobody types in. */
export function memoryOf(file: SourceFile): StatementMemory | undefined {
  return memories.get(file);
}
