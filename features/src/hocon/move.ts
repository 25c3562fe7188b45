// Moves an entry of an object up or down with its comments; past the edge it leaves the object and takes the path along.
import type { TextEdit } from "#grammars/diagnostic.ts";
import type { FieldNode, IncludeNode, ObjectNode, ParsedHocon } from "#grammars/hocon/parse.ts";
import { renderPath } from "#grammars/hocon/path.ts";
import { collectionsOf } from "./tree.ts";

type Member = FieldNode | IncludeNode;

interface Level {
  readonly members: readonly Member[];
  /** The field whose value holds these members; undefined at the root. */
  readonly owner: FieldNode | undefined;
}

export type Moved = { readonly edits: readonly TextEdit[]; readonly cursor: number } | { readonly refusal: string };

/** Moves the entry around an offset by one place. The cursor stays on the entry. */
export function moveEntry(parsed: ParsedHocon, offset: number, direction: "up" | "down"): Moved {
  const { body } = parsed.tree;
  if (body.kind !== "object") return { refusal: "only entries of objects can be moved" };
  const levels = levelsAt(parsed.text, body, offset);
  const level = levels.at(-1);
  if (level === undefined) return { refusal: "there is no entry at the cursor" };
  const at = level.members.findIndex((member) => holds(parsed.text, member, offset));
  const own = linesOf(parsed.text, level.members[at]!);
  const other = level.members[direction === "up" ? at - 1 : at + 1];
  if (other !== undefined) {
    const next = linesOf(parsed.text, other);
    if (own.end > next.start && next.end > own.start) return { refusal: "entries that share a line cannot be moved" };
    return direction === "up" ? swap(parsed.text, next, own, offset) : swap(parsed.text, own, next, offset);
  }
  const { owner } = level;
  if (owner === undefined) return { refusal: `this is the ${direction === "up" ? "first" : "last"} entry` };
  const member = level.members[at]!;
  if (member.kind !== "field") return { refusal: "an include stays in its object" };
  return leave(parsed.text, own, member, owner, direction, offset);
}

interface Lines {
  readonly start: number;
  readonly end: number;
}

function levelsAt(text: string, root: ObjectNode, offset: number): readonly Level[] {
  const levels: Level[] = [];
  const visit = (object: ObjectNode, owner: FieldNode | undefined): void => {
    const inside = object.members.find((member) => holds(text, member, offset));
    if (inside === undefined) return;
    levels.push({ members: object.members, owner });
    if (inside.kind !== "field") return;
    for (const piece of collectionsOf(inside.value)) if (piece.kind === "object") visit(piece, inside);
  };
  visit(root, undefined);
  return levels;
}

function holds(text: string, member: Member, offset: number): boolean {
  const { start, end } = linesOf(text, member);
  return start <= offset && offset < Math.max(end, start + 1);
}

/** The whole lines of an entry and of the comments directly above it. */
function linesOf(text: string, { start, end }: Member): Lines {
  let from = text.lastIndexOf("\n", start - 1) + 1;
  while (from > 0) {
    const above = text.lastIndexOf("\n", from - 2) + 1;
    if (!/^[ \t]*(?:#|\/\/)/u.test(text.slice(above, from))) break;
    from = above;
  }
  const newline = text.indexOf("\n", Math.max(end - 1, start));
  return { start: from, end: newline < 0 ? text.length : newline + 1 };
}

function swap(text: string, first: Lines, second: Lines, offset: number): Moved {
  const upper = text.slice(first.start, first.end);
  const between = text.slice(first.end, second.start);
  const lower = text.slice(second.start, second.end);
  const [top, bottom] = exchangeEnds(lower, upper);
  const newText = top + between + bottom;
  const movesUp = offset >= second.start;
  const cursor = movesUp
    ? first.start + (offset - second.start)
    : first.start + top.length + between.length + (offset - first.start);
  return { edits: [{ range: { start: first.start, end: second.end }, newText }], cursor };
}

/** After the exchange the upper entry ends as the upper one did: with its comma, with a line end. */
function exchangeEnds(top: string, bottom: string): readonly [string, string] {
  const comma = (entry: string) => /,[ \t]*(?:(?:#|\/\/)[^\n]*)?\n?$/u.test(entry);
  const [topComma, bottomComma] = [comma(top), comma(bottom)];
  let [upper, lower] = [top.endsWith("\n") ? top : `${top}\n`, top.endsWith("\n") ? bottom : bottom.replace(/\n$/u, "")];
  if (bottomComma && !topComma) {
    upper = upper.replace(/[ \t]*\n$/u, ",\n");
    lower = lower.replace(/,([ \t]*\n?)$/u, "$1");
  }
  return [upper, lower];
}

function leave(text: string, own: Lines, member: FieldNode, owner: FieldNode, direction: "up" | "down", offset: number): Moved {
  const around = linesOf(text, owner);
  const at = direction === "up" ? around.start : around.end;
  if (own.start <= around.start || own.end >= around.end) return { refusal: "entries that share a line cannot be moved" };
  const margin = /^[ \t]*/u.exec(text.slice(text.lastIndexOf("\n", owner.start - 1) + 1))![0];
  const inner = /^[ \t]*/u.exec(text.slice(text.lastIndexOf("\n", member.start - 1) + 1))![0];
  const entry = text.slice(own.start, own.end);
  const key = member.key.start - own.start;
  const prefix = `${renderPath(owner.key.path)}.`;
  const named = entry.slice(0, key) + prefix + entry.slice(key);
  const moved = named
    .split("\n")
    .map((line) => (line.startsWith(inner) ? margin + line.slice(inner.length) : line))
    .join("\n");
  const edits = [
    { range: { start: at, end: at }, newText: moved },
    { range: own, newText: "" },
  ];
  const before = text.slice(own.start, offset);
  const outdented = (before.split("\n").length - (before.endsWith("\n") ? 1 : 0)) * (inner.length - margin.length);
  const shift = before.length - outdented + (offset >= member.key.start ? prefix.length : 0);
  return { edits, cursor: Math.max(0, (direction === "up" ? at : at - entry.length) + shift) };
}
