// Parsing while typing: only the lines around an edit are read again, in the smallest large bracket that holds them; everything else is taken
// over from the tree before. The result is the one that a fresh parse gives; where that is not certain, a fresh parse is made.
import { firstIndex } from "../first-index.ts";
import { readBodies } from "./bodies.ts";
import { BodyActions } from "./body-actions.ts";
import { finishParse, MOST_DIAGNOSTICS } from "./finish-parse.ts";
import { tokenize } from "./lexer.ts";
import { reportLexical } from "./lexical-problems.ts";
import { parseHocon, parseTokens } from "./parse.ts";
import { type Move, moveLate, moveProblem, shiftMember, shiftValue } from "./shift.ts";
import { type LexicalProblem, significantFrom, significantUpTo, TokenKind, type TokenList, tokenAt } from "./tokens.ts";
import type { ArrayNode, FieldNode, Member, ObjectNode, ParsedHocon, PieceNode, ValueNode } from "./tree.ts";

/** A smaller bracket is read again as a whole. */
const LARGE = 1000;
/** So often the lines to read again may grow before a fresh parse is made. */
const MOST_GROWTH = 8;

/** The one stretch in which two texts differ: `start` to `end` of the old text became `start` to `end + by` of the new one. */
interface Edit {
  readonly start: number;
  readonly end: number;
  readonly by: number;
}

/** Parses a text that came from `old` by some edit. */
export function reparseHocon(old: ParsedHocon, text: string): ParsedHocon {
  const { file, syntax } = old;
  if (old.text === text) return old;
  return (
    (syntax === "conf" && isSimple(old) ? readAgain(old, text, editBetween(old.text, text)) : undefined) ??
    parseHocon(text, { file, syntax })
  );
}

/** Equal texts are compared in pieces of this length, which is much faster than by character. */
const PIECE = 4096;

function editBetween(old: string, text: string): Edit {
  const by = text.length - old.length;
  const most = Math.min(old.length, text.length);
  let start = 0;
  while (start + PIECE <= most && old.slice(start, start + PIECE) === text.slice(start, start + PIECE)) start += PIECE;
  while (start < most && old.charCodeAt(start) === text.charCodeAt(start)) start++;
  let end = old.length;
  const least = by < 0 ? start - by : start;
  while (end - PIECE >= least && old.slice(end - PIECE, end) === text.slice(end + by - PIECE, end + by)) end -= PIECE;
  while (end > least && old.charCodeAt(end - 1) === text.charCodeAt(end + by - 1)) end--;
  return { start, end, by };
}

/** Faults whose cause may lie far from their place, or that change how the rest of the text is read. */
const FAR_REACHING = new Set(["hocon_open_bracket", "hocon_unbalanced_bracket", "hocon_trailing_text", "hocon_bad_include"]);

function isSimple({ tree, tokens, problems, diagnostics, text }: ParsedHocon): boolean {
  if (tree.body.kind === "array" || diagnostics.length >= MOST_DIAGNOSTICS || !isBalanced(tokens)) return false;
  return problems.every(
    ({ diagnostic: { code, range } }) => !FAR_REACHING.has(code) && !awaitsQuotes(text, code, range.start, range.end),
  );
}

/** What is open here began a string of three quotes, which closing quotes on any later line would end. */
function awaitsQuotes(text: string, code: string, start: number, end: number): boolean {
  if (code === "hocon_open_string") return text.startsWith('"""', start);
  return code === "hocon_open_substitution" && text.slice(start, end).includes('"""');
}

type Body = ObjectNode | ArrayNode;
type Entry = Member | ValueNode;

/** A bracket on the way from the root to the edit, and which of its entries the way goes on through. */
interface Step {
  readonly body: Body;
  readonly index: number;
}

/** The lines of a bracket to read again: entries `from` to `to`, characters `start` to `end`, of the old text. */
interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly start: number;
  readonly end: number;
  /** It reaches to the end of the bracket. */
  readonly isLast: boolean;
}

function readAgain(old: ParsedHocon, text: string, edit: Edit): ParsedHocon | undefined {
  const steps: Step[] = [];
  const body = descend(old.tree.body, edit, steps);
  const content = contentOf(old, body);
  let least = 0;
  for (let growth = 0; growth < MOST_GROWTH; growth++) {
    const stretch = stretchOf(old, body, content, edit, least);
    if (stretch === undefined) return undefined;
    const read = readStretch(old, text, body, stretch, edit.by);
    if (read === "unclear") return undefined;
    if (read === "incomplete") least = stretch.to + 1;
    else return assemble(old, text, steps, body, stretch, edit, read);
  }
  return undefined;
}

