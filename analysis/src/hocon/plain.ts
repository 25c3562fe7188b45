// Objects of a tree that mean what they say: without substitutions, includes or faults. They are read when someone looks inside.
import type { Member, ObjectNode as ObjectTree, ValueNode } from "#grammars/hocon/parse.ts";
import { originOf } from "#grammars/hocon/shift.ts";
import type { ObjectNode, Source, Value } from "./value.ts";

const heights = new WeakMap<ObjectTree, number>();

/** What nests more deeply is not taken for plain, so that the stack holds wherever this runs. */
const MOST_LEVELS = 200;

/** How many levels a plain object nests, itself included; infinite for one that is not plain. */
export function plainHeight(object: ObjectTree, levels = MOST_LEVELS): number {
  const { node } = originOf(object);
  let height = heights.get(node);
  if (height === undefined && levels > 0) {
    height = 1;
    for (const member of node.members) height = Math.max(height, memberHeight(member, levels - 1));
    heights.set(node, height);
  }
  return height ?? Number.POSITIVE_INFINITY;
}

function memberHeight(member: Member, levels: number): number {
  if (member.kind === "include" || member.separator === "+=" || member.key.path.length === 0) return Number.POSITIVE_INFINITY;
  for (const element of member.key.path) if (!element.isWellFormed()) return Number.POSITIVE_INFINITY;
  return member.value === undefined ? 1 : member.key.path.length + valueHeight(member.value, levels);
}

function valueHeight(node: ValueNode, levels: number): number {
  switch (node.kind) {
    case "string":
      return node.text.isWellFormed() ? 1 : Number.POSITIVE_INFINITY;
    case "unquoted":
    case "boolean":
    case "null":
      return 1;
    case "number":
      return isSmall(node.text) ? 1 : Number.POSITIVE_INFINITY;
    case "substitution":
      return Number.POSITIVE_INFINITY;
    case "concatenation":
      for (const piece of node.pieces)
        if (piece.kind === "object" || piece.kind === "array" || valueHeight(piece, levels) > 1) return Number.POSITIVE_INFINITY;
      return 1;
    case "array": {
      if (levels <= 0) return Number.POSITIVE_INFINITY;
      let height = 1;
      for (const item of node.items) height = Math.max(height, 1 + valueHeight(item, levels - 1));
      return height;
    }
    case "object":
      return plainHeight(node, levels);
  }
}

/** Certainly finite, whatever the digits say. */
function isSmall(text: string): boolean {
  return text.length < 100 && !text.includes("e") && !text.includes("E");
}

/** A plain object whose fields are read when they are first asked for. */
export class PlainObject implements ObjectNode {
  readonly kind = "object";
  readonly source: Source;
  readonly start: number;
  readonly end: number;
  pending = 0;
  closed = false;
  ranks: Map<string, number> | undefined = undefined;
  lowestRank = 0;
  private readonly read: () => Map<string, Value>;
  private known: Map<string, Value> | undefined;

  constructor(source: Source, { start, end }: ObjectTree, read: () => Map<string, Value>) {
    this.source = source;
    this.start = start;
    this.end = end;
    this.read = read;
  }

  get fields(): Map<string, Value> {
    this.known ??= this.read();
    return this.known;
  }

  /** Nobody has looked inside, so nothing was changed either. */
  get isUnread(): boolean {
    return this.known === undefined;
  }
}
