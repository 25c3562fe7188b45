// The elements of written paths with their places, and the comments that belong to a field.
import { addPathToken, PathBuilder, type PathElement, parsePath } from "./path.ts";
import { TokenKind, tokenAt, tokenEnd } from "./tokens.ts";
import type { FieldNode, KeyNode, ParsedHocon, SubstitutionNode } from "./tree.ts";

/** The elements of a key. */
export function keyElements({ text, tokens, syntax }: ParsedHocon, key: KeyNode): readonly PathElement[] {
  if (syntax === "properties") return key.path.map((element) => ({ text: element, start: key.start, end: key.end }));
  const builder = new PathBuilder();
  for (let index = tokenAt(tokens, key.start); index < tokens.count && tokens.starts[index]! < key.end; index++) {
    addPathToken(builder, text, tokens, index);
  }
  return builder.finish(key.end).elements;
}

/** The elements of the path in a substitution. */
export function substitutionElements({ text }: ParsedHocon, { start, end, optional }: SubstitutionNode): readonly PathElement[] {
  const closed = text.charCodeAt(end - 1) === 125;
  return parsePath(text, start + (optional ? 3 : 2), closed ? end - 1 : end).elements;
}

/** The comment lines right above a field, those inside it and the one behind it, without their marks, as the reference attaches them. */
export function commentsOf({ text, tokens }: ParsedHocon, field: FieldNode): readonly string[] {
  const { kinds, starts } = tokens;
  const content = (index: number) => text.slice(starts[index]!, tokenEnd(tokens, index)).replace(/^(?:#|\/\/)/, "");
  const above: string[] = [];
  let breaks = 0;
  for (let index = tokenAt(tokens, field.start) - 1; index >= 0; index--) {
    const kind = kinds[index];
    if (kind === TokenKind.whitespace) continue;
    if (kind === TokenKind.newline) {
      if (++breaks > 1) break;
    } else if (kind === TokenKind.comment && breaks === 1 && startsLine(tokens, index)) {
      above.unshift(content(index));
      breaks = 0;
    } else {
      break;
    }
  }
  // Also those between the key and its value.
  const valueStart = field.value?.start ?? field.end;
  for (let index = tokenAt(tokens, field.key.end); starts[index]! < valueStart; index++) {
    if (kinds[index] === TokenKind.comment) above.push(content(index));
  }
  for (let index = tokenAt(tokens, field.end); index < tokens.count; index++) {
    const kind = kinds[index];
    if (kind === TokenKind.comment) above.push(content(index));
    else if (kind === TokenKind.whitespace || kind === TokenKind.comma) continue;
    break;
  }
  return above;
}

/** True for a comment alone on its line, or right behind an opening bracket. */
function startsLine({ kinds }: ParsedHocon["tokens"], comment: number): boolean {
  for (let index = comment - 1; index >= 0; index--) {
    if (kinds[index] === TokenKind.whitespace) continue;
    return kinds[index] === TokenKind.newline || kinds[index] === TokenKind.openBrace;
  }
  return true;
}