function entriesOf(body: Body): readonly Entry[] {
  return body.kind === "object" ? body.members : body.items;
}

/** The innermost large bracket that holds the whole edit. */
function descend(root: Body, { start, end }: Edit, steps: Step[]): Body {
  let body = root;
  for (;;) {
    const entries = entriesOf(body);
    const index = firstEndingAt(entries, start);
    const inner = innerBody(entries[index]);
    if (inner === undefined || !inner.closed || inner.end - inner.start < LARGE) return body;
    if (start <= inner.start || end >= inner.end) return body;
    steps.push({ body, index });
    body = inner;
  }
}

/** The index of the first entry that ends at `offset` or later. */
function firstEndingAt(entries: readonly Entry[], offset: number): number {
  return firstIndex(entries.length, (at) => entries[at]!.end < offset);
}

/** The bracket that a value ends with. */
function innerBody(entry: Entry | undefined): Body | undefined {
  const value = entry?.kind === "field" ? entry.value : entry?.kind === "include" ? undefined : entry;
  const last = value?.kind === "concatenation" ? value.pieces.at(-1) : value;
  return last?.kind === "object" || last?.kind === "array" ? last : undefined;
}

interface Content {
  readonly start: number;
  readonly end: number;
}

function contentOf({ tree, text }: ParsedHocon, body: Body): Content {
  if (body === tree.body && !tree.braced) return { start: 0, end: text.length };
  return { start: body.start + 1, end: body.end - 1 };
}

/** Whole lines around the edit, and as many entries as stand on them; at least up to entry `least`. */
function stretchOf(old: ParsedHocon, body: Body, content: Content, edit: Edit, least: number): Stretch | undefined {
  if (edit.start < content.start || edit.end > content.end) return undefined;
  const { tokens } = old;
  const entries = entriesOf(body);
  let from = firstEndingAt(entries, edit.start);
  let to = Math.max(from, least);
  while (to < entries.length && entries[to]!.start <= edit.end) to++;
  to = Math.min(to, entries.length);
  let start: number | undefined;
  for (; ; from--) {
    const before = entries[from - 1];
    const gap = { start: before?.end ?? content.start, end: entries[from]?.start ?? content.end };
    if (hasBrackets(tokens, gap)) return undefined;
    if (before === undefined || isComplete(before)) start = newlineBefore(tokens, gap.start, Math.min(edit.start, gap.end));
    if (before === undefined) start ??= content.start;
    if (start !== undefined) break;
  }
  let end: number | undefined;
  for (; ; to++) {
    const gap = { start: entries[to - 1]?.end ?? content.start, end: entries[to]?.start ?? content.end };
    if (hasBrackets(tokens, gap)) return undefined;
    if (to === entries.length) end = content.end;
    else end = newlineAfter(tokens, Math.max(edit.end, gap.start), gap.end);
    if (end !== undefined) break;
  }
  // A separator at the end of a line, before the stretch or in what it was, changes how the next line is read.
  if ([start, end].some((at) => at < content.end && isSeparator(tokens.kinds[significantBefore(tokens, at)]))) return undefined;
  if (end < content.end && tokens.kinds[significantFrom(tokens.kinds, tokenAt(tokens, end))] === TokenKind.comma)
    return undefined;
  return { from, to, start, end, isLast: end === content.end };
}

/** An entry that looks at nothing behind its last line. */
function isComplete(entry: Entry): boolean {
  if (entry.kind === "field") return entry.value !== undefined;
  return entry.kind !== "include" || entry.name !== undefined;
}

/** What stands between two entries is no field: its brackets are not in the tree, so lines inside them cannot be told from others. */
function hasBrackets(tokens: TokenList, { start, end }: Content): boolean {
  const { kinds, starts, count } = tokens;
  for (let index = tokenAt(tokens, start); index < count && starts[index]! < end; index++)
    if (starts[index]! >= start && isBracket(kinds[index])) return true;
  return false;
}

/** The end of the last line break between two offsets, neither of which lies inside a token. */
function newlineBefore(tokens: TokenList, least: number, most: number): number | undefined {
  const { kinds, starts } = tokens;
  for (let index = lastTokenBefore(tokens, most); index >= 0 && starts[index]! >= least; index--)
    if (kinds[index] === TokenKind.newline) return starts[index]! + 1;
  return undefined;
}

/** The last token that ends at `offset` or earlier. */
function lastTokenBefore(tokens: TokenList, offset: number): number {
  return tokenAt(tokens, offset) - 1;
}

