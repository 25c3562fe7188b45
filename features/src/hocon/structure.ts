// Outline, folds and selection of HOCON.
import type { ArrayNode, FieldNode, ObjectNode, ParsedHocon, ValueNode } from "#grammars/hocon/parse.ts";
import { TokenKind, tokenEnd } from "#grammars/hocon/tokens.ts";
import type { Range } from "#grammars/rego/ast.ts";
import type { Fold } from "../rego/folding.ts";
import type { DocumentSymbol } from "../rego/symbols.ts";
import { collectionsOf } from "./tree.ts";

/** An outline of more keys than these is of no use, and takes editors long to draw: then it shows those of the first level. */
const mostSymbols = 20_000;

/** The keys of a file as a tree. */
export function hoconSymbols(parsed: ParsedHocon): readonly DocumentSymbol[] {
  const { body } = parsed.tree;
  const symbols = body.kind === "object" ? membersOf(body, parsed.text) : [];
  return countOf(symbols) > mostSymbols ? symbols.map((symbol) => ({ ...symbol, children: [] })) : symbols;
}

const countOf = (symbols: readonly DocumentSymbol[]): number =>
  symbols.reduce((sum, { children }) => sum + 1 + countOf(children), 0);

function membersOf(object: ObjectNode, text: string): readonly DocumentSymbol[] {
  return object.members.flatMap((member) => (member.kind === "field" ? [symbolOf(member, text)] : []));
}

function symbolOf(field: FieldNode, text: string): DocumentSymbol {
  const children = collectionsOf(field.value).flatMap((piece) => (piece.kind === "object" ? membersOf(piece, text) : []));
  return {
    name: field.key.path.join("."),
    detail: children.length > 0 ? "" : shortValue(field.value, text),
    kind: kindOf(field.value),
    range: { start: field.start, end: field.end },
    selection: { start: field.key.start, end: field.key.end },
    children,
  };
}

function shortValue(value: ValueNode | undefined, text: string): string {
  if (value === undefined) return "";
  const written = text.slice(value.start, value.end).replaceAll(/\s+/gu, " ");
  return written.length > 40 ? `${written.slice(0, 39)}…` : written;
}

function kindOf(value: ValueNode | undefined): DocumentSymbol["kind"] {
  switch (value?.kind) {
    case "object":
    case "array":
    case "number":
    case "boolean":
    case "null":
      return value.kind;
    case "concatenation":
      return value.pieces.some((piece) => piece.kind === "object") ? "object" : "string";
    default:
      return "string";
  }
}

/** Objects, lists, triple quotes and comment blocks over several lines. */
export function hoconFolds(parsed: ParsedHocon): readonly Fold[] {
  const { text, tokens } = parsed;
  const folds: Fold[] = [];
  const add = (range: Range, kind?: Fold["kind"]) => {
    if (text.slice(range.start, range.end).includes("\n")) folds.push({ range: { start: range.start, end: range.end }, kind });
  };
  const visit = (node: ObjectNode | ArrayNode): void => {
    add(node);
    const values =
      node.kind === "array" ? node.items : node.members.map((member) => (member.kind === "field" ? member.value : undefined));
    for (const value of values) for (const piece of collectionsOf(value)) visit(piece as ObjectNode | ArrayNode);
  };
  const { body } = parsed.tree;
  if (body.kind === "object") for (const range of includeBlocks(body)) add(range, "imports");
  if (parsed.tree.braced || body.kind === "array") add(body);
  const values =
    body.kind === "array" ? body.items : body.members.map((member) => (member.kind === "field" ? member.value : undefined));
  for (const value of values) for (const piece of collectionsOf(value)) visit(piece as ObjectNode | ArrayNode);
  let block: { start: number; end: number } | undefined;
  for (let at = 0; at < tokens.count; at++) {
    const range = { start: tokens.starts[at]!, end: tokenEnd(tokens, at) };
    switch (tokens.kinds[at]) {
      case TokenKind.tripleString:
        add(range);
        break;
      case TokenKind.comment:
        block = block === undefined ? range : { start: block.start, end: range.end };
        continue;
      case TokenKind.whitespace:
        continue;
      case TokenKind.newline:
        if (block === undefined || range.end - range.start <= 2) continue;
        break;
      default:
        break;
    }
    if (block !== undefined) add(block, "comment");
    block = undefined;
  }
  if (block !== undefined) add(block, "comment");
  return folds;
}

/** Includes at the root in a row. */
function includeBlocks({ members }: ObjectNode): readonly Range[] {
  const blocks: { start: number; end: number }[] = [];
  for (const [index, { kind, start, end }] of members.entries()) {
    if (kind !== "include") continue;
    const last = blocks.at(-1);
    if (last !== undefined && members[index - 1]?.kind === "include") last.end = end;
    else blocks.push({ start, end });
  }
  return blocks;
}

/** The ranges around an offset, the smallest first. */
export function hoconSelection(parsed: ParsedHocon, offset: number): readonly Range[] {
  const found: Range[] = [{ start: 0, end: parsed.text.length }];
  const holds = (range: Range) => range.start <= offset && offset <= range.end;
  const visitValue = (value: ValueNode | undefined): void => {
    if (value === undefined || !holds(value)) return;
    found.push(value);
    const pieces = value.kind === "concatenation" ? value.pieces : [value];
    for (const piece of pieces) {
      if (!holds(piece)) continue;
      found.push(piece);
      if (piece.kind === "object") visitObject(piece);
      if (piece.kind === "array") for (const item of piece.items) visitValue(item);
    }
  };
  const visitObject = (object: ObjectNode): void => {
    for (const member of object.members) {
      if (!holds(member)) continue;
      found.push(member);
      if (member.kind === "field") {
        if (holds(member.key)) found.push(member.key);
        visitValue(member.value);
      }
    }
  };
  const { body } = parsed.tree;
  if (body.kind === "object") visitObject(body);
  else visitValue(body);
  const ranges: Range[] = [];
  for (const range of found.reverse()) {
    const last = ranges.at(-1);
    if (last !== undefined && (range.start > last.start || range.end < last.end)) continue;
    if (last !== undefined && range.start === last.start && range.end === last.end) continue;
    ranges.push({ start: range.start, end: range.end });
  }
  return ranges;
}
