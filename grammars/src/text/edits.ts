// Edits of one text: what it is with them, and which of many can be made together.
import type { TextEdit } from "../diagnostic.ts";

/** The text with edits that do not touch each other, in any order. */
export function withEdits(text: string, edits: readonly TextEdit[]): string {
  return edits
    .toSorted((a, b) => b.range.start - a.range.start)
    .reduce((out, { range, newText }) => out.slice(0, range.start) + newText + out.slice(range.end), text);
}

/** Those of some items whose edits leave each other alone: one that changes little comes before a layout of the whole text. */
export function apart<Item>(items: readonly Item[], editsOf: (item: Item) => readonly TextEdit[]): readonly Item[] {
  const taken: Item[] = [];
  const edits: TextEdit[] = [];
  for (const item of items.toSorted((a, b) => extentOf(editsOf(a)) - extentOf(editsOf(b)))) {
    const own = editsOf(item);
    if (own.some((edit) => edits.some((other) => touches(edit, other)))) continue;
    taken.push(item);
    edits.push(...own);
  }
  return taken;
}

function extentOf(edits: readonly TextEdit[]): number {
  return edits.reduce((sum, { range }) => sum + range.end - range.start, 0);
}

function touches(a: TextEdit, b: TextEdit): boolean {
  return a.range.start <= b.range.end && b.range.start <= a.range.end;
}