/** The end of the first line break from `least` on that starts before `most`. */
function newlineAfter(tokens: TokenList, least: number, most: number): number | undefined {
  const { kinds, starts, count } = tokens;
  let index = tokenAt(tokens, least);
  if (starts[index]! < least) index++;
  for (; index < count && starts[index]! < most; index++) if (kinds[index] === TokenKind.newline) return starts[index]! + 1;
  return undefined;
}

/** The index of the token before `offset` that is neither blank nor comment; -1 without one. */
function significantBefore(tokens: TokenList, offset: number): number {
  return significantUpTo(tokens.kinds, lastTokenBefore(tokens, offset));
}

function isSeparator(kind: number | undefined): boolean {
  return kind === TokenKind.equals || kind === TokenKind.colon || kind === TokenKind.plusEquals;
}

function isBracket(kind: number | undefined): boolean {
  return isOpening(kind) || kind === TokenKind.closeBrace || kind === TokenKind.closeBracket;
}

function isOpening(kind: number | undefined): boolean {
  return kind === TokenKind.openBrace || kind === TokenKind.openBracket;
}

/** What was read in a stretch, with places that count from its start. */
interface ReadStretch {
  readonly tokens: TokenList;
  readonly entries: readonly Entry[];
  readonly actions: BodyActions;
}

/** "incomplete": its last entry goes on behind it; "unclear": what it holds reaches further than its own lines. */
function readStretch(
  old: ParsedHocon,
  text: string,
  body: Body,
  { start, end, isLast }: Stretch,
  by: number,
): ReadStretch | "incomplete" | "unclear" {
  const part = detached(text.slice(start, end + by));
  const tokens = tokenize(part);
  const { kinds, count, problems } = tokens;
  const inBracket = isLast && end + by < text.length;
  if (!isLast && count > 1 && kinds[count - 2] !== TokenKind.newline) return "unclear";
  if (problems.some((problem) => awaitsQuotes(part, problem.code, problem.start, problem.end))) return "unclear";
  if (inBracket && swallowsBracket(tokens)) return "unclear";
  if (!isBalanced(tokens) || kinds[significantFrom(kinds, 0)] === TokenKind.comma) return "unclear";
  if (!isLast && isSeparator(kinds[significantUpTo(kinds, count - 2)])) return "incomplete";
  const actions = new BodyActions(old.file, part, tokens, false);
  reportLexical(actions);
  const range = { start: 0, end: part.length, closed: true };
  const node: Body = body.kind === "object" ? { kind: "object", members: [], ...range } : { kind: "array", items: [], ...range };
  actions.pending.push({ node, first: 0, last: count - 1 });
  readBodies(actions, () => undefined);
  const found = actions.problems.map(({ diagnostic }) => diagnostic);
  if (found.some(({ code }) => FAR_REACHING.has(code))) return "unclear";
  // Where the reader stopped may be the closing bracket, which lies outside.
  if (inBracket && found.some(({ related }) => related !== undefined)) return "unclear";
  const entries = entriesOf(node);
  const last = entries.at(-1);
  if (!isLast && last !== undefined && !isComplete(last)) return "incomplete";
  return { tokens, entries, actions };
}

/** A copy on its own: a slice, and every slice of it in the tree, would keep the whole text of this version in memory. */
function detached(slice: string): string {
  return JSON.parse(JSON.stringify(slice)) as string;
}

function moveLexical(problem: LexicalProblem, move: Move): LexicalProblem {
  const { start, end, at, order } = problem;
  return { ...problem, start: move(start), end: move(end), at: move(at), ...(order !== undefined && { order: move(order) }) };
}

/** The last token would take in the closing bracket behind it. */
function swallowsBracket({ kinds, starts, count, problems }: TokenList): boolean {
  const last = count - 2;
  return last >= 0 && (kinds[last] === TokenKind.comment || problems.some((problem) => problem.start >= starts[last]!));
}

const balanced = new WeakSet<TokenList>();

/** True when every bracket has its partner: the kind of a closing bracket is one more than that of the opening one. */
function isBalanced(tokens: TokenList): boolean {
  if (balanced.has(tokens)) return true;
  const { kinds, count } = tokens;
  const open: number[] = [];
  for (let index = 0; index < count; index++) {
    const kind = kinds[index]!;
    if (isOpening(kind)) open.push(kind + 1);
    else if (isBracket(kind) && open.pop() !== kind) return false;
  }
  if (open.length > 0) return false;
  balanced.add(tokens);
  return true;
}

