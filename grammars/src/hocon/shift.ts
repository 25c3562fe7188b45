// Nodes and problems moved along the text: what an edit in front of them does to their positions. The inside of a moved bracket is moved when
// someone looks at it.
import type { Diagnostic, QuickFix, RelatedPlace } from "../diagnostic.ts";
import type { Range } from "../rego/ast.ts";
import type {
  ArrayNode,
  FieldNode,
  KeyNode,
  LateProblem,
  Member,
  ObjectNode,
  PieceNode,
  SyntaxProblem,
  ValueNode,
} from "./tree.ts";

/** A member `by` characters further on. */
export function shiftMember(node: Member, by: number): Member {
  if (node.kind === "field") return shiftField(node, by);
  const { kind, start, end, form, required, name, target } = node;
  return { kind, start: start + by, end: end + by, form, required, name, target: target && shiftRange(target, by) };
}

function shiftField({ kind, start, end, key, separator, value }: FieldNode, by: number): FieldNode {
  return { kind, start: start + by, end: end + by, key: shiftKey(key, by), separator, value: value && shiftValue(value, by) };
}

function shiftKey({ kind, start, end, path }: KeyNode, by: number): KeyNode {
  return { kind, start: start + by, end: end + by, path };
}

/** A value `by` characters further on. */
export function shiftValue(node: ValueNode, by: number): ValueNode {
  if (node.kind !== "concatenation") return shiftPiece(node, by);
  const { kind, start, end, pieces } = node;
  return { kind, start: start + by, end: end + by, pieces: pieces.map((piece) => shiftPiece(piece, by)) };
}

function shiftPiece(node: PieceNode, by: number): PieceNode {
  const start = node.start + by;
  const end = node.end + by;
  switch (node.kind) {
    case "object": {
      const origin = originOf(node);
      return origin.by + by === 0 ? origin.node : new MovedObject(origin.node, origin.by + by);
    }
    case "array": {
      const origin = originOf(node);
      return origin.by + by === 0 ? origin.node : new MovedArray(origin.node, origin.by + by);
    }
    case "substitution":
      return { kind: node.kind, start, end, optional: node.optional, path: node.path, list: node.list };
    default:
      return { kind: node.kind, start, end, text: node.text };
  }
}

/** A bracket as it was first read, and how far it moved since: what is found out about its inside can be kept under `node`. */
export interface Origin<T extends ObjectNode | ArrayNode> {
  readonly node: T;
  readonly by: number;
}

/** A bracket of an earlier text, `by` characters further on. */
abstract class Moved<T extends ObjectNode | ArrayNode> {
  readonly start: number;
  readonly end: number;
  readonly closed: boolean;
  readonly origin: Origin<T>;

  constructor(node: T, by: number) {
    this.start = node.start + by;
    this.end = node.end + by;
    this.closed = node.closed;
    this.origin = { node, by };
  }
}

class MovedObject extends Moved<ObjectNode> implements ObjectNode {
  readonly kind = "object";
  private inside: readonly Member[] | undefined;

  get members(): readonly Member[] {
    this.inside ??= this.origin.node.members.map((member) => shiftMember(member, this.origin.by));
    return this.inside;
  }
}

class MovedArray extends Moved<ArrayNode> implements ArrayNode {
  readonly kind = "array";
  private inside: readonly ValueNode[] | undefined;

  get items(): readonly ValueNode[] {
    this.inside ??= this.origin.node.items.map((item) => shiftValue(item, this.origin.by));
    return this.inside;
  }
}

export function originOf<T extends ObjectNode | ArrayNode>(node: T): Origin<T> {
  return node instanceof Moved ? (node.origin as Origin<T>) : { node, by: 0 };
}

function shiftRange({ start, end }: Range, by: number): Range {
  return { start: start + by, end: end + by };
}

/** Where an offset lies after an edit. */
export type Move = (offset: number) => number;

export function moveProblem(problem: SyntaxProblem, move: Move): SyntaxProblem {
  const { order, kind, at, lexical, diagnostic } = problem;
  return { order: move(order), kind, at: move(at), lexical, diagnostic: moveDiagnostic(diagnostic, move) };
}

function moveDiagnostic(diagnostic: Diagnostic, move: Move): Diagnostic {
  const { file, range, related, fixes } = diagnostic;
  return {
    ...diagnostic,
    range: moveRange(range, move),
    ...(related && { related: related.map((place) => movePlace(place, file, move)) }),
    ...(fixes && { fixes: fixes.map((fix) => moveFix(fix, move)) }),
  };
}

function movePlace(place: RelatedPlace, file: string, move: Move): RelatedPlace {
  return place.file === file ? { ...place, range: moveRange(place.range, move) } : place;
}

function moveFix(fix: QuickFix, move: Move): QuickFix {
  return { ...fix, edits: fix.edits.map(({ range, newText }) => ({ range: moveRange(range, move), newText })) };
}

/** `lines` is by how many lines the problem moves. */
export function moveLate(problem: LateProblem, move: Move, lines: number): LateProblem {
  const { start, offset, range, line } = problem;
  return { ...problem, start: move(start), offset: move(offset), range: moveRange(range, move), line: line + lines };
}

function moveRange({ start, end }: Range, move: Move): Range {
  return { start: move(start), end: move(end) };
}
