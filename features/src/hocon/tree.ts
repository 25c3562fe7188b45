// Walking a HOCON tree: keys with their full paths, substitutions, includes, and what stands at an offset.
import type {
  FieldNode,
  IncludeNode,
  ObjectNode,
  ParsedHocon,
  PieceNode,
  SubstitutionNode,
  ValueNode,
} from "#grammars/hocon/parse.ts";
import type { Range } from "#grammars/rego/ast.ts";

export interface KeyUse {
  readonly kind: "key";
  /** From the root of the file. */
  readonly path: readonly string[];
  readonly field: FieldNode;
  readonly range: Range;
}

export interface SubstitutionUse {
  readonly kind: "substitution";
  readonly node: SubstitutionNode;
  readonly range: Range;
}

export interface IncludeUse {
  readonly kind: "include";
  readonly node: IncludeNode;
  readonly range: Range;
}

export type Use = KeyUse | SubstitutionUse | IncludeUse;

/** Every key, substitution and include of a file, in the order of the text. */
export function usesOf(parsed: ParsedHocon): readonly Use[] {
  const uses: Use[] = [];
  const value = (node: ValueNode | undefined, path: readonly string[]): void => {
    if (node === undefined) return;
    const pieces: readonly PieceNode[] = node.kind === "concatenation" ? node.pieces : [node];
    for (const piece of pieces) {
      if (piece.kind === "object") object(piece, path);
      else if (piece.kind === "array") for (const [at, item] of piece.items.entries()) value(item, [...path, String(at)]);
      else if (piece.kind === "substitution") uses.push({ kind: "substitution", node: piece, range: piece });
    }
  };
  const object = (node: ObjectNode, path: readonly string[]): void => {
    for (const member of node.members) {
      if (member.kind === "include") {
        if (member.target !== undefined) uses.push({ kind: "include", node: member, range: member.target });
        continue;
      }
      const own = [...path, ...member.key.path];
      uses.push({ kind: "key", path: own, field: member, range: member.key });
      value(member.value, own);
    }
  };
  const { body } = parsed.tree;
  if (body.kind === "object") object(body, []);
  else value(body, []);
  return uses;
}

/** The innermost use around an offset. */
export function useAt(parsed: ParsedHocon, offset: number): Use | undefined {
  let best: Use | undefined;
  for (const use of usesOf(parsed)) {
    if (use.range.start <= offset && offset <= use.range.end && (best === undefined || use.range.start >= best.range.start))
      best = use;
  }
  return best;
}

/** The objects and arrays of a value, without those inside them. */
export function collectionsOf(value: ValueNode | undefined): readonly PieceNode[] {
  if (value === undefined) return [];
  const pieces = value.kind === "concatenation" ? value.pieces : [value];
  return pieces.filter((piece) => piece.kind === "object" || piece.kind === "array");
}
