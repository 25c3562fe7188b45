// Compares two texts by what they say: the same fields in the same order with the same values, comments included.
import { TokenKind, tokenEnd } from "./tokens.ts";
import type { Member, ObjectNode, ParsedHocon, PieceNode, ValueNode } from "./tree.ts";

/** True when both texts resolve to the same value in every surrounding, and have the same comments. */
export function sameMeaning(a: ParsedHocon, b: ParsedHocon): boolean {
  return new Comparison(a, b).run();
}

class Comparison {
  private readonly a: ParsedHocon;
  private readonly b: ParsedHocon;

  constructor(a: ParsedHocon, b: ParsedHocon) {
    this.a = a;
    this.b = b;
  }

  run(): boolean {
    const left = comments(this.a);
    const right = comments(this.b);
    if (left.length !== right.length || left.some((text, index) => text !== right[index])) return false;
    return this.values(this.a.tree.body, this.b.tree.body);
  }

  private values(a: ValueNode | undefined, b: ValueNode | undefined): boolean {
    if (a === undefined || b === undefined) return a === b;
    if (a.kind === "concatenation") {
      if (b.kind !== "concatenation" || a.pieces.length !== b.pieces.length) return false;
      return a.pieces.every((piece, index) => this.pieces(a.pieces, b.pieces, index) && this.values(piece, b.pieces[index]));
    }
    switch (a.kind) {
      case "object":
        return b.kind === "object" && this.objects(a, b);
      case "array":
        return (
          b.kind === "array" &&
          a.items.length === b.items.length &&
          a.items.every((item, index) => this.values(item, b.items[index]))
        );
      case "substitution":
        return b.kind === "substitution" && a.optional === b.optional && a.list === b.list && samePath(a.path, b.path);
      default:
        return b.kind === a.kind && b.text === a.text;
    }
  }

  /** Blanks before piece `index` count between two simple pieces. */
  private pieces(a: readonly PieceNode[], b: readonly PieceNode[], index: number): boolean {
    if (index === 0 || !isSimple(a[index]!) || !isSimple(a[index - 1]!)) return true;
    return this.a.text.slice(a[index - 1]!.end, a[index]!.start) === this.b.text.slice(b[index - 1]!.end, b[index]!.start);
  }

  private objects(a: ObjectNode, b: ObjectNode): boolean {
    return a.members.length === b.members.length && a.members.every((member, index) => this.members(member, b.members[index]!));
  }

  private members(a: Member, b: Member): boolean {
    if (a.kind === "include") return b.kind === "include" && a.form === b.form && a.required === b.required && a.name === b.name;
    if (b.kind !== "field" || !samePath(a.key.path, b.key.path)) return false;
    return (a.separator === "+=") === (b.separator === "+=") && this.values(a.value, b.value);
  }
}

function samePath(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((element, index) => element === b[index]);
}

function isSimple(piece: PieceNode): boolean {
  return piece.kind !== "object" && piece.kind !== "array";
}

function comments({ text, tokens }: ParsedHocon): string[] {
  const out: string[] = [];
  for (let index = 0; index < tokens.count; index++) {
    if (tokens.kinds[index] === TokenKind.comment) out.push(text.slice(tokens.starts[index]!, tokenEnd(tokens, index)).trimEnd());
  }
  return out;
}
