// The list of values in a conflict error: what each definition gave, and where it stands.
import { writeTerm } from "./rego-text.ts";
import type { SourcePlace } from "./source-place.ts";
import { RegoNumber, type Value } from "./value.ts";

/** More values than these are not listed, and each is cut at so many characters. */
const mostConflicts = 10;
const longestValue = 80;

/** A line for each definition, in the order of their places; `found` holds site and value in turn, in the order of evaluation. */
export function conflictingValues(found: readonly Value[], placeOf: (site: number) => SourcePlace): readonly string[] {
  const lines: { readonly place: SourcePlace; readonly line: string }[] = [];
  const conflicting = new Set<number>();
  for (let at = 0; at < found.length; at += 2) {
    const number = found[at];
    const site = number instanceof RegoNumber ? Number(number.text) : -1;
    // Of each definition the first value that differs from the very first one.
    if (at > 0 && conflicting.has(site)) continue;
    if (at > 0) conflicting.add(site);
    const place = placeOf(site);
    const where = place.file === "" ? `${place.row}:${place.col}` : `${place.file}:${place.row}`;
    lines.push({ place, line: `  ${shorten(writeTerm(found[at + 1]!))} at ${where}` });
  }
  const sorted = lines.slice(0, mostConflicts).sort((a, b) => inOrder(a.place, b.place));
  return [...sorted.map(({ line }) => line), ...(lines.length > mostConflicts ? ["  ..."] : [])];
}

function inOrder(a: SourcePlace, b: SourcePlace): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1;
  return a.row - b.row || a.col - b.col;
}

/** On one line, and not too long. */
function shorten(text: string): string {
  const characters = [...text.trim().split(/\s+/u).join(" ")];
  return characters.length <= longestValue ? characters.join("") : `${characters.slice(0, longestValue).join("")}...`;
}