function assemble(
  old: ParsedHocon,
  text: string,
  steps: readonly Step[],
  body: Body,
  stretch: Stretch,
  { by }: Edit,
  { tokens, entries, actions }: ReadStretch,
): ParsedHocon | undefined {
  const { start, end, isLast } = stretch;
  // Nothing that the new tree keeps may hold the old one.
  const { file, syntax } = old;
  const move: Move = (offset) => (offset >= end ? offset + by : offset);
  const isOutside = (at: number) => at < start || at > end || (at === end && !isLast);
  const place: Move = (offset) => offset + start;
  const lines = countLines(text, start, end + by) - countLines(old.text, start, end);
  const linesBefore = actions.late.length === 0 ? 0 : countLines(text, 0, start);
  const problems = old.problems
    .filter(({ diagnostic }) => isOutside(diagnostic.range.start))
    .map((problem) => moveProblem(problem, move))
    .concat(actions.problems.map((problem) => moveProblem(problem, place)));
  const late = old.late
    .filter((problem) => isOutside(problem.start))
    .map((problem) => moveLate(problem, move, problem.start >= end ? lines : 0))
    .concat(actions.late.map((problem) => moveLate(problem, place, linesBefore)));
  const placed = entries.map((entry) => (isMember(entry) ? shiftMember(entry, start) : shiftValue(entry, start)));
  let node: Body = replaced(body, stretch, placed, by);
  for (const step of [...steps].reverse()) node = around(step, node, by);
  const root = { ...old.tree, end: text.length, body: node };
  const spliced = spliceTokens(old.tokens, stretch, tokens, by, move);
  if (!root.braced && isOpening(spliced.kinds[significantFrom(spliced.kinds, 0)])) return undefined;
  return finishParse({ file, text, syntax, tree: root, tokens: spliced, problems, late }, () =>
    parseTokens(text, file, syntax, true),
  );
}

function isMember(entry: Entry): entry is Member {
  return entry.kind === "field" || entry.kind === "include";
}

function countLines(text: string, start: number, end: number): number {
  let count = 0;
  for (let at = text.indexOf("\n", start); at >= 0 && at < end; at = text.indexOf("\n", at + 1)) count++;
  return count;
}

/** A bracket with new entries for those of the stretch. */
function replaced(body: Body, { from, to }: Pick<Stretch, "from" | "to">, entries: readonly Entry[], by: number): Body {
  const { start, closed } = body;
  const end = body.end + by;
  if (body.kind === "object") {
    const after = by === 0 ? body.members.slice(to) : body.members.slice(to).map((member) => shiftMember(member, by));
    const members = [...body.members.slice(0, from), ...(entries as Member[]), ...after];
    return { kind: "object", start, end, members, closed };
  }
  const after = by === 0 ? body.items.slice(to) : body.items.slice(to).map((item) => shiftValue(item, by));
  return { kind: "array", start, end, items: [...body.items.slice(0, from), ...(entries as ValueNode[]), ...after], closed };
}

/** The bracket around one that changed. */
function around({ body, index }: Step, inner: Body, by: number): Body {
  const entry = entriesOf(body)[index]!;
  const changed =
    entry.kind === "field"
      ? { ...entry, end: entry.end + by, value: ending(entry.value!, inner, by) }
      : ending(entry as ValueNode, inner, by);
  return replaced(body, { from: index, to: index + 1 }, [changed as FieldNode | ValueNode], by);
}

/** A value whose last piece is now `inner`. */
function ending(value: ValueNode, inner: Body, by: number): ValueNode {
  if (value.kind !== "concatenation") return inner;
  const pieces: readonly PieceNode[] = [...value.pieces.slice(0, -1), inner];
  return { ...value, end: value.end + by, pieces };
}

/** Both lists are balanced, and so is the new one. */
function spliceTokens(old: TokenList, { start, end }: Stretch, read: TokenList, by: number, move: Move): TokenList {
  const first = tokenAt(old, start);
  const last = tokenAt(old, end);
  const added = read.count - 1;
  const shift = added - (last - first);
  const count = old.count + shift;
  const kinds = new Uint8Array(count);
  const starts = new Int32Array(count);
  kinds.set(old.kinds.subarray(0, first));
  kinds.set(read.kinds.subarray(0, added), first);
  kinds.set(old.kinds.subarray(last), first + added);
  starts.set(old.starts.subarray(0, first));
  for (let index = 0; index < added; index++) starts[first + index] = read.starts[index]! + start;
  for (let index = last; index < old.count; index++) starts[index + shift] = old.starts[index]! + by;
  const kept = old.problems.filter((problem) => problem.start < start || problem.start >= end);
  const place: Move = (offset) => offset + start;
  const problems = [
    ...kept.map((problem) => moveLexical(problem, move)),
    ...read.problems.map((problem) => moveLexical(problem, place)),
  ].sort((a, b) => a.start - b.start);
  const spliced: TokenList = { count, kinds, starts, problems };
  balanced.add(spliced);
  return spliced;
}
