// Lists in brackets as they are formatted: arrays, sets, objects, arguments, comprehensions.
import type { ArrayTerm, Body, Call, ObjectTerm, Range, SetTerm, Term } from "../ast.ts";
import { compareTerms } from "../compare-terms.ts";
import { withoutRepeats } from "../term-key.ts";
import { isNegation } from "../told-text.ts";
import { writeInnerBody } from "./bodies.ts";
import { rowsInside } from "./brackets.ts";
import type { Formatting } from "./formatting.ts";
import { isUnionCall, writeTerm, writeTermParens } from "./terms.ts";
import { CommentClash } from "./writer.ts";

/** A list in brackets: where it opens and closes decides how its items are broken into lines. */
interface Enclosing {
  readonly row: number;
  readonly text: string;
  readonly closeRow: number;
}

/** `row` and `place` are where the term counts to stand. */
export function writeCollection(f: Formatting, term: ArrayTerm | ObjectTerm | SetTerm, row: number, place: Range): void {
  const { w } = f;
  if (term.kind === "set" && term.items.length === 0) {
    w.write("set()");
    const rows = rowsInside(f.told(term, place), "(", ")");
    if (rows >= 0) w.insertComments(row + rows);
    return;
  }
  const [open, close] = term.kind === "array" ? (["[", "]"] as const) : (["{", "}"] as const);
  const text = f.told(term, place);
  const rows = rowsInside(text, open, close);
  const enclosing = { row, text, closeRow: rows < 0 ? -1 : row + rows };
  w.write(open);
  try {
    if (term.kind === "object") writeEntries(f, entriesInOrder(f, term), enclosing);
    else writeList(f, term.kind === "set" ? membersInOrder(f, term) : term.items, enclosing, true);
  } finally {
    w.write(close);
  }
}

/** As OPA holds sets, by the order of terms; where they have places of their own these decide. */
function membersInOrder(f: Formatting, { items }: SetTerm): readonly Term[] {
  const members = withoutRepeats(items);
  return f.isStanding || arePlaceless(f, members) ? members.toSorted(compareTerms) : members;
}

/** What OPA has copied to stand in one place has its keys in order, too. */
function entriesInOrder(f: Formatting, { entries }: ObjectTerm): ObjectTerm["entries"] {
  return f.isStanding ? entries.toSorted((a, b) => compareTerms(a.key, b.key)) : entries;
}

export function writeList(f: Formatting, items: readonly Term[], enclosing: Enclosing, parenUnions: boolean): void {
  writeIterable(
    f,
    items,
    (item) => item,
    enclosing,
    (item) => {
      const paren = isUnionCall(item) && (parenUnions || f.told(item).startsWith("("));
      if (paren) f.w.write("(");
      try {
        writeTerm(f, item);
      } finally {
        if (paren) f.w.write(")");
      }
    },
  );
}

function writeEntries(f: Formatting, entries: ObjectTerm["entries"], enclosing: Enclosing): void {
  const { w } = f;
  const wrapped = (term: Term): void => {
    const paren = isUnionCall(term);
    if (paren) w.write("(");
    writeTerm(f, term);
    if (paren) w.write(")");
  };
  writeIterable(
    f,
    entries,
    ({ key }) => key,
    enclosing,
    ({ key, value }) => {
      wrapped(key);
      w.write(": ");
      wrapped(value);
    },
  );
}

function writeIterable<T extends object>(
  f: Formatting,
  items: readonly T[],
  lead: (item: T) => Term,
  enclosing: Enclosing,
  write: (item: T) => void,
): void {
  const { w } = f;
  const lines = groupByRow(f, items, (item) => lead(item).start);
  let broken = lines.length > 1;
  if (!broken) {
    if (w.hasCommentBetween(enclosing.row, enclosing.closeRow)) throw new CommentClash();
    const first = items[0];
    if (first !== undefined) {
      const cut = enclosing.text.indexOf(f.told(lead(first)));
      broken = cut > 0 && enclosing.text.slice(0, cut).indexOf("\n") > 0;
    }
  }
  if (broken) {
    w.delay = true;
    w.endLine();
    w.level++;
    w.startLine();
  }
  lines.forEach((line, i) => {
    line.forEach((item, at) => {
      if (at > 0) w.write(", ");
      f.losing(() => write(item));
    });
    if (i === lines.length - 1) return;
    w.write(",");
    w.endLine();
    w.startLine();
  });
  if (!broken) return;
  w.write(",");
  w.endLine();
  w.insertComments(enclosing.closeRow, true);
  w.level--;
  w.startLine();
}

export function groupByRow<T extends object>(
  f: Formatting,
  items: readonly T[],
  start: (item: T) => number,
): readonly (readonly T[])[] {
  // What has no place of its own breaks no lines, in OPA, and none around it.
  if (arePlaceless(f, items)) return [items];
  const lines: T[][] = [[]];
  let row = -1;
  for (const item of items) {
    const here = f.row(start(item));
    if (lines.at(-1)!.length > 0 && here > row) lines.push([]);
    lines.at(-1)!.push(item);
    row = here;
  }
  return lines;
}

/** `place` is what counts as the text of the comprehension, `row` where it counts to stand. */
export function writeComprehension(f: Formatting, row: number, place: Range, brackets: string, term: Term, body: Body): void {
  const { w } = f;
  w.write(brackets[0]!);
  try {
    writeYield(f, row, place, brackets, term, body, f.row(term.start));
  } finally {
    w.write(brackets[1]!);
  }
}

export function writeYield(
  f: Formatting,
  row: number,
  place: Range,
  brackets: string,
  term: Term,
  body: Body,
  termRow: number,
): void {
  const { w } = f;
  if (termRow - row >= 1) {
    w.endLine();
    w.startLine();
  }
  writeTermParens(f, term.kind === "call" && (isUnionCall(term) || f.told(term).startsWith("(")), term, termRow);
  w.write(" |");
  writeInnerBody(f, brackets[0]!, brackets[1]!, body, termRow, place, row);
}

/** True when OPA has no place for some of what the items hold; it does not look into entries. */
function arePlaceless(f: Formatting, items: readonly object[]): boolean {
  return f.mayBePlaceless && items.some((item) => "kind" in item && holdsPlaceless(item));
}

function holdsPlaceless(item: unknown): boolean {
  const nodes = [item];
  while (nodes.length > 0) {
    const node = nodes.pop();
    if (node === null || typeof node !== "object") continue;
    const { kind, name } = node as { readonly kind?: unknown; readonly name?: unknown };
    if (kind === "var" && String(name).startsWith("__local")) return true;
    if (kind === "call" && isNegation(node as Call)) return true;
    for (const value of Object.values(node)) nodes.push(value);
  }
  return false;
}
